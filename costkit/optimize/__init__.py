"""Advice: ideas propose other resources, the engine prices them, and the difference is what they save.

Nothing here computes a price. Each idea is a file in ``advice``, found by being there.
"""
