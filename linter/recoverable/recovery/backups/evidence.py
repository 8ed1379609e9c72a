"""What has really been backed up of a table, where an account tells, against what was meant to be.

Ages count from when AWS was asked, so that a snapshot gives the same answers for ever.
"""

from __future__ import annotations

from recoverable.recovery.answers import once
from recoverable.recovery.goals import duration
from recoverable.truth import Answer, Fact, Truth, every, no, unknown, yes
from recoverable.typed import NamedTuple
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate, Replica, Table
    from recoverable.estate.evidence import NativeBackup, ProtectedResource
    from recoverable.recovery.objectives import Objectives
    from recoverable.source import Origin

DAY = 24 * 3600

#: Recovery points that can be restored.
_GOOD = ("COMPLETED", "AVAILABLE")

#: A backup may start hours after its time and take hours: nobody need worry before it is so late.
GRACE = DAY

#: An on-demand backup of more days is none that somebody made for a change and is about to delete. Point-in-time
#: recovery reaches as far back.
KEPT_BY_HAND = 35


class Last(NamedTuple):
    """The newest of something, None if there is none; `open` says why there may be a newer one."""

    when: str | None
    origin: Origin
    open: str = ""


class Planned(NamedTuple):
    """Whether plans back a table up, and how: `between` are the seconds between two backups of the quickest rule, None
    where that is not known; `since` is when the first selection was made, empty where that is not known.
    """

    truth: Truth
    between: int | None
    since: str


def evidence_of(item: Table | Replica, estate: Estate) -> ProtectedResource | None:
    """What an account tells of the backups of a table, None where no account was looked at."""
    arn = item.arn.literal() if estate.evidence.entries else None
    return None if arn is None else _by_arn(estate).get(arn)


def unseen(item: Table | Replica) -> Truth:
    """The answer about a table of which no account tells anything: only an account can."""
    subject = item.subject
    if subject.path or item.arn.literal() is not None:
        return no("nothing that was read tells what became of its backups: that takes an account", subject.origin)
    return unknown(f"what became of its backups is not known: {item.arn.why_open()}", subject.origin)


def never_backed_up(item: Table | Replica, estate: Estate) -> Truth:
    """Whether a plan covers a table and there has never been a backup, although there was time for one."""
    known = evidence_of(item, estate)
    if known is None:
        return unseen(item)
    done = _was_backed_up(known)
    if done.answer is Answer.YES:
        return ~done
    planned = _planned(item, estate)
    if planned.truth.answer is Answer.NO:
        return planned.truth
    found = every((~done, planned.truth, _overdue(known, planned)))
    return found if found.answer is not Answer.YES else Truth(Answer.YES, (*done.facts, *planned.truth.facts))


def newest_too_old(item: Table | Replica, estate: Estate, goals: Objectives) -> Truth:
    """Whether plans back a table up, and its newest backup is older than they and the objective allow."""
    known = evidence_of(item, estate)
    if known is None:
        return unseen(item)
    newest = newest_backup(known)
    age = None if newest.when is None else age_of(newest.when, known)
    if newest.when is not None and age is not None and age <= goals.backup_every + GRACE:
        return no(f"its newest backup is of {newest.when}", newest.origin)
    planned = _planned(item, estate)
    if planned.truth.answer is Answer.NO:
        return planned.truth
    if newest.open:
        return unknown(f"when it was last backed up is not known: {newest.open}", newest.origin)
    if newest.when is None:
        return no("it has never been backed up, which is told by another name", newest.origin)
    if age is None:
        return unknown(f"the age of its newest backup is not known: {newest.when}", newest.origin)
    said = f"its newest backup is of {newest.when}, {duration(age)} before AWS was asked"
    if planned.between is None:
        return unknown(f"{said}; how often its plans back it up is not known", newest.origin)
    allowed = max(goals.backup_every, planned.between)
    if age <= allowed + GRACE:
        return no(said, newest.origin)
    told = Fact(f"its plans and the objectives want one every {duration(allowed)}")
    return every((yes(said, newest.origin), planned.truth)).because(told)


