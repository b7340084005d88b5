"""Fetches files over HTTP with the standard library: resumed where they broke off, checked, whole or not at all.

What AWS may send to check a file by: its length, Content-MD5 and x-amz-checksum-sha256 (base64), and the checksum
inside a gzip stream. An ETag says whether two answers are of one file; that it be an MD5 is promised by nobody.
"""

import base64
import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

from costkit.model.problem import CostkitError, Problem

FAILED = "CK213"
TRIES = 4
CHUNK = 1 << 18
PARTIAL, NOT_MODIFIED, NOT_SATISFIABLE = 206, 304, 416
# Answers that a moment later may be others; all the rest are final.
PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
CHECKSUMS = {"Content-MD5": "md5", "x-amz-checksum-sha256": "sha256"}
# By what a file that is kept is known to be whole, and the tag of no file at all.
KEPT, NO_TAG = "sha256", '""'
Pause = Callable[[int], None]


class Broken(Exception):
    """An attempt that failed and may be tried again; the text says how."""


class Remote(NamedTuple):
    """Where files come from: the address before their paths, how long to wait, and what to do between two tries."""

    endpoint: str
    timeout: int
    pause: Pause


class Download:
    """One file on its way: what has arrived stands beside its final place until it is whole and checked."""

    def __init__(self, remote: Remote, path: str, target: str) -> None:
        self.remote, self.target = remote, target
        self.address = path if path.startswith(("http://", "https://")) else remote.endpoint.rstrip("/") + path
        self.part, self.tag_file = f"{target}.part", f"{target}.etag"
        self.etag = ""

    def fetch(self) -> str:
        """Bring the file to its place, which is returned. Raises CostkitError if it cannot be had whole."""
        if not self.address.startswith(("http://", "https://")):
            raise failed(self.address, "no address of a price list", "--endpoint takes http:// or https://")
        reason = ""
        for attempt in range(TRIES):
            if attempt:
                self.remote.pause(attempt)
            try:
                return self._attempt()
            except urllib.error.HTTPError as error:
                reason = f"the server answered {error.code} {error.reason}"
                error.close()
                if error.code == NOT_SATISFIABLE:
                    self._forget()
                elif error.code not in PASSING:
                    raise failed(self.address, reason, _hint(error.code)) from None
            except Broken as broken:
                reason = str(broken)
            except (OSError, http.client.HTTPException, UnicodeError) as error:
                reason = f"the connection failed: {getattr(error, 'reason', '') or error or type(error).__name__}"
        raise failed(self.address, f"{reason}, {TRIES} times", "run it again; what is written stays as it was")

    def _attempt(self) -> str:
        have = os.path.getsize(self.part) if os.path.exists(self.part) and self.etag else 0
        headers = {"Accept-Encoding": "gzip", "User-Agent": "costkit"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": self.etag}
        elif os.path.exists(self.target):
            headers["If-None-Match"] = self._known_tag()
        request = urllib.request.Request(self.address, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=self.remote.timeout) as answer:
                self._receive(answer, have)
        except urllib.error.HTTPError as error:
            if error.code == NOT_MODIFIED:
                error.close()
                return self.target
            raise
        os.replace(self.part, self.target)
        with open(self.tag_file, "w", encoding="utf-8") as file:
            file.write(f"{self.etag}\n{_digest(self.target, KEPT)}")
        return self.target

    def _receive(self, answer: Any, have: int) -> None:
        """Append what comes, or begin anew where the server sends the file from its start."""
        resumed = answer.status == PARTIAL and have > 0
        if resumed and not str(answer.headers.get("Content-Range", "")).startswith(f"bytes {have}-"):
            self._forget()
            raise Broken("the server resumed at another place")
        etag = str(answer.headers.get("ETag", ""))
        # A weak tag does not promise the same bytes, so nothing can be resumed by it.
        self.etag = "" if etag.startswith("W/") else etag
        told = str(answer.headers.get("Content-Length", ""))
        expected = int(told) if told.isascii() and told.isdigit() else 0
        got = 0
        with open(self.part, "ab" if resumed else "wb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                got += len(chunk)
        if got < expected:
            raise Broken(f"the answer broke off after {got} of {expected} bytes")
        self._check(answer.headers)

    def _check(self, headers: Any) -> None:
        """Compare the file with the checksums that were sent with it; they are of the whole file, resumed or not."""
        for header, kind in CHECKSUMS.items():
            promised = headers.get(header)
            if promised and promised != _digest(self.part, kind):
                self._forget()
                raise Broken(f"the checksum is wrong ({header})")

    def _known_tag(self) -> str:
        """The tag of the file that is there already; none fits a file that is not what was once received."""
        try:
            with open(self.tag_file, encoding="utf-8") as file:
                tag, _, digest = file.read().partition("\n")
        except (OSError, UnicodeDecodeError):
            return NO_TAG
        return tag if tag and digest == _digest(self.target, KEPT) else NO_TAG

    def _forget(self) -> None:
        self.etag = ""
        if os.path.exists(self.part):
            os.remove(self.part)


def failed(where: str, message: str, hint: str = "") -> CostkitError:
    """What is raised for a file that cannot be had."""
    return CostkitError([Problem(FAILED, where, message, hint)])


def _hint(code: int) -> str:
    return {
        403: "AWS refused; a proxy may be in between, or the address is wrong",
        404: "AWS has no such file; the offer or region may have been renamed",
    }.get(code, "")


def _digest(path: str, kind: str) -> str:
    with open(path, "rb") as file:
        return base64.b64encode(hashlib.file_digest(file, kind).digest()).decode()
