"""Where recovery points lie: the vaults of a plan rule and of its copies, and which losses they survive.

https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, REGION, match
from recoverable.recovery.backups.places import home, settings_there
from recoverable.recovery.backups.retention import Retention, lifecycle_of_copy, retention
from recoverable.recovery.backups.vaults_meant import place_meant
from recoverable.text import Hole, Text
from recoverable.truth import Answer, Truth, no, unknown, yes
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate import Estate, Subject
    from recoverable.estate.backup import Lifecycle, PlanRule, RegionSettings, Vault
    from recoverable.source import Origin
    from recoverable.value import Entry

#: Accounts that had a vault before this day must switch the advanced features on themselves.
ADVANCED_SINCE = "21 November 2021"


class Place(NamedTuple):
    """A vault that recovery points are in. `vault` is None where it is not among what was read.

    `name` is what a report calls it. `other_region` and `other_account`: whether it survives the loss of the table's
    own Region, or account. `works`: whether points get there at all (copies need the advanced DynamoDB features).
    `kind` is `vault`, `air-gapped` or `copy`, `lifecycle` what the points are kept by there, and `kept` what it means.
    """

    kind: str
    name: str
    region: Value[str]
    account: Value[str]
    other_region: Truth
    other_account: Truth
    works: Truth
    kept: Retention
    vault: Vault | None
    origin: Origin | None
    lifecycle: Lifecycle


class _Near(NamedTuple):
    """What a copy is looked at from: the rule that makes it, and what it is a copy of."""

    rule: Subject
    source: Subject
    estate: Estate
    advanced: Truth


class VaultIndex:
    """The vaults of an estate by what means them, the same in every scenario.

    `fixed`: none of them, and no setting of a Region, depends on a choice of the deployment.
    """

    __slots__ = ("_by_identity", "_by_name", "_placed", "fixed")

    def __init__(self, estate: Estate) -> None:
        self.fixed = not (
            any(map(_depends, estate.vaults.entries)) or any(map(_depends, estate.region_settings.entries))
        )
        self._by_identity: dict[object, list[Entry[Vault]]] = {}
        self._by_name: dict[str, list[Entry[Vault]]] = {}
        #: Vaults of accounts lie in one place, by which they are found.
        self._placed: dict[tuple[str, str, str], list[Entry[Vault]]] = {}
        for entry in estate.vaults.entries:
            vaults = [vault for _, vault in entry.variants if vault is not None]
            if len(vaults) == 1 and not vaults[0].subject.path:
                where, own = home(vaults[0].subject), vaults[0].subject.name.known()
                if where is not None and own is not None:
                    self._placed.setdefault((*where, own), []).append(entry)
                    continue
            for identity in {name.identity() for vault in vaults for name in vault.names} - {None}:
                self._by_identity.setdefault(identity, []).append(entry)
            for name in {_last_name(vault.arn) for vault in vaults}:
                if name is not None:
                    self._by_name.setdefault(name, []).append(entry)

    def entries(self, text: Text, beside: Subject | None) -> list[Entry[Vault]]:
        """The vaults that a name, an ARN or a reference may mean; a mere name means one `beside` something."""
        name = _last_name(text)
        found = [*self._by_identity.get(text.identity(), ()), *(self._by_name.get(name, ()) if name else ())]
        where = place_meant(text, beside) if self._placed else None
        if where is not None:
            found += self._placed.get((*where, name or text.literal() or ""), ())
        return list({id(entry): entry for entry in found}.values())


def _depends(entry: Entry[Vault] | Entry[RegionSettings]) -> bool:
    """Whether something depends on choices of the deployment."""
    return len(entry.variants) > 1 or any(variant.scenario.settled for variant in entry.variants)


def vault_meant(text: Text, estate: Estate, beside: Subject | None = None) -> Vault | None:
    """The vault that a name, an ARN or a reference means, in the estate's run; None if none does, or more than one.

    A mere name means a vault in the account and Region of what stands `beside` it.
    """
    settled = (estate.vaults.settle(entry) for entry in vaults_of(estate).entries(text, beside))
    vaults = [vault for vault in settled if vault is not None]
    found = [vault for vault in vaults if _is(vault, text)]
    found = found or [vault for vault in vaults if match(vault.arn, text, wild=False) is not Answer.NO]
    if beside is not None and len(found) > 1:
        found = [vault for vault in found if _may_be_same(vault.subject, beside)]
        found = [vault for vault in found if vault.subject.path == beside.path] or found
    return found[0] if len(found) == 1 else None


def vaults_of(estate: Estate) -> VaultIndex:
    """The index of the estate's vaults, made once where the estate keeps what was made."""
    if estate.memo is None:
        return VaultIndex(estate)
    source = (estate.vaults.entries, estate.region_settings.entries)
    return estate.memo.of("vaults", source, lambda: VaultIndex(estate))


def advanced_features(estate: Estate, source: Subject) -> Truth:
    """Whether AWS Backup manages DynamoDB backups with the advanced features, without which there are no copies.

    Templates cannot say it, so that what says nothing counts as on, with a fact that tells for whom it is.
    """
    settings = settings_there(source, estate)
    for one in settings:
        answer = one.advanced.equals(True)
        if answer.answer is not Answer.YES or len(settings) == 1:
            return answer
    if settings:
        return settings[0].advanced.equals(True)
    return yes(
        f"nothing says that the advanced DynamoDB features are off; they are on in accounts without a vault before "
        f"{ADVANCED_SINCE}"
    )


