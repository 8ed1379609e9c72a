"""The table that somebody asks about: what it is, which backups there are of it, and what protects it.

A table that is not in what was read can be asked about by its ARN; its circumstances are then assumed, and said.
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION
from recoverable.estate.subject import Subject
from recoverable.estate.tables import Replica
from recoverable.recovery.access.symbols import arn, arn_of_plan, sibling, symbols_of
from recoverable.recovery.backups.copies import advanced_features, places
from recoverable.recovery.backups.coverage import coverage, index_of
from recoverable.recovery.backups.immutability import is_immutable
from recoverable.recovery.backups.places import same
from recoverable.source import Address
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Truth, every, no, some, unknown, yes
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverable.estate import Estate, Table
    from recoverable.estate.backup import Lock, Vault
    from recoverable.recovery.backups.copies import Place
    from recoverable.recovery.backups.coverage import Coverage

#: The name of something that is not known, of which any will do: a star that no policy wrote.
ANY = Hole("any will do", "any")


class Holding(NamedTuple):
    """A vault that holds backups of the table, or could take one.

    `there`: whether backups of the table get into it; `kind` is that of the place (`vault`, `air-gapped`, `copy`), or
    `free` for a vault that no plan fills with this table. `sealed`: nobody can delete from it early. `locked`: it has a
    lock at all; `removable`: it has one that can be taken off. `key` is the ARN of its customer managed key.
    `air_gapped`: it is a logically air-gapped one.
    """

    name: str
    arn: Text
    vault: Vault | None
    kind: str
    there: Truth
    sealed: Truth
    locked: Truth
    removable: Truth
    key: Value[Text | None]
    other_region: Truth
    other_account: Truth
    air_gapped: Truth = Truth(Answer.NO)


class Target(NamedTuple):
    """A table that is asked about. `item` is None where it is not in what was read.

    `given` tells by name what the ways of doing something are bound to: `pitr`, `protected`, `advanced`, `plain`,
    `planned`, `covered`, `vault`, `selected-by-tag`, `table-key`, `replicated`. `plans` are the ARNs of the
    plans that back it up, `roles` what the selections name as their role. `key` is the ARN of its customer managed
    key, `replicas` are its copies in other Regions.
    """

    subject: Subject
    arn: Text
    name: Text
    item: Table | Replica | None
    given: Mapping[str, Truth]
    holdings: tuple[Holding, ...]
    plans: tuple[Text, ...]
    roles: tuple[Text, ...]
    key: Value[Text | None]
    replicas: tuple[Replica, ...] = ()

    def backups(self) -> Text:
        """The ARN of one of DynamoDB's own backups of it, whichever."""
        return joined(self.arn, "/backup/", ANY)

    def named(self, name: str | Text) -> Text:
        """The ARN of a table with another name beside it."""
        return joined(self.beginning(), name)

    def beginning(self) -> Text:
        """Its ARN up to the name."""
        head = Text(self.arn.parts[: len(self.arn.parts) - len(self.name.parts)])
        last = self.arn.parts[len(head.parts)] if len(head.parts) < len(self.arn.parts) else ""
        if isinstance(last, str) and "table/" in last:
            return joined(head, f"{last.rpartition('table/')[0]}table/")
        return head


def target_of(item: Table | Replica, estate: Estate, today: str = "") -> Target:
    """What is asked about, in the estate's run. `today` (ISO text) is for locks that have a date."""
    covered = coverage(item, estate)
    holdings = _holdings(item, covered, estate, today)
    key = _key(item.key, estate)
    replicas = _replicas(item, estate)
    return Target(
        subject=item.subject,
        arn=item.arn,
        name=_name(item.arn),
        item=item,
        given={**_given(item, covered, holdings, key, estate), "replicated": _replicated(item, replicas, estate)},
        holdings=holdings,
        plans=_plans(covered),
        roles=_roles(covered, estate),
        key=key,
        replicas=replicas,
    )


