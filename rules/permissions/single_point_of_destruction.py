"""No copy of the table survives the loss of one credential.

https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Table


@rule(Severity.HIGH, critical=True, production_only=True)
def single_point_of_destruction(table: Table, estate: Estate) -> Truth:
    if not estate.principals.entries:
        return Truth(Answer.NO)
    from recoverable.recovery.access.power_faults import one_destroys  # noqa: PLC0415

    return one_destroys(table, estate)
