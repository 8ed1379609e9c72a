"""An acceptance names a rule that there is not."""

from __future__ import annotations

from recoverable import Acceptance, Severity, Truth, rule


@rule(Severity.MEDIUM)
def acceptance_of_unknown_rule(acceptance: Acceptance) -> Truth:
    names = " or ".join(acceptance.unknown_rules.known() or ())
    return acceptance.unknown_rules.holds(bool, said=f"there is no rule {names}")
