"""The words everyone speaks: plain, immutable values. Imports nothing else of costkit."""
