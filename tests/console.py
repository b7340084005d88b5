"""Reads and runs the console blocks of Markdown files, so that documentation cannot lie."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOVEMBER_21 = "1795219200"


def shop(directory: Path) -> tuple[Path, Path]:
    """A home, and a project with the examples in it, as the blocks want to find them."""
    home, work = directory / "home", directory / "shop"
    home.mkdir()
    work.mkdir()
    shutil.copytree(ROOT / "examples", work / "examples")
    (work / ".git").mkdir()
    return home, work


def environment(home: Path) -> dict[str, str]:
    """A shell where ``costkit`` is this checkout's, the day is 2026-11-21 and the screen 100 columns wide."""
    shim = home / "bin"
    shim.mkdir(exist_ok=True)
    script = shim / "costkit"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m costkit "$@"\n')
    script.chmod(0o755)
    kept = {key: os.environ[key] for key in ("LANG", "SYSTEMROOT") if key in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "PATH": f"{shim}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": NOVEMBER_21,
        "COLUMNS": "100",
        "XDG_CACHE_HOME": str(home / "cache"),
    }


def transcript(block: str, home: Path, work: Path) -> str:
    """The block as it comes out when its ``$`` lines are run: commands, answers, and exit codes other than 0."""
    lines = []
    for command in commands(block):
        first, *others = command.split("\n")
        lines += [f"$ {first}", *(f"> {line}" for line in others)]
        done = subprocess.run(
            command, shell=True, cwd=work, env=environment(home), capture_output=True, text=True, check=False
        )
        lines += (done.stdout + done.stderr).rstrip("\n").split("\n") if done.stdout + done.stderr else []
        if done.returncode:
            lines.append(f"(exit {done.returncode})")
    return "\n".join(lines) + "\n"


def commands(block: str) -> list[str]:
    """The command lines of a block, with the lines that continue them, which start with ``> ``."""
    found: list[str] = []
    for line in block.split("\n"):
        if line.startswith("$ "):
            found.append(line[2:])
        elif line.startswith("> ") and found:
            found[-1] += "\n" + line[2:]
    return found
