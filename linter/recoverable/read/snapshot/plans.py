"""AWS Backup plans of an account with their rules and copies, and the selections that say what they protect.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetBackupPlan.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetBackupSelection.html
"""

from __future__ import annotations

from recoverable.estate.backup import (
    CopyAction,
    Lifecycle,
    Plan,
    PlanRule,
    Selection,
    TagTest,
)
from recoverable.read.backup_lists import distinct, inside
from recoverable.read.backup_plans import pascal_case, read_lifecycle, read_rule, read_selection
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, listed, told, word
from recoverable.recovery.backups.tag_tests import LISTED_OPERATOR, OPERATORS
from recoverable.text import Hole, Text
from recoverable.value import Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from recoverable.estate import Subject
    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Place
    from recoverable.source import Call


def read_plans(place: Place) -> Iterator[tuple[Plan, tuple[Selection, ...]]]:
    """Every plan with its selections, and one of each that stands for those that could not be listed."""
    seen: dict[str, Datum] = {}
    opened = ""
    for found in place.all("backup", "ListBackupPlans"):
        items, more = listed(found.body, "BackupPlansList")
        opened = opened or found.open or more
        for item in items:
            identity = word(item, "BackupPlanId")
            if not identity:
                opened = opened or "ListBackupPlans answered with a plan without an id"
            elif at(item, "DeletionDate").datum is None:
                seen.setdefault(identity, item)
    for identity, item in seen.items():
        arn = at(item, "BackupPlanArn").string("").known() or place.arn("backup", f"backup-plan:{identity}")
        plan = _plan(place, identity, arn, at(item, "BackupPlanName").string("").known() or identity)
        if plan is not None:
            yield plan, tuple(_selections(place, identity, plan))
    if opened:
        yield _unlisted(place, opened)


def _plan(place: Place, identity: str, arn: str, name: str) -> Plan | None:
    """A plan that was listed; None for one that was gone when it was asked for."""
    found = place.one("backup", "GetBackupPlan", arn, BackupPlanId=identity)
    if found.absent:
        return None
    body = told(found.body, "BackupPlan")
    written, opened = listed(inside(body), "Rules") if body.datum is not None else ((), body.open)
    owner = subject(place, "plan", arn, name, found.origin)
    parts = distinct(word(item, "RuleName") or str(number) for number, item in enumerate(written, 1))
    return Plan(
        subject=owner,
        names=(Text((identity,)), Text((arn,))),
        rules=tuple(_rule(owner, part, item) for part, item in zip(parts, written, strict=True)),
        open=opened,
    )


def _rule(plan: Subject, part: str, item: Datum) -> PlanRule:
    owner = plan._replace(kind="plan-rule", name=told(item, "RuleName").string(""), part=part)
    copies, opened = _listed_or_none(item, "CopyActions")
    return read_rule(owner, plan, item, item.origin, pascal_case)._replace(
        vault=told(item, "TargetBackupVaultName").optional_text()._replace(name="TargetBackupVault"),
        copies=tuple(_copy(owner, number, copy) for number, copy in enumerate(copies, 1)),
        copies_open=opened,
    )


def _copy(rule: Subject, number: int, item: Datum) -> CopyAction:
    return CopyAction(
        subject=rule._replace(kind="copy-action", part=f"{rule.part} copy {number}"),
        destination=told(item, "DestinationBackupVaultArn").optional_text(),
        lifecycle=read_lifecycle(item, item.origin, pascal_case),
    )


def _listed_or_none(item: Datum, key: str) -> tuple[tuple[Datum, ...], str]:
    found = at(item, key)
    return ((), found.open) if found.datum is None else listed(item, key)


