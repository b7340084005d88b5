"""The checks of an account: one idea a file, found by being in this folder; see ``advice`` for those of resources."""
