"""Notices as GitHub workflow commands, which become annotations at lines of files.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands has the syntax, and the
toolkit's command module (https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts) the
escapes. Amounts stand in the messages only, in USD a month.
"""

from collections.abc import Iterator

from costkit.reports.ci.facts import ERROR, NOTE, WARNING, Facts, Notice
from costkit.reports.ci.texts import located, shown

# GitHub shows ten annotations of a level in a step, and fifty in a job: three levels stay below that.
MOST_OF_A_LEVEL = 10
COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
WORDS = {ERROR: "errors", WARNING: "warnings", NOTE: "notices"}


def render(facts: Facts) -> Iterator[str]:
    """A command a line: errors, then warnings, then notices; of more than ten the first nine and their number."""
    by_level: dict[str, list[Notice]] = {level: [] for level in COMMANDS}
    for notice in facts.notices:
        by_level[NOTE if notice.waived else notice.level].append(notice)
    for level, notices in by_level.items():
        many = len(notices) > MOST_OF_A_LEVEL
        kept = notices[: MOST_OF_A_LEVEL - 1] if many else notices
        for notice in kept:
            yield _command(level, notice)
        if many:
            yield f"::{COMMANDS[level]} title=costkit::and {len(notices) - len(kept)} more {WORDS[level]}\n"


def _command(level: str, notice: Notice) -> str:
    file, line = located(notice)
    properties = {"file": file, "line": str(line), "endLine": str(line)} if file else {}
    if notice.title:
        properties["title"] = shown(notice.title)
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = f"{notice.message} (waived: {notice.waived})" if notice.waived else notice.message
    return f"::{COMMANDS[level]}{written and ' ' + written}::{_data(shown(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
