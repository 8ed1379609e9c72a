"""What an estate has to say when somebody wants to do something.

The roles that AWS Backup can take on, and the policies of the things that are acted on.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable.policy import document as documents
from recoverable.policy.document import Policy, Statement
from recoverable.policy.layers import Attached, ResourcePolicy
from recoverable.policy.principals import account_named
from recoverable.policy.request import SOMEBODY_ELSE
from recoverable.recovery.access.controls import ResourceControls
from recoverable.recovery.access.requirements import (
    FOREIGN_BUCKET,
    NEW_KEY,
    POINT,
    REPLICA,
    TABLE,
    TABLE_KEY,
    VAULT,
    VAULT_KEY,
)  # fmt: skip
from recoverable.recovery.access.standing import (
    AWS_BACKUP,
    NO_POLICY,
    Guarded,
    Narrowing,
    aws_backup,
    default_role,
    guarded_by,
    standing_of,
    taken_on,
)  # fmt: skip
from recoverable.recovery.access.symbols import arn_of_key, settled
from recoverable.text import Text, joined
from recoverable.truth import Answer, Fact, Truth, no, unknown, yes
from recoverable.typed import NamedTuple, TypeVar
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.estate import Estate
    from recoverable.estate.principals import Principal
    from recoverable.policy.decision import Decision
    from recoverable.recovery.access.kinds import Taken
    from recoverable.recovery.access.requirements import Need
    from recoverable.recovery.access.standing import Standing
    from recoverable.recovery.access.targets import Holding, Target
    from recoverable.value import Listing

T = TypeVar("T")

#: Of so many pairs of an actor and a table decisions are remembered.
_REMEMBERED = 512


class RoleChoice(NamedTuple):
    """A role that AWS Backup may be given; `trusted`: whether it lets AWS Backup take it on."""

    standing: Standing
    trusted: Truth


class Decided(NamedTuple):
    """A decision about an action of somebody on a resource. `guarded` is kept so that its id stays its own."""

    resource: Text
    decision: Decision
    truth: Truth
    guarded: Guarded


class Takeable(NamedTuple):
    """A role that somebody may take on. `named` are the ARNs that its trust policy lets in, `account` whether it leaves
    the choice to an account, `anybody` whether it may let in more than these; `sure`: it is there in every scenario."""

    role: Principal
    named: frozenset[str]
    account: bool
    anybody: bool
    sure: bool

    def may_let_in(self, standing: Standing) -> bool:
        """Whether it is worth asking: a *no* is certain."""
        own = standing.caller.arn.literal()
        if self.anybody or own in self.named or (own is None and self.named):
            return True
        return self.account and standing.may_ask("sts:AssumeRole")


class Scene:
    """One estate, and how strictly it is asked. Worked out as far as somebody asks.

    It is the estate as it is in its run; with `every`, as it is in all scenarios at once: what is there in some of them
    only is then there *perhaps*.
    """

    def __init__(self, estate: Estate, *, strict: bool = False, every: bool = False) -> None:
        self.estate = estate
        self.strict = strict
        self.every = every
        self.narrowing = Narrowing()
        self.controls = ResourceControls(estate)
        self._standings: dict[int, tuple[Principal, Standing]] = {}
        self._roles: tuple[RoleChoice, ...] | None = None
        self._takeable: tuple[Takeable, ...] | None = None
        self._nearest: dict[int, tuple[Standing, tuple[tuple[Standing, Truth], ...]]] = {}
        self._keys: dict[object, Guarded] = {}
        self._vaults: dict[int, Guarded] = {}
        self._decided: dict[tuple[int, int], tuple[Standing, Target, dict[tuple[object, ...], Decided]]] = {}

    def standing(self, principal: Principal) -> Standing:
        """How a principal stands."""
        known = self._standings.get(id(principal))
        if known is None:
            # The record is kept, so that its id stays its own.
            known = self._standings[id(principal)] = (
                principal,
                standing_of(principal, self.estate, self.narrowing, self.controls),
            )
        return known[1]

    def decided(self, actor: Standing, target: Target) -> dict[tuple[object, ...], Decided]:
        """What was decided about somebody and a table before: the part of a role of AWS Backup is the same for all
        who may pass it, and rules ask about the same pairs one after the other.
        """
        known = self._decided.get((id(actor), id(target)))
        if known is None:
            if len(self._decided) >= _REMEMBERED:
                self._decided.clear()
            # Both are kept, so that their ids stay their own.
            known = self._decided[id(actor), id(target)] = (actor, target, {})
        return known[2]

    def takeable(self) -> tuple[Takeable, ...]:
        """The roles that somebody else than a service may take on, as far as their trust policies are known."""
        if self._takeable is None:
            found = self._those(self.estate.principals, _lets_somebody_in)
            self._takeable = tuple(_takeable(principal, sure) for principal, sure in found)
        return self._takeable

    def nearest(self, standing: Standing) -> tuple[tuple[Standing, Truth], ...]:
        """The roles that somebody can take on at once, and whether that is sure."""
        known = self._nearest.get(id(standing))
        if known is None:
            found: list[tuple[Standing, Truth]] = []
            for each in self.takeable():
                if not each.may_let_in(standing):
                    continue
                role = self.standing(each.role)
                decision = taken_on(role, each.role.trust, standing, self.estate)
                if decision.answer is not Answer.NO:
                    found.append((role, _weakened(Truth(decision.answer, decision.depends_on), each.sure)))
            known = self._nearest[id(standing)] = (standing, tuple(found))
        return known[1]

    def principals(self) -> tuple[Principal, ...]:
        """Everybody who acts by itself."""
        return tuple(
            principal for principal, _ in self._those(self.estate.principals, lambda each: each.subject.kind != "group")
        )

    def _those(self, listing: Listing[T], matters: Callable[[T], bool]) -> Iterator[tuple[T, bool]]:
        """What matters, and whether it is there in every scenario."""
        if not self.every:
            yield from ((item, True) for item in settled(listing, matters))
            return
        for entry in listing.entries:
            for variant in entry.variants:
                if variant.item is not None and matters(variant.item):
                    yield variant.item, len(entry.variants) == 1 and not variant.scenario.settled

    def roles(self, target: Target) -> tuple[RoleChoice, ...]:
        """The roles that AWS Backup can be given: those of the table's selections first."""
        if self._roles is None:
            found: list[RoleChoice] = []
            service = aws_backup(self.controls)
            for principal, sure in self._those(self.estate.principals, _may_trust_aws_backup):
                standing = self.standing(principal)
                decision = taken_on(standing, principal.trust, service, self.estate)
                if decision.answer is not Answer.NO:
                    truth = Truth(decision.answer, decision.depends_on)
                    found.append(RoleChoice(standing, _weakened(truth, sure)))
            self._roles = tuple(found)
        named = {role.identity() for role in target.roles} - {None}
        first = [role for role in self._roles if role.standing.caller.arn.identity() in named]
        others = [role for role in self._roles if role not in first]
        if first or others:
            return (*first, *others)
        if self.estate.principals.entries and not self.estate.principals.incomplete:
            nobody = no("no role in what was read trusts AWS Backup, so that there is none for it to take on")
            return (RoleChoice(default_role(target.arn), nobody),)
        return (RoleChoice(default_role(target.arn), yes("it trusts AWS Backup")),)

    def given(self, name: str, target: Target, holding: Holding | None) -> Truth:
        """A circumstance that a way is bound to."""
        if holding is not None:
            match name:
                case "unlocked":
                    return ~holding.locked
                case "removable":
                    return holding.removable
                case "air-gapped":
                    return holding.air_gapped
                case "vault-key" if holding.vault is None and holding.other_account.answer is Answer.YES:
                    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
                    return no("its key is in the other account, where nobody else can have it deleted")
                case "vault-key":
                    return holding.key.holds(lambda key: key is not None)
                case "covered" if holding.kind != "free":
                    return holding.there
        found = target.given.get(name)
        if found is None:
            return Truth(Answer.NO, (Fact(f"there is no {name} that backups of the table are in"),))
        return found

    def guarded(self, need: Need, target: Target, taken: Taken) -> Guarded:
        """The policy of what a need is about."""
        holding, replica = taken.holding, taken.replica
        if need.on == FOREIGN_BUCKET:
            return _OPEN_BUCKET
        if need.on == REPLICA and replica is not None:
            return guarded_by(replica.policy, "table", replica.subject.title(), self.estate)
        if need.on == TABLE and target.item is not None:
            return guarded_by(target.item.policy, "table", target.subject.title(), self.estate)
        if need.on in (VAULT, POINT) and holding is not None and need.without != "vault-policy":
            return self._of_vault(holding)
        if need.on in (TABLE_KEY, NEW_KEY):
            return self._of_key(target.key, target)
        if need.on == VAULT_KEY and holding is not None:
            return self._of_key(holding.key, target)
        return NO_POLICY

    def _of_vault(self, holding: Holding) -> Guarded:
        vault = holding.vault
        if vault is None:
            if holding.kind == "free":
                return NO_POLICY
            return Guarded(None, f"the policy of the vault {holding.name} is not in what was read")
        known = self._vaults.get(id(vault))
        if known is None:
            known = self._vaults[id(vault)] = guarded_by(vault.policy, "vault", holding.name, self.estate)
        return known

    def _of_key(self, key: Value[Text | None], target: Target) -> Guarded:
        text = key.known()
        if text is None:
            return Guarded(None, key.fact().text) if isinstance(key.state, Unknown) else NO_POLICY
        identity = text.identity()
        found = self._keys.get(identity)
        if found is not None:
            return found
        for one, sure in self._those(self.estate.keys, lambda key: arn_of_key(key).identity() == identity):
            if not sure:
                return Guarded(None, f"the key {one.subject.title()} is there in some scenarios only")
            if one.policy is not None and isinstance(one.policy.state, Known) and one.policy.state.value is None:
                found = _default_key_policy(text)
            else:
                found = guarded_by(one.policy, "key", one.subject.title(), self.estate)
            self._keys[identity] = found
            return found
        if target.item is None:
            return _default_key_policy(text)
        return Guarded(None, f"the policy of the key {text.shown()} is not in what was read")


