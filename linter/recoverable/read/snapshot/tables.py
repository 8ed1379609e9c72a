"""DynamoDB tables of an account: each Region's copy with its settings, and which of them are one global table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
"""

from __future__ import annotations

from recoverable.estate.tables import Replica, Table, Tags
from recoverable.read.data import Items, Property, find
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, chosen, datum, listed, told, word
from recoverable.read.snapshot.keys import customer_key
from recoverable.read.snapshot.policies import read_document
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverable.estate import Subject
    from recoverable.policy.document import Policy
    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Found, Place

_PITR = {"ENABLED": True, "DISABLED": False}
_TTL = {"ENABLED": True, "ENABLING": True, "DISABLED": False, "DISABLING": False}
#: What the windows of point-in-time recovery are where AWS names none.
_WINDOW = 35


class Copy(NamedTuple):
    """A table as one Region has it, and the Regions in which there are others of the same global table."""

    table: Table
    others: tuple[str, ...]


def read_copies(place: Place, tags: TagsOf) -> Iterator[Copy]:
    """Every table of an account in a Region, and one that stands for those that could not be listed."""
    found = place.all("dynamodb", "ListTables")
    names: dict[str, None] = {}
    opened = ""
    for answer in found:
        opened = opened or answer.open
        listing = told(answer.body, "TableNames")
        if listing.datum is None or not isinstance(listing.datum.content, Items):
            opened = opened or listing.open or "ListTables answered with what is no list"
            continue
        for item in listing.datum.list():
            if isinstance(item.content, str):
                names[item.content] = None
            else:
                opened = opened or "ListTables answered with what is no name"
    for name in names:
        copy = _copy(place, name, tags)
        if copy is not None:
            yield copy
    if opened:
        yield Copy(_unlisted(place, opened), ())


def together(copies: Iterable[Copy], place_of: Callable[[str], Place]) -> Together:
    """Tables, and replicas: of a global table the copy in the first Region by name stands for the table.

    AWS knows no first copy: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
    A copy that another one tells of and that was not read is there, too, with nothing known of it: so what a copy is
    called does not depend on which of them could be read.
    """
    known = {_place(copy.table): copy for copy in copies}
    linked: dict[_Place, set[_Place]] = {place: set() for place in known}
    for place, copy in known.items():
        for region in copy.others:
            other = (region, place[1])
            linked[place].add(other)
            linked.setdefault(other, set()).add(place)
    tables: dict[_Place, Table] = {
        place: known[place].table if place in known else _unread(place_of(place[0]), place[1])
        for place in sorted(linked)
    }
    found = Together([], [])
    for place, table in tables.items():
        leader = min(_reached(place, linked))
        if leader == place:
            found.tables.append(table)
        else:
            found.replicas.append(_replica(table, tables[leader]))
    return found


class Together(NamedTuple):
    """The tables of an account, and the replicas that belong to some of them."""

    tables: list[Table]
    replicas: list[Replica]


#: The Region and the name of a table in one account.
_Place = tuple[str, str]


