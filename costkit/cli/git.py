"""Files as they stand at a git reference, read without touching the work tree."""

import os
import subprocess

from costkit.model.problem import CostkitError, Problem

OF_HOOKS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE")


def file_at(reference: str, path: str, option: str) -> bytes | None:
    """The content of a file at a branch, tag or commit, or None if it is not there.

    ``option`` is what a message calls the reference by. Raises CostkitError if git is missing, if this
    is no repository, or if it has no such reference.
    """
    directory, where = _place_at(reference, path, option)
    if _git(directory, "cat-file", "-e", where).returncode:
        return None
    found = _git(directory, "cat-file", "blob", where)
    return None if found.returncode else found.stdout


def files_at(reference: str, path: str, option: str) -> dict[str, bytes]:
    """The files below a directory at a reference, by their paths in it; none if it is not there.

    Raises CostkitError as ``file_at`` does.
    """
    directory, where = _place_at(reference, path, option)
    # Without --full-tree git would list only what lies below the directory that it was started in.
    listed = _git(directory, "ls-tree", "-r", "-z", "--full-tree", where)
    found = {}
    for line in listed.stdout.decode(errors="surrogateescape").split("\0") if not listed.returncode else ():
        about, _, place = line.partition("\t")
        if place:
            found[place] = _git(directory, "cat-file", "blob", about.rpartition(" ")[2]).stdout
    return found


def is_of_repository(spec: str, path: str) -> bool:
    """Whether a path lies in the work tree that a spec is in, so that git may know its past."""
    directory, _ = _nearest(spec)
    root = _git(directory, "rev-parse", "--show-toplevel").stdout.decode(errors="surrogateescape").rstrip("\n")
    return bool(root) and os.path.realpath(path).startswith(os.path.realpath(root) + os.sep)


def _nearest(path: str) -> tuple[str, str]:
    """The nearest directory above a path that is there, and the rest of the path."""
    # A link is followed here: git has only the text of it.
    directory, name = os.path.split(os.path.realpath(path))
    while not os.path.isdir(directory):
        directory, parent = os.path.split(directory)
        name = f"{parent}/{name}"
    return directory, name


def _place_at(reference: str, path: str, option: str) -> tuple[str, str]:
    """Where to start git, and what it calls a path at a reference."""
    directory, name = _nearest(path)
    commit = _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    if commit.returncode:
        inside = _git(directory, "rev-parse", "--is-inside-work-tree")
        if inside.returncode:
            reason = inside.stderr.decode(errors="replace").strip().partition("\n")[0] or "not a git repository"
            raise CostkitError([Problem("CK405", option, f"git cannot be asked: {reason}", "use --baseline FILE")])
        hint = f"fetch it first, for example git fetch origin {reference.removeprefix('origin/')}"
        raise CostkitError([Problem("CK405", option, f"git knows no reference {reference}", hint)])
    return directory, f"{commit.stdout.decode().strip()}:./{name}"


def _git(directory: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # A hook runs with variables that say which repository and index it is about, and hide the one of the file.
    environment = {name: value for name, value in os.environ.items() if name not in OF_HOOKS}
    try:
        return subprocess.run(["git", "-C", directory, *arguments], capture_output=True, check=False, env=environment)
    except OSError:
        raise CostkitError([Problem("CK405", "git", "git is not installed", "use --baseline FILE")]) from None