def jobs_failing(item: Table | Replica, estate: Estate) -> Truth:
    """Whether a backup of a table, or the copy of one, failed and no backup has succeeded since.

    Every copy starts from a backup: one that fails after the newest backup is the copy of that.
    """
    known = evidence_of(item, estate)
    if known is None:
        return unseen(item)
    newest = newest_backup(known)
    since = newest.when or ""
    failed = sorted(
        (job for job in known.jobs if (job.created.known() or "9") >= since),
        key=lambda job: job.created.known() or "",
        reverse=True,
    )
    hidden = [job for job in failed if job.created.known() is None]
    if not failed:
        if known.jobs_open:
            return unknown(f"whether a job failed is not known: {known.jobs_open}", known.subject.origin)
        return no("no job that failed is newer than its newest backup", known.subject.origin)
    last = failed[0]
    what = "a backup" if last.kind == "backup" else "a copy of a backup"
    why = f": {last.message}" if last.message else ""
    said = f"{what} of it is {last.state or 'not done'}, begun on {last.created.known() or 'an unknown day'}{why}"
    told = Fact(f"{len(failed)} jobs failed since its newest backup" if len(failed) > 1 else "none has succeeded since")
    if newest.open or len(hidden) == len(failed):
        reason = newest.open or "when it was is not known"
        return unknown(f"{said}; whether a later one succeeded is not known: {reason}", last.origin)
    return yes(said, last.origin).because(told)


def points_expired(resource: ProtectedResource) -> Truth:
    """Whether AWS Backup keeps points of a table beyond their time, because it may not delete them."""
    points = (*resource.points, *resource.copies)
    expired = [point for point in points if point.status.known() == "EXPIRED"]
    if expired:
        oldest = min(expired, key=lambda point: point.created.known() or "")
        count = f"{len(expired)} recovery points have" if len(expired) > 1 else "a recovery point has"
        said = f"{count} expired and are still there" if len(expired) > 1 else f"{count} expired and is still there"
        made = f", the oldest of {oldest.created.known()}" if oldest.created.known() else ""
        return yes(f"{said}{made}, in vault {oldest.vault}", oldest.origin)
    hidden = next((point for point in points if isinstance(point.status.state, Unknown)), None)
    reason = resource.points_open or (hidden.status.fact().text if hidden is not None else "")
    if reason:
        return unknown(f"whether a recovery point has expired is not known: {reason}", resource.subject.origin)
    return no("no recovery point has expired", resource.subject.origin)


def kept_by_hand(resource: ProtectedResource) -> Truth:
    """Whether on-demand backups of DynamoDB's own are kept, which nothing expires and no vault lock protects."""
    old: list[NativeBackup] = []
    reason = resource.native_open
    for backup in resource.native_backups:
        status, created = backup.status.known(), backup.created.known()
        age = None if created is None else age_of(created, resource)
        if status is None or (status == "AVAILABLE" and age is None):
            reason = reason or f"the state or the age of {backup.name} is not known"
        elif status == "AVAILABLE" and age is not None and age > KEPT_BY_HAND * DAY:
            old.append(backup)
    if old:
        oldest = min(old, key=lambda backup: backup.created.known() or "")
        more = f" and {len(old) - 1} more" if len(old) > 1 else ""
        gone = resource.table_created.equals(None)
        told = (Fact("the table itself is gone"),) if gone.answer is Answer.YES else ()
        said = f"on-demand backup {oldest.name} of {oldest.created.known()}{more}: kept until somebody deletes it"
        return yes(said, oldest.origin).because(*told)
    if reason:
        return unknown(f"whether on-demand backups are kept is not known: {reason}", resource.subject.origin)
    return no(f"no on-demand backup is older than {KEPT_BY_HAND} days", resource.subject.origin)


