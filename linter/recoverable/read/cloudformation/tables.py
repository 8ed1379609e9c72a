"""DynamoDB tables of a stack: Table, GlobalTable with its replicas, and SAM's SimpleTable.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
"""

from __future__ import annotations

import re

from recoverable.estate import Replica, Subject, Table, Tags
from recoverable.read.cloudformation.identity import kept, metadata, pseudo_text, pseudo_value, subject_of
from recoverable.read.data import Datum, Fields, Items, Open, Property, find, literal
from recoverable.read.policies import read_policy
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy
    from recoverable.read.cloudformation.evaluate import Evaluation
    from recoverable.read.cloudformation.template import Resource
    from recoverable.source import Span

TABLE = "AWS::DynamoDB::Table"
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
SIMPLE_TABLE = "AWS::Serverless::SimpleTable"
TYPES = (TABLE, GLOBAL_TABLE, SIMPLE_TABLE)

RECOVERY = "PointInTimeRecoverySpecification"

# Stack tags are given when the stack is deployed; CloudFormation puts them on every resource.
_STACK_TAGS = "the stack's own tags are not in the template"

# Not compiled at every start: few tables are called so.
_RESTORED = r"(?i)^(?P<source>.+?)(?:[-_.]restored|(?<=[a-z0-9])Restored)(?:[-_.]?[\d:TZ-]+)?$"


class Copy(NamedTuple):
    """One Region's copy of a table as written: its settings, its Region, and where to point when one is left out."""

    settings: Datum
    near: Span
    region: Value[str]


class Tables(NamedTuple):
    """What one resource makes: the table, and its replicas in further Regions."""

    table: Table
    replicas: tuple[Replica, ...] = ()


def read_tables(evaluation: Evaluation, resource: Resource) -> Tables:
    """The table, and its replicas, that a resource makes in this scenario."""
    settings = evaluation.properties(resource)
    home = pseudo_value(evaluation, "AWS::Region", resource)
    if resource.type != GLOBAL_TABLE:
        return Tables(_table(evaluation, resource, settings, Copy(settings, resource.origin, home)))
    written = settings.fields().get("Replicas")
    copies = _copies(written) if written is not None else ()
    if not copies:
        reason = settings.fields().open if written is None else written.list().open
        unknown = Unknown(reason or "the table lists no replica", resource.origin)
        nothing = Datum(Fields({}, unknown.reason), resource.origin)
        return Tables(_table(evaluation, resource, settings, Copy(nothing, resource.origin, Value("Region", unknown))))
    for copy in copies:
        # Whether each copy is protected is asked before names and tags are: see _table.
        _pitr(copy)
    table = _table(evaluation, resource, settings, copies[0])
    replicas = [_replica(evaluation, resource, table, copy, index) for index, copy in enumerate(copies[1:], 2)]
    return Tables(table, tuple(replicas))


def _copies(written: Datum) -> tuple[Copy, ...]:
    copies = []
    for item in written.list():
        region = find(item, item.origin, "Region")
        if region.datum is None:
            reason = region.open or "the replica names no Region"
            copies.append(Copy(item, item.origin, Value("Region", Unknown(reason, item.origin))))
        else:
            copies.append(Copy(item, region.near, region.string("")))
    return tuple(copies)


def _table(evaluation: Evaluation, resource: Resource, settings: Datum, copy: Copy) -> Table:
    at = resource.origin
    key_schema = "PrimaryKey" if resource.type == SIMPLE_TABLE else "KeySchema"
    # In the order of what matters: where there are too many choices to follow, the later ones stay open.
    return Table(
        pitr=_pitr(copy),
        pitr_window=_pitr_window(copy),
        deletion_protection=_deletion_protection(resource, copy),
        kept_on_delete=kept(evaluation, resource, "DeletionPolicy"),
        kept_on_replace=kept(evaluation, resource, "UpdateReplacePolicy"),
        key=_key(settings, copy),
        declared_class=_declared_class(evaluation, resource),
        symbols=(evaluation.stack.symbol(resource.logical_id, "Arn"),),
        partition_key=_partition_key(find(settings, at, key_schema)),
        ttl=find(settings, at, "TimeToLiveSpecification", "Enabled").boolean(default=False),
        policy=_policy(copy),
        stream=_present(find(settings, at, "StreamSpecification")),
        subject=subject_of(evaluation, resource, "table", _name(settings, resource), copy.region),
        arn=_arn(evaluation, settings, resource, copy.region),
        tags=(tags := tags_of(copy.settings)),
        restored_from=_restored_from(evaluation, resource, tags),
        autoscaled=_autoscaled(evaluation, resource, settings),
    )


