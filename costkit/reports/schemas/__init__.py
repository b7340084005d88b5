"""The JSON Schemas of what commands write. Later versions only add keys."""
