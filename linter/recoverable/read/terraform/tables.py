"""DynamoDB tables of a configuration: with `replica` blocks, replicas of their own, and resource policies.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table_replica
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_resource_policy
"""

from __future__ import annotations

import re

from recoverable.estate import Replica, Table, Tags
from recoverable.read.data import Datum, Fields, Property, literal
from recoverable.read.policies import read_policy
from recoverable.read.terraform.blocks import dig
from recoverable.read.terraform.identity import arn_of, subject_of
from recoverable.read.terraform.providers import default_tags
from recoverable.text import Hole, Text
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject
    from recoverable.policy.document import Policy
    from recoverable.read.terraform.instances import Instance
    from recoverable.read.terraform.roots import Root

TABLE = "aws_dynamodb_table"
REPLICA = "aws_dynamodb_table_replica"
POLICY = "aws_dynamodb_resource_policy"
TAG = "aws_dynamodb_tag"
TARGETS = ("aws_appautoscaling_target", "awscc_applicationautoscaling_scalable_target")

#: Left out, point-in-time recovery reaches back as far as it can.
LONGEST_WINDOW = 35

_RESTORED = r"(?i)^(?P<source>.+?)[-_.]restored(?:[-_.]?[\d:TZ-]+)?$"


class Tables(NamedTuple):
    """What one resource makes: the table, and its replicas in further Regions."""

    table: Table
    replicas: tuple[Replica, ...] = ()


def read_tables(root: Root, instance: Instance) -> Tables:
    """The table, and the replicas in its `replica` blocks."""
    # Whether each copy is protected is asked first: where there are too many choices, the later ones stay open.
    pitr = _found(instance, "point_in_time_recovery", "enabled").boolean(default=False)
    blocks = instance.arguments.fields().get("replica")
    copies = () if blocks is None else tuple(blocks.list())
    protected = [_own(copy, "point_in_time_recovery").boolean(default=False) for copy in copies]
    table = _table(root, instance, pitr)
    replicas = tuple(
        _replica(table, copy, each, index) for index, (copy, each) in enumerate(zip(copies, protected, strict=True), 1)
    )
    if root.places.get(TAG):
        replicas = tuple(
            each._replace(tags=_tagged(root, instance, each.tags, Whose("", each.subject, table.subject.name)))
            for each in replicas
        )
    return Tables(table, replicas)


def read_replica(root: Root, instance: Instance) -> Replica:
    """A replica that is a resource of its own."""
    whose = _found(instance, "global_table_arn")
    symbol = "" if whose.datum is None else whose.datum.text().stands_for()
    owner = next(
        (table for table in root.all_of(TABLE, instance.evaluation.walk) if symbol and table.symbol("arn") == symbol),
        None,
    )
    table = _elsewhere(instance, whose) if owner is None else read_tables(root, owner).table
    subject = subject_of(instance, "replica", table.subject.name)
    return Replica(
        subject=subject,
        table=table,
        arn=arn_of(subject, "dynamodb", _name_text(table), "table/"),
        pitr=_found(instance, "point_in_time_recovery").boolean(default=False),
        pitr_window=Value("recovery_period_in_days", Known(LONGEST_WINDOW, subject.origin, defaulted=True)),
        deletion_protection=_found(instance, "deletion_protection_enabled").boolean(default=False),
        key=_found(instance, "kms_key_arn").optional_text(),
        policy=resource_policy(root, instance),
        tags=_tagged(root, instance, tags_of(instance), Whose(instance.symbol("arn"), subject, table.subject.name)),
    )


def _found(instance: Instance, *path: str) -> Property:
    found = dig(instance.arguments, instance.resource.span, *path)
    return found._replace(name=".".join(path))


def _own(block: Datum, name: str) -> Property:
    return dig(block, block.origin, name)


def _table(root: Root, instance: Instance, pitr: Value[bool]) -> Table:
    found = _found(instance, "name")
    subject = subject_of(instance, "table", found.string(""))
    name = Text((Hole(found.open or "it has no name"),)) if found.datum is None else found.datum.text()
    tags = _tagged(root, instance, tags_of(instance), Whose(instance.symbol("arn"), subject, subject.name))
    return Table(
        pitr=pitr,
        pitr_window=_found(instance, "point_in_time_recovery", "recovery_period_in_days").number(LONGEST_WINDOW),
        deletion_protection=_found(instance, "deletion_protection_enabled").boolean(default=False),
        prevent_destroy=prevent_destroy(instance),
        kept_on_delete=None,
        kept_on_replace=None,
        key=_key(instance),
        declared_class=Value("class", Known(None, instance.resource.span, defaulted=True)),
        symbols=(instance.symbol("arn"),),
        partition_key=_found(instance, "hash_key").string(""),
        ttl=_found(instance, "ttl", "enabled").boolean(default=False),
        policy=resource_policy(root, instance),
        stream=_found(instance, "stream_enabled").boolean(default=False),
        subject=subject,
        arn=arn_of(subject, "dynamodb", name, "table/"),
        tags=tags,
        restored_from=restored_from(instance, tags),
        autoscaled=autoscaled(root, instance, name),
    )


