"""An acceptance is not written so that it can count."""

from __future__ import annotations

from recoverable import Acceptance, Severity, Truth, rule


@rule(Severity.MEDIUM)
def acceptance_malformed(acceptance: Acceptance) -> Truth:
    return acceptance.problem.holds(bool, said=acceptance.problem.known() or "")
