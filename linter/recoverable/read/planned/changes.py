"""What a plan does to tables, replicas, vaults, backup plans, selections and keys, and why."""

from __future__ import annotations

from recoverable.estate.changes import (
    CREATE,
    DESTROY,
    FORGET,
    KEEP,
    REPLACE,
    UPDATE,
    WITH_OWNER,
    BackupPlanChange,
    KeyChange,
    ReplicaChange,
    SelectionChange,
    TableChange,
    VaultChange,
)
from recoverable.read.data import literal
from recoverable.read.planned.moments import Moment
from recoverable.read.planned.roots import root_of
from recoverable.read.terraform.tables import TABLE, read_tables
from recoverable.read.terraform.walk import Walk
from recoverable.scenario import ALWAYS, Run, Variant
from recoverable.truth import Fact
from recoverable.typed import Any, NamedTuple
from recoverable.value import Entry, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverable.estate import Replica
    from recoverable.read.planned.documents import Head, Outcome
    from recoverable.read.planned.roots import PlannedRoot
    from recoverable.read.reading import Reading
    from recoverable.read.terraform.instances import Instance
    from recoverable.source import Origin

#: What Terraform says of why it does something, in words for whoever reads a finding.
REASONS = {
    "replace_because_tainted": "it is tainted: an earlier run did not finish making it",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "replace_triggered_by asks for it",
    "delete_because_no_resource_config": "its block is no longer in the configuration",
    "delete_because_no_module": "its module is no longer in the configuration",
    "delete_because_wrong_repetition": "count or for_each was put on it or taken away",
    "delete_because_count_index": "count no longer reaches its index",
    "delete_because_each_key": "for_each no longer has its key",
    "delete_because_no_move_target": "it was moved to where no block is",
}

_ACTIONS = {
    ("no-op",): KEEP,
    ("read",): KEEP,
    ("create",): CREATE,
    ("update",): UPDATE,
    ("delete",): DESTROY,
    ("delete", "create"): REPLACE,
    ("create", "delete"): REPLACE,
    ("forget",): FORGET,
    # The old one stays, and Terraform makes another one beside it.
    ("create", "forget"): FORGET,
    ("forget", "create"): FORGET,
}


class Sides(NamedTuple):
    """A plan with its roots before and after."""

    outcome: Outcome
    before: PlannedRoot
    after: PlannedRoot


def with_changes(reading: Reading, prior: Reading, sides: Sides) -> Reading:
    """The reading of what will be, with what changes from `prior`."""
    heads = {head.place.address: head for head in sides.outcome.changes if not head.deposed}

    def listed(was: Iterable[Entry[Any]], will: Iterable[Entry[Any]], make: Callable[..., Any]) -> tuple[Any, ...]:
        earlier, later = _by_identity(was), _by_identity(will)
        changes = []
        for identity in dict.fromkeys((*earlier, *later)):
            before, after = earlier.get(identity), later.get(identity)
            thing: Any = before if after is None else after
            action = _action(sides, heads.get(identity[0]), identity[1], before, after)
            if (before is None or after is None) and _may_be_another(identity, earlier, later):
                why = "which replica this is depends on a Region that is not known"
                action = Value(_ACTION, Unknown(why, thing.subject.origin))
            because = _reasons(sides, heads.get(identity[0])) if action.known() in _LOSING else ()
            made = make(subject=thing.subject, action=action, before=before, after=after, because=because)
            changes.append(Entry((Variant(ALWAYS, made),)))
        return tuple(changes)

    def replica(**fields: Any) -> ReplicaChange:  # noqa: ANN401 (the fields of a change)
        head = heads.get(fields["subject"].address)
        return ReplicaChange(**fields, recreated=_recreated(sides, head, fields))

    return reading._replace(
        table_changes=listed(prior.tables, reading.tables, TableChange) + _left_over(sides),
        replica_changes=listed(prior.replicas, reading.replicas, replica),
        vault_changes=listed(prior.vaults, reading.vaults, VaultChange),
        plan_changes=listed(prior.plans, reading.plans, BackupPlanChange),
        selection_changes=listed(prior.selections, reading.selections, SelectionChange),
        key_changes=listed(prior.keys, reading.keys, KeyChange),
    )


def _may_be_another(identity: tuple[str, str], *sides: dict[tuple[str, str], Any]) -> bool:
    """Whether a part of which only one side knows may be one of the other side under another name."""
    address, part = identity
    known = [side for side in sides if identity not in side]
    own = [side[identity] for side in sides if identity in side]
    others = [thing for side in known for (of, name), thing in side.items() if of == address and name]
    if not part or not others:
        return False
    return any(thing.subject.region.known() is None for thing in (*own, *others))


def _left_over(sides: Sides) -> tuple[Entry[TableChange], ...]:
    """Tables that an earlier replacement made a new one for, and left behind until this plan."""
    found = []
    for head in sides.outcome.changes:
        if head.deposed and head.type == TABLE and head.actions == ("delete",):
            root = root_of(
                Moment(sides.outcome, (head,), f"{head.place.address}@{head.deposed}", before=True), None, None
            )
            why = Fact(f"it is what an earlier replacement left behind (deposed object {head.deposed})")
            for instance in root.all_of(TABLE, Walk(Run(), room=0)):
                table = read_tables(root, instance).table
                action = Value(_ACTION, Known(DESTROY, table.subject.origin))
                found.append(Entry((Variant(ALWAYS, TableChange(table.subject, action, table, None, (why,))),)))
    return tuple(found)


