"""``python -m costkit``."""

from costkit.cli.main import main

main()
