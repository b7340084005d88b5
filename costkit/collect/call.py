"""An operation of AWS's API that may be called: what its answer must contain, how it pages, what it costs."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One operation. ``client`` and ``operation`` are botocore's names of the service and the operation.

    ``expects`` is a key that every answer has: without it an answer is broken, never empty. ``token`` are the keys
    that carry a page's token in the answer and in the next question. ``fixed`` are parameters of every question.
    ``action`` is the IAM action if it has another name, ``also`` those AWS demands beside it. ``meter`` is the
    meter of ``pricing/aws_api.yaml`` that counts it; without one the call is free.
    """

    client: str
    operation: str
    expects: str
    token: tuple[str, str] = ("", "")
    fixed: Mapping[str, Any] = {}
    action: str = ""
    also: tuple[str, ...] = ()
    meter: str = ""

    @property
    def iam(self) -> str:
        """The IAM action that permits it."""
        return self.action or f"{self.client}:{self.operation}"

    @property
    def method(self) -> str:
        """The name of its method in boto3."""
        words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", self.operation))
        return words.lower()


NEXT_TOKEN = ("NextToken", "NextToken")
NEXT_TOKEN_OF_JSON = ("nextToken", "nextToken")
MARKER = ("Marker", "Marker")
