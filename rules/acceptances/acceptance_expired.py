"""The day until which something was accepted is over."""

from __future__ import annotations

from recoverable import Acceptance, Severity, Truth, rule


@rule(Severity.MEDIUM)
def acceptance_expired(acceptance: Acceptance) -> Truth:
    return acceptance.expired.holds(bool, said=f"it held until {acceptance.until}")
