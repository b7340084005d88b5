"""What all tests share: exact decimals, and the price book they ask."""

from pathlib import Path

import pytest

from costkit.pricebook.book import PriceBook

ROOT = Path(__file__).parent.parent
TODAY = "2026-11-21"


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> PriceBook:
    """The shipped prices, compiled once a session."""
    return PriceBook(cache_directory=str(tmp_path_factory.mktemp("compiled")))