def places(rule: PlanRule, estate: Estate, source: Subject) -> tuple[Place, ...]:
    """Where the recovery points that a rule makes of `source` end up: its own vault first, then each copy."""
    near = _Near(rule.subject, source, estate, advanced_features(estate, source))
    found = [_own(rule, near)]
    air_gapped = rule.air_gapped_vault.state
    if isinstance(air_gapped, Unknown) or air_gapped.value is not None:
        found.append(_place("air-gapped", rule.air_gapped_vault, rule.lifecycle, near))
    found += [
        _place("copy", copy.destination, lifecycle_of_copy(copy.lifecycle, rule.lifecycle), near)
        for copy in rule.copies
    ]
    return tuple(found)


def goes_elsewhere(rule: PlanRule, found: Iterable[Truth], what: str) -> Truth:
    """Whether one of these truths about the places of a rule holds; open where more copies may have been written."""
    truths = list(found)
    if any(truth.answer is Answer.YES for truth in truths):
        return next(truth for truth in truths if truth.answer is Answer.YES)
    open_ = next((truth for truth in truths if truth.answer is Answer.UNKNOWN), None)
    if open_ is not None:
        return open_
    if rule.copies_open:
        return unknown(f"{rule.subject.title()} may have more copies: {rule.copies_open}", rule.subject.origin)
    return no(f"no copy of {rule.subject.title()} goes to {what}", rule.subject.origin)


def _own(rule: PlanRule, near: _Near) -> Place:
    state = rule.vault.state
    name = state.value if isinstance(state, Known) else None
    vault = None if name is None else vault_meant(name, near.estate, rule.subject)
    here = "it is the vault of the plan, in the table's own Region and account"
    return Place(
        kind="vault",
        name=_shown(rule.vault, vault),
        region=near.source.region,
        account=near.source.account,
        other_region=no(here, rule.vault.origin),
        other_account=no(here, rule.vault.origin),
        works=yes(here, rule.vault.origin),
        kept=retention(rule.lifecycle),
        vault=vault,
        origin=rule.vault.origin,
        lifecycle=rule.lifecycle,
    )


def _place(kind: str, destination: Value[Text | None], lifecycle: Lifecycle, near: _Near) -> Place:
    kept = retention(lifecycle)
    state = destination.state
    origin = destination.origin
    text = state.value if isinstance(state, Known) else None
    if text is None:
        why = state.reason if isinstance(state, Unknown) else "no vault is named"
        open_ = unknown(f"where {destination.name} points is not known: {why}", origin)
        region: Value[str] = Value("Region", Unknown(why, origin))
        account: Value[str] = Value("AccountId", Unknown(why, origin))
        return Place(kind, "unknown", region, account, open_, open_, near.advanced, kept, None, origin, lifecycle)
    vault = vault_meant(text, near.estate, near.rule)
    shown = _shown(destination, vault)
    fields = _fields(text)
    source = near.source
    if fields is None and vault is not None:
        # A reference of a template reaches no other Region and no other account.
        stays = no(f"{vault.subject.title()} is in the stack of the plan", origin)
        return Place(
            kind, shown, source.region, source.account, stays, stays, near.advanced, kept, vault, origin, lifecycle
        )
    region_text, account_text = (fields[3], fields[4]) if fields is not None else (None, None)
    other_region, region = _elsewhere("Region", region_text, source.region, REGION, destination)
    other_account, account = _elsewhere("account", account_text, source.account, ACCOUNT, destination)
    return Place(
        kind, shown, region, account, other_region, other_account, near.advanced, kept, vault, origin, lifecycle
    )


def _elsewhere(
    what: str, text: Text | None, home: Value[str], own: str, destination: Value[Text | None]
) -> tuple[Truth, Value[str]]:
    """Whether a Region or account of an ARN is another than the table's, and which it is."""
    origin = destination.origin
    if text is None:
        why = f"{destination.name} is not known in full"
        return unknown(why, origin), Value(what, Unknown(why, origin))
    there = text.literal()
    if there is None:
        if text.stands_for() == own:
            return no(f"the copy stays in the {what} of the plan", origin), home
        why = text.why_open() or f"the {what} is not known"
        return unknown(f"whether the copy goes to another {what} is not known: {why}", origin), Value(
            what, Unknown(why, origin)
        )
    value = Value(what, Known(there, origin))
    here = home.known()
    if here is None:
        return unknown(f"whether {there} is another {what} depends on where the table is deployed", origin), value
    if here == there:
        return no(f"the copy stays in {there}", origin), value
    return yes(f"the copy goes to {what} {there}", origin), value


def _is(vault: Vault, text: Text) -> bool:
    identity = text.identity()
    return any(name.identity() == identity for name in vault.names)


def _may_be_same(one: Subject, other: Subject) -> bool:
    """Whether two things may be in one Region and account."""
    pairs = ((one.region.known(), other.region.known()), (one.account.known(), other.account.known()))
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def _fields(arn: Text) -> tuple[Text, ...] | None:
    """The six or more fields of an ARN as far as it is written, None for what is not written as one."""
    if not arn.parts or not isinstance(arn.parts[0], str) or not arn.parts[0].startswith("arn:"):
        return None
    fields: list[list[str | Hole]] = [[]]
    for part in arn.parts:
        if not isinstance(part, str):
            fields[-1].append(part)
            continue
        for at, piece in enumerate(part.split(":")):
            if at:
                fields.append([])
            if piece:
                fields[-1].append(piece)
    if len(fields) < 7:
        return None
    return tuple(Text(tuple(field)) for field in fields)


def _last_name(arn: Text) -> str | None:
    """The vault's name at the end of an ARN, if it is known."""
    fields = _fields(arn)
    return None if fields is None else fields[6].literal()


def _shown(written: Value[Text | None], vault: Vault | None) -> str:
    if vault is not None:
        return vault.subject.name.known() or vault.subject.title()
    state = written.state
    if isinstance(state, Known) and state.value is not None:
        text = state.value
        return _last_name(text) or text.shown()
    return "unknown"
