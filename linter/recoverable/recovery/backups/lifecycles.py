"""What is wrong with how long a plan rule keeps its backups and their copies.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable.recovery.backups.plan_scope import is_for_tables
from recoverable.recovery.backups.retention import LEAST_COLD, fits_lock, lifecycle_of_copy
from recoverable.recovery.backups.vault_use import copies_into, writes_into
from recoverable.recovery.backups.vaults_meant import may_mean, written_into
from recoverable.truth import Answer, Fact, Truth, every, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import Lifecycle, PlanRule
    from recoverable.recovery.objectives import Objectives


def outside_lock(rule: PlanRule, estate: Estate) -> Truth:
    """Whether the lock of a vault that was read refuses the rule's backups, or their copies. Such jobs fail."""
    found = [
        vaults.any(
            lambda vault: every((~fits_lock(rule.lifecycle, vault), writes_into(rule, vault))),
            "no lock of a vault that was read refuses them",
        )
        for vaults in written_into(rule, estate)
    ]
    for copy in rule.copies:
        kept = lifecycle_of_copy(copy.lifecycle, rule.lifecycle)
        found.append(
            may_mean(copy.destination, estate).any(
                lambda vault, copy=copy, kept=kept: every((~fits_lock(kept, vault), copies_into(copy, vault))),  # type: ignore[misc]
                "no lock of a vault that was read refuses the copies",
            )
        )
    return some(found)


def kept_for_ever(rule: PlanRule, estate: Estate) -> Truth:
    """Whether nothing ever deletes the rule's backups. What a lock refuses is not kept at all.

    Copies are never kept for ever by themselves (see `retention.lifecycle_of_copy`).
    """
    unlimited = rule.lifecycle.delete_after.holds(lambda days: days is None)
    if unlimited.answer is Answer.NO:
        return unlimited
    found = every((unlimited, is_for_tables(rule, estate), ~outside_lock(rule, estate)))
    return unlimited if found.answer is Answer.YES else found


def warm_for_long(rule: PlanRule, estate: Estate, objectives: Objectives) -> Truth:
    """Whether backups are kept in warm storage for so long after the objective that they could have moved.

    What is moved stays in cold storage for 90 days at least, so that it pays from then on. What is kept for ever is
    told by itself, as is what a lock refuses.
    """
    least = objectives.retention_days + LEAST_COLD
    lives = [rule.lifecycle, *(copy.lifecycle for copy in rule.copies)]
    found = some([_stays_warm(lifecycle, least) for lifecycle in lives])
    if found.answer is Answer.NO:
        return found
    whole = every((found, is_for_tables(rule, estate), ~outside_lock(rule, estate)))
    if whole.answer is not Answer.YES:
        return whole
    told = (
        f"cold storage takes what is kept for {LEAST_COLD} days more; the objective is {objectives.retention_days} days"
    )
    return Truth(Answer.YES, (*found.facts, Fact(told), *_costs(rule, objectives)))


def _stays_warm(lifecycle: Lifecycle, least: int) -> Truth:
    long = lifecycle.delete_after.holds(lambda days: days is not None and days >= least)
    warm = lifecycle.cold_after.holds(lambda days: days is None)
    return every((long, warm))


def _costs(rule: PlanRule, objectives: Objectives) -> tuple[Fact, ...]:
    """What the rule's backups cost in a month, and what they would with cold storage, as far as prices are known."""
    from recoverable.recovery.backups.schedule import timetable  # noqa: PLC0415
    from recoverable.recovery.cost import REFERENCE, prices, stored  # noqa: PLC0415 (it reads a file)

    region = rule.subject.region.known()
    known = prices()
    here = known.get(region or "") or known.get(REFERENCE)
    pace = timetable(rule.schedule, rule.timezone).pace
    days = rule.lifecycle.delete_after.known()
    if here is None or here.backup is None or pace is None or days is None:
        return ()
    now = stored(here.region, pace.average, days, None)
    then = stored(here.region, pace.average, days, objectives.retention_days)
    if now.warm is None or then.warm is None or then.cold is None:
        return ()
    where = f"in {here.region} ({here.seen}, {here.source})"
    if here.region != region:
        where = f"{where}; prices elsewhere differ"
    said = (
        f"an estimate: {now.warm:.0f} full backups cost about ${now.warm * here.backup:.2f} per GB of table and month"
    )
    if here.cold is None:
        return (Fact(f"{said} {where}; {then.cold:.0f} of them could be cold"),)
    cost = then.warm * here.backup + then.cold * here.cold
    return (Fact(f"{said}, and ${cost:.2f} with cold storage from day {objectives.retention_days} on, {where}"),)
