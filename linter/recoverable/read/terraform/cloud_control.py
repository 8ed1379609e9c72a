"""DynamoDB tables and KMS keys of the provider awscc, which has CloudFormation's properties in its own spelling.

https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/dynamodb_table
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/dynamodb_global_table
https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/kms_key
"""

from __future__ import annotations

from recoverable.estate import Key, Replica, Table, Tags
from recoverable.read.data import Datum, Fields, Items, Property, find, literal
from recoverable.read.policies import read_policy
from recoverable.read.terraform.blocks import without_nulls
from recoverable.read.terraform.identity import arn_of, subject_of
from recoverable.read.terraform.keys import alias_names, key_symbols
from recoverable.read.terraform.tables import (
    LONGEST_WINDOW,
    Tables,
    autoscaled,
    prevent_destroy,
    resource_policy,
    restored_from,
)
from recoverable.text import Hole, Text
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root
    from recoverable.source import Span

TABLE = "awscc_dynamodb_table"
GLOBAL_TABLE = "awscc_dynamodb_global_table"
KEY = "awscc_kms_key"
REPLICA_KEY = "awscc_kms_replica_key"

_RECOVERY = "point_in_time_recovery_specification"
_ENCRYPTION = "sse_specification"


class _Copy(NamedTuple):
    """One Region's copy of a table as written, and where to point when one of its settings is left out."""

    settings: Datum
    near: Span
    region: Value[str] | None = None


def read_tables(root: Root, instance: Instance) -> Tables:
    """The table, and for a global one its replicas: the first that is listed stands for the table."""
    instance = instance._replace(arguments=without_nulls(instance.arguments))
    at = instance.resource.span
    if instance.resource.type == TABLE:
        return Tables(_table(root, instance, _Copy(instance.arguments, at)))
    listed = find(instance.arguments, at, "replicas")
    copies = () if listed.datum is None else tuple(map(_copy, listed.datum.list()))
    if not copies:
        reason = listed.open if listed.datum is None else listed.datum.list().open
        unknown = Unknown(reason or "the table lists no replica", at)
        return Tables(
            _table(root, instance, _Copy(Datum(Fields({}, unknown.reason), at), at, Value("region", unknown)))
        )
    for copy in copies:
        # Whether each copy is protected is asked first: where there are too many choices, the later ones stay open.
        _pitr(copy)
    table = _table(root, instance, copies[0])
    replicas = tuple(_replica(instance, table, copy, index) for index, copy in enumerate(copies[1:], 2))
    return Tables(table, replicas)


def _copy(item: Datum) -> _Copy:
    region = find(item, item.origin, "region")
    if region.datum is not None:
        return _Copy(item, region.near, region.string(""))
    return _Copy(item, item.origin, Value("region", Unknown(region.open or "the replica names no Region", item.origin)))


def _table(root: Root, instance: Instance, copy: _Copy) -> Table:
    settings, at = instance.arguments, instance.resource.span
    pitr = _pitr(copy)
    named = find(settings, at, "table_name")
    subject = subject_of(instance, "table", _name(named, at))
    if copy.region is not None:
        subject = subject._replace(region=copy.region)
    name = (
        named.datum.text() if named.datum is not None else Text((Hole(named.open or _UNNAMED, instance.symbol("id")),))
    )
    tags = tags_of(copy.settings)
    return Table(
        pitr=pitr,
        pitr_window=_pitr_window(copy),
        deletion_protection=_deletion_protection(copy),
        prevent_destroy=prevent_destroy(instance),
        kept_on_delete=None,
        kept_on_replace=None,
        key=_key(settings, copy),
        declared_class=Value("class", Known(None, at, defaulted=True)),
        symbols=(instance.symbol("arn"),),
        partition_key=_partition_key(find(settings, at, "key_schema")),
        ttl=find(settings, at, "time_to_live_specification", "enabled").boolean(default=False),
        policy=_policy(copy) or resource_policy(root, instance),
        stream=_present(find(settings, at, "stream_specification")),
        subject=subject,
        arn=arn_of(subject, "dynamodb", name, "table/"),
        tags=tags,
        restored_from=restored_from(instance, tags),
        autoscaled=autoscaled(root, instance, name)
        if instance.resource.type == TABLE
        else _present(find(settings, at, "write_provisioned_throughput_settings"))._replace(name="autoscaling"),
    )


_UNNAMED = "a name is made up when the table is made"


def _name(named: Property, at: Span) -> Value[str]:
    if named.datum is None:
        # No place: nobody wrote a name, so none of the names that people choose is meant.
        return Value(named.name, Unknown(named.open, at) if named.open else Unknown(_UNNAMED))
    return named.string("")


