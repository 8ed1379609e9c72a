"""The windows of a plan rule: how late a backup may start, and how long it may take.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
"""

from __future__ import annotations

from recoverable.truth import Answer, Fact, Truth, some, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import PlanRule
    from recoverable.value import Value

#: Minutes that a backup must be given to start: "it must be at least 60 minutes to avoid errors".
LEAST_START = 60

#: Minutes that a window may have, 100 years. It is said of the start window here, and of the other one in
#: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html
LONGEST = 52_560_000


def out_of_range(rule: PlanRule) -> Truth:
    """Whether AWS Backup refuses a window of the rule, or may cancel what it starts by the end of its start window."""
    return some((
        _outside(rule.start_window, LEAST_START),
        _outside(rule.completion_window, 1),
        _ends_before_start(rule),
    ))  # fmt: skip


def _outside(window: Value[int], least: int) -> Truth:
    found = window.holds(lambda minutes: not least <= minutes <= LONGEST)
    if found.answer is not Answer.YES:
        return found
    return found.because(Fact(f"AWS Backup takes {least} to {LONGEST} minutes"))


def _ends_before_start(rule: PlanRule) -> Truth:
    """Whether the completion window is over before the start window is. What follows from it, AWS says in two ways."""
    start, end = rule.start_window, rule.completion_window
    least, most = start.known(), end.known()
    if least is not None and most is not None:
        if most >= least:
            return Truth(Answer.NO, (end.fact(), start.fact()))
        said = (
            f"{end.name} is {most} and {start.name} is {least}: by one page of AWS's the time to finish counts from "
            "the start of the backup, by another from its schedule, and then a backup that starts late is cancelled"
        )
        return unknown(said, end.origin).because(start.fact())
    if (least is not None and least <= 1) or (most is not None and most >= LONGEST):
        return Truth(Answer.NO)
    value = start if least is None else end
    return Truth(Answer.UNKNOWN, (value.fact(),))
