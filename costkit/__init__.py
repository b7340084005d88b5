"""What AWS will charge, before you deploy: exact, explained, offline."""

__version__ = "0.1.0"
