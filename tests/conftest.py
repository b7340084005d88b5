"""What all tests share: the price book they ask, and the command line they type into."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer, assert_civil

from costkit.cli.main import run
from costkit.pricebook.book import PriceBook

ROOT = Path(__file__).parent.parent
TODAY = "2026-11-21"
# The tests that reach every branch of the arithmetic.
FOLLOWED = (
    *("bad_input", "cases", "collect", "collect_snapshot", "command_line", "commitments", "compare_regions", "diff"),
    *("gate", "library", "model", "optimize", "optimize_account", "rating", "report", "report_budgets", "schemas"),
    *("snapshot_estimate", "snapshot_index"),
)
WISHES = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks the tests that reach every branch of the arithmetic: following each line takes half as long again."""
    if item.path.stem.removeprefix("test_") in FOLLOWED:
        item.add_marker(pytest.mark.followed)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests start first, so that no worker is left with one of them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled tables are kept during this session."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def book(compiled: Path) -> PriceBook:
    """The shipped prices, compiled once a session."""
    return PriceBook(cache_directory=str(compiled))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A set of tables to write to: all but the big one, which is shipped and takes long to check."""
    place = tmp_path / "tables"
    shutil.copytree(ROOT / "pricing", place, ignore=shutil.ignore_patterns("compiled", "ec2_instance"))
    return place


@pytest.fixture
def environment(compiled: Path) -> dict[str, str]:
    """The environment of a command: this checkout, and no wishes about screens or colours."""
    kept = {key: value for key, value in os.environ.items() if key not in WISHES}
    return {**kept, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(compiled.parent / "home"), "TERM": "xterm"}


@pytest.fixture
def ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: dict[str, str]
) -> Any:
    """Runs the command line in this process, in an empty directory; the keywords are environment variables."""
    monkeypatch.chdir(tmp_path)
    for name in WISHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", environment["XDG_CACHE_HOME"])

    def asked(*args: str, **changes: str) -> Answer:
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in changes.items():
                patch.setenv(name, value)
            code = run(list(args))
        out, err = capsys.readouterr()
        assert_civil(err)
        return Answer(code, out, err)

    return asked


@pytest.fixture
def command(tmp_path: Path, environment: dict[str, str]) -> Any:
    """Runs the command as a process of its own; the keywords are environment variables."""

    def commanded(*args: str, stdin: bytes = b"", python: tuple[str, ...] = (), **changes: str) -> Answer:
        done = subprocess.run(
            [sys.executable, *python, "-m", "costkit", *args],
            cwd=tmp_path,
            env={**environment, **changes},
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert_civil(answer.err)
        return answer

    return commanded


@pytest.fixture(scope="session")
def account() -> Iterator[Any]:
    """A fleet in moto on loopback, with rules for what moto lacks and for faults (tests/aws)."""
    from aws.account import Account

    with Account() as started:
        yield started


@pytest.fixture
def collect_process(account: Any, command: Any) -> Any:
    """Collects as a process of its own; nothing but the fleet's rules unless the test sets others before."""
    account.rules()

    def ran(*args: str, **changes: str) -> Answer:
        return command("collect", "--retry-wait", "0", *args, **{**account.environment, **changes})

    return ran


@pytest.fixture
def collect(account: Any, ask: Any) -> Any:
    """Collects in this process, which is faster."""
    account.rules()

    def ran(*args: str, **changes: str) -> Answer:
        return ask("collect", "--retry-wait", "0", *args, **{**account.environment, **changes})

    return ran
