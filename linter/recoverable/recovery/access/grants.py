"""The policy that something takes, and no more: statements out of needs.

https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
"""

from __future__ import annotations

from recoverable.policy.request import segments
from recoverable.recovery.access.requirements import (
    ANY_VAULT,
    BACKUP,
    BUCKET,
    CALLER,
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
from recoverable.recovery.access.standing import DEFAULT_ROLE
from recoverable.recovery.access.symbols import sibling
from recoverable.text import Text, joined
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.recovery.access.requirements import Mode, Need
    from recoverable.recovery.access.targets import Target

#: Keys of conditions whose value is compared as a boolean.
_BOOLEAN = ("kms:GrantIsForAWSResource",)


class Around(NamedTuple):
    """What a policy is for, beside the table: the beginning of the names of restored tables, the key, the vault, the
    role that AWS Backup is given, the bucket. What is empty is any, or AWS's default."""

    prefix: str = ""
    key: str = ""
    vault_key: str = ""
    vault: str = ""
    role: str = ""
    bucket: str = ""


class Grant(NamedTuple):
    """A statement that allows something. `conditions` are operator, key and value."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, str], ...]

    def written(self) -> dict[str, object]:
        """As IAM has it in JSON."""
        found: dict[str, object] = {
            "Sid": self.sid, "Effect": "Allow", "Action": _one_or_many(self.actions),
            "Resource": _one_or_many(self.resources),
        }  # fmt: skip
        if self.conditions:
            blocks: dict[str, dict[str, str]] = {}
            for operator, key, value in self.conditions:
                blocks.setdefault(operator, {})[key] = value
            found["Condition"] = blocks
        return found


def grants_for(modes: Iterable[Mode], target: Target, around: Around, *, actor: str, strict: bool) -> tuple[Grant, ...]:
    """What an actor (`caller` or `role`) must be allowed for each of the modes."""
    wanted = [
        (need, need.actions[:1] if need.any_of else need.actions)
        for mode in modes
        for need in mode.needs
        if (need.actor == CALLER) == (actor == CALLER) and (strict or not need.strict) and _needed(need, target, around)
    ]
    return merged([grant_of(need, actions, _resource(need, target, around)) for need, actions in wanted])


def grant_of(need: Need, actions: tuple[str, ...], resource: str) -> Grant:
    """What allows actions of a need on a resource."""
    conditions = [("StringLike", "kms:ViaService", f"{need.via}.*.amazonaws.com")] if need.via else []
    conditions += [("Bool" if key in _BOOLEAN else "StringEquals", key, value) for key, value in need.context]
    return Grant(need.sid, actions, (resource,), tuple(conditions))


def document(grants: Iterable[Grant]) -> dict[str, object]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": [grant.written() for grant in grants]}


def merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Fewer statements that allow the same: those with one action list, or with one resource list, are put together."""
    found: list[Grant] = []
    for grant in grants:
        for at, other in enumerate(found):
            if other.conditions != grant.conditions:
                continue
            if other.actions == grant.actions:
                found[at] = other._replace(resources=tuple(dict.fromkeys((*other.resources, *grant.resources))))
                break
            if other.resources == grant.resources:
                found[at] = other._replace(actions=tuple(sorted({*other.actions, *grant.actions})))
                break
        else:
            found.append(grant._replace(actions=tuple(sorted(grant.actions))))
    taken: dict[str, int] = {}
    named: list[Grant] = []
    for grant in found:
        taken[grant.sid] = taken.get(grant.sid, 0) + 1
        count = taken[grant.sid]
        named.append(grant if count == 1 else grant._replace(sid=f"{grant.sid}{count}"))
    return tuple(named)


def _needed(need: Need, target: Target, around: Around) -> bool:
    """Whether a need is one here: keys only where there are some."""
    match need.when:
        case "":
            return True
        case "vault-key":
            return bool(around.vault_key)
        case "table-key":
            return bool(around.key)
    found = target.given.get(need.when)
    return found is not None and found.answer.value != "no"


def _resource(need: Need, target: Target, around: Around) -> str:
    own = target.arn
    holdings = target.holdings
    vault = next((Text((one,)) for one in (around.vault,) if one), None) or (holdings[0].arn if holdings else own)
    shown: Text | str
    if need.on == TABLE:
        shown = own
    elif need.on == BACKUP:
        shown = joined(own, "/backup/*")
    elif need.on == NEW_TABLE:
        shown = target.named(joined(around.prefix or joined(target.name, "-restored"), "*"))
    elif need.on == POINT:
        shown = sibling(vault, "backup", "recovery-point:*")
    elif need.on == VAULT:
        shown = vault if around.vault else sibling(own, "backup", "backup-vault:*")
    elif need.on == ANY_VAULT:
        shown = sibling(own, "backup", "backup-vault:*")
    elif need.on == PLAN:
        shown = target.plans[0] if len(target.plans) == 1 else sibling(own, "backup", "backup-plan:*")
    elif need.on == ROLE:
        shown = around.role or _default_role(own)
    elif need.on == REPLICA:
        shown = target.replicas[0].arn if len(target.replicas) == 1 else _in_any_region(own)
    elif need.on == LEGAL_HOLD:
        shown = sibling(own, "backup", "legal-hold:*")
    elif need.on == FOREIGN_BUCKET:
        shown = "arn:aws:s3:::*"
    elif need.on == BUCKET:
        shown = f"arn:aws:s3:::{around.bucket or 'BUCKET'}/*"
    elif need.on in (TABLE_KEY, NEW_KEY):
        shown = around.key or target.key.known() or "*"
    elif need.on == VAULT_KEY:
        key = holdings[0].key.known() if holdings else None
        shown = around.vault_key or key or "*"
    else:
        shown = "*"
    return (shown if isinstance(shown, str) else shown.shown()).replace("${any}", "*")


def _in_any_region(own: Text) -> Text:
    fields = segments(own, ":", 5)
    return joined("arn:", fields[1], ":dynamodb:*:", fields[4], ":", fields[5])


def _default_role(own: Text) -> str:
    fields = segments(own, ":", 5)
    return joined("arn:", fields[1], ":iam::", fields[4], f":role/{DEFAULT_ROLE}").shown()


def _one_or_many(texts: tuple[str, ...]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)
