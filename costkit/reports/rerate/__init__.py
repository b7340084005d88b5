"""A bill at other prices in every format."""
