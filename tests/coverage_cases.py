"""The truth table of selections (`fixtures/coverage/selections.yaml`): its cases as estates and as templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from estates import always, known, replica, span, subject, table
from recoverable import Estate, Listing, Replica, Table
from recoverable.estate import Tags
from recoverable.estate.backup import Lifecycle, Plan, PlanRule, RegionSettings, Selection, TagTest, Written
from recoverable.estate.model import Memo
from recoverable.read import cloudformation, sniff
from recoverable.read.document import read_document
from recoverable.text import Hole, Text, joined
from recoverable.value import Known, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.read.nodes import Node
    from recoverable.read.reading import Reading

CASES = Path(__file__).parents[1] / "fixtures" / "coverage" / "selections.yaml"

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_RESOURCES = {
    "Customers": "AWS::DynamoDB::Table",
    "Files": "AWS::S3::Bucket",
    "Lookup": "Custom::Lookup",
}
_PSEUDO = {"region": "AWS::Region", "account": "AWS::AccountId", "partition": "AWS::Partition"}


class Case(NamedTuple):
    """One entry of the truth table, its fields as written."""

    name: str
    selection: Mapping[str, Any]
    policy: Mapping[str, Any] | None
    table: Mapping[str, Any]
    stack: Mapping[str, str]
    plan: Mapping[str, str] | None
    settings: str
    open: bool
    expect: str
    says: tuple[str, ...]

    def asked(self, estate: Estate) -> Table | Replica:
        """The table or replica that the case is about."""
        region = self.table.get("asked")
        if region is None:
            return next(one for one in estate.tables.present() if one.subject.address == "Orders")
        return next(one for one in estate.replicas.present() if one.subject.part == region)


def cases() -> list[Case]:
    """All cases. `yes` and `no` are words here."""
    written = yaml.load(CASES.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [
        Case(
            name=entry["is"],
            selection=entry.get("selection", {}),
            policy=entry.get("policy"),
            table=entry.get("table", {}),
            stack=entry.get("stack", {}),
            plan=entry.get("plan"),
            settings=entry.get("settings", ""),
            open=entry.get("estate") == "open",
            expect=entry["expect"],
            says=tuple(entry.get("says", ())),
        )
        for entry in written
    ]


# --- As templates ----------------------------------------------------------------------------------------------------


def read_as(case: Case, form: str) -> Estate:
    """The estate that comes of the case's templates, written as `yaml` or `json`."""
    write = json.dumps if form == "json" else yaml.safe_dump
    trees: dict[str, Node] = {}
    for path, template in templates(case).items():
        trees[path] = read_document(write(template), path)
    given = {path: _given(case.stack if path == "app.yaml" else case.plan or {}) for path in trees}
    documents = {path: (str(sniff.kind(tree)), tree) for path, tree in trees.items()}
    return estate_of(cloudformation.read(documents, trees.get, lambda path: given[path]), case)


def estate_of(reading: Reading, case: Case) -> Estate:
    """The estate of what was read, with the Region's settings, which no template has."""
    incomplete = "there is more (estate: open)" if case.open else ""
    listings: dict[str, Any] = {
        name: Listing(entries, incomplete)
        for name in Estate._fields
        if isinstance(entries := getattr(reading, name, None), tuple)
    }
    return Estate(memo=Memo())._replace(**listings)._replace(region_settings=always(*_settings(case)))


def templates(case: Case) -> dict[str, dict[str, Any]]:
    """The templates of a case, by path."""
    app: dict[str, Any] = {"Orders": _table_resource(case.table)}
    app |= {name: {"Type": kind} for name, kind in _RESOURCES.items()}
    app["Customers"] |= {"Properties": {"BillingMode": "PAY_PER_REQUEST"}}
    backup: dict[str, Any] = {"Policy": _policy_resource(case.policy)} if case.policy is not None else _plan(case)
    if case.plan is None:
        return {"app.yaml": _template(app | backup)}
    return {"app.yaml": _template(app), "backup.yaml": _template(backup)}


def _given(place: Mapping[str, str]) -> dict[str, str]:
    return {_PSEUDO[key]: value for key, value in place.items()}


def _template(resources: dict[str, Any]) -> dict[str, Any]:
    names = dict.fromkeys(
        name
        for name in _VARIABLE.findall(json.dumps(resources))
        if "::" not in name and name.partition(".")[0] not in (*_RESOURCES, "Orders")
    )
    parameters = {name: {"Type": "CommaDelimitedList" if name.endswith("Tables") else "String"} for name in names}
    return {"Parameters": parameters, "Resources": _with_functions(resources)}


