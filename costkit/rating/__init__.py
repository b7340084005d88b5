"""Readings in, charges out: pools and tiers, free allowances, discounts. Written once, for all services."""
