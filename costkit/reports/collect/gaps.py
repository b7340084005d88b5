"""What a collection lacks, as messages: one for each account, action and reason."""

from collections.abc import Iterable, Iterator

from costkit.model import snapshot as reasons
from costkit.model.problem import Problem
from costkit.model.resource import GLOBAL
from costkit.model.snapshot import Missing

CODES = {
    reasons.DENIED: ("CK702", "permit the action; costkit collect --iam-policy prints all that it needs"),
    reasons.EXPIRED: ("CK703", "renew the credentials, then continue with --resume"),
    reasons.NO_CREDENTIALS: ("CK703", "aws configure, aws sso login, or --profile; boto3 looks for them as always"),
    reasons.CLOCK: ("CK703", "set the clock of this machine, then continue with --resume"),
    reasons.THROTTLED: ("CK704", "continue with --resume when less is going on in the account"),
    reasons.UNREACHABLE: ("CK704", "check the network, then continue with --resume"),
    reasons.FAILED: ("CK704", "continue with --resume later"),
    reasons.BROKEN_ANSWER: ("CK704", "is there a proxy in between? continue with --resume"),
    reasons.DISABLED: ("CK705", "enable the region, or leave it out with --regions"),
    reasons.NOT_ENROLLED: ("CK706", "enroll the account with the service, or leave it out of --with"),
    reasons.COST_LIMIT: ("CK707", "raise --max-api-cost and continue with --resume"),
    reasons.INTERRUPTED: ("CK708", "continue with --resume"),
}
MOST_NAMES = 6


def gap_problems(missing: Iterable[Missing]) -> Iterator[Problem]:
    """A message for each account, action and reason: what is missing, where."""
    groups: dict[tuple[str, str, str], list[Missing]] = {}
    for gap in missing:
        groups.setdefault((gap.account, gap.reason, gap.message), []).append(gap)
    for (account, reason, message), gaps in sorted(groups.items()):
        code, hint = CODES[reason]
        whats = sorted({gap.kind if gap.what == "items" else f"{gap.what} of {gap.kind}" for gap in gaps})
        regions = sorted({gap.region for gap in gaps} - {GLOBAL, ""})
        where = f" in {_names(regions)}" if regions else ""
        yield Problem(code, account, f"{message}; missing: {_names(whats)}{where}", hint, "error", True)


def _names(names: list[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
