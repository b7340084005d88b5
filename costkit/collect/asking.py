"""Asks AWS one question at a time: retried where that helps, counted, and never an empty answer for a broken one."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from costkit.collect.call import Call
from costkit.collect.connecting import Refused, client_of
from costkit.collect.expense import Expense
from costkit.collect.gap import FOR_THE_ACCOUNT, FOR_THE_REGION, PASSING, Gap, gap_of
from costkit.model.snapshot import BROKEN_ANSWER, THROTTLED

# Throttling passes if one waits; what is broken seldom mends itself.
MOST_ATTEMPTS = {THROTTLED: 9}
OTHERWISE = 4
LONGEST_WAIT = 20
FIRST_WAIT = 0.5
# What a plan counts without asking. A list of metrics is asked for: without it nobody knows how many there are.
UNSENT = ("metrics_requested", "cost_explorer_requests")


class Asker:
    """Puts questions to one account.

    ``first_wait`` is the longest wait in seconds before the second attempt; it doubles with each one. ``dry`` counts
    calls that cost money and does not send them.
    """

    def __init__(
        self,
        session: Any,
        expense: Expense,
        first_wait: float = FIRST_WAIT,
        sleep: Callable[[float], None] = time.sleep,
        dry: bool = False,
    ) -> None:
        self.session, self.expense = session, expense
        self.first_wait, self.sleep, self.dry = first_wait, sleep, dry
        self.clients: dict[tuple[str, str], Any] = {}
        self.hopeless: dict[str, Gap] = {}

    def ask(self, call: Call, region: str, units: int = 1, **parameters: Any) -> Mapping[str, Any]:
        """One answer. Raises Gap if there is none, after as many attempts as may help."""
        known = self.hopeless.get("") or self.hopeless.get(region)
        if known is not None:
            raise Gap(known.reason, call.iam)
        attempt = 1
        while True:
            self.expense.permit(call, units)
            try:
                return self._attempt(call, region, units, parameters)
            except Gap as gap:
                if gap.reason in FOR_THE_ACCOUNT:
                    self.hopeless[""] = gap
                if gap.reason in FOR_THE_REGION:
                    self.hopeless[region] = gap
                if gap.reason not in PASSING or attempt >= MOST_ATTEMPTS.get(gap.reason, OTHERWISE):
                    raise
            self.sleep(random.uniform(0, min(LONGEST_WAIT, self.first_wait * 2 ** (attempt - 1))))
            attempt += 1

    def pages(self, call: Call, region: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        """Each page of an answer. Raises Gap in the midst of it if the rest cannot be had."""
        given, wanted = call.token
        seen = set()
        while True:
            answer = self.ask(call, region, **parameters)
            yield answer
            token = answer.get(given)
            if not token:
                return
            if token in seen:
                raise Gap(BROKEN_ANSWER, call.iam, f"{call.iam} gave the same page token twice")
            seen.add(token)
            parameters = {**parameters, wanted: token}

    def _attempt(self, call: Call, region: str, units: int, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        self.expense.count(call, units)
        if self.dry and call.meter in UNSENT:
            self.expense.unsent += 1
            return {call.expects: {}}
        try:
            answer = getattr(self._client(call.client, region), call.method)(**{**call.fixed, **parameters})
        except Refused:
            raise
        except Exception as error:
            raise gap_of(error, call.iam) from None
        if not isinstance(answer, dict) or answer.get(call.expects) is None:
            raise Gap(BROKEN_ANSWER, call.iam)
        return answer

    def close(self) -> None:
        """End all connections."""
        for client in self.clients.values():
            client.close()

    def _client(self, name: str, region: str) -> Any:
        if (name, region) not in self.clients:
            self.clients[name, region] = client_of(self.session, name, region)
        return self.clients[name, region]
