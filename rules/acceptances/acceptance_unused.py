"""An acceptance has nothing left to accept."""

from __future__ import annotations

from recoverable import Acceptance, Severity, Truth, rule


@rule(Severity.LOW)
def acceptance_unused(acceptance: Acceptance) -> Truth:
    idle = " and ".join(acceptance.unused_rules.known() or ())
    return acceptance.unused_rules.holds(bool, said=f"nothing there is found by {idle}")
