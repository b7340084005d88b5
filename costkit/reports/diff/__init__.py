"""What a change does to the cost, in every format."""