def _replica(instance: Instance, table: Table, copy: _Copy, index: int) -> Replica:
    assert copy.region is not None
    known = copy.region.known()
    subject = table.subject._replace(
        kind="replica",
        region=copy.region,
        part=known or f"replica {index}",
        origin=copy.near,
        extent=copy.settings.origin if table.subject.extent is not None else None,
    )
    named = find(instance.arguments, instance.resource.span, "table_name").datum
    name = Text((Hole(_UNNAMED, instance.symbol("id")),)) if named is None else named.text()
    return Replica(
        subject=subject,
        table=table,
        arn=arn_of(subject, "dynamodb", name, "table/"),
        pitr=_pitr(copy),
        pitr_window=_pitr_window(copy),
        deletion_protection=_deletion_protection(copy),
        key=_key(instance.arguments, copy),
        policy=_policy(copy) or Value("resource_policy", Known(None, copy.near, defaulted=True)),
        tags=tags_of(copy.settings),
    )


def _pitr(copy: _Copy) -> Value[bool]:
    return find(copy.settings, copy.near, _RECOVERY, "point_in_time_recovery_enabled").boolean(default=False)


def _pitr_window(copy: _Copy) -> Value[int]:
    return find(copy.settings, copy.near, _RECOVERY, "recovery_period_in_days").number(LONGEST_WINDOW)


def _deletion_protection(copy: _Copy) -> Value[bool]:
    return find(copy.settings, copy.near, "deletion_protection_enabled").boolean(default=False)


def _key(settings: Datum, copy: _Copy) -> Value[Text | None]:
    """The customer managed key: only one that is named, while encryption with KMS is switched on."""
    enabled = find(settings, copy.near, _ENCRYPTION, "sse_enabled").boolean(default=False)
    named = find(copy.settings, copy.near, _ENCRYPTION, "kms_master_key_id")
    match enabled.state:
        case Unknown(reason, origin, notes) if named.datum is not None or named.open:
            return Value(named.name, Unknown(f"sse_enabled is not known: {reason}", origin, notes))
        case Known(False) as off if named.datum is not None:
            return Value(named.name, Known(None, off.origin, notes=(enabled.fact(),)))
    if named.datum is not None and (literal(named.datum) or "").endswith("alias/aws/dynamodb"):
        return Value(named.name, Known(None, named.datum.origin, notes=named.datum.notes))
    return named.optional_text()


def _policy(copy: _Copy) -> Value[Policy | None] | None:
    """The policy within the table; None where it has none, and one may stand beside it."""
    found = find(copy.settings, copy.near, "resource_policy", "policy_document")
    if found.datum is not None:
        return Value("resource_policy", Known(read_policy(found.datum), found.datum.origin))
    return Value("resource_policy", Unknown(found.open, found.near)) if found.open else None


def _partition_key(schema: Property) -> Value[str]:
    if schema.datum is None:
        return schema.string("")
    # It may be JSON text, since CloudFormation's schema takes more than one shape.
    items = schema.datum.list()
    for item in items:
        if find(item, item.origin, "key_type").string("").known() == "HASH":
            return find(item, item.origin, "attribute_name").string("")
    reason = items.open or "the key schema names no partition key"
    return Value(schema.name, Unknown(reason, schema.datum.origin))


def _present(found: Property) -> Value[bool]:
    if found.datum is None:
        return found.boolean(default=False)
    if isinstance(found.datum.content, Fields | Items):
        return Value(found.name, Known(True, found.datum.origin))
    return Value(found.name, Unknown(found.datum.text().why_open() or "it is not a mapping", found.datum.origin))


def tags_of(settings: Datum, name: str = "tags") -> Tags:
    """Tags as a list of keys and values. The provider has no default tags."""
    written = settings.fields().get(name)
    if written is None:
        return Tags((), settings.fields().open)
    listed = written.list()
    opened = listed.open
    entries: list[tuple[str, Value[str]]] = []
    unnamed: Value[str] | None = None
    for item in listed:
        named = item.fields().get("key")
        key = literal(named) if named is not None else None
        if key is None:
            reason = "the key of a tag is not known"
            opened = opened or reason
            unnamed = unnamed or Value(name, Unknown(reason, item.origin if named is None else named.origin))
        else:
            entries.append((key, Property(key, find(item, item.origin, "value").datum, item.origin).string("")))
    return Tags(tuple(entries), opened, unnamed)


def read_key(root: Root, instance: Instance) -> Key:
    """A customer managed key."""
    settings, at = instance.arguments, instance.resource.span
    symbols = key_symbols(instance)
    policy = find(settings, at, "key_policy")
    reason = f"{instance.address} is known only after it is made"
    if policy.datum is not None:
        read: Value[Policy | None] = Value(
            policy.name, Known(read_policy(policy.datum), policy.near, notes=policy.datum.notes)
        )
    else:
        read = Value(
            policy.name, Unknown(policy.open, policy.near) if policy.open else Known(None, policy.near, defaulted=True)
        )
    return Key(
        subject=subject_of(instance, "key", Value("key_id", Unknown("KMS makes the key's id", at))),
        names=(*(Text((Hole(reason, symbol),)) for symbol in symbols), *alias_names(root, instance, symbols)),
        enabled=find(settings, at, "enabled").boolean(default=True),
        kept_on_delete=None,
        deletion_date=Value("deletion date", Known(None, at, defaulted=True)),
        policy=read,
    )
