"""Findings and what they save, in every format."""
