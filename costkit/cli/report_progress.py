"""A bar on a terminal while a large bill is read and added up."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from costkit.billing.engine import Engine

WORDS = {"lines": "reading the bill", "sums": "adding it up", "facts": "telling charges apart"}
# What is done sooner needs no bar.
PATIENCE, PAUSE, WHOLE = 1.0, 0.1, 100


@contextmanager
def watching(engine: "Engine", quiet: bool, patience: float = PATIENCE) -> Iterator[None]:
    """Show how far the engine's queries are that take longer than ``patience`` seconds; elsewhere show nothing."""
    # Spark has bars of its own, and Athena does not tell.
    watch = getattr(engine, "watched", None)
    if quiet or watch is None or not sys.stderr.isatty():
        yield
        return
    watched: Callable[[], tuple[str, float] | None] = watch()
    ended, done = threading.Event(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(watched, ended, done, patience), daemon=True)
    watcher.start()
    try:
        yield
        done.set()
    finally:
        ended.set()
        watcher.join()


def _watch(
    watched: Callable[[], tuple[str, float] | None], ended: threading.Event, done: threading.Event, patience: float
) -> None:
    """Look again and again until it has ended, ``done`` or not; a bar a query."""
    bar: Any = None
    looks, doing = 0, ""
    while not ended.wait(PAUSE):
        found = watched()
        if bar is not None and (found is None or found[0] != doing):
            _finish(bar, True)
            bar = None
        looks = 0 if found is None or found[0] != doing else looks + 1
        doing = "" if found is None else found[0]
        if found is not None and bar is None and looks * PAUSE >= patience:
            bar = click.progressbar(length=WHOLE, label=WORDS.get(doing, doing), file=sys.stderr, show_eta=False)
        if found is not None and bar is not None:
            # It never goes back, whatever the engine thinks of the rest.
            bar.update(max(0, int(found[1]) - bar.pos))
            bar.render_progress()
    if bar is not None:
        _finish(bar, done.is_set())


def _finish(bar: Any, whole: bool) -> None:
    if whole:
        bar.update(WHOLE - bar.pos)
    bar.render_progress()
    bar.render_finish()