#: The bucket of somebody else, who lets everybody in.
_OPEN_BUCKET = Guarded(
    ResourcePolicy(
        (
            Attached(
                Policy(
                    (
                        Statement(
                            "", Value("Effect", Known("Allow", None)),
                            (documents.Principal("*", Text(("*",)), None),), False,
                            (Text(("s3:*",)),), False, (Text(("*",)),), False, (), None,
                        ),
                    ),
                    None,
                    "2012-10-17",
                ),
                "the policy of somebody else's bucket",
            ),
        ),
        "bucket",
    ),
    account=Text((SOMEBODY_ELSE,)),
)  # fmt: skip


def _default_key_policy(arn: Text) -> Guarded:
    """What a key has whose policy nobody wrote: its account decides by IAM.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    from recoverable.policy.request import field  # noqa: PLC0415

    account = field(arn, 4)
    if account is None:
        return Guarded(None, f"the policy of the key {arn.shown()} is not in what was read")
    root = documents.Principal("AWS", joined("arn:aws:iam::", account, ":root"), None)
    allow = Value("Effect", Known("Allow", None))
    statement = Statement("", allow, (root,), False, (Text(("kms:*",)),), False, (Text(("*",)),), False, (), None)
    return Guarded(
        ResourcePolicy((Attached(Policy((statement,), None, "2012-10-17"), "the default key policy"),), "key")
    )


def _weakened(truth: Truth, sure: bool) -> Truth:
    if sure or truth.answer is not Answer.YES:
        return truth
    return unknown("it is there in some scenarios only")


def _takeable(role: Principal, sure: bool) -> Takeable:
    trust = role.trust.known()
    named: set[str] = set()
    account = anybody = False
    for statement in trust.statements if trust is not None else ():
        anybody = anybody or bool(statement.principals_open) or statement.not_principal
        for each in statement.principals:
            if each.type not in ("AWS", "*"):
                continue
            written = each.name.literal()
            if account_named(each.name) is not None:
                account = True
            elif written is None or ":" not in written:
                anybody = True
            else:
                named.add(written)
    return Takeable(role, frozenset(named), account, anybody or trust is None or bool(trust.open), sure)


def _may_trust_aws_backup(principal: Principal) -> bool:
    if principal.subject.kind != "role":
        return False
    trust = principal.trust.known()
    return trust is None or bool(trust.open) or any(map(_names_a_service, trust.statements))


def only_for_aws_backup(principal: Principal) -> bool:
    """Whether nobody but AWS Backup can take a role on, as far as its trust policy is known."""
    trust = principal.trust.known()
    if principal.subject.kind != "role" or trust is None or trust.open or not trust.statements:
        return False
    return all(
        not statement.principals_open
        and not statement.not_principal
        and all(each.type == "Service" and each.name.literal() == AWS_BACKUP for each in statement.principals)
        for statement in trust.statements
        if statement.effect.known() != "Deny"
    )


def _names_a_service(statement: Statement) -> bool:
    named = (each for each in statement.principals if each.type in ("Service", "*"))
    return bool(statement.services_open) or any(each.name.literal() in (None, "*", AWS_BACKUP) for each in named)


def _lets_somebody_in(role: Principal) -> bool:
    trust = role.trust.known()
    return trust is not None and (
        bool(trust.open)
        or any(
            statement.principals_open
            or statement.not_principal
            or any(each.type in ("AWS", "*") for each in statement.principals)
            for statement in trust.statements
        )
    )


__all__ = ["RoleChoice", "Scene"]
