"""A progress bar on standard error, where that is a terminal."""

import sys
from typing import Any

import click


class Bar:
    """Shows how far a collection is. On anything but a terminal, or when quiet, it shows nothing."""

    def __init__(self, quiet: bool) -> None:
        self.shown = not quiet and sys.stderr.isatty()
        self.bar: Any = None
        self.done = 0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: Any) -> None:
        if self.bar is not None:
            self.bar.render_finish()

    def show(self, done: int, total: int, label: str) -> None:
        """So many of so many steps are done; the next one is ``label``."""
        if not self.shown:
            return
        if self.bar is None:
            self.bar = click.progressbar(length=total, file=sys.stderr, item_show_func=lambda item: item)
        self.bar.update(done - self.done, label)
        self.bar.render_progress()
        self.done = done