def _selections(place: Place, identity: str, plan: Plan) -> Iterator[Selection]:
    """The selections of a plan, and one that stands for those that could not be listed or read."""
    arn = plan.subject.address
    opened = ""
    names: dict[str, str] = {}
    since: dict[str, str] = {}
    found = place.one("backup", "ListBackupSelections", arn, BackupPlanId=identity)
    if found.absent:
        return
    items, more = listed(found.body, "BackupSelectionsList")
    opened = found.open or more
    for item in items:
        chosen = word(item, "SelectionId")
        if chosen:
            names.setdefault(chosen, at(item, "SelectionName").string("").known() or chosen)
            since[chosen] = at(item, "CreationDate").string("").known() or ""
        else:
            opened = opened or "ListBackupSelections answered with a selection without an id"
    parts = distinct(names.values())
    for (chosen, name), part in zip(names.items(), parts, strict=True):
        selection = _selection(place, plan, chosen, name, part)
        if selection is not None:
            yield selection._replace(since=since[chosen])
    if opened:
        yield _open_selection(place, arn, Text((arn,)), opened, found.origin)


def _selection(place: Place, plan: Plan, chosen: str, name: str, part: str) -> Selection | None:
    """A selection that was listed; None for one that was gone when it was asked for."""
    arn = plan.subject.address
    found = place.one("backup", "GetBackupSelection", arn, SelectionId=chosen)
    if found.absent:
        return None
    wanted = told(found.body, "BackupSelection")
    owner = subject(place, "selection", arn, name, found.origin, part=part)
    if wanted.datum is None:
        return _open_selection(place, arn, Text((arn,)), wanted.open, found.origin)._replace(subject=owner)
    body = wanted.datum
    selection = read_selection(owner, Text((arn,)), body, body.origin, pascal_case)
    return selection._replace(
        role=told(body, "IamRoleArn").optional_text(),
        tags=tuple(_accepted(test, (LISTED_OPERATOR,)) for test in selection.tags),
        conditions=tuple(_accepted(test, OPERATORS) for test in selection.conditions),
    )


def _accepted(test: TagTest, operators: Collection[str]) -> TagTest:
    """A test that AWS has taken: an operator that is not among those we know is a new one, and no mistake."""
    word = test.operator.known()
    if word is None or word in operators:
        return test
    reason = f"what {word} does is not known" if word else "the operator was not told"
    return test._replace(operator=Value("operator", Unknown(reason, test.origin)))


def _open_selection(place: Place, arn: str, plan: Text, reason: str, origin: Call) -> Selection:
    """What stands for selections that could not be read: it may select anything in its Region and account."""
    return Selection(
        subject=subject(place, "selection", arn, "", origin, part="*")._replace(
            name=Value("SelectionName", Unknown(reason, origin))
        ),
        plan=plan,
        role=Value("IamRoleArn", Unknown(reason, origin)),
        resources_open=reason,
        not_resources_open=reason,
        tags_open=reason,
        conditions_open=reason,
    )


def _unlisted(place: Place, reason: str) -> tuple[Plan, tuple[Selection, ...]]:
    """What stands for plans that could not be listed, with what they may select."""
    origin = place.call("ListBackupPlans")
    arn = place.arn("backup", "backup-plan:*")
    name = Text((Hole(reason, arn),))
    plan = Plan(
        subject=subject(place, "plan", arn, "", origin)._replace(name=Value("BackupPlanName", Unknown(reason, origin))),
        names=(name,),
        rules=(),
        open=reason,
    )
    return plan, (_open_selection(place, arn, name, reason, origin),)


def unseen_rule(plan: Plan) -> PlanRule:
    """What stands for the rules of a plan that could not be read: a rule of which nothing is known."""
    open_ = Unknown(plan.open, plan.subject.origin)
    return PlanRule(
        subject=plan.subject._replace(kind="plan-rule", name=Value("RuleName", open_), part="*"),
        plan=plan.subject.title(),
        vault=Value("TargetBackupVault", open_),
        air_gapped_vault=Value("TargetLogicallyAirGappedBackupVaultArn", open_),
        schedule=Value("ScheduleExpression", open_),
        timezone=Value("ScheduleExpressionTimezone", open_),
        start_window=Value("StartWindowMinutes", open_),
        completion_window=Value("CompletionWindowMinutes", open_),
        continuous=Value("EnableContinuousBackup", open_),
        lifecycle=Lifecycle(Value("DeleteAfterDays", open_), Value("MoveToColdStorageAfterDays", open_)),
        copies=(),
        copies_open=plan.open,
    )
