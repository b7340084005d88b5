"""The monthly finance report in every format."""