def _pitr(copy: Copy) -> Value[bool]:
    return find(copy.settings, copy.near, RECOVERY, "PointInTimeRecoveryEnabled").boolean(default=False)


def _pitr_window(copy: Copy) -> Value[int]:
    """In days; 35 unless it says otherwise."""
    return find(copy.settings, copy.near, RECOVERY, "RecoveryPeriodInDays").number(35)


def _replica(evaluation: Evaluation, resource: Resource, table: Table, copy: Copy, index: int) -> Replica:
    settings = evaluation.properties(resource)
    region = copy.region.known()
    subject = table.subject._replace(
        kind="replica",
        region=copy.region,
        part=region if region else f"replica {index}",
        origin=copy.near,
        extent=copy.settings.origin,
    )
    return Replica(
        subject=subject,
        table=table,
        arn=_arn(evaluation, settings, resource, copy.region),
        pitr=_pitr(copy),
        pitr_window=_pitr_window(copy),
        deletion_protection=find(copy.settings, copy.near, "DeletionProtectionEnabled").boolean(default=False),
        key=_key(settings, copy),
        policy=_policy(copy),
        tags=tags_of(copy.settings),
    )


def _name(settings: Datum, resource: Resource) -> Value[str]:
    found = find(settings, resource.origin, "TableName")
    if found.datum is None:
        if found.open:
            return Value("TableName", Unknown(found.open, resource.origin))
        # No place: nobody wrote a name, so none of the names that people choose is meant.
        return Value("TableName", Unknown("CloudFormation makes a name up when the stack is deployed"))
    return found.string("")


def _arn(evaluation: Evaluation, settings: Datum, resource: Resource, region: Value[str]) -> Text:
    name = settings.fields().get("TableName")
    place = _place(region.state)
    reason = f"{resource.logical_id} gets its name when the stack is deployed"
    symbol = Hole(reason, _symbol(evaluation, resource), type=resource.type)
    return joined(
        "arn:",
        pseudo_text(evaluation, "AWS::Partition", resource),
        ":dynamodb:",
        place,
        ":",
        pseudo_text(evaluation, "AWS::AccountId", resource),
        ":table/",
        symbol if name is None else name.text(),
    )


def _place(region: Known[str] | Unknown) -> str | Hole | Text:
    return region.value if isinstance(region, Known) else region.text or Hole(region.reason)


def _symbol(evaluation: Evaluation, resource: Resource) -> str:
    return evaluation.stack.symbol(resource.logical_id, "Ref")


def _deletion_protection(resource: Resource, copy: Copy) -> Value[bool]:
    found = find(copy.settings, copy.near, "DeletionProtectionEnabled").boolean(default=False)
    if resource.type != SIMPLE_TABLE or not isinstance(found.state, Known):
        return found
    cannot = Fact(f"{SIMPLE_TABLE} has no property for it", resource.origin)
    return found._replace(state=found.state._replace(value=False, notes=(*found.state.notes, cannot)))


def _key(settings: Datum, copy: Copy) -> Value[Text | None]:
    """The customer managed key: only one that is named, while encryption with KMS is switched on.

    A GlobalTable switches it on for all replicas and names a key in each.
    """
    enabled = find(settings, copy.near, "SSESpecification", "SSEEnabled").boolean(default=False)
    named = find(copy.settings, copy.near, "SSESpecification", "KMSMasterKeyId")
    match enabled.state:
        case Unknown(reason, origin, notes) if named.datum is not None or named.open:
            return Value("KMSMasterKeyId", Unknown(f"SSEEnabled is not known: {reason}", origin, notes))
        case Known(False) as off if named.datum is not None:
            return Value("KMSMasterKeyId", Known(None, off.origin, notes=(enabled.fact(),)))
    if named.datum is None:
        return named.optional_text()
    if (literal(named.datum) or "").endswith("alias/aws/dynamodb"):
        return Value("KMSMasterKeyId", Known(None, named.datum.origin, notes=named.datum.notes))
    return named.optional_text()


def _policy(copy: Copy) -> Value[Policy | None]:
    found = find(copy.settings, copy.near, "ResourcePolicy", "PolicyDocument")
    if found.datum is None:
        if found.open:
            return Value("ResourcePolicy", Unknown(found.open, found.near))
        return Value("ResourcePolicy", Known(None, found.near, defaulted=True))
    return Value("ResourcePolicy", Known(read_policy(found.datum), found.datum.origin))


