"""The wheel works by itself: with the source out of sight and without the development packages."""

import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest
from conftest import ROOT

# One worker builds it, once.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("wheel")]
RUNTIME = ["click", "pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"]
RUNTIME += ["PyYAML", "tabulate"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the built wheel unpacked and nothing but its dependencies beside it."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = place.glob("*.whl")
    site = place / "site"
    unpack = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(unpack, check=True, capture_output=True)
    for name in RUNTIME:
        found = distribution(name)
        for file in {Path(str(file)).parts[0] for file in found.files or () if ".." not in str(file)}:
            if not file.endswith(".dist-info") and file != "__pycache__" and not (site / file).exists():
                (site / file).symlink_to(Path(str(found.locate_file(file))))
    return site


def run(site: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(site), "HOME": str(home), "PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(home)}
    # -S leaves out site-packages: what is not beside the wheel is not there.
    command = [sys.executable, "-S", "-m", "costkit", *arguments]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)


def test_it_prices_a_line_and_a_spec(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "nat", "--processed", "100 GB", "--region", "us-east-1", "--on", "2026-11-21")
    # 730 h x 0.045 + 100 GB x 0.045
    assert "37.35 USD" in done.stdout, done.stderr
    assert run(installed, tmp_path, "init").returncode == 0
    done = run(installed, tmp_path, "estimate", "-f", "markdown", "--on", "2026-11-21")
    assert done.returncode == 0, done.stderr


def test_its_tables_are_compiled_so_that_no_cache_is_written(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "ec2", "--instance-type", "m5.large", "--region", "us-east-1", "-q")
    assert "70.08 USD" in done.stdout, done.stderr  # 730 h x 0.096
    assert not (tmp_path / "costkit").exists()


def test_its_tables_are_checked_with_the_package_alone(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "prices", "check")
    assert done.returncode == 0, done.stderr


def test_its_tables_are_never_written_but_those_of_a_directory(installed: Path, tmp_path: Path) -> None:
    offer = str(ROOT / "examples" / "prices" / "AmazonVPC.json")
    done = run(installed, tmp_path, "prices", "refresh", "--from", offer)
    assert done.returncode == 2
    assert "CK106" in done.stderr
    done = run(installed, tmp_path, "prices", "refresh", "--from", offer, "--into", "mine")
    # The wheel's dependencies are there, the extra is not.
    assert done.returncode == 2
    assert "pip install 'costkit[refresh]'" in done.stderr
