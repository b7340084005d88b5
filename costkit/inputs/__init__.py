"""The doors in: specs, fleets and one-liners become resources, or a list of everything that is wrong."""
