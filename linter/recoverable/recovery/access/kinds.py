"""What a need is about: a resource, or some one of its kind, whichever is granted.

What is asked of *some* backup, recovery point or bucket is asked of one that no policy speaks of, and where that does
not do, of those that fit what is granted.
"""

from __future__ import annotations

from recoverable.recovery.access.common_names import Alphabet, common_name
from recoverable.recovery.access.requirements import (
    ANY_VAULT,
    ANYTHING,
    BACKUP,
    BUCKET,
    FOREIGN_BUCKET,
    LEGAL_HOLD,
    NEW_KEY,
    NEW_TABLE,
    PLAN,
    POINT,
    REPLICA,
    ROLE,
    TABLE,
    TABLE_KEY,
    VAULT,
    VAULT_KEY,
)  # fmt: skip
from recoverable.recovery.access.symbols import sibling
from recoverable.recovery.access.targets import ANY
from recoverable.text import Hole, Text, joined
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate.tables import Replica
    from recoverable.recovery.access.requirements import Need
    from recoverable.recovery.access.scenes import RoleChoice
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Holding, Target

#: What the name of some backup, recovery point or other thing is taken to be: what no policy names by itself.
SOME = {
    BACKUP: "01764150000000-5eb0a3c1",
    POINT: "7d1f6f0e-5c1b-4c0a-9a55-0b8e6a4f2d31",
    VAULT: "some-vault-of-7d1f6f0e",
    ANY_VAULT: "some-vault-of-7d1f6f0e",
    PLAN: "5c1b4c0a-9a55-0b8e-6a4f-7d1f6f0e2d31",
    BUCKET: "some-bucket-of-7d1f6f0e",
    FOREIGN_BUCKET: "some-bucket-of-7d1f6f0e",
    LEGAL_HOLD: "9a550b8e-6a4f-4d31-8c1b-7d1f6f0e4c0a",
}

#: Characters of ARNs that names of tables do not have.
_OF_ARNS = frozenset(":/+=,@$~ ")


class Taken(NamedTuple):
    """What a way goes by: the vault, the role of AWS Backup, the plan, the replica, and the name of the new table."""

    holding: Holding | None = None
    role: RoleChoice | None = None
    plan: Text | None = None
    replica: Replica | None = None
    new_name: Text | None = None


def resource_of(need: Need, target: Target, taken: Taken) -> Text:
    """What a need is about; any of its kind is a hole of its own."""
    vault = taken.holding.arn if taken.holding is not None else sibling(target.arn, "backup", "backup-vault:", ANY)
    match need.on:
        case _ if need.on == TABLE:
            return target.arn
        case _ if need.on == BACKUP:
            return target.backups()
        case _ if need.on == NEW_TABLE:
            return target.named(taken.new_name or Text((ANY,)))
        case _ if need.on == POINT:
            return sibling(vault, "backup", "recovery-point:", ANY)
        case _ if need.on == VAULT:
            return vault
        case _ if need.on == ANY_VAULT:
            return sibling(target.arn, "backup", "backup-vault:", ANY)
        case _ if need.on == PLAN:
            return taken.plan or sibling(target.arn, "backup", "backup-plan:", ANY)
        case _ if need.on == ROLE and taken.role is not None:
            return taken.role.standing.caller.arn
        case _ if need.on == REPLICA and taken.replica is not None:
            return taken.replica.arn
        case _ if need.on == LEGAL_HOLD:
            return sibling(target.arn, "backup", "legal-hold:", ANY)
        case _ if need.on in (BUCKET, FOREIGN_BUCKET):
            return joined(*_head(target.arn), ":s3:::", ANY, "/", ANY)
        case _ if need.on in (TABLE_KEY, NEW_KEY):
            return target.key.known() or Text((Hole(target.key.fact().text),))
        case _ if need.on == VAULT_KEY and taken.holding is not None:
            key = taken.holding.key
            return key.known() or Text((Hole(key.fact().text),))
    return Text(("*",)) if need.on == ANYTHING else Text((Hole(f"which {need.on} is not known"),))


def some_of_its_kind(need: Need, resource: Text) -> Text:
    """A resource by a name that no policy speaks of, where any of its kind will do."""
    return joined(*(SOME.get(need.on, "some") if part == ANY else part for part in resource.parts))


def _head(arn: Text) -> tuple[str | Hole, ...]:
    """An ARN up to its partition."""
    first = arn.parts[0]
    if isinstance(first, str) and first.count(":") > 1:
        return (":".join(first.split(":")[:2]),)
    return arn.parts[:2]


def starred(resource: Text) -> Text:
    """A resource for people: any of its kind is a star."""
    return joined(*("*" if part == ANY else part for part in resource.parts))


def some_of(actor: Standing, need: Need, action: str, resource: Text) -> Iterator[Text]:
    """The resource; where any of its kind will do, one that no policy names, then those that fit what is granted."""
    if ANY not in resource.parts:
        yield resource
        return
    yield some_of_its_kind(need, resource)
    if need.on == FOREIGN_BUCKET:
        return
    alphabet = Alphabet()
    pieces = ["*" if part == ANY else alphabet.written(Text((part,))) for part in resource.parts]
    if None in pieces:
        return
    language = "".join(piece for piece in pieces if piece is not None)
    tried: set[str] = set()
    for pattern in granted(actor, action, alphabet):
        found = common_name((language, pattern), also=_OF_ARNS | alphabet.characters(), longest=1_000)
        if found is not None and found not in tried:
            tried.add(found)
            yield alphabet.read(found)


def granted(actor: Standing, action: str, alphabet: Alphabet) -> Iterator[str]:
    """The patterns of resources that an action is allowed on, as strings; those that cannot be told are left out."""
    for policy in actor.allowing():
        for statement in actor.narrowing.of(policy, action)[0].statements:
            if statement.effect.known() != "Allow":
                continue
            if statement.not_resource:
                yield "*"
                continue
            for pattern in statement.resources:
                written = alphabet.written(pattern)
                if written is not None and "${" not in written:
                    yield written


def granted_names(actor: Standing, action: str, alphabet: Alphabet) -> Iterator[str]:
    """The patterns of table names that an action is allowed on, whatever Region and account they are in."""
    for pattern in granted(actor, action, alphabet):
        if pattern == "*":
            yield "*"
            continue
        fields = pattern.split(":", 5)
        resource = fields[5] if len(fields) == 6 else "*" if pattern.endswith("*") else ""
        beginning, slash, name = resource.partition("/")
        if slash and beginning in ("table", "*", "tabl?", "t*"):
            yield name
        elif resource.endswith("*") and "table/".startswith(resource[:-1]):
            yield "*"
