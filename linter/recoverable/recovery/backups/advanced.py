"""AWS Backup's advanced features for DynamoDB: without them backups are not copied, and never cold.

They are a setting of each account and Region, on by default only in accounts without a vault before 21 November 2021.
https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
"""

from __future__ import annotations

from recoverable.recovery.backups.copies import ADVANCED_SINCE
from recoverable.recovery.backups.places import same
from recoverable.recovery.backups.plan_scope import is_for_tables
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate, Subject
    from recoverable.estate.backup import Lifecycle, Plan, PlanRule, RegionSettings


def features_off(rule: PlanRule, estate: Estate) -> Truth:
    """Whether a rule for tables wants copies or cold storage where settings that were read switch the features off."""
    wanted = _wants(rule)
    if wanted.answer is Answer.NO:
        return wanted
    off = estate.region_settings.any(
        lambda settings: every((settings.advanced.equals(False), _here(settings, rule.subject))),
        "nothing says that the advanced DynamoDB features are off",
    )
    found = every((wanted, off, is_for_tables(rule, estate)))
    return found.pointing(*wanted.facts) if found.answer is Answer.UNKNOWN else found


def features_unmanaged(plan: Plan, estate: Estate) -> Truth:
    """Whether a plan for tables wants copies or cold storage, and no settings of its Region were read."""
    wanted = some([_wants(rule) for rule in plan.rules])
    if plan.open and wanted.answer is not Answer.YES:
        wanted = unknown(f"{plan.subject.title()} may have more rules: {plan.open}", plan.subject.origin)
    if wanted.answer is Answer.NO:
        return wanted
    managed = estate.region_settings.any(
        lambda settings: every((_sets(settings), _here(settings, plan.subject))),
        "nothing that was read switches the advanced DynamoDB features on or off",
    )
    found = every((wanted, ~managed, is_for_tables(plan, estate)))
    if found.answer is not Answer.YES:
        return found
    return found.because(
        Fact(f"the features are on by default only in accounts that had no vault before {ADVANCED_SINCE}")
    )


def _wants(rule: PlanRule) -> Truth:
    """Whether a rule asks for copies or for cold storage."""
    asked = [yes("it makes a copy", copy.destination.origin) for copy in rule.copies]
    if rule.copies_open:
        asked.append(unknown(f"it may make copies: {rule.copies_open}", rule.subject.origin))
    asked += [_is_cold(lifecycle) for lifecycle in (rule.lifecycle, *(copy.lifecycle for copy in rule.copies))]
    return some(asked)


def _is_cold(lifecycle: Lifecycle) -> Truth:
    return lifecycle.cold_after.holds(lambda days: days is not None)


def _sets(settings: RegionSettings) -> Truth:
    """Whether the settings say anything of the features."""
    state = settings.advanced.state
    return Truth(Answer.NO if isinstance(state, Known) and state.defaulted else Answer.YES)


def _here(settings: RegionSettings, subject: Subject) -> Truth:
    """Whether settings are those of the Region and account of something."""
    pairs = ((settings.subject.region, subject.region), (settings.subject.account, subject.account))
    for there, here in pairs:
        answer = same(there, here)
        if answer is Answer.NO:
            return no(f"the settings are those of {there.known()}", settings.subject.origin)
        if answer is Answer.UNKNOWN:
            shown = there.known() if isinstance(there.state, Known) else "a Region or account that is not known"
            return unknown(
                f"whether the settings of {shown} are those of the plan is not known", settings.subject.origin
            )
    return yes("its Region's settings were read", settings.subject.origin)
