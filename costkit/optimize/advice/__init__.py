"""The checks: one idea a file, found by being in this folder.

A file holds ``CHECK``: what it is called, which types it looks at, where it stands in the order in which
changes are applied, and ``propose``, which takes a resource and answers with a proposal or with the
verdict that there is none. Thresholds stand in the file of their idea, with their source; they are
thresholds of advice, and never prices.
"""
