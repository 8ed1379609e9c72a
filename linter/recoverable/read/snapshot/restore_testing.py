"""Restore testing plans and selections of an account, and what audits its backups: frameworks and report plans.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetRestoreTestingPlan.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetRestoreTestingSelection.html
"""

from __future__ import annotations

from recoverable.estate.backup import AuditFramework, RestoreTestPlan, RestoreTestSelection, Written
from recoverable.read.backup_lists import inside, text_at
from recoverable.read.restore_testing import restore_test_plan, restore_test_selection
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, listed, told, word
from recoverable.text import Hole, Text
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.read.data import Datum, Property
    from recoverable.read.snapshot.answers import Place

#: What AWS always answers with.
_TOLD = (
    "Algorithm", "IamRoleArn", "IncludeVaults", "ProtectedResourceType", "RecoveryPointTypes", "ScheduleExpression",
)  # fmt: skip


def read_tests(place: Place) -> Iterator[RestoreTestPlan | RestoreTestSelection]:
    """Every restore testing plan and its selections; where they could not be listed, one of each stands for them."""
    names: dict[str, str] = {}
    opened = ""
    for found in place.all("backup", "ListRestoreTestingPlans"):
        items, more = listed(found.body, "RestoreTestingPlans")
        opened = opened or found.open or more
        for item in items:
            name = word(item, "RestoreTestingPlanName")
            if name:
                arn = at(item, "RestoreTestingPlanArn").string("").known()
                names.setdefault(name, arn or place.arn("backup", f"restore-testing-plan:{name}"))
            else:
                opened = opened or "ListRestoreTestingPlans answered with a plan without a name"
    for name, arn in names.items():
        plan = _plan(place, name, arn)
        if plan is not None:
            yield plan
            yield from _selections(place, name, arn)
    if opened:
        arn = place.arn("backup", "restore-testing-plan:*")
        plan_name = Text((Hole(opened, arn),))
        yield _open_plan(place, arn, "", (plan_name,), opened)
        yield _open_selection(place, arn, "", plan_name, opened)


def _plan(place: Place, name: str, arn: str) -> RestoreTestPlan | None:
    found = place.one("backup", "GetRestoreTestingPlan", arn, RestoreTestingPlanName=name)
    if found.absent:
        return None
    body = told(found.body, "RestoreTestingPlan")
    names = (Text((name,)), Text((arn,)))
    if body.datum is None:
        return _open_plan(place, arn, name, names, body.open)
    written = told(body.datum, "RecoveryPointSelection")
    chosen = inside(written)
    owner = subject(place, "restore-test-plan", arn, name, found.origin)
    plan = restore_test_plan(owner, names, _look(body.datum), _look(chosen))
    return plan._replace(point_types=_known_types(plan.point_types))


def _look(owner: Datum) -> Callable[[str], Property]:
    return lambda name: (told if name in _TOLD else at)(owner, name)


def _known_types(types: Value[tuple[str, ...]]) -> Value[tuple[str, ...]]:
    strange = [word for word in types.known() or () if word not in ("SNAPSHOT", "CONTINUOUS")]
    return Value(types.name, Unknown(f"what {strange[0]} means is not known", types.origin)) if strange else types


def _open_plan(place: Place, arn: str, name: str, names: tuple[Text, ...], reason: str) -> RestoreTestPlan:
    """What stands for restore testing plans that could not be read."""
    origin = place.call("ListRestoreTestingPlans" if not name else "GetRestoreTestingPlan", arn)
    open_ = Unknown(reason, origin)
    who = subject(place, "restore-test-plan", arn, name, origin)
    return RestoreTestPlan(
        subject=who if name else who._replace(name=Value("RestoreTestingPlanName", open_)),
        names=names,
        schedule=Value("ScheduleExpression", open_),
        timezone=Value("ScheduleExpressionTimezone", open_),
        algorithm=Value("Algorithm", open_),
        vaults=(),
        not_vaults=(),
        point_types=Value("RecoveryPointTypes", open_),
        window_days=Value("SelectionWindowDays", open_),
        vaults_open=reason,
        not_vaults_open=reason,
    )


def _selections(place: Place, plan: str, arn: str) -> Iterator[RestoreTestSelection]:
    listing = place.one("backup", "ListRestoreTestingSelections", arn, RestoreTestingPlanName=plan)
    if listing.absent:
        return
    items, more = listed(listing.body, "RestoreTestingSelections")
    opened = listing.open or more
    for item in items:
        name = word(item, "RestoreTestingSelectionName")
        if not name:
            opened = opened or "ListRestoreTestingSelections answered with a selection without a name"
            continue
        selection = _selection(place, plan, name, arn)
        if selection is not None:
            yield selection
    if opened:
        yield _open_selection(place, arn, "", Text((plan,)), opened)


def _selection(place: Place, plan: str, name: str, arn: str) -> RestoreTestSelection | None:
    found = next(
        (
            answer
            for parameters, answer in place.every_about(
                "backup", "GetRestoreTestingSelection", "RestoreTestingSelectionName", name, arn
            )
            if parameters.get("RestoreTestingPlanName") == plan
        ),
        None,
    )
    if found is None:
        return _open_selection(place, arn, name, Text((plan,)), "GetRestoreTestingSelection was not asked")
    if found.absent:
        return None
    body = told(found.body, "RestoreTestingSelection")
    if body.datum is None:
        return _open_selection(place, arn, name, Text((plan,)), body.open)
    owner = subject(place, "restore-test-selection", arn, name, found.origin, part=name)
    return restore_test_selection(owner, Text((plan,)), _look(body.datum))


def _open_selection(place: Place, arn: str, name: str, plan: Text, reason: str) -> RestoreTestSelection:
    """What stands for restore testing selections that could not be read."""
    origin = place.call("GetRestoreTestingSelection" if name else "ListRestoreTestingSelections", arn)
    open_ = Unknown(reason, origin)
    who = subject(place, "restore-test-selection", arn, name, origin, part=name or "*")
    return RestoreTestSelection(
        subject=who if name else who._replace(name=Value("RestoreTestingSelectionName", open_)),
        plan=plan,
        resource_type=Value("ProtectedResourceType", open_),
        role=Value("IamRoleArn", open_),
        resources=(),
        conditions=(),
        overrides=(),
        resources_open=reason,
        conditions_open=reason,
        overrides_open=reason,
    )


def read_frameworks(place: Place) -> Iterator[AuditFramework]:
    """Frameworks and report plans that were asked for; nothing stands for those that were not."""
    for parameters, found in place.every("backup", "DescribeFramework"):
        name = str(parameters.get("FrameworkName", ""))
        arn = at(found.body, "FrameworkArn").string("").known() or place.arn("backup", f"framework:{name}")
        items, opened = listed(found.body, "FrameworkControls")
        yield AuditFramework(
            subject=subject(place, "framework", arn, name, found.origin),
            controls=tuple(Written(text_at(item, "ControlName"), item.origin) for item in items),
            template=Value("ReportTemplate", Known(None, found.origin, defaulted=True)),
            open=opened or found.open,
        )
    for _, found in place.every("backup", "ListReportPlans"):
        for item in listed(found.body, "ReportPlans")[0]:
            name = word(item, "ReportPlanName")
            arn = at(item, "ReportPlanArn").string("").known() or place.arn("backup", f"report-plan:{name}")
            yield AuditFramework(
                subject=subject(place, "report-plan", arn, name, found.origin),
                controls=(),
                template=at(item, "ReportSetting", "ReportTemplate").optional_string(),
            )
