"""What a plan of Terraform and what a reading say of tables, plans, selections and vaults, in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverable.read import terraform
from recoverable.read.terraform.sources import Sources
from recoverable.text import Text
from recoverable.value import Known, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.estate import Replica, Table, Tags
    from recoverable.estate.backup import Plan, Selection, TagTest, Vault

Facts = dict[str, dict[str, Any]]
UNKNOWN = "?"
CONDITIONS = ("string_equals", "string_like", "string_not_equals", "string_not_like")


class Comparison(NamedTuple):
    """How many values there are, how many of them we do not know, and where we say something else."""

    values: int
    unknown: int
    differences: list[str]


def compared(plan: Facts, ours: Facts) -> Comparison:
    """What a reading says against the plan. What the plan does not know yet, the reading need not know."""
    differences = [f"{address} is not planned" for address in ours if address not in plan]
    values = unknown = 0
    for address, facts in plan.items():
        own = ours.get(address)
        if own is None:
            differences.append(f"{address} is not found")
            continue
        for name, wanted in facts.items():
            if wanted == UNKNOWN:
                continue
            values += 1
            if own[name] == UNKNOWN:
                unknown += 1
            elif own[name] != wanted:
                differences.append(f"{address}: {name} is {wanted!r}, and said to be {own[name]!r}")
    return Comparison(values, unknown, differences)


def _set(values: Iterable[Any] | None) -> list[Any]:
    """The provider keeps these as sets: what stands there twice is there once."""
    found: list[Any] = []
    for value in sorted(values or ()):
        if value not in found:
            found.append(value)
    return found


# Out of plans


def of_plan(plan: dict[str, Any], modules: Iterable[str]) -> dict[str, Facts]:
    """The facts of each module that the root calls, by addresses as the module has them."""
    unknown = {each["address"]: each["change"].get("after_unknown", {}) for each in plan.get("resource_changes", [])}
    found: dict[str, Facts] = {name: {} for name in modules}
    locks: dict[tuple[str, str], dict[str, Any]] = {}
    for resource in _resources(plan["planned_values"]["root_module"]):
        _, name, address = resource["address"].split(".", 2)
        values = _with_unknown(resource["values"], unknown.get(resource["address"], {}))
        kind = resource["type"]
        if kind in _OF_PLAN:
            found[name][address] = _OF_PLAN[kind](values)
        elif kind == "aws_backup_vault_lock_configuration":
            locks[name, values["backup_vault_name"]] = values  # under UNKNOWN, where it is named by what comes later
    for name, facts in found.items():
        for address, vault in facts.items():
            if address.startswith("aws_backup_vault."):
                lock = locks.get((name, vault["name"])) or locks.get((name, UNKNOWN))
                vault["lock"] = None if lock is None else [_number(lock[key]) for key in _LOCK]
    return found


_LOCK = ("min_retention_days", "max_retention_days", "changeable_for_days")


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _with_unknown(values: Any, unknown: Any) -> Any:  # noqa: ANN401
    if unknown is True:
        return UNKNOWN
    if isinstance(values, dict) and isinstance(unknown, dict):
        keys = dict.fromkeys([*values, *(key for key, each in unknown.items() if each)])
        return {key: _with_unknown(values.get(key), unknown.get(key)) for key in keys}
    if isinstance(values, list) and isinstance(unknown, list) and len(unknown) == len(values):
        return [_with_unknown(*pair) for pair in zip(values, unknown, strict=True)]
    return values


def _number(value: Any) -> Any:  # noqa: ANN401
    return value if value else None


def _first(values: Any) -> dict[str, Any]:  # noqa: ANN401
    """The first block of a list; of one that is known only after it is made, nothing: it was not written."""
    return values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else {}


def _planned_table(values: dict[str, Any]) -> dict[str, Any]:
    recovery, encryption = _first(values.get("point_in_time_recovery")), _first(values.get("server_side_encryption"))
    key = encryption.get("kms_key_arn") if encryption.get("enabled") else None
    return {
        "name": values["name"],
        "pitr": bool(recovery.get("enabled")),
        "window": recovery.get("recovery_period_in_days") or 35 if recovery.get("enabled") else 35,
        "protected": bool(values.get("deletion_protection_enabled")),
        "key": None if encryption.get("enabled") and key == UNKNOWN else key,
        "hash_key": values.get("hash_key"),
        "stream": bool(values.get("stream_enabled")),
        "tags": values.get("tags_all") or values.get("tags") or {},
        "replicas": {
            each["region_name"]: bool(each.get("point_in_time_recovery")) for each in values.get("replica") or ()
        },
    }


def _planned_plan(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "rules": sorted(
            [
                rule["rule_name"], rule["target_vault_name"], rule["schedule"] or "cron(0 5 ? * * *)",
                rule["start_window"], rule["completion_window"], bool(rule["enable_continuous_backup"]),
                _lifecycle(rule),
                sorted([copy["destination_vault_arn"], _lifecycle(copy)] for copy in rule["copy_action"] or ()),
            ]
            for rule in values["rule"]
        ),
    }  # fmt: skip


def _lifecycle(values: dict[str, Any]) -> list[Any]:
    lifecycle = _first(values["lifecycle"])
    return [_number(lifecycle.get(name)) for name in ("delete_after", "cold_storage_after")]


def _planned_selection(values: dict[str, Any]) -> dict[str, Any]:
    condition = _first([each for each in values["condition"] or () if isinstance(each, dict)])
    return {
        "name": values["name"],
        "role": values["iam_role_arn"],
        "resources": _set(values["resources"]),
        "not_resources": UNKNOWN if values["not_resources"] == UNKNOWN else _set(values["not_resources"]),
        "tags": _set([each["type"], each["key"], each["value"]] for each in values["selection_tag"] or ()),
        "conditions": _set(
            [_OPERATORS[name], each["key"], each["value"]] for name in CONDITIONS for each in condition.get(name) or ()
        ),
    }


_OPERATORS = dict(zip(CONDITIONS, ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike"), strict=True))


def _planned_vault(values: dict[str, Any]) -> dict[str, Any]:
    return {"name": values["name"], "destroyed": bool(values["force_destroy"])}


def _planned_air_gapped(values: dict[str, Any]) -> dict[str, Any]:
    days = [values["min_retention_days"], values["max_retention_days"], 0]
    return {"name": values["name"], "destroyed": False, "lock": days}


_OF_PLAN = {
    "aws_backup_logically_air_gapped_vault": _planned_air_gapped,
    "aws_dynamodb_table": _planned_table,
    "aws_backup_plan": _planned_plan,
    "aws_backup_selection": _planned_selection,
    "aws_backup_vault": _planned_vault,
}


# Out of readings


def of_reading(files: dict[str, str]) -> Facts:
    """The facts of a root with these files."""
    texts = {path: text.encode() for path, text in files.items()}

    def names(folder: str) -> list[str]:
        return [path.rpartition("/")[2] for path in texts if path.rpartition("/")[0] == folder]

    sources = Sources(texts, texts.get, names)
    reading = terraform.read(sources, terraform.roots_of(sources), lambda _: {})
    assert [fault.message for fault in reading.faults] == []
    replicas: dict[str, list[Replica]] = {}
    for replica in map(_only, reading.replicas):
        replicas.setdefault(replica.subject.address, []).append(replica)
    found: Facts = {}
    for table in map(_only, reading.tables):
        found[table.subject.address] = _table(table, replicas.get(table.subject.address, []))
    for plan in map(_only, reading.plans):
        found[plan.subject.address] = _plan(plan)
    for selection in map(_only, reading.selections):
        found[selection.subject.address] = _selection(selection)
    for vault in map(_only, reading.vaults):
        found[vault.subject.address] = _vault(vault)
    return found


def _only(entry: Any) -> Any:  # noqa: ANN401
    (variant,) = entry.variants
    assert variant.item is not None
    return variant.item


def _known(value: Value[Any]) -> Any:  # noqa: ANN401
    if not isinstance(value.state, Known):
        return UNKNOWN
    content = value.state.value
    return _text(content) if isinstance(content, Text) else content


def _text(text: Text) -> str:
    known = text.literal()
    return UNKNOWN if known is None else known


def _tags(tags: Tags) -> Any:  # noqa: ANN401
    found = {key: _known(value) for key, value in tags.entries}
    return UNKNOWN if tags.open or UNKNOWN in found.values() else found


def _table(table: Table, replicas: list[Replica]) -> dict[str, Any]:
    return {
        "name": _known(table.subject.name),
        "pitr": _known(table.pitr),
        "window": _known(table.pitr_window),
        "protected": _known(table.deletion_protection),
        "key": _known(table.key),
        "hash_key": _known(table.partition_key),
        "stream": _known(table.stream),
        "tags": _tags(table.tags),
        "replicas": {each.subject.part: _known(each.pitr) for each in replicas},
    }


def _plan(plan: Plan) -> dict[str, Any]:
    rules = [
        [
            _known(rule.subject.name), _known(rule.vault), _known(rule.schedule), _known(rule.start_window),
            _known(rule.completion_window), _known(rule.continuous),
            [_known(rule.lifecycle.delete_after), _known(rule.lifecycle.cold_after)],
            sorted(
                [_known(copy.destination), [_known(copy.lifecycle.delete_after), _known(copy.lifecycle.cold_after)]]
                for copy in rule.copies
            ),
        ]
        for rule in plan.rules
    ]  # fmt: skip
    return {"name": _known(plan.subject.name), "rules": UNKNOWN if plan.open else sorted(rules)}


def _selection(selection: Selection) -> dict[str, Any]:
    return {
        "name": _known(selection.subject.name),
        "role": _known(selection.role),
        "resources": UNKNOWN if selection.resources_open else _set(_text(each.text) for each in selection.resources),
        "not_resources": UNKNOWN
        if selection.not_resources_open
        else _set(_text(each.text) for each in selection.not_resources),
        "tags": UNKNOWN if selection.tags_open else _set(map(_test, selection.tags)),
        "conditions": UNKNOWN if selection.conditions_open else _set(map(_test, selection.conditions)),
    }


def _test(test: TagTest) -> list[Any]:
    return [_known(test.operator), _text(test.key), _text(test.value)]


def _vault(vault: Vault) -> dict[str, Any]:
    lock: Any = _known(vault.lock)
    if lock not in (None, UNKNOWN):
        lock = [_known(lock.min_days), _known(lock.max_days), _known(lock.changeable_for)]
    return {"name": _known(vault.subject.name), "destroyed": _known(vault.destroyed_with_contents), "lock": lock}