def foreign(name: str, region: str = "", account: str = "", partition: str = "aws", *, plain: bool = False) -> Target:
    """A table that is not in what was read. What is not given is not known; `plain`: no advanced DynamoDB features.

    It is taken to have point-in-time recovery, no customer managed key, and backups in a vault without lock or policy.
    """
    origin = Address("", f"table/{name}")
    subject = Subject(
        "table", name, Value("TableName", Known(name, origin)), "", origin,
        _placed("Region", region, REGION, origin), _placed("AccountId", account, ACCOUNT, origin),
    )  # fmt: skip
    unnamed = Text((Hole("its partition is not given", PARTITION),))
    own = sibling(
        joined("arn:", partition or unnamed, "::", *_parts(subject.region), ":", *_parts(subject.account), ":"),
        "dynamodb", "table/", name,
    )  # fmt: skip
    taken = "it is not in what was read, and taken"
    is_not = no(f"{taken} to have none")
    advanced = "to be backed up with the advanced DynamoDB features"
    return Target(
        subject=subject,
        arn=own,
        name=Text((name,)),
        item=None,
        given={
            "pitr": yes(f"{taken} to have point-in-time recovery on"),
            "covered": yes(f"{taken} to have backups in AWS Backup"),
            "planned": yes(f"{taken} to be in a backup plan"),
            "vault": yes(f"{taken} to have a vault that its backups go into"),
            "advanced": no("it is asked about without them") if plain else yes(f"{taken} {advanced}"),
            "plain": yes("it is asked about without the advanced features") if plain else no(f"{taken} {advanced}"),
            "protected": is_not,
            "replicated": is_not,
            "selected-by-tag": is_not,
            "table-key": is_not,
        },
        holdings=(_free("any vault", sibling(own, "backup", "backup-vault:", ANY), None),),
        plans=(sibling(own, "backup", "backup-plan:", ANY),),
        roles=(),
        key=Value("key", Known(None, origin, defaulted=True)),
    )


def with_key(target: Target, key: str) -> Target:
    """The same table with a customer managed key."""
    origin = target.subject.origin
    given = {**target.given, "table-key": yes(f"it is encrypted with {key}")}
    return target._replace(given=given, key=Value("key", Known(Text((key,)), origin)))


def _placed(name: str, given: str, symbol: str, origin: Address) -> Value[str]:
    why = f"its {name} is not given"
    return Value(name, Known(given, origin) if given else Unknown(why, origin, (), Text((Hole(why, symbol),))))


def _parts(value: Value[str]) -> tuple[str | Hole, ...]:
    state = value.state
    if isinstance(state, Unknown):
        return state.text.parts if state.text is not None else (Hole(state.reason),)
    return (state.value,)


def _name(own: Text) -> Text:
    """The name of a table out of its ARN."""
    whole: list[str | Hole] = []
    found = False
    for part in own.parts:
        if found:
            whole.append(part)
        elif isinstance(part, str) and "table/" in part:
            found = True
            whole += filter(None, (part.partition("table/")[2],))
    return Text(tuple(whole)) if found else own


def _key(key: Value[Text | None], estate: Estate) -> Value[Text | None]:
    """The ARN of a key, however it is written."""
    symbols = symbols_of(estate)
    return key.map(lambda text: None if text is None else symbols.key(text))


def _given(
    item: Table | Replica, covered: Coverage, holdings: tuple[Holding, ...], key: Value[Text | None], estate: Estate
) -> dict[str, Truth]:
    advanced = advanced_features(estate, item.subject)
    plain = Truth(Answer.NO, (*advanced.facts,)) if advanced.answer is Answer.YES else ~advanced
    held = [one.there for one in holdings if one.kind != "free"]
    return {
        "pitr": item.pitr.equals(wanted=True),
        "protected": item.deletion_protection.equals(wanted=True),
        "advanced": advanced,
        "plain": plain,
        "planned": _planned(covered),
        "covered": some(held) if held else _planned(covered),
        "vault": _vault(holdings, estate),
        "selected-by-tag": _by_tag(covered),
        "table-key": key.holds(lambda text: text is not None),
    }


def _replicas(item: Table | Replica, estate: Estate) -> tuple[Replica, ...]:
    if isinstance(item, Replica):
        return ()
    settled = (estate.replicas.settle(entry) for entry in index_of(estate).copies(item))
    return tuple(replica for replica in settled if replica is not None)


def _replicated(item: Table | Replica, replicas: tuple[Replica, ...], estate: Estate) -> Truth:
    if replicas:
        return yes(
            f"it has a replica in {replicas[0].subject.region.known() or 'another Region'}", replicas[0].subject.origin
        )
    if estate.replicas.incomplete and not isinstance(item, Replica):
        return unknown(f"whether it has a replica is not known: {estate.replicas.incomplete}", item.subject.origin)
    return no("it has no replica in another Region", item.subject.origin)


def _planned(covered: Coverage) -> Truth:
    if covered.truth.answer is Answer.NO:
        return no("no backup plan backs it up", covered.truth.facts[0].origin if covered.truth.facts else None)
    return covered.truth


def _vault(holdings: tuple[Holding, ...], estate: Estate) -> Truth:
    if holdings:
        return Truth(Answer.YES)
    if estate.vaults.incomplete:
        return unknown(f"there is no vault in what was read, but {estate.vaults.incomplete}")
    return no("there is no backup vault in what was read")


def _by_tag(covered: Coverage) -> Truth:
    asked = [
        every((one.truth, yes("it is selected by tag", one.selection.subject.origin)))
        for one in covered.by
        if one.selection is not None and (one.selection.tags or one.selection.conditions)
    ]
    return some(asked) if asked else no("no selection chooses it by tag")


