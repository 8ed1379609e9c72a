"""Asking AWS: a page of an answer at a time, for whichever account, and how often that was done."""

from __future__ import annotations

import threading
from collections import Counter

from recoverable.collect.times import moment
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.collect.questions import Question
    from recoverable.collect.wire import Identity, Patience, Wire

#: Parameters that are times.
_TIMES = ("ByCreatedAfter",)


class Asker:
    """Sends the requests of one collection and counts them, by call. May be used by many threads."""

    def __init__(self, wire: Wire, patience: Patience) -> None:
        self.wire, self.patience = wire, patience
        self.requests: Counter[str] = Counter()
        self.throttled: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        self._lock = threading.Lock()

    def page(self, question: Question, token: object, region: str, identity: Identity) -> dict[str, Any]:
        """One page of an answer: the first, or the one that a token stands for. Raises what botocore raises."""
        call = question.call
        parameters = {name: moment(value) if name in _TIMES else value for name, value in question.parameters.items()}
        if call.pages is not None:
            if call.pages.size:
                parameters[call.pages.size] = call.pages.most
            if token:
                parameters[call.pages.token_in] = token
        return self.call(call.service, call.operation, parameters, region, identity)

    def call(
        self, service: str, operation: str, parameters: Mapping[str, object], region: str, identity: Identity
    ) -> dict[str, Any]:
        """What botocore makes of one request, times as texts. Raises what botocore raises."""
        self.count(self.requests, f"{service}:{operation}")
        return self.wire.send(service, operation, parameters, region, identity)

    def count(self, what: Counter[str], name: str) -> None:
        """Once more, in one of the counters."""
        with self._lock:
            what[name] += 1
