"""Comparisons: the same need met in other ways, each priced by the engine as a set of resources."""