def newest_backup(known: ProtectedResource) -> Last:
    """When a table was last backed up, by its recovery points and by what AWS Backup says of the table."""
    times = [
        (created, point.origin)
        for point in known.points
        if point.status.known() in _GOOD and (created := point.created.known())
    ]
    last = known.last_backup.known()
    if last:
        times.append((last, known.last_backup.origin or known.subject.origin))
    when, origin = max(times, key=lambda one: one[0], default=(None, known.subject.origin))
    hidden = [
        value.fact().text
        for point in known.points
        for value in (point.status, point.created)
        if isinstance(value.state, Unknown)
    ]
    if isinstance(known.last_backup.state, Unknown):
        hidden.append(known.last_backup.fact().text)
    return Last(when, origin, known.points_open or (hidden[0] if hidden else ""))


def age_of(when: str, known: ProtectedResource) -> int | None:
    """The seconds from then until AWS was asked; None for what is no time."""
    return seconds(when, known.seen)


def seconds(start: str | None, end: str | None) -> int | None:
    """The seconds between two ISO times, never less than none; None if one of them is none."""
    from datetime import datetime  # noqa: PLC0415 (a run over files does without)

    try:
        first, last = (datetime.fromisoformat((text or "").replace("Z", "+00:00")) for text in (start, end))
        return max(0, int((last - first).total_seconds()))
    except (ValueError, TypeError, OverflowError):
        return None


def younger(known: ProtectedResource, limit: int) -> Truth:
    """Whether a table was made less than `limit` seconds before AWS was asked."""
    made = known.table_created
    created = made.known()
    if created is None:
        return made.holds(lambda _: False)
    age = age_of(created, known)
    if age is None:
        return unknown(f"when it was made is not known: {created}", made.origin)
    return (yes if age < limit else no)(f"it was made on {created}", made.origin)


def _by_arn(estate: Estate) -> dict[str, ProtectedResource]:
    def make() -> dict[str, ProtectedResource]:
        items = (variant.item for entry in estate.evidence.entries for variant in entry.variants)
        return {item.subject.address: item for item in items if item is not None}

    return make() if estate.memo is None else estate.memo.of("evidence", (estate.evidence.entries,), make)


def _was_backed_up(known: ProtectedResource) -> Truth:
    """Whether there has ever been a backup of AWS Backup."""
    newest = newest_backup(known)
    if newest.when is not None:
        return yes(f"it was backed up on {newest.when}", newest.origin)
    if newest.open:
        return unknown(f"whether it was ever backed up is not known: {newest.open}", newest.origin)
    return no("AWS Backup has never backed it up", newest.origin)


def _planned(item: Table | Replica, estate: Estate) -> Planned:
    """What plans do for a table; what the configuration declares leaves no trace in an account."""
    from recoverable.recovery.posture import posture  # noqa: PLC0415 (only tables of accounts get here)

    found = once(estate, "posture", item, lambda: posture(item, estate))
    by = [one for one in found.coverage.by if one.declared is None]
    if not by:
        open_ = found.coverage.truth.answer is Answer.UNKNOWN
        truth = found.coverage.truth if open_ else no("no plan backs it up", item.subject.origin)
        return Planned(truth, None, "")
    sure = next((one.truth for one in by if one.truth.answer is Answer.YES), by[0].truth)
    paces = [points.between for points in found.points if points.kind == "backup" and points.rule is not None]
    between = None if None in paces or not paces else min(pace for pace in paces if pace is not None)
    begun = [one.selection.since for one in by if one.selection is not None]
    return Planned(Truth(sure.answer, sure.facts[:1]), between, "" if "" in begun or not begun else min(begun))


def _overdue(known: ProtectedResource, planned: Planned) -> Truth:
    """Whether the first backup should have been made by now."""
    origin = known.subject.origin
    if planned.between is None:
        return unknown("how often its plans back it up is not known", origin)
    if not planned.since:
        return unknown("since when its plans select it is not known", origin)
    limit = planned.between + GRACE
    chosen = age_of(planned.since, known)
    if chosen is None:
        return unknown(f"since when its plans select it is not known: {planned.since}", origin)
    if chosen < limit:
        return no(f"its plans select it since {planned.since}", origin)
    return ~younger(known, limit)
