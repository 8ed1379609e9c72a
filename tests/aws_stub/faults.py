"""What can go wrong between a client and AWS."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from aws_stub.wire import Asked


@dataclass
class Fault:
    """One thing that goes wrong, for requests that fit, `times` times (None: always).

    `call` is `service:operation`, `service:*` or `*`; account and Region as they are, empty for any; `parameters` that
    the request must have.
    """

    kind: str
    call: str = "*"
    account: str = ""
    region: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    times: int | None = None
    code: str = ""
    message: str = ""
    status: int = 400

    def fits(self, asked: Asked) -> bool:
        service, _, operation = self.call.partition(":")
        fits = (
            service in ("*", asked.service)
            and operation in ("", "*", asked.operation)
            and self.account in ("", asked.account)
            and self.region in ("", asked.region)
            and all(asked.parameters.get(name) == value for name, value in self.parameters.items())
        )
        if not fits or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Limit:
    """A token bucket as a service keeps one for an account in a Region: `rate` a second, one second's worth at once."""

    def __init__(self, rate: float) -> None:
        self.rate, self.tokens, self.at = rate, rate, time.monotonic()

    def takes(self) -> bool:
        now = time.monotonic()
        self.tokens = min(max(self.rate, 1.0), self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