def _reached(start: _Place, linked: dict[_Place, set[_Place]]) -> set[_Place]:
    """All copies of a global table that some copy tells of."""
    found, waiting = {start}, [start]
    while waiting:
        for other in linked[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def _unread(place: Place, name: str) -> Table:
    """A copy of a global table in a Region that was not looked at, or whose tables could not be listed."""
    arn = place.arn("dynamodb", f"table/{name}")
    origin = place.call("ListTables", arn)
    reason = place.unread or "ListTables did not name it there"
    return _open_table(place, subject(place, "table", arn, name, origin), Text((arn,)), reason)


class TagsOf:
    """The tags of tables, by the call that lists those of one, or the one that lists those of many."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._whole = False
        self._open = ""
        self._tags: dict[str, Datum] = {}
        for parameters, found in place.every("resourcegroupstaggingapi", "GetResources"):
            if not _all_tables(parameters):
                continue
            items, opened = listed(found.body, "ResourceTagMappingList")
            self._open = self._open or found.open or opened
            self._whole = True
            for item in items:
                arn = word(item, "ResourceARN")
                self._tags[arn] = item
                self._open = self._open or ("" if arn else "GetResources answered with a resource without a name")

    def of(self, arn: str) -> Tags:
        origin = self._place.call("ListTagsOfResource", arn)
        item = self._tags.get(arn)
        if item is not None:
            return read_tags(told(item, "Tags"), "")
        asked = self._place.one("dynamodb", "ListTagsOfResource", arn, ResourceArn=arn)
        if asked.time or not self._whole:
            if asked.absent:
                return Tags((), "the table was not there any more when its tags were asked for")
            return read_tags(told(asked.body, "Tags"), asked.open)
        # The tagging API leaves out what has no tags:
        # https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
        if self._open:
            return Tags((), self._open, Value("Tags", Unknown(self._open, origin)))
        return Tags(())


def read_tags(found: Property, opened: str) -> Tags:
    """A list of Key and Value."""
    if found.datum is None:
        reason = opened or found.open
        return Tags((), reason, Value("Tags", Unknown(reason, found.near)))
    items = found.datum.list()
    opened = opened or items.open
    entries = []
    for item in items:
        key = word(item, "Key")
        if key:
            entries.append((key, told(item, "Value").string("")._replace(name=key)))
        else:
            opened = opened or "a tag has a key that cannot be read"
    if not isinstance(found.datum.content, Items):
        opened = opened or "Tags is no list"
    return Tags(tuple(entries), opened, Value("Tags", Unknown(opened, found.near)) if opened else None)


def _all_tables(parameters: object) -> bool:
    """Whether a call of the tagging API was about all tables."""
    if not isinstance(parameters, dict):
        return False
    types = parameters.get("ResourceTypeFilters")
    wanted = not types or (isinstance(types, list) and any(one in ("dynamodb", "dynamodb:table") for one in types))
    return wanted and not parameters.get("TagFilters") and not parameters.get("ResourceARNList")


def _copy(place: Place, name: str, tags: TagsOf) -> Copy | None:
    """A table that was listed; None for one that was gone when it was asked about."""
    arn = place.arn("dynamodb", f"table/{name}")
    described = place.one("dynamodb", "DescribeTable", arn, TableName=name)
    if not described.time:
        described = place.one("dynamodb", "DescribeTable", arn, TableName=arn)
    if described.absent:
        return None
    body = told(described.body, "Table")
    table = body.datum or described.body
    if body.datum is None and described.known:
        table = datum(None, described.origin)
    ways = {"TableName": name}
    backups = place.one("dynamodb", "DescribeContinuousBackups", arn, **ways)
    if not backups.time:
        backups = place.one("dynamodb", "DescribeContinuousBackups", arn, TableName=arn)
    expiry = place.one("dynamodb", "DescribeTimeToLive", arn, **ways)
    origin = described.origin
    made = Table(
        subject=subject(place, "table", arn, name, origin),
        arn=Text((arn,)),
        pitr=_pitr(backups),
        pitr_window=_window(backups),
        deletion_protection=told(table, "DeletionProtectionEnabled").boolean(default=False),
        key=_key(place, table),
        policy=_policy(place.one("dynamodb", "GetResourcePolicy", arn, ResourceArn=arn)),
        tags=tags.of(arn),
        partition_key=_partition_key(table),
        ttl=chosen(told(expiry.body, "TimeToLiveDescription", "TimeToLiveStatus"), "TimeToLiveEnabled", _TTL),
        stream=at(table, "StreamSpecification", "StreamEnabled").boolean(default=False),
        kept_on_delete=None,
        kept_on_replace=None,
        restored_from=at(table, "RestoreSummary", "SourceTableArn").optional_string(),
        autoscaled=_autoscaled(place, name, arn),
        declared_class=Value("class", Known(None, None, defaulted=True)),
    )
    return Copy(made, tuple(_regions(table)))


def _unlisted(place: Place, reason: str) -> Table:
    """What stands for the tables that there may be beside those that are known: nothing is known of it."""
    origin = place.call("ListTables")
    who = subject(place, "table", place.arn("dynamodb", "table/*"), "", origin)
    who = who._replace(name=Value("TableName", Unknown(reason, origin)))
    return _open_table(place, who, joined(place.arn("dynamodb", "table/"), Hole(reason)), reason)


def _open_table(place: Place, who: Subject, arn: Text, reason: str) -> Table:
    """A table of which nothing is known but what it is called."""
    open_ = Unknown(reason, place.call("ListTables", arn.literal() or ""))
    return Table(
        subject=who,
        arn=arn,
        pitr=Value("PointInTimeRecoveryEnabled", open_),
        pitr_window=Value("RecoveryPeriodInDays", open_),
        deletion_protection=Value("DeletionProtectionEnabled", open_),
        key=Value("KMSMasterKeyArn", open_),
        policy=Value("ResourcePolicy", open_),
        tags=Tags((), reason, Value("Tags", open_)),
        partition_key=Value("KeySchema", open_),
        ttl=Value("TimeToLiveEnabled", open_),
        stream=Value("StreamEnabled", open_),
        kept_on_delete=None,
        kept_on_replace=None,
        restored_from=Value("SourceTableArn", open_),
        autoscaled=Value("autoscaling", open_),
        declared_class=Value("class", Known(None, None, defaulted=True)),
    )


def _replica(table: Table, first: Table) -> Replica:
    return Replica(
        subject=table.subject._replace(kind="replica"),
        table=first,
        arn=table.arn,
        pitr=table.pitr,
        pitr_window=table.pitr_window,
        deletion_protection=table.deletion_protection,
        key=table.key,
        policy=table.policy,
        tags=table.tags,
    )


def _place(table: Table) -> _Place:
    subject = table.subject
    return subject.region.known() or "", subject.address.rpartition("/")[2]


def _pitr(found: Found) -> Value[bool]:
    return chosen(_recovery(found, "PointInTimeRecoveryStatus"), "PointInTimeRecoveryEnabled", _PITR)


def _window(found: Found) -> Value[int]:
    """In days. It is told while point-in-time recovery is on."""
    described = _recovery(found)
    if described.datum is None or not found.known:
        return _recovery(found, "RecoveryPeriodInDays").number(_WINDOW)
    return find(described.datum, described.near, "RecoveryPeriodInDays").number(_WINDOW)


def _recovery(found: Found, *path: str) -> Property:
    if found.absent:
        # The table was deleted between two calls; what was protected is not known any more.
        found = found._replace(body=datum(None, found.origin))
    return told(found.body, "ContinuousBackupsDescription", "PointInTimeRecoveryDescription", *path)


def _key(place: Place, table: Datum) -> Value[Text | None]:
    """The customer managed key. Without a description of encryption the key is DynamoDB's own."""
    described = at(table, "SSEDescription")
    if described.datum is None:
        return Value("KMSMasterKeyArn", described.optional_text().state)
    status = at(described.datum, "Status").string("ENABLED").known()
    if status in ("DISABLED", "DISABLING"):
        return Value("KMSMasterKeyArn", Known(None, described.near))
    return customer_key(place, told(described.datum, "KMSMasterKeyArn"))


def _policy(found: Found) -> Value[Policy | None]:
    """The resource policy, None for a table without one."""
    return read_document(found, "Policy", "ResourcePolicy")


def _partition_key(table: Datum) -> Value[str]:
    items, opened = listed(table, "KeySchema")
    for item in items:
        if word(item, "KeyType") == "HASH":
            return told(item, "AttributeName").string("")
    return Value("KeySchema", Unknown(opened or "DescribeTable names no partition key", table.origin))


def _regions(table: Datum) -> Iterator[str]:
    """The Regions of the other copies of a global table."""
    replicas = at(table, "Replicas")
    for item in replicas.datum.list() if replicas.datum is not None else ():
        region = word(item, "RegionName")
        if region:
            yield region


def _autoscaled(place: Place, name: str, arn: str) -> Value[bool]:
    """Whether the table's capacity scales.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
    """
    scaled, opened = place.once("scalable targets", lambda: _scalable(place))
    origin = place.call("DescribeScalableTargets", arn)
    if f"table/{name}" in scaled:
        return Value("autoscaling", Known(True, origin))
    return Value("autoscaling", Unknown(opened, origin) if opened else Known(False, origin))


def _scalable(place: Place) -> tuple[frozenset[str], str]:
    """What Application Auto Scaling knows of, and why there may be more."""
    names: set[str] = set()
    opened = ""
    for found in place.all("application-autoscaling", "DescribeScalableTargets"):
        items, more = listed(found.body, "ScalableTargets")
        opened = opened or found.open or more
        names.update(word(item, "ResourceId") for item in items)
    if "" in names:
        opened = opened or "DescribeScalableTargets answered with a target without a name"
    return frozenset(names), opened
