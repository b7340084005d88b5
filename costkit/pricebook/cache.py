"""Compiled copies of price tables: derived from the YAML, valid only for its exact bytes, safe to delete.

A copy is a line of hashes and the table as Python marshals it, in a format every Python from 3.4 on
reads. It is used only if the YAML's hash is the one it was made from and its own hash still holds, so
an edit, a truncation or a flipped bit means reading the YAML. Copies are taken from nowhere but the
installed package and a directory that only its owner may write to, for marshal trusts what it reads.
"""

import marshal
import os
from typing import Any

# Part of every hash: a copy made by another shape of the compact table is no copy.
SHAPE = b"costkit table 4\n"
MARSHAL_FORMAT = 4
MERSENNE = 2**61 - 1


def fingerprint(content: bytes) -> str:
    """What bytes amount to modulo a large prime, and how many they are: finds changes, not forgers; needs no import."""
    return f"{int.from_bytes(SHAPE + content, 'little') % MERSENNE:016x}-{len(content)}"


def load(path: str, yaml_hash: str) -> dict[str, Any] | None:
    """The compiled table at a path, or None if it is not there, not whole or not of these bytes."""
    try:
        with open(path, "rb") as file:
            header, _, body = file.read().partition(b"\n")
    except OSError:
        return None
    if header != f"{yaml_hash} {fingerprint(body)}".encode():
        return None
    table: dict[str, Any] = marshal.loads(body)
    return table


def store(path: str, yaml_hash: str, table: dict[str, Any]) -> None:
    """Write a compiled table beside its final place and rename it there; a full or read-only disk is no error."""
    body = marshal.dumps(table, MARSHAL_FORMAT)
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(f"{yaml_hash} {fingerprint(body)}".encode() + b"\n" + body)
        os.replace(temporary, path)
    except OSError:
        return


def private(directory: str) -> bool:
    """Whether nobody else may write to a cache directory; one that does not exist yet will be private."""
    try:
        state = os.stat(directory)
    except OSError:
        return True
    mine = not hasattr(os, "getuid") or state.st_uid == os.getuid()
    return mine and not state.st_mode & 0o022
