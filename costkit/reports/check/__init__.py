"""A gate's verdict in every format."""
