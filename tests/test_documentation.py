"""Every console block of README, docs and tests/console is run, and must answer what stands there."""

from pathlib import Path

import pytest
from console import BLOCK, ROOT, shop, transcript
from spec_page import PAGE, page

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "tests" / "console").glob("*.md")),
    ROOT / "pricing" / "README.md",
]
RUN = [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.relative_to(ROOT)))
def test_console_blocks_answer_what_stands_there(page: Path, tmp_path: Path) -> None:
    home, work = shop(tmp_path)
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert transcript(block, home, work) == block


def test_there_are_pages_to_run() -> None:
    assert ROOT / "README.md" in RUN


def test_the_page_of_the_spec_is_what_the_forms_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tests/spec_page.py"
