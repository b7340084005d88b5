"""Writes the present answers into the console blocks of Markdown files: ``python tests/fill_console.py README.md``.

Read what it wrote before you commit it; the test only says whether it is still so.
"""

import sys
import tempfile
from pathlib import Path

from console import BLOCK, shop, transcript


def fill(page: Path) -> None:
    """Replace each block of a page by its transcript."""
    with tempfile.TemporaryDirectory() as directory:
        home, work = shop(Path(directory))
        text = page.read_text(encoding="utf-8")
        page.write_text(BLOCK.sub(lambda m: f"```console\n{transcript(m[1], home, work)}```", text), encoding="utf-8")


for name in sys.argv[1:]:
    fill(Path(name))
