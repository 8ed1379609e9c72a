"""Backup policies of an organization: what several of them come to, and the plans and selections that this makes.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html
"""

from __future__ import annotations

import re

from recoverable.estate.backup import (
    CopyAction,
    Plan,
    PlanRule,
    Selection,
    TagTest,
)
from recoverable.read.backup_lists import distinct, text_at, texts
from recoverable.read.backup_plans import read_lifecycle, read_rule, snake_case
from recoverable.read.data import Fields, Open, find
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate import Subject
    from recoverable.estate.backup import Written
    from recoverable.read.data import Datum, Pending, Property
    from recoverable.source import Span

_OPERATORS = {
    "string_equals": "StringEquals",
    "string_like": "StringLike",
    "string_not_equals": "StringNotEquals",
    "string_not_like": "StringNotLike",
}

#: What a policy calls otherwise than CloudFormation does.
_RENAMED = {
    "TargetBackupVault": "target_backup_vault_name",
    "StartWindowMinutes": "start_backup_window_minutes",
    "CompletionWindowMinutes": "complete_backup_window_minutes",
}

_ACCOUNT = re.compile(r"\d{12}")
#: A root by its id, or as Terraform refers to it.
_ROOT = re.compile(r"^r-|aws_organizations_organization\.[^.]+\.roots\.0\.id$")

_PLACEHOLDER = re.compile(r"\$(account|region)\b")
#: A policy speaks of the account and the Region where the plan runs, which is what these mean in a template.
_MEANT = {
    "account": Hole("it is the account of the resource that is backed up", "AWS::AccountId"),
    "region": Hole("it is the Region of the resource that is backed up", "AWS::Region"),
}


class Reach(NamedTuple):
    """Where a policy counts. `accounts_open` says why it may count in more accounts than these.

    `inherits` says why it may be only a part of what counts there; empty when no other policy can add to it.
    """

    accounts: tuple[str, ...]
    accounts_open: str = ""
    inherits: str = ""


def reach_of(targets: tuple[Written, ...], opened: str, where: str) -> Reach:
    """The reach of a policy with these targets. `opened` says why there may be more, `where` is what was searched."""
    accounts: list[str] = []
    only_root = bool(targets) and not opened
    for target in targets:
        literal = target.text.literal()
        only_root = only_root and bool(_ROOT.search(target.text.stands_for() or literal or ""))
        if literal is not None and _ACCOUNT.fullmatch(literal):
            accounts.append(literal)
        elif not opened:
            opened = f"it is attached to {target.text.shown()}, and which accounts that holds is not in what was read"
    if not (accounts or opened):
        opened = f"nothing in {where} attaches it; it may be attached all the same"
    return Reach(
        accounts=tuple(accounts),
        accounts_open=opened,
        inherits="" if only_root else "a policy that is attached further up may say it",
    )


def read_policy_plans(
    effective: Datum, policy: Subject, symbol: str, reach: Reach
) -> tuple[tuple[Plan, ...], tuple[Selection, ...]]:
    """The plans and selections of a policy whose operators have been worked out.

    `symbol` tells the policy apart from all others; what a plan needs and does not have may be inherited.
    """
    plans: list[Plan] = []
    selections: list[Selection] = []
    of_plans = effective.fields().get("plans")
    fields = effective.fields() if of_plans is None else of_plans.fields()
    if fields.open:
        nameless = policy._replace(name=Value("plan", Unknown(fields.open, effective.origin)))
        unread = _PlanReader(nameless, Text((Hole(fields.open, f"{symbol}.plans"),)), reach)
        nothing = effective._replace(content=Open(fields.open))
        plans.append(unread.plan(nothing))
        selections.extend(_told_apart(unread.selections(nothing)))
    if of_plans is None:
        fields = Fields({})
    for name, body in _written(fields):
        place = fields.place(name) or body.origin
        subject = policy._replace(
            kind="plan",
            name=Value("plan", Known(name, place)),
            origin=place,
            part=name,
            extent=body.origin,
            region=Value("Region", Unknown("it works in the Regions that its policy names", place)),
            account=Value("AccountId", Unknown("it works in the accounts that its policy is attached to", place)),
        )
        reader = _PlanReader(subject, Text((Hole("it is a plan of a policy", f"{symbol}.plans.{name}"),)), reach)
        plans.append(reader.plan(body))
        selections.extend(_told_apart(reader.selections(body)))
    return tuple(plans), tuple(selections)


