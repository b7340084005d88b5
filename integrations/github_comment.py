"""Puts a report on the pull request that a workflow runs for: ``python github_comment.py REPORT.md [NAME]``.

The first line of the report is a hidden marker, which NAME is added to. A comment that starts with it is
updated in place, else a new one is written. A comment is a courtesy: what keeps it from being written is
told, and never fails a job.

The environment is that of GitHub Actions (GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH) and GITHUB_TOKEN.
https://docs.github.com/en/rest/issues/comments has the interface.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

MARKER = re.compile(r"(<!-- costkit:[^<>]*) -->")
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.]+")
LONGEST_NAME = 80
LONGEST = 65_536
PAGE = 100
SECONDS = 30
API_VERSION = "2022-11-28"
FORBIDDEN = 403
# Whose comments may be written over, besides those of apps: nobody else can pretend to be this report.
TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")


class NoComment(Exception):
    """Why no comment was written; ``level`` is notice or warning."""

    def __init__(self, level: str, message: str) -> None:
        super().__init__(message)
        self.level = level


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nowhere: the token is for one server only."""

    def redirect_request(self, *_: Any) -> None:
        return None


class PullRequest:
    """The comments of one pull request."""

    def __init__(self, api: str, repository: str, number: int, token: str) -> None:
        self.repository = f"{api.rstrip('/')}/repos/{repository}"
        self.comments = f"{self.repository}/issues/{number}/comments"
        self.token = token
        self.opener = urllib.request.build_opener(NoRedirect)

    def put(self, body: str) -> str:
        """Update the comment with the marker of this body, or write the first; says which."""
        marker = first_line(body)
        found = next((comment for comment in self.all() if is_ours(comment, marker)), None)
        if found is None:
            self.ask("POST", self.comments, {"body": body})
            return "the comment was written"
        self.ask("PATCH", f"{self.repository}/issues/comments/{int(found['id'])}", {"body": body})
        return "the comment was updated"

    def all(self) -> Any:
        """Every comment, page by page."""
        number = 0
        while True:
            number += 1
            page = self.ask("GET", f"{self.comments}?per_page={PAGE}&page={number}")
            yield from page
            if len(page) < PAGE:
                return

    def ask(self, method: str, address: str, content: Any = None) -> Any:
        """One request, and its answer as JSON. Raises NoComment."""
        data = None if content is None else json.dumps(content).encode()
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "costkit",
            "X-GitHub-Api-Version": API_VERSION,
        }
        request = urllib.request.Request(address, data, headers, method=method)
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == FORBIDDEN:
                reason = "a fork's token may only read, and else the job needs permissions: pull-requests: write"
                raise NoComment("notice", f"GitHub refuses a comment (403): {reason}") from None
            raise NoComment("warning", f"GitHub answered {error.code} to {method}") from None
        except (OSError, HTTPException, ValueError) as error:
            raise NoComment("warning", f"GitHub cannot be asked: {type(error).__name__}") from None


def first_line(body: str) -> str:
    """The marker, if the body starts with one."""
    return body.partition("\n")[0].rstrip("\r")


def is_ours(comment: Any, marker: str) -> bool:
    """Whether a comment is an earlier one of this report."""
    by_app = (comment.get("user") or {}).get("type") == "Bot"
    trusted = by_app or comment.get("author_association") in TRUSTED
    return trusted and first_line(comment.get("body") or "") == marker


def pull_request(environment: Any) -> PullRequest:
    """The pull request that the environment is about. Raises NoComment if there is none, or no way to it."""
    try:
        with open(environment["GITHUB_EVENT_PATH"], encoding="utf-8") as file:
            number = json.load(file)["pull_request"]["number"]
    except (KeyError, TypeError, OSError, ValueError):
        raise NoComment("notice", "no comment: this run is not for a pull request") from None
    api, repository = environment.get("GITHUB_API_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    token = environment.get("GITHUB_TOKEN", "")
    if not api.startswith(("https://", "http://")) or not repository or not token:
        raise NoComment("warning", "no comment: GITHUB_API_URL, GITHUB_REPOSITORY or GITHUB_TOKEN is missing")
    return PullRequest(api, repository, int(number), token)


def report(path: str, name: str) -> str:
    """The body of the comment, with the name in its marker. Raises NoComment if there is none to write."""
    try:
        with open(path, encoding="utf-8") as file:
            body = file.read()
    except OSError:
        raise NoComment("notice", "no comment: nothing was judged") from None
    marker = MARKER.fullmatch(first_line(body))
    tag = NOT_IN_A_NAME.sub("-", name).strip("-")[:LONGEST_NAME]
    if marker and tag:
        body = f"{marker[1]}:{tag} -->{body[marker.end() :]}"
    if not marker or len(body) > LONGEST:
        raise NoComment("warning", "no comment: this is no report of costkit check -o markdown=FILE")
    return body


def main(arguments: list[str]) -> int:
    """Comment, and say what became of it."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: github_comment.py REPORT.md [NAME]\n")
        return 2
    try:
        said = pull_request(os.environ).put(report(arguments[0], "".join(arguments[1:])))
    except NoComment as reason:
        said = f"::{reason.level} title=costkit::{reason}"
    sys.stdout.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