def prevent_destroy(instance: Instance) -> Value[bool] | None:
    """It must be written in the module itself, so that a caller of somebody else's cannot have it.

    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
    """
    if instance.evaluation.module.module.foreign:
        return None
    return _found(instance, "lifecycle", "prevent_destroy").boolean(default=False)


def _replica(table: Table, block: Datum, pitr: Value[bool], index: int) -> Replica:
    region = _own(block, "region_name").string("")
    known = region.known()
    extent = table.subject.extent
    subject = table.subject._replace(
        kind="replica",
        region=region,
        part=known or f"replica {index}",
        origin=block.origin,
        extent=extent if extent is None else block.origin,
    )
    return Replica(
        subject=subject,
        table=table,
        arn=arn_of(subject, "dynamodb", _name_text(table), "table/"),
        pitr=pitr,
        pitr_window=Value("recovery_period_in_days", Known(LONGEST_WINDOW, block.origin, defaulted=True)),
        deletion_protection=_own(block, "deletion_protection_enabled").boolean(default=False),
        key=_own(block, "kms_key_arn").optional_text(),
        policy=Value("policy", Known(None, block.origin, defaulted=True)),
        tags=_replica_tags(table, block),
    )


def _name_text(table: Table) -> Text:
    state = table.subject.name.state
    if isinstance(state, Known):
        return Text((state.value,) if state.value else ())
    return state.text or Text((Hole(state.reason),))


def _key(instance: Instance) -> Value[Text | None]:
    """The customer managed key: only one that is named, while encryption with KMS is switched on."""
    enabled = _found(instance, "server_side_encryption", "enabled").boolean(default=False)
    named = _found(instance, "server_side_encryption", "kms_key_arn")
    match enabled.state:
        case Unknown(reason, origin, notes) if named.datum is not None or named.open:
            return Value(named.name, Unknown(f"whether encryption is on is not known: {reason}", origin, notes))
        case Known(False) as off if named.datum is not None:
            return Value(named.name, Known(None, off.origin, notes=(enabled.fact(),)))
    if named.datum is not None and (literal(named.datum) or "").endswith("alias/aws/dynamodb"):
        return Value(named.name, Known(None, named.datum.origin, notes=named.datum.notes))
    return named.optional_text()


def resource_policy(root: Root, instance: Instance) -> Value[Policy | None]:
    """The policy that `aws_dynamodb_resource_policy` puts on the table."""
    name = "resource policy"
    own = instance.symbol("arn")
    unsure: Datum | None = None
    for each in root.all_of(POLICY, instance.evaluation.walk):
        arn = each.arguments.fields().get("resource_arn")
        if arn is None:
            continue
        whose = arn.text().stands_for()
        if whose == own:
            written = each.arguments.fields().get("policy")
            if written is None:
                return Value(name, Unknown("the policy is not written", each.resource.span))
            return Value(name, Known(read_policy(written), written.origin))
        if not whose and not isinstance(arn.content, str):
            unsure = arn
    if unsure is not None:
        reason = f"a resource policy may be this one's: {unsure.text().why_open()}"
        return Value(name, Unknown(reason, unsure.origin))
    return Value(name, Known(None, instance.resource.span, defaulted=True))


def tags_of(instance: Instance) -> Tags:
    """The tags of the resource over those of its provider.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging
    """
    entries: dict[str, Value[str]] = {}
    opened = instance.arguments.fields().open
    # A plan or state has all of them together, which nobody writes.
    whole = instance.arguments.fields().get("tags_all")
    for written in (default_tags(instance) if whole is None else whole, instance.arguments.fields().get("tags")):
        if written is None:
            continue
        fields = written.fields()
        opened = opened or fields.open
        for key, value in fields.items():
            entries[key] = Property(key, value, value.origin).string("")
    return Tags(tuple(entries.items()), opened)


class Whose(NamedTuple):
    """What a tag may be of: `symbol` stands for its ARN where there is one."""

    symbol: str
    subject: Subject
    name: Value[str]


def _tagged(root: Root, instance: Instance, tags: Tags, whose: Whose) -> Tags:
    """The same with the tags that resources of their own put on it.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_tag
    """
    for each in root.all_of(TAG, instance.evaluation.walk):
        fields = each.arguments.fields()
        arn, named, value = fields.get("resource_arn"), fields.get("key"), fields.get("value")
        if arn is None or named is None or value is None:
            continue
        of = _is_of(arn.text(), whose)
        if of is False:
            continue
        key = literal(named)
        if of is None or key is None:
            reason = arn.text().why_open() if of is None else named.text().why_open()
            tags = tags._replace(open=tags.open or f"{each.address} may put a tag on it: {reason}", outside=False)
        elif tags.get(key) is None:
            tags = tags._replace(entries=(*tags.entries, (key, Property(key, value, value.origin).string(""))))
    return tags


