"""Somebody may lift legal holds, or take the approval team off a vault.

https://docs.aws.amazon.com/aws-backup/latest/devguide/legalhold.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_lift_legal_hold(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-lift-legal-hold",
        (
            Act("disable-protection", "legal-hold", "it can lift legal holds on backups of"),
            Act(
                "disable-protection",
                "approval-team",
                "it can take the approval team, or the access for restores, off a vault with backups of",
            ),
        ),
        principal,
        estate,
    )
