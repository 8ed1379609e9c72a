"""Whether the best that protects a table meets what is asked of its class.

An objective that is not set is met. Of several plan rules the best counts for each objective by itself, as a daily rule
kept for a week and a monthly one kept for years add up to what people mean by both.
"""

from __future__ import annotations

from recoverable.recovery.objectives import LEAST_RESTORE
from recoverable.truth import Answer, Fact, Truth, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate.backup import PlanRule
    from recoverable.recovery.objectives import Objectives
    from recoverable.recovery.posture import Points, Posture
    from recoverable.source import Origin


def backed_up_often_enough(found: Posture, goals: Objectives) -> Truth:
    """Whether some rule starts at least as often as asked, by the clock on the wall."""
    wanted = goals.backup_every
    return _best(
        found,
        lambda points: None if points.between is None else points.between <= wanted,
        lambda points: f"{points.by} backs it up every {duration(points.between)}",
        f"no backup is made every {duration(wanted)}",
        lambda rule: rule.schedule.origin,
    )


def kept_long_enough(found: Posture, goals: Objectives) -> Truth:
    """Whether some rule keeps its points for as long as asked."""
    wanted = goals.retention_days

    def reaches(points: Points) -> bool | None:
        return True if points.for_ever else None if points.kept_days is None else points.kept_days >= wanted

    return _best(
        found,
        reaches,
        lambda points: f"{points.by} keeps its backups {kept(points)}",
        f"no backup is kept for {wanted} days",
        lambda rule: rule.lifecycle.delete_after.origin,
    )


def loses_little_enough(found: Posture, goals: Objectives) -> Truth:
    """Whether no more than asked is lost, by point-in-time recovery or by a rule with its windows."""
    wanted = goals.rpo
    if wanted is None:
        return Truth(Answer.YES)
    return some(
        [
            _of(
                points,
                None if points.loss is None else points.loss <= wanted,
                f"{points.by} may lose up to {duration(points.loss)}",
            )
            for points in found.points
            if points.kind in ("pitr", "backup", "declared")
        ]
    ).pointing(Fact(f"up to {duration(wanted)} may be lost, by the objectives"))


def restores_fast_enough(goals: Objectives) -> Truth:
    """Whether a restore can be as fast as asked at all: none takes less than about 20 minutes."""
    if goals.rto is None or goals.rto >= LEAST_RESTORE:
        return Truth(Answer.YES)
    return no(
        f"the objectives want the table back in {duration(goals.rto)}, and a restore takes at least "
        f"{duration(LEAST_RESTORE)}, however small the table"
    )


def duration(seconds: int | None) -> str:
    """Seconds in words, in the largest units that say it: `8 days 8 hours`."""
    if seconds is None:
        return "a time that is not known"
    parts = []
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(parts[:2]) or "0 seconds"


def kept(points: Points) -> str:
    """How long points are kept, in words."""
    if points.for_ever:
        return "for ever"
    return "for a time that is not known" if points.kept_days is None else f"for {points.kept_days} days"


def _best(
    found: Posture,
    test: Callable[[Points], bool | None],
    said: Callable[[Points], str],
    nothing: str,
    place: Callable[[PlanRule], Origin | None],
) -> Truth:
    backups = [points for points in found.points if points.kind in ("backup", "declared")]
    answer = some(
        [_of(points, test(points), said(points), place(points.rule) if points.rule else None) for points in backups]
    )
    if answer.answer is not Answer.NO:
        return answer
    if not backups and found.coverage.truth.answer is Answer.UNKNOWN:
        return found.coverage.truth
    return Truth(Answer.NO, (Fact(nothing), *answer.facts))


def _of(points: Points, met: bool | None, said: str, decided_at: Origin | None = None) -> Truth:
    """Whether these points are there and meet a goal; None: it is not known whether they do."""
    origin = decided_at or (points.rule.subject.origin if points.rule is not None else None)
    if points.there.answer is Answer.NO:
        return points.there
    if met is False:
        return no(said, origin)
    if points.there.answer is Answer.UNKNOWN:
        return points.there
    if met:
        return yes(said, origin)
    return unknown(said, origin).because(*(() if decided_at is not None else points.loss_facts))