def _with_functions(node: Any) -> Any:  # noqa: ANN401
    """The same with a function where a text has variables."""
    if isinstance(node, dict):
        return {key: _with_functions(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_functions(item) for item in node]
    if not isinstance(node, str) or "${" not in node:
        return node
    whole = _VARIABLE.fullmatch(node)
    if whole is None:
        return {"Fn::Sub": node}
    name, dot, attribute = whole[1].partition(".")
    return {"Fn::GetAtt": [name, attribute]} if dot else {"Ref": name}


def _table_resource(written: Mapping[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"BillingMode": "PAY_PER_REQUEST"}
    if "TableName" in written:
        properties["TableName"] = written["TableName"]
    if "Replicas" not in written:
        if "Tags" in written:
            properties["Tags"] = _tag_list(written["Tags"])
        return {"Type": "AWS::DynamoDB::Table", "Properties": properties}
    copies = [{"Region": one} if isinstance(one, str) else one for one in written["Replicas"]]
    properties["Replicas"] = [
        {key: _tag_list(value) if key == "Tags" else value for key, value in one.items()} for one in copies
    ]
    return {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}


def _tag_list(tags: Any) -> Any:  # noqa: ANN401
    return tags if isinstance(tags, str) else [{"Key": key, "Value": value} for key, value in tags.items()]


def _plan(case: Case) -> dict[str, Any]:
    rule = {"RuleName": "nightly", "TargetBackupVault": "Default"}
    body = {"SelectionName": "chosen", "IamRoleArn": "arn:aws:iam::111122223333:role/backup", **case.selection}
    return {
        "Daily": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {"BackupPlan": {"BackupPlanName": "Daily", "BackupPlanRule": [rule]}},
        },
        "Chosen": {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {"BackupPlanId": {"Ref": "Daily"}, "BackupSelection": body},
        },
    }


def _policy_resource(policy: Mapping[str, Any]) -> dict[str, Any]:
    daily = {
        "regions": {"@@assign": policy["regions"]},
        "rules": {
            "nightly": {
                "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
                "target_backup_vault_name": {"@@assign": "Default"},
            }
        },
        "selections": {
            "tags": {
                "chosen": {
                    "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/backup"},
                    "tag_key": {"@@assign": policy["key"]},
                    "tag_value": {"@@assign": policy["values"]},
                }
            }
        },
    }
    return {
        "Type": "AWS::Organizations::Policy",
        "Properties": {
            "Name": "backups",
            "Type": "BACKUP_POLICY",
            "TargetIds": policy["accounts"],
            "Content": {"plans": {"daily": daily}},
        },
    }


# --- By hand ---------------------------------------------------------------------------------------------------------


def by_hand(case: Case) -> Estate:
    """The estate of the case, made without any reader."""
    tables, replicas = _tables(case)
    place = case.stack if case.plan is None else case.plan
    path = "app.yaml" if case.plan is None else "backup.yaml"
    plan_name = Text((Hole("it is made when the stack is deployed", f"{path}#Daily.Ref"),))
    at = subject("Daily", kind="plan", path=path, name="Daily")._replace(
        region=_place(place, "region"), account=_place(place, "account")
    )
    plan = Plan(at, (plan_name,), (_rule(at),), owner="account" if case.policy is None else "organization")
    incomplete = "there is more (estate: open)" if case.open else ""
    return Estate(
        tables=always(*tables),
        replicas=always(*replicas),
        plans=always(plan),
        plan_rules=always(*plan.rules),
        selections=always(_selection(case, at, plan_name))._replace(incomplete=incomplete),
        region_settings=always(*_settings(case)),
        memo=Memo(),
    )


def text(written: str) -> Text:
    """A text with holes for its variables."""
    parts: list[str | Hole] = []
    for index, piece in enumerate(_VARIABLE.split(written)):
        parts.append(_hole(piece) if index % 2 else piece)
    return joined(*parts)


def _hole(name: str) -> Hole:
    if name.startswith("AWS::"):
        return Hole(f"{name} is known only when the stack is deployed", name)
    logical_id, dot, attribute = name.partition(".")
    kind = _RESOURCES.get(logical_id, "AWS::DynamoDB::Table" if logical_id == "Orders" else "")
    if kind:
        what = f"{name} is known only" if dot else f"{name} gets its name"
        return Hole(f"{what} when the stack is deployed", f"app.yaml#{logical_id}.{attribute or 'Ref'}", type=kind)
    return Hole(f"it comes from parameter {name}, which has no default", parameter=f"app.yaml#{name}")


def _value(name: str, written: str) -> Value[str]:
    made = text(written)
    literal = made.literal()
    return Value(name, Unknown(made.why_open(), span(), text=made) if literal is None else Known(literal, span()))


def _place(place: Mapping[str, str], key: str) -> Value[str]:
    return _value(key, place.get(key, "${" + _PSEUDO[key] + "}"))


