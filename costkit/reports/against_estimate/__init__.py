"""An estimate beside what was billed, in every format."""
