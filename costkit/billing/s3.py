"""Bills in S3, fetched to this machine: whole objects only, and none twice that has not changed."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from costkit.billing.files import UNZIP, ZIPPED, form_of, is_zipped
from costkit.model.problem import CostkitError, Problem

SCHEME = "s3://"
INDEX = ".fetched.json"
ODD = re.compile(r"[^A-Za-z0-9=._-]")
REFUSALS = {
    "NoSuchBucket": ("there is no such bucket", "correct its name"),
    "AccessDenied": ("access is denied", "the credentials need s3:ListBucket and s3:GetObject there"),
    "403": ("access is denied", "the credentials need s3:ListBucket and s3:GetObject there"),
    "InvalidAccessKeyId": ("the credentials are not valid", "log in again"),
    "ExpiredToken": ("the credentials have expired", "log in again"),
    "404": ("an object has gone while it was read", "run it again once the export is written"),
    "NoSuchKey": ("an object has gone while it was read", "run it again once the export is written"),
    "PreconditionFailed": ("an object has changed while it was read", "run it again once the export is written"),
}
# How many bytes have come so far, and how many there are to come.
Progress = Callable[[int, int], None]


class Remote(NamedTuple):
    """An object of a bucket; ``etag`` changes with its content."""

    key: str
    etag: str
    size: int


def is_remote(path: str) -> bool:
    """Whether a path names objects in S3."""
    return path.startswith(SCHEME)


def fetch(client: Any, url: str, cache: str, progress: Progress) -> str:
    """Bring the bills under ``s3://bucket/prefix`` into a folder of ``cache``; returns the folder.

    ``client`` is boto3's for S3. Files that are there already are kept if their object has not changed, and removed
    if it is gone, so that a version which AWS has replaced is not counted. Raises CostkitError.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    bucket, _, prefix = url.removeprefix(SCHEME).partition("/")
    mark = hashlib.sha256(f"{bucket}/{prefix}".encode()).hexdigest()[:16]
    folder = os.path.join(cache, f"{_safe(bucket)}-{mark}")
    try:
        found = list(_listed(client, bucket, prefix))
        if not found:
            hint = "a bill is .csv, .csv.gz or .parquet under this prefix"
            raise CostkitError([Problem("CK621", url, "no bill is there", hint)])
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _bring(client, bucket, found, folder, progress)
    except NoCredentialsError:
        hint = "set a profile (AWS_PROFILE) or log in"
        raise CostkitError([Problem("CK621", url, "there are no AWS credentials", hint)]) from None
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        message, hint = REFUSALS.get(code, (f"S3 refuses: {_flat(error)}", ""))
        raise CostkitError([Problem("CK621", url, message, hint)]) from None
    except (BotoCoreError, OSError) as error:
        raise CostkitError([Problem("CK621", url, f"cannot be fetched: {_flat(error)}", "")]) from None
    return folder


def _listed(client: Any, bucket: str, prefix: str) -> Iterator[Remote]:
    """The bills at a prefix, which is an object or a folder: ``cur`` is not ``current``.

    Raises CostkitError for an archive, which would be left out in silence.
    """
    folder = prefix.rstrip("/") + "/" if prefix else ""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/")):
        for found in page.get("Contents", ()):
            key = found["Key"]
            if key != prefix and not key.startswith(folder):
                continue
            if is_zipped(key):
                raise CostkitError([Problem("CK621", f"{SCHEME}{bucket}/{key}", ZIPPED, UNZIP)])
            if form_of(key) or key.endswith("-Manifest.json"):
                yield Remote(key, found["ETag"], found["Size"])


def _bring(client: Any, bucket: str, found: list[Remote], folder: str, progress: Progress) -> None:
    index = _index(folder)
    places = {_place(remote.key): remote for remote in found}
    for path in set(_files(folder)) - set(places):
        _remove(os.path.join(folder, path))
    have = {path for path, remote in places.items() if _is_there(folder, path, remote, index)}
    total = sum(remote.size for path, remote in places.items() if path not in have)
    done = 0
    kept = {path: index[path] for path in have}
    _write_index(folder, kept)
    for path, remote in places.items():
        if path in have:
            continue
        _download(client, bucket, remote, os.path.join(folder, path), partial(_tell, progress, done, total))
        done += remote.size
        kept[path] = [remote.etag, remote.size]
        _write_index(folder, kept)


def _tell(progress: Progress, done: int, total: int, came: int) -> None:
    progress(done + came, total)


def _files(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(place, name), folder) for name in names if name != INDEX)


def _download(client: Any, bucket: str, remote: Remote, path: str, came: Callable[[int], None]) -> None:
    """An object beside its final place, then renamed: a file of this name is always whole."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}.part"
    try:
        body = client.get_object(Bucket=bucket, Key=remote.key, IfMatch=remote.etag)["Body"]
        size = 0
        with open(temporary, "wb") as file:
            for piece in body.iter_chunks(1 << 20):
                size += file.write(piece)
                came(size)
        if size != remote.size:
            raise OSError(f"{remote.key} has {remote.size} bytes, and {size} came")
        os.replace(temporary, path)
    finally:
        _remove(temporary)


def _is_there(folder: str, path: str, remote: Remote, index: dict[str, list[Any]]) -> bool:
    try:
        known = index.get(path) == [remote.etag, remote.size]
        return known and os.path.getsize(os.path.join(folder, path)) == remote.size
    except OSError:
        return False


def _place(key: str) -> str:
    """Where an object goes under the folder of its bucket, whatever its key says."""
    return os.path.join(*map(_safe, key.split("/")))


def _safe(part: str) -> str:
    """A part of a key as a name of a file, never one that leads out of the folder or hides."""
    plain = ODD.sub(lambda sign: "".join(f"%{byte:02x}" for byte in sign.group().encode()), part)
    return f"%2e{plain[1:]}" if plain.startswith(".") else plain or "%"


def _index(folder: str) -> dict[str, list[Any]]:
    try:
        with open(os.path.join(folder, INDEX), encoding="utf-8") as file:
            tree = json.load(file)
        return tree if isinstance(tree, dict) else {}
    except (OSError, ValueError):
        return {}


def _write_index(folder: str, index: dict[str, list[Any]]) -> None:
    path = os.path.join(folder, INDEX)
    with open(f"{path}.{os.getpid()}.part", "w", encoding="utf-8") as file:
        json.dump(index, file)
    os.replace(f"{path}.{os.getpid()}.part", path)


def _remove(path: str) -> None:
    if os.path.exists(path):
        os.remove(path)


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