def _told_apart(selections: Iterator[Selection]) -> Iterator[Selection]:
    """A selection by tag and one by type may have one name."""
    found = tuple(selections)
    for one, part in zip(found, distinct(one.subject.part for one in found), strict=True):
        yield one._replace(subject=one.subject._replace(part=part))


class _PlanReader:
    """One plan of a policy."""

    def __init__(self, subject: Subject, name: Text, reach: Reach) -> None:
        self._subject = subject
        self._name = name
        self._reach = reach

    def plan(self, body: Datum) -> Plan:
        listed = body.fields().get("rules")
        fields = listed.fields() if listed is not None else Fields({}, body.fields().open or self._reach.inherits)
        rules = tuple(self._rule(name, fields, item) for name, item in _written(fields))
        return Plan(
            subject=self._subject,
            names=(self._name,),
            rules=rules,
            owner="organization",
            open=fields.open,
        )

    def _rule(self, name: str, fields: Fields, item: Datum) -> PlanRule:
        near = fields.place(name) or item.origin
        item = self._inheriting(item, "schedule_expression", "target_backup_vault_name")
        subject = self._subject._replace(
            kind="plan-rule",
            name=Value("rule", Known(name, near)),
            origin=near,
            part=f"{self._subject.part} {name}",
            extent=item.origin,
        )
        copies = find(item, near, "copy_actions")
        listed = Fields({}, copies.open) if copies.datum is None else copies.datum.fields()
        rule = read_rule(subject, self._subject, item, near, _spelled)
        return rule._replace(
            vault=_placed(rule.vault),
            air_gapped_vault=_placed(rule.air_gapped_vault),
            copies=tuple(self._copy(subject, number, *one) for number, one in enumerate(_written(listed), 1)),
            copies_open=listed.open,
        )

    def _inheriting(self, item: Datum, *needed: str) -> Datum:
        """The item, open where it lacks what AWS needs: then it is a part of one that is written further up."""
        fields = item.fields()
        if not self._reach.inherits or all(fields.get(key) is not None for key in needed):
            return item
        entries: dict[str, tuple[Span, Datum | Pending]] = {
            key: (fields.place(key) or value.origin, value) for key, value in fields.items()
        }
        return item._replace(content=Fields(entries, fields.open or self._reach.inherits))

    def _copy(self, rule: Subject, number: int, key: str, item: Datum) -> CopyAction:
        found = find(item, item.origin, "target_backup_vault_arn")
        # The key is the vault, too, as AWS's own examples write it.
        named = found.optional_text()
        if found.datum is None:
            named = Value(found.name, Known(joined(key), item.origin))
        return CopyAction(
            subject=rule._replace(
                kind="copy-action", origin=found.near, part=f"{rule.part} copy {number}", extent=item.origin
            ),
            destination=_placed(named),
            lifecycle=read_lifecycle(item, found.near, _spelled),
        )

    def selections(self, body: Datum) -> Iterator[Selection]:
        regions, regions_open = self._regions(find(body, body.origin, "regions"))
        whole = find(body, body.origin, "selections")
        opened = (whole.open or self._reach.inherits) if whole.datum is None else whole.datum.fields().open
        for kind in ("tags", "resources"):
            found = find(body, body.origin, "selections", kind)
            fields = Fields({}) if found.datum is None else found.datum.fields()
            opened = opened or fields.open
            for name, item in _written(fields):
                near = fields.place(name) or item.origin
                complete = self._inheriting(item, "iam_role_arn")
                selection = self._by_tag if kind == "tags" else self._by_type
                yield selection(name, near, complete)._replace(regions=regions, regions_open=regions_open)

        if opened:
            nothing = body._replace(content=Open(opened))
            yield self._selection("", whole.near, nothing)._replace(
                resources_open=opened,
                not_resources_open=opened,
                tags_open=opened,
                regions=regions,
                regions_open=regions_open,
            )

    def _regions(self, found: Property) -> tuple[tuple[str, ...], str]:
        if found.datum is None:
            return (), found.open or self._reach.inherits
        written, opened = texts(found)
        for one in written:
            opened = opened or one.text.why_open()
        return tuple(filter(None, (one.text.literal() for one in written))), opened

    def _selection(self, name: str, near: Span, item: Datum) -> Selection:
        """What both kinds of selections have."""
        conditions, conditions_open = _conditions(find(item, near, "conditions"))
        return Selection(
            subject=self._subject._replace(
                kind="selection",
                name=Value("selection", Known(name, near) if name else Unknown(conditions_open, near)),
                origin=near,
                part=f"{self._subject.part} {name}".strip(),
                extent=item.origin,
            ),
            plan=self._name,
            role=_placed(find(item, near, "iam_role_arn").optional_text()),
            conditions=conditions,
            conditions_open=conditions_open,
            accounts=self._reach.accounts,
            accounts_open=self._reach.accounts_open,
        )

    def _by_tag(self, name: str, near: Span, item: Datum) -> Selection:
        """A resource is meant that has the tag with one of the values."""
        key = find(item, near, "tag_key")
        values = find(item, near, "tag_value")
        written, opened = texts(values)
        if key.datum is None or values.datum is None:
            opened = opened or key.open or values.open or self._reach.inherits
        tags = tuple(
            TagTest(
                Value("operator", Known("STRINGEQUALS", one.origin)), text_at(item, "tag_key"), one.text, one.origin
            )
            for one in written
        )
        return self._selection(name, near, item)._replace(tags=tags, tags_open=opened)

    def _by_type(self, name: str, near: Span, item: Datum) -> Selection:
        """Resource types are written as ARN patterns."""
        types = find(item, near, "resource_types")
        resources, resources_open = texts(types)
        if types.datum is None:
            resources_open = resources_open or self._reach.inherits
        not_resources, not_resources_open = texts(find(item, near, "not_resource_types"))
        return self._selection(name, near, item)._replace(
            resources=tuple(map(_placed_written, resources)),
            resources_open=resources_open,
            not_resources=tuple(map(_placed_written, not_resources)),
            not_resources_open=not_resources_open,
        )