def _is_of(arn: Text, whose: Whose) -> bool | None:
    """Whether an ARN is that of a table or replica, None where that cannot be told."""
    symbol = arn.stands_for()
    if symbol.endswith(".Arn"):
        return symbol == whose.symbol
    parts = (arn.literal() or "").split(":", 5)
    if len(parts) < 6:
        return None
    pairs = ((parts[5].removeprefix("table/"), whose.name.known()), (parts[3], whose.subject.region.known()))
    if any(known is not None and known != written for written, known in pairs):
        return False
    return True if all(known is not None for _, known in pairs) else None


def _replica_tags(table: Table, block: Datum) -> Tags:
    """A replica has the table's tags only where they are propagated."""
    propagated = _own(block, "propagate_tags").boolean(default=False)
    match propagated.state:
        case Known(True):
            return table.tags
        case Known():
            return Tags(())
        case Unknown(reason):
            return Tags((), f"whether the table's tags are propagated is not known: {reason}")


def restored_from(instance: Instance, tags: Tags) -> Value[str | None]:
    """The table that this one is restored from: an argument, a tag or its name says so."""
    for name in ("restore_source_name", "restore_source_table_arn"):
        found = _found(instance, name)
        if found.datum is not None:
            read = found.optional_string()
            return read.map(lambda arn: arn and arn.rpartition("table/")[2])
    tag = tags.get("restored-from")
    if tag is not None:
        state = tag.state
        given = state if isinstance(state, Unknown) else Known(state.value, state.origin, state.defaulted, state.notes)
        return Value("restored-from", _maybe(given))
    name = instance.resource.name
    match = re.match(_RESTORED, name) if "restored" in name.lower() else None
    source = match["source"] if match else None
    return Value("restored-from", Known(source, instance.resource.span, defaulted=match is None))


def _maybe(state: Known[str] | Unknown) -> Known[str | None] | Unknown:
    return state if isinstance(state, Unknown) else Known(state.value, state.origin, state.defaulted, state.notes)


def autoscaled(root: Root, instance: Instance, name: Text) -> Value[bool]:
    """Whether a target of Application Auto Scaling is this table."""
    wanted = Text(("table/", *name.parts)) if name.literal() is None else Text((f"table/{name.literal()}",))
    unsure: Datum | None = None
    walk = instance.evaluation.walk
    for target in (each for type_ in TARGETS for each in root.all_of(type_, walk)):
        found = target.arguments.fields().get("resource_id")
        if found is None:
            continue
        text = found.text()
        if text.identity() is not None and text.identity() == wanted.identity():
            return Value("autoscaling", Known(value=True, origin=target.resource.span))
        if text.identity() is None or wanted.identity() is None:
            unsure = found
    if unsure is not None:
        return Value("autoscaling", Unknown("whether a scaling target is this table is not known", unsure.origin))
    return Value("autoscaling", Known(value=False, origin=instance.resource.span, defaulted=True))


def _elsewhere(instance: Instance, whose: Property) -> Table:
    """A table of which only its replica is here."""
    reason = "the table of this replica is not in what was read"
    nothing = instance._replace(arguments=Datum(Fields({}, reason), instance.resource.span))
    unknown = Unknown(reason, whose.near)
    arn = whose.datum.text() if whose.datum is not None else Text((Hole(reason),))
    written = (arn.literal() or "").rpartition("table/")[2]
    name: Value[str] = Value("name", Known(written, whose.near)) if written else Value("name", unknown)
    subject = subject_of(nothing, "table", name)
    where: Value[str] = Value("region", unknown)
    return Table(
        subject=subject._replace(region=where),
        arn=arn,
        pitr=Value("point_in_time_recovery.enabled", unknown),
        pitr_window=Value("recovery_period_in_days", unknown),
        deletion_protection=Value("deletion_protection_enabled", unknown),
        key=Value("kms_key_arn", unknown),
        policy=Value("resource policy", unknown),
        tags=Tags((), reason),
        partition_key=Value("hash_key", unknown),
        ttl=Value("ttl.enabled", unknown),
        stream=Value("stream_enabled", unknown),
        kept_on_delete=None,
        kept_on_replace=None,
        restored_from=Value("restored-from", unknown),
        autoscaled=Value("autoscaling", unknown),
        declared_class=Value("class", Known(None, instance.resource.span, defaulted=True)),
    )


__all__ = ["POLICY", "REPLICA", "TABLE", "Tables", "read_replica", "read_tables"]
