"""A plan makes the time that point-in-time recovery reaches back shorter.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import TableChange


@rule(Severity.MEDIUM, production_only=True)
def pitr_window_shortened(change: TableChange) -> Truth:
    from recoverable.recovery.losses import stays  # noqa: PLC0415

    before, after, same = change.before, change.after, stays(change)
    if before is None or after is None:
        return same
    was = before.pitr_window.known()
    shorter = before.pitr_window.holds(lambda _: True) if was is None else after.pitr_window.below(was)
    both = (before.pitr.equals(True), after.pitr.equals(True), same)
    return every((shorter, *both)).because(before.pitr_window.fact())
