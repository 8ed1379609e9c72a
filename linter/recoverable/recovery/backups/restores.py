"""Whether a table has really been restored: how long ago, and how long it took.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
"""

from __future__ import annotations

from recoverable.recovery.backups.evidence import DAY, Last, age_of, evidence_of, seconds, unseen, younger
from recoverable.recovery.goals import duration
from recoverable.truth import Answer, Fact, Truth, no, unknown, yes
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.evidence import ProtectedResource, RestoreJob
    from recoverable.recovery.objectives import Objectives

#: AWS Backup is asked for restores of so many days; what was restored before is seen at its recovery point alone.
ASKED_DAYS = 366

_FAILED = ("FAILED", "ABORTED")
#: What a validation comes to when the restored table was no good, or nobody said.
_NO_GOOD = ("FAILED", "TIMED_OUT")


def restore_stale(item: Table | Replica, estate: Estate, goals: Objectives) -> Truth:
    """Whether the last restore that worked is longer ago than the objective; with none set, whether the last failed."""
    known = evidence_of(item, estate)
    if known is None:
        return unseen(item)
    last = last_that_worked(known)
    if goals.restore_test_days is None:
        return _last_one_failed(known, last)
    limit = goals.restore_test_days * DAY
    age = None if last.when is None else age_of(last.when, known)
    if age is not None and age <= limit:
        return no(f"it was restored on {last.when}", last.origin)
    if last.open or (last.when is not None and age is None):
        return unknown(f"when it was last restored is not known: {last.open or last.when}", last.origin)
    young = younger(known, limit)
    if young.answer is not Answer.NO:
        return ~young
    wanted = Fact(f"the objectives want a restore every {goals.restore_test_days} days")
    if last.when is not None:
        return yes(f"the last restore that worked is of {last.when}", last.origin).because(wanted)
    if goals.restore_test_days > ASKED_DAYS:
        return unknown(f"there was no restore in {ASKED_DAYS} days, and AWS tells of no more", last.origin)
    return yes("nobody has restored it, as far back as AWS tells", last.origin).because(wanted)


def restores_too_slow(item: Table | Replica, estate: Estate, goals: Objectives) -> Truth:
    """Whether the last restore of a table that worked took longer than the objective allows."""
    if goals.rto is None:
        return no("no time is set in which a restore must be done", item.subject.origin)
    known = evidence_of(item, estate)
    if known is None:
        return unseen(item)
    reason = _hidden(known)
    done = [job for job in known.restores if job.status.known() == "COMPLETED" and job.completed.known()]
    if not done:
        if reason:
            return unknown(f"how long a restore takes is not known: {reason}", known.subject.origin)
        return no("nobody has restored it, as far back as AWS tells", known.subject.origin)
    last = max(done, key=lambda job: job.completed.known() or "")
    took = seconds(last.created.known(), last.completed.known())
    if took is None or reason:
        why = reason or "when it began and ended is not known"
        return unknown(f"how long its last restore took is not known: {why}", last.origin)
    said = f"its last restore took {duration(took)}; the objectives want the table back in {duration(goals.rto)}"
    return (yes if took > goals.rto else no)(said, last.origin)


def last_that_worked(known: ProtectedResource) -> Last:
    """The last restore of a table that worked, by the jobs and by what its recovery points say."""
    times = [(job.completed.known() or job.created.known() or "", job.origin) for job in known.restores if _worked(job)]
    points = (*known.points, *known.copies)
    times += [(when, point.origin) for point in points if (when := point.restored.known())]
    when, origin = max(times, key=lambda one: one[0], default=(None, known.subject.origin))
    hidden = next((point.restored.fact().text for point in points if isinstance(point.restored.state, Unknown)), "")
    return Last(when or None, origin, _hidden(known) or known.points_open or hidden)


def _last_one_failed(known: ProtectedResource, worked: Last) -> Truth:
    """Whether the last restore that came to an end did not work."""
    failed = [job for job in known.restores if job.status.known() in _FAILED or job.validation.known() in _NO_GOOD]
    reason = worked.open
    if not failed:
        if _hidden(known):
            return unknown(f"whether a restore failed is not known: {_hidden(known)}", known.subject.origin)
        return no("no restore of it failed, as far back as AWS tells", known.subject.origin)
    last = max(failed, key=lambda job: job.created.known() or "")
    tried = last.created.known()
    if worked.when is not None and tried is not None and worked.when >= tried:
        return no(f"it was restored on {worked.when}", worked.origin)
    why = f": {last.message}" if last.message else ""
    said = f"the restore of {tried or 'a day that is not known'} did not work{why}"
    if reason or tried is None:
        return unknown(f"{said}; whether a later one did is not known: {reason or 'its day is not'}", last.origin)
    return yes(said, last.origin).because(Fact("none has worked since"))


def _worked(job: RestoreJob) -> bool:
    return (
        job.status.known() == "COMPLETED"
        and not isinstance(job.validation.state, Unknown)
        and (job.validation.state.value not in _NO_GOOD)
    )


def _hidden(known: ProtectedResource) -> str:
    """Why there may be restores that are not seen, or not wholly."""
    values = [value for job in known.restores for value in (job.status, job.created, job.completed, job.validation)]
    unknown_ = next((value.fact().text for value in values if isinstance(value.state, Unknown)), "")
    return known.restores_open or unknown_