def tags_of(settings: Datum) -> Tags:
    """Tags as a list of Key and Value, or as SAM's mapping."""
    written = settings.fields().get("Tags")
    if written is None:
        return Tags((), settings.fields().open or _STACK_TAGS, outside=not settings.fields().open)
    entries: list[tuple[str, Value[str]]] = []
    unnamed: Value[str] | None = None
    if isinstance(written.content, Fields):
        opened = written.content.open
        entries.extend((key, Property(key, value, value.origin).string("")) for key, value in written.content.items())
    else:
        items = written.list()
        opened = items.open
        for item in items:
            named = item.fields().get("Key")
            key = literal(named) if named is not None else None
            if key is None:
                opened = opened or "the key of a tag is not known"
                at = item.origin if named is None else named.origin
                unnamed = unnamed or Value("Tags", Unknown("the key of a tag is not known", at))
                continue
            entries.append((key, Property(key, find(item, item.origin, "Value").datum, item.origin).string("")))
    return Tags(tuple(entries), opened or _STACK_TAGS, unnamed, outside=not opened)


def _partition_key(schema: Property) -> Value[str]:
    if schema.datum is None:
        if schema.open:
            return Value("KeySchema", Unknown(schema.open, schema.near))
        # A SimpleTable's key is called id then; for the others nobody wrote one.
        return Value("KeySchema", Known("id" if schema.name == "PrimaryKey" else "", schema.near, defaulted=True))
    if schema.name == "PrimaryKey":
        return find(schema.datum, schema.near, "Name").string("id")
    items = schema.datum.list()
    for item in items:
        if find(item, item.origin, "KeyType").string("").known() == "HASH":
            return find(item, item.origin, "AttributeName").string("")
    return Value("KeySchema", Unknown(items.open or "the key schema names no partition key", schema.datum.origin))


def _present(found: Property) -> Value[bool]:
    if found.datum is None:
        return found.boolean(default=False)
    if isinstance(found.datum.content, Fields | Items):
        return Value(found.name, Known(True, found.datum.origin))
    return Value(found.name, Unknown(found.datum.text().why_open() or "it is not a mapping", found.datum.origin))


def _restored_from(evaluation: Evaluation, resource: Resource, tags: Tags) -> Value[str | None]:
    """What the template says of where the table was restored from: our own metadata, a tag, or its logical id.

    CloudFormation has no property for it.
    """
    name = "restored-from"
    said = find(metadata(evaluation, resource), resource.origin, "recoverable", name)
    if said.datum is not None:
        return said.optional_string()
    tag = tags.get(name) or tags.unnamed
    if tag is not None:
        return Value(name, _maybe(tag.state))
    # Not TableName: many are known only at deployment, and to be told of each that it may say so helps nobody.
    logical_id = resource.logical_id
    match = re.match(_RESTORED, logical_id) if "restored" in logical_id.lower() else None
    return Value(name, Known(match["source"] if match else None, resource.origin, defaulted=match is None))


def _maybe(state: Known[str] | Unknown) -> Known[str | None] | Unknown:
    return state if isinstance(state, Unknown) else Known(state.value, state.origin, state.defaulted, state.notes)


def _autoscaled(evaluation: Evaluation, resource: Resource, settings: Datum) -> Value[bool]:
    """Whether its capacity scales: by settings of its own, or because a scalable target of the stack is this table.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-applicationautoscaling-scalabletarget.html
    """
    name = "autoscaling"
    if resource.type == GLOBAL_TABLE:
        return _present(find(settings, resource.origin, "WriteProvisionedThroughputSettings"))._replace(name=name)
    target = evaluation.stack.scalable_target(resource)
    if isinstance(target, Open):
        return Value(name, Unknown(target.reason, resource.origin))
    if target is not None:
        return Value(name, Known(True, target.origin))
    return Value(name, Known(False, resource.origin, defaulted=True))


def _declared_class(evaluation: Evaluation, resource: Resource) -> Value[str | None]:
    said = metadata(evaluation, resource)
    found = find(said, resource.origin, "recoverable", "class").optional_string()
    reason = find(said, resource.origin, "recoverable", "reason")
    if isinstance(found.state, Known) and found.state.value is not None and reason.datum is not None:
        fact = reason.string("").fact()
        return Value(found.name, found.state._replace(notes=(*found.state.notes, fact)))
    return found


__all__ = ["GLOBAL_TABLE", "SIMPLE_TABLE", "TABLE", "TYPES", "Subject", "Tables", "read_tables"]
