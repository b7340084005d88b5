"""An offer file on disk, packed or not, that must not change while it is read more than once."""

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from costkit.pricebook.refresh.offer import unreadable

GZIP = b"\x1f\x8b"


class OfferText:
    """The bytes of a file, from its start as often as wanted. ``place`` is how messages call it."""

    def __init__(self, path: str, place: str) -> None:
        self.path, self.place = path, place
        self.state = self._state()

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The file from its start; raises CostkitError if it is torn or has changed since it was first seen."""
        try:
            with open(self.path, "rb") as file:
                packed = file.read(2) == GZIP
                file.seek(0)
                if packed:
                    with gzip.open(file) as inner:
                        yield cast(IO[bytes], inner)
                else:
                    yield file
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise unreadable(self.place, "the packed file is torn", "fetch it again") from None
        except OSError as error:
            raise unreadable(self.place, f"cannot be read: {error.strerror}") from None
        if self._state() != self.state:
            raise unreadable(self.place, "the file changed while it was read", "run it again")

    def _state(self) -> tuple[int, int]:
        try:
            found = os.stat(self.path)
        except OSError as error:
            raise unreadable(self.place, f"cannot be read: {error.strerror}") from None
        return found.st_size, found.st_mtime_ns
