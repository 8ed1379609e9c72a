"""KMS keys that tables and vaults use: whose they are, and whether they can be used.

https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from __future__ import annotations

from recoverable.estate.keys import Key
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, listed, told, word
from recoverable.read.snapshot.policies import read_document
from recoverable.text import Text
from recoverable.truth import Fact
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.estate.backup import Vault
    from recoverable.estate.tables import Replica, Table
    from recoverable.policy.document import Policy
    from recoverable.read.data import Property
    from recoverable.read.snapshot.answers import Found, Place

#: Aliases of keys that AWS manages; nobody else can have one that begins so.
_AWS_ALIAS = "alias/aws/"

#: States in which a key can be used. What waits for its deletion is told by its date.
_USABLE = {"Enabled": True, "Updating": True, "PendingDeletion": True, "PendingReplicaDeletion": True}
_UNUSABLE = {"Disabled": False, "Unavailable": False, "PendingImport": False, "Creating": False}
_GOING = ("PendingDeletion", "PendingReplicaDeletion")


def customer_key(place: Place, written: Property) -> Value[Text | None]:
    """The key under a property if it is customer managed, None for one that AWS manages, open if that is not known."""
    found = written.string("")
    arn = found.known()
    if arn is None:
        return Value(found.name, Unknown(getattr(found.state, "reason", ""), found.origin))
    if _AWS_ALIAS in arn:
        return Value(found.name, Known(None, found.origin))
    aliased = _managed_by_alias(place, arn)
    if aliased:
        return Value(found.name, Known(None, found.origin, notes=(Fact(f"{arn} is {aliased}"),)))
    described = described_key(place, arn)
    manager = told(described.body, "KeyMetadata", "KeyManager").string("")
    refused = place.once("refused keys", lambda: _refused_keys(place)).get(arn)
    hindered = refused is not None and refused.known() is not None
    if described.absent or manager.known() == "CUSTOMER" or _is_elsewhere(place, arn) or hindered:
        # A key of another account, one that is gone, and one that cannot be used are none of AWS's own.
        return Value(found.name, Known(Text((arn,)), found.origin))
    if manager.known() == "AWS":
        return Value(found.name, Known(None, found.origin, notes=(manager.fact(),)))
    reason = getattr(manager.state, "reason", f"KeyManager is {manager.known()}")
    return Value(found.name, Unknown(f"whether {arn} is customer managed is not known: {reason}", found.origin))


def described_key(place: Place, arn: str) -> Found:
    """What KMS says of a key, by its ARN or its id."""
    found = place.one("kms", "DescribeKey", arn, KeyId=arn)
    return found if found.time else place.one("kms", "DescribeKey", arn, KeyId=arn.rpartition("/")[2])


def read_keys(place: Place, users: Iterable[Table | Replica | Vault]) -> Iterator[Key]:
    """The customer managed keys of those that lie in this place."""
    arns: dict[str, None] = {}
    for user in users:
        key = user.key.known()
        arn = key.literal() if key is not None else None
        if arn is not None:
            arns[arn] = None
    for arn in arns:
        yield _key(place, arn)


def _key(place: Place, arn: str) -> Key:
    found = described_key(place, arn)
    state = told(found.body, "KeyMetadata", "KeyState").string("")
    names = dict.fromkeys((arn, arn.rpartition("/")[2], *_aliases(place, arn)))
    return Key(
        subject=subject(place, "key", arn, arn.rpartition("/")[2], found.origin),
        names=tuple(Text((name,)) for name in names),
        enabled=_refused(place, arn) or _enabled(found, state),
        kept_on_delete=None,
        deletion_date=_deletion_date(found, state),
        policy=_policy(place, arn),
    )


def _refused(place: Place, arn: str) -> Value[bool] | None:
    """That DynamoDB cannot use a key, where it says so: also of keys of other accounts, which KMS does not describe."""
    said = place.once("refused keys", lambda: _refused_keys(place)).get(arn)
    if said is None:
        return None
    since = said.known()
    if since is None:
        return Value("Enabled", Unknown(said.fact().text, said.origin))
    told = Fact(f"DynamoDB has not been able to use it since {since}")
    return Value("Enabled", Known(False, place.call("DescribeTable", arn), notes=(told,)))


def _refused_keys(place: Place) -> dict[str, Value[str]]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSEDescription.html"""
    found: dict[str, Value[str]] = {}
    for _, answer in place.every("dynamodb", "DescribeTable"):
        described = at(answer.body, "Table", "SSEDescription").datum
        since = at(described, "InaccessibleEncryptionDateTime") if described is not None else None
        if described is not None and since is not None and since.datum is not None:
            found[word(described, "KMSMasterKeyArn")] = since.string("")
    return found


def _enabled(found: Found, state: Value[str]) -> Value[bool]:
    name = "KeyState"
    if found.absent:
        return Value("the key exists", Known(False, found.origin))
    known = state.known()
    if known is None:
        return Value(name, Unknown(getattr(state.state, "reason", ""), found.origin))
    meaning = {**_USABLE, **_UNUSABLE}.get(known)
    if meaning is None:
        return Value(name, Unknown(f"it is {known}", found.origin))
    return Value("Enabled", Known(meaning, found.origin, notes=() if meaning else (Fact(f"KeyState is {known}"),)))


def _deletion_date(found: Found, state: Value[str]) -> Value[str | None]:
    name = "DeletionDate"
    if found.absent:
        return Value(name, Known(None, found.origin, defaulted=True))
    known = state.known()
    if known is None:
        return Value(name, Unknown(getattr(state.state, "reason", ""), found.origin))
    if known not in _GOING:
        if known not in {**_USABLE, **_UNUSABLE}:
            return Value(name, Unknown(f"KeyState is {known}", found.origin))
        return Value(name, Known(None, found.origin, defaulted=True))
    date = told(found.body, "KeyMetadata", "DeletionDate").string("").known()
    return Value(name, Known(date or "set, though AWS does not say for when", found.origin))


def _policy(place: Place, arn: str) -> Value[Policy | None] | None:
    """The key policy, None altogether where nobody asked for it."""
    found = place.one("kms", "GetKeyPolicy", arn, KeyId=arn)
    if not found.time:
        found = place.one("kms", "GetKeyPolicy", arn, KeyId=arn.rpartition("/")[2])
    return read_document(found, "Policy", "KeyPolicy") if found.time else None


def _aliases(place: Place, arn: str) -> tuple[str, ...]:
    """The aliases of a key, as names and as ARNs."""
    known = place.once("aliases", lambda: _all_aliases(place))
    return tuple(known.get(arn.rpartition("/")[2], ()))


def _all_aliases(place: Place) -> dict[str, list[str]]:
    aliases: dict[str, list[str]] = {}
    for _, found in place.every("kms", "ListAliases"):
        for item in listed(found.body, "Aliases")[0]:
            names = filter(None, (word(item, "AliasName"), word(item, "AliasArn")))
            aliases.setdefault(word(item, "TargetKeyId"), []).extend(names)
    return aliases


def _managed_by_alias(place: Place, arn: str) -> str:
    return next((name for name in _aliases(place, arn) if name.startswith(_AWS_ALIAS)), "")


def _is_elsewhere(place: Place, arn: str) -> bool:
    """Whether a key belongs to another account."""
    fields = arn.split(":")
    return len(fields) > 4 and fields[4].isdigit() and fields[4] != place.account
