"""From AWS's Price List to rows of the price tables: read, match, compare, and append after showing."""