def _plans(covered: Coverage) -> tuple[Text, ...]:
    """The ARNs of the plans of the account that back the table up."""
    found: dict[Text, None] = {}
    for one in covered.by:
        if one.plan is not None and one.plan.owner == "account":
            own = arn_of_plan(one.plan) or sibling(arn("backup", one.plan.subject), "backup", "backup-plan:", ANY)
            found[own] = None
    return tuple(found)


def _roles(covered: Coverage, estate: Estate) -> tuple[Text, ...]:
    symbols = symbols_of(estate)
    found: dict[Text, None] = {}
    for one in covered.by:
        role = None if one.selection is None else one.selection.role.known()
        if role is not None:
            found[symbols.resolved(role)] = None
    return tuple(found)


def _holdings(item: Table | Replica, covered: Coverage, estate: Estate, today: str) -> tuple[Holding, ...]:
    """The vaults that hold backups of the table; without any, those of its Region and account that could."""
    found: dict[tuple[str, Text], Holding] = {}
    for one in covered.by:
        if one.rule is None:
            continue
        for place in places(one.rule, estate, item.subject):
            there = one.truth if place.kind == "vault" else every((one.truth, place.works))
            held = _held(place, there, item, estate, today)
            before = found.get((held.name, held.arn))
            if before is None or before.there.answer is not Answer.YES:
                found[held.name, held.arn] = held
    if not found:
        for vault in estate.vaults.present():
            beside = (
                same(vault.subject.region, item.subject.region), same(vault.subject.account, item.subject.account),
            )  # fmt: skip
            if Answer.NO not in beside:
                name = vault.subject.name.known() or vault.subject.title()
                found[name, vault.arn] = _in_vault(
                    _free(name, vault.arn, vault)._replace(key=_key(vault.key, estate)), vault, today
                )
    return tuple(found.values())


def _held(place: Place, there: Truth, item: Table | Replica, estate: Estate, today: str) -> Holding:
    vault = place.vault
    if vault is None:
        head = ("arn:", *_first_parts(item.arn), ":backup:", *_parts(place.region), ":", *_parts(place.account))
        name = place.name if place.name != "unknown" else Hole("which vault it is is not known")
        own = joined(*head, ":backup-vault:", name)
        open_ = unknown(f"the vault {place.name} is not in what was read", place.origin)
        sealed = yes(f"{place.name} is a logically air-gapped vault") if place.kind == "air-gapped" else open_
        why = f"the vault {place.name} is not in what was read"
        holding = _free(place.name, own, None)._replace(
            sealed=sealed,
            locked=open_,
            removable=open_,
            air_gapped=sealed,
            key=Value("key", Unknown(why, place.origin)),
        )
    else:
        holding = _in_vault(_free(place.name, vault.arn, vault), vault, today)._replace(key=_key(vault.key, estate))
    return holding._replace(
        kind=place.kind, there=there, other_region=place.other_region, other_account=place.other_account
    )


def _first_parts(own: Text) -> tuple[str | Hole, ...]:
    """The partition of an ARN."""
    first = own.parts[0]
    if isinstance(first, str) and first.count(":") > 1:
        return (first.split(":")[1],)
    return (own.parts[1],) if len(own.parts) > 1 else ("aws",)


def _free(name: str, own: Text, vault: Vault | None) -> Holding:
    """A vault without lock and key, as far as nothing else is said of it."""
    here = no("it is in the table's own Region and account")
    nothing: Value[Text | None] = Value("key", Known(None, None, defaulted=True))
    return Holding(
        name, own, vault, "free", yes("backups can be put into it"), no(f"{name} has no vault lock"),
        no(f"{name} has no vault lock"), no(f"{name} has no vault lock"), nothing, here, here,
    )  # fmt: skip


def _in_vault(holding: Holding, vault: Vault, today: str) -> Holding:
    sealed = is_immutable(vault, today)
    locked = Truth(Answer.YES, sealed.facts) if vault.air_gapped else vault.lock.holds(_is_lock, _lock_said(vault))
    said = f"{holding.name} is {'a' if vault.air_gapped else 'no'} logically air-gapped vault"
    air_gapped = yes(said, vault.subject.origin) if vault.air_gapped else no(said, vault.subject.origin)
    return holding._replace(sealed=sealed, locked=locked, removable=every((locked, ~sealed)), air_gapped=air_gapped)


def _is_lock(lock: Lock | None) -> bool:
    return lock is not None


def _lock_said(vault: Vault) -> str:
    name = vault.subject.name.known() or vault.subject.title()
    return f"{name} {'has no' if vault.lock.known() is None else 'has a'} vault lock"


__all__ = ["ANY", "Holding", "Target", "foreign", "target_of", "with_key"]