def _conditions(found: Property) -> tuple[tuple[TagTest, ...], str]:
    if found.datum is None:
        return (), found.open
    operators = found.datum.fields()
    opened = operators.open
    tests: list[TagTest] = []
    for operator, named in operators.items():
        place = operators.place(operator) or named.origin
        fields = named.fields()
        opened = opened or fields.open
        tests.extend(
            TagTest(
                Value("operator", Known(_OPERATORS.get(operator, operator), place)),
                text_at(item, "condition_key"),
                text_at(item, "condition_value"),
                item.origin,
            )
            for _, item in _written(fields)
        )
    return tuple(tests), opened


def _spelled(name: str) -> str:
    """A property of CloudFormation's as a policy spells it."""
    return _RENAMED.get(name) or snake_case(name)


def _written(fields: Fields) -> Iterator[tuple[str, Datum]]:
    """The entries of a mapping of named things."""
    return ((name, item) for name, item in fields.items() if not name.startswith("@@"))


def _placed(value: Value[Text | None]) -> Value[Text | None]:
    """The text with holes for `$account` and `$region`."""
    return value.map(lambda text: None if text is None else _with_holes(text))


def _placed_written(one: Written) -> Written:
    return one._replace(text=_with_holes(one.text))


def _with_holes(text: Text) -> Text:
    parts: list[str | Hole] = []
    for part in text.parts:
        if not isinstance(part, str):
            parts.append(part)
            continue
        for index, piece in enumerate(_PLACEHOLDER.split(part)):
            parts.append(_MEANT[piece] if index % 2 else piece)
    return joined(*parts)