_LOSING = (REPLACE, DESTROY, FORGET)

#: What an action is called.
_ACTION = "the planned action"


def _by_identity(entries: Iterable[Entry[Any]]) -> dict[tuple[str, str], Any]:
    """Things by address and part. A plan is one deployment, so that each has one variant."""
    found: dict[tuple[str, str], Any] = {}
    for entry in entries:
        for variant in entry.variants:
            if variant.item is not None:
                found.setdefault((variant.item.subject.address, variant.item.subject.part), variant.item)
    return found


def _action(sides: Sides, head: Head | None, part: str, before: Any, after: Any) -> Value[str]:  # noqa: ANN401
    """What is done to a thing, or to a part of a resource such as a replica in its table."""
    thing: Any = before if after is None else after
    origin = thing.subject.origin
    name = _ACTION
    if head is None:
        return Value(name, Known(KEEP, origin))
    if head.actions is None:
        return Value(name, Unknown("the plan does not say what is done", origin))
    action = _ACTIONS.get(head.actions)
    if action is None:
        return Value(name, Unknown(f"{' and '.join(head.actions)} is no action that is known", origin))
    if part and action in _LOSING:
        action = WITH_OWNER
    elif part and after is None:
        opened = _open_parts(sides, head)
        if opened:
            return Value(name, Unknown(f"which replicas there will be is not known: {opened}", origin))
        action = DESTROY
    elif part and before is None:
        action = CREATE
    return Value(name, Known(action, origin))


def _open_parts(sides: Sides, head: Head) -> str:
    """Why a table may have more replicas after the plan than it shows; empty if it has not."""
    instance = _instance(sides.after, head)
    found = None if instance is None else instance.arguments.fields().get("replica")
    return "" if found is None else found.list().open


def _recreated(sides: Sides, head: Head | None, fields: dict[str, Any]) -> Value[bool]:
    """Whether a replica is deleted and made anew although its table stays.

    One in its table is if its key changes, which no plan shows as more than an update. Versions 4.52 and 4.53 of the
    provider do so, too, when point-in-time recovery is switched on; a provider whose tables have
    `deletion_protection_enabled` is a later one.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table#replica
    https://github.com/hashicorp/terraform-provider-aws/issues/29222
    """
    name, before, after = "recreated", fields["before"], fields["after"]
    action: Value[str] = fields["action"]
    if not fields["subject"].part:
        return action.map(lambda done: done == REPLACE)._replace(name=name)
    stays = action.map(lambda _: False)._replace(name=name)
    if head is None or before is None or after is None or action.known() != UPDATE:
        return stays
    keys = [_key(one) for one in (before, after)]
    if "" in keys:
        return Value(name, Unknown("whether its key changes is not known", after.key.origin))
    if keys[0] != keys[1]:
        return Value(name, Known(value=True, origin=after.key.origin))
    node = sides.outcome.after(head).node
    is_old = node is None or node.key("deletion_protection_enabled") is None
    if is_old and before.pitr.known() is not True and after.pitr.known() is not False:
        why = "versions 4.52 and 4.53 of the provider do so when point-in-time recovery is switched on"
        return Value(name, Unknown(why, after.pitr.origin))
    return stays


def _key(replica: Replica) -> str:
    """What tells the key of a replica from others; empty if that is not known."""
    state = replica.key.state
    if isinstance(state, Unknown):
        return ""
    if state.value is None:
        return "none"
    return "" if state.value.identity() is None else state.value.shown()


def _reasons(sides: Sides, head: Head | None) -> tuple[Fact, ...]:
    """What an action comes from: the attributes that cannot be changed in place, or what Terraform says."""
    if head is None:
        return ()
    facts = []
    for path in sides.outcome.replaced(head):
        name = str(path[0]) if path else ""
        if name:
            facts.append(_changed(sides, head, name))
    said = REASONS.get(head.reason)
    if said is not None:
        facts.append(Fact(said))
    return tuple(dict.fromkeys(facts))


def _changed(sides: Sides, head: Head, name: str) -> Fact:
    """An attribute that makes a new resource necessary, with what it was and will be."""
    was, will = (_text(root, head, name) for root in (sides.before, sides.after))
    origin = will[1] or was[1]
    if was[0] is None or will[0] is None:
        return Fact(f"{name} changes, which makes a new one necessary", origin)
    shown = [f"{text:.80}" if text else "empty" for text in (was[0], will[0])]
    return Fact(f"{name} changes from {shown[0]} to {shown[1]}, which makes a new one necessary", origin)


def _text(root: PlannedRoot, head: Head, name: str) -> tuple[str | None, Origin | None]:
    """The text of an attribute where it is known, and where it stands."""
    instance = _instance(root, head)
    if instance is None:
        return None, None
    found = instance.arguments.fields().get(name)
    return (None, instance.resource.span) if found is None else (literal(found), found.origin)


def _instance(root: PlannedRoot, head: Head) -> Instance | None:
    calls = tuple(call for call, _ in head.place.calls)
    for place in root.places.get(head.type, ()):
        if place.calls == calls and place.resource.address == head.place.resource:
            return root.find(place, head.place.address, Walk(Run(), room=0))
    return None