def _tables(case: Case) -> tuple[list[Table], list[Replica]]:
    written = case.table
    name = written.get("TableName", "${Orders}")
    copies = [one if isinstance(one, dict) else {"Region": one} for one in written.get("Replicas", ())]
    first: Mapping[str, Any] = copies[0] if copies else {"Tags": written.get("Tags", {})}
    region = _value("Region", first["Region"]) if copies else _place(case.stack, "region")
    if "region" in case.stack and isinstance(region.state, Unknown):
        region = _place(case.stack, "region")
    at = subject("Orders", path="app.yaml")._replace(
        name=_value("TableName", name), region=region, account=_place(case.stack, "account")
    )
    made = table(
        "Orders",
        path="app.yaml",
        subject=at,
        arn=_arn(case, region, name),
        tags=_tags(first.get("Tags", {})),
        symbols=("app.yaml#Orders.Arn",),
    )
    replicas = []
    for copy in copies[1:]:
        here = _value("Region", copy["Region"])
        own = at._replace(kind="replica", part=copy["Region"], region=here)
        replicas.append(
            replica(made, copy["Region"], subject=own, arn=_arn(case, here, name), tags=_tags(copy.get("Tags", {})))
        )
    return [made], replicas


def _arn(case: Case, region: Value[str], name: str) -> Text:
    place = [region.state.value if isinstance(region.state, Known) else region.state.text or ""]
    partition = text(case.stack.get("partition", "${AWS::Partition}"))
    account = text(case.stack.get("account", "${AWS::AccountId}"))
    return joined("arn:", partition, ":dynamodb:", *place, ":", account, ":table/", text(name))


def _tags(written: Any) -> Tags:  # noqa: ANN401
    if isinstance(written, str):
        return Tags((), text(written).why_open())
    entries = tuple((key, _value(key, value)) for key, value in written.items() if "${" not in key)
    if len(entries) == len(written):
        return Tags(entries, "the stack's own tags are not in the template", outside=True)
    reason = "the key of a tag is not known"
    return Tags(entries, reason, Value("Tags", Unknown(reason, span())))


def _rule(plan: Any) -> PlanRule:  # noqa: ANN401
    nothing: Value[int | None] = known("DeleteAfterDays", None)
    return PlanRule(
        subject=plan._replace(kind="plan-rule", part="nightly", name=known("RuleName", "nightly")),
        plan="Daily",
        vault=known("TargetBackupVault", joined("Default")),
        air_gapped_vault=known("TargetLogicallyAirGappedBackupVaultArn", None),
        schedule=known("ScheduleExpression", "cron(0 5 ? * * *)"),
        timezone=known("ScheduleExpressionTimezone", "UTC"),
        start_window=known("StartWindowMinutes", 480),
        completion_window=known("CompletionWindowMinutes", 10080),
        continuous=known("EnableContinuousBackup", value=False),
        lifecycle=Lifecycle(nothing, nothing),
        copies=(),
    )


def _selection(case: Case, plan: Any, plan_name: Text) -> Selection:  # noqa: ANN401
    at = plan._replace(kind="selection", address="Chosen")
    role: Value[Text | None] = known("IamRoleArn", joined("arn:aws:iam::111122223333:role/backup"))
    plain = Selection(at, plan_name, role)
    if case.policy is not None:
        accounts = [one for one in case.policy["accounts"] if one.isdigit()]
        return plain._replace(
            tags=tuple(_test("STRINGEQUALS", case.policy["key"], value) for value in case.policy["values"]),
            accounts=tuple(accounts),
            accounts_open="" if accounts else "which accounts that holds is not in what was read",
            regions=tuple(case.policy["regions"]),
        )
    resources, resources_open = _written(case.selection.get("Resources", []))
    not_resources, not_resources_open = _written(case.selection.get("NotResources", []))
    return plain._replace(
        resources=resources,
        resources_open=resources_open,
        not_resources=not_resources,
        not_resources_open=not_resources_open,
        tags=tuple(
            _test(one["ConditionType"], one["ConditionKey"], one["ConditionValue"])
            for one in case.selection.get("ListOfTags", ())
        ),
        conditions=tuple(
            _test(operator, one["ConditionKey"], one["ConditionValue"])
            for operator, listed in case.selection.get("Conditions", {}).items()
            for one in listed
        ),
    )


def _written(entries: Any) -> tuple[tuple[Written, ...], str]:  # noqa: ANN401
    if isinstance(entries, str):
        return (), text(entries).why_open()
    return tuple(Written(text(one), span()) for one in entries), ""


def _test(operator: str, key: str, value: str) -> TagTest:
    return TagTest(known("operator", operator), text(key), text(value), span())


def _settings(case: Case) -> tuple[RegionSettings, ...]:
    if not case.settings:
        return ()
    name = "ResourceTypeOptInPreference.DynamoDB"
    opted_in: Value[bool] = (
        Value(name, Unknown("the call was denied")) if case.settings == "open" else known(name, case.settings == "yes")
    )
    at = subject("settings", kind="region-settings")._replace(
        region=_place(case.stack, "region"), account=_place(case.stack, "account")
    )
    return (RegionSettings(at, opted_in, Value("advanced", Unknown("it was not read"))),)
