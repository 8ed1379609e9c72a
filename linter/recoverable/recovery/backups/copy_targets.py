"""Where a plan's copies go: nowhere else, back into the vault they come from, or where they are turned away.

https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION, match
from recoverable.policy.sharing import exempts_own_organization, lets_account_in
from recoverable.recovery.backups.copies import goes_elsewhere, places
from recoverable.recovery.backups.denials import denied
from recoverable.recovery.backups.places import near
from recoverable.recovery.backups.plan_scope import is_for_tables
from recoverable.recovery.backups.vault_policies import COPY_INTO
from recoverable.recovery.backups.vault_use import copies_into, writes_into
from recoverable.recovery.backups.vaults_meant import may_mean, written_into
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate, Key
    from recoverable.estate.backup import CopyAction, Plan, PlanRule, Vault
    from recoverable.policy.document import Policy, Statement
    from recoverable.recovery.backups.copies import Place
    from recoverable.value import Value


def stays_in_region(plan: Plan, estate: Estate) -> Truth:
    """Whether no rule of a plan for tables copies its backups to another Region."""
    return _stays(plan, estate, "another Region", lambda place: place.other_region)


def stays_in_account(plan: Plan, estate: Estate) -> Truth:
    """Whether no rule of a plan for tables copies its backups to another account.

    A logically air-gapped vault counts as one: it can be shared with other accounts, and nobody in its own empties it.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
    """
    return _stays(plan, estate, "another account", _leaves_account)


def into_same_vault(rule: PlanRule, estate: Estate) -> Truth:
    """Whether a copy goes into the vault that the rule itself writes into."""
    return some([_into_own(rule, copy, estate) for copy in rule.copies])


def target_refuses(rule: PlanRule, estate: Estate) -> Truth:
    """Whether the policy of a vault that was read turns a copy away.

    It does if it denies the copy to everyone, or if the vault is in another account, which it does not let in:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    found = []
    for copy, place in _copies(rule, estate):
        turned_away = may_mean(copy.destination, estate).any(
            lambda vault, copy=copy, place=place: every(  # type: ignore[misc]
                (copies_into(copy, vault), _refuses(vault, place, rule.subject.account))
            ),
            "no vault that was read turns the copy away",
        )
        found.append(_about(copy, turned_away))
    return some(found)


def key_not_shared(rule: PlanRule, estate: Estate) -> Truth:
    """Whether a rule copies to another account what is encrypted with a key of which that account may not make use.

    Backups have the key of their vault. AWS wants it shared, if it is a customer managed one:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
    """
    return some(
        [
            _about(copy, every((place.other_account, _locked_away(rule, place, estate))))
            for copy, place in _copies(rule, estate)
        ]
    )


def _about(copy: CopyAction, found: Truth) -> Truth:
    """The same, pointing at where the copy goes."""
    return found if found.answer is Answer.NO else found.pointing(copy.destination.fact())


def _copies(rule: PlanRule, estate: Estate) -> list[tuple[CopyAction, Place]]:
    if not rule.copies:
        return []
    there = [place for place in places(rule, estate, rule.subject) if place.kind == "copy"]
    return list(zip(rule.copies, there, strict=True))


def _refuses(vault: Vault, place: Place, account: Value[str]) -> Truth:
    policy = vault.policy.known()
    if isinstance(vault.policy.state, Unknown):
        return unknown(vault.policy.fact().text, vault.policy.origin)
    name = vault.subject.title()
    if policy is None:
        lacking = no(f"{name} has no policy, and lets no other account copy into it", vault.subject.origin)
        return every((place.other_account, ~lacking))
    closed = some([_turns_all_away(statement, policy, vault) for statement in policy.statements])
    let_in = lets_account_in(policy, account, COPY_INTO)
    return some((closed, every((place.other_account, ~let_in))))


def _turns_all_away(statement: Statement, policy: Policy, vault: Vault) -> Truth:
    """Whether a statement denies copies to everyone, the organization's own accounts included."""
    found = denied(policy._replace(statements=(statement,), open=""), vault, COPY_INTO)
    if found.answer is Answer.NO or not statement.conditions:
        return found
    if any(exempts_own_organization(condition) for condition in statement.conditions):
        return Truth(Answer.NO)
    return every((found, unknown("whether the condition of a denial holds is not known", statement.origin)))


def _locked_away(rule: PlanRule, place: Place, estate: Estate) -> Truth:
    nowhere = "the vault of the originals is not in what was read"
    return some(
        [
            vaults.any(lambda vault: every((writes_into(rule, vault), _key_stays(vault, place, estate))), nowhere)
            for vaults in written_into(rule, estate)
        ]
    )


def _key_stays(vault: Vault, place: Place, estate: Estate) -> Truth:
    written = vault.key.state
    if isinstance(written, Unknown):
        return unknown(vault.key.fact().text, vault.key.origin)
    if written.value is None:
        return no(f"{vault.subject.title()} has a key of AWS's own", vault.key.origin)
    text = written.value
    found = near(estate.keys, vault.subject, estate).any(
        lambda key: every((_is_key(key, text), _keeps_to_itself(key, place))), "it may be shared"
    )
    return found.because(vault.key.fact()) if found.answer is not Answer.NO else found


def _is_key(key: Key, text: Text) -> Truth:
    identity = text.identity()
    if identity is not None and any(name.identity() == identity for name in key.names):
        return Truth(Answer.YES)
    if any(not hole.stands_for for hole in text.holes()):
        return unknown(f"which key encrypts the originals is not known: {text.why_open()}")
    return Truth(Answer.NO)


def _keeps_to_itself(key: Key, place: Place) -> Truth:
    policy = key.policy
    if policy is None:
        return Truth(Answer.NO)
    written = policy.known()
    if written is None:
        return ~policy.holds(lambda document: document is not None)
    kept = ~lets_account_in(written, place.account)
    return Truth(kept.answer, tuple(Fact(f"{key.subject.title()}: {fact.text}", fact.origin) for fact in kept.facts))


def _stays(plan: Plan, estate: Estate, what: str, leaves: Callable[[Place], Truth]) -> Truth:
    if not plan.rules:
        if plan.open:
            return unknown(f"{plan.subject.title()} may have rules: {plan.open}", plan.subject.origin)
        return no(f"{plan.subject.title()} has no rules", plan.subject.origin)
    gone = some([_leaves(rule, estate, what, leaves) for rule in plan.rules])
    if gone.answer is Answer.NO and plan.open:
        gone = unknown(f"{plan.subject.title()} may have more rules: {plan.open}", plan.subject.origin)
    if gone.answer is Answer.YES:
        return ~gone
    wrong = some([into_same_vault(rule, estate) for rule in plan.rules])
    found = every((~gone, is_for_tables(plan, estate), ~wrong))
    if found.answer is not Answer.YES:
        return found
    told = Fact(f"no rule of {plan.subject.title()} copies its backups to {what}", plan.subject.origin)
    return Truth(Answer.YES, (told, *gone.facts))


def _leaves(rule: PlanRule, estate: Estate, what: str, leaves: Callable[[Place], Truth]) -> Truth:
    there = places(rule, estate, rule.subject)
    found = [leaves(place) for place in there]
    answer = goes_elsewhere(rule, found, what)
    if answer.answer is not Answer.NO:
        return answer
    # Where the copies stay tells more than that none leaves.
    stay = [truth for truth, place in zip(found, there, strict=True) if place.kind != "vault"]
    return Truth(Answer.NO, tuple(fact for truth in stay for fact in truth.facts))


def _leaves_account(place: Place) -> Truth:
    said = f"{place.name} is logically air-gapped"
    if place.kind == "air-gapped":
        return yes(said, place.origin)
    if place.vault is not None and place.vault.air_gapped:
        return yes(said, place.origin)
    return place.other_account


def _into_own(rule: PlanRule, copy: CopyAction, estate: Estate) -> Truth:
    """Whether a copy goes into the rule's own vault: one that was read, or one of that name where the plan works."""
    read = may_mean(copy.destination, estate).any(
        lambda vault: every((copies_into(copy, vault), writes_into(rule, vault))), "it goes into another vault"
    )
    found = some((read, _named_alike(rule, copy)))
    if found.answer is not Answer.YES:
        return found
    origin = copy.destination.origin
    return found.pointing(Fact(f"the copy goes into the vault of its original, {_shown(rule.vault)}", origin))


def _named_alike(rule: PlanRule, copy: CopyAction) -> Truth:
    """The same, by what the names say."""
    for value in (copy.destination, rule.vault):
        if isinstance(value.state, Unknown):
            return unknown(value.fact().text, value.origin)
        if value.state.value is None or value.state.value.stands_for():
            return Truth(Answer.NO)
    there, own = copy.destination.known(), rule.vault.known()
    assert there is not None
    assert own is not None
    arn = joined(
        "arn:",
        Hole("its partition is not known", PARTITION),
        ":backup:",
        _field(rule.subject.region, REGION),
        ":",
        _field(rule.subject.account, ACCOUNT),
        ":backup-vault:",
        own,
    )
    answer = match(arn, there, wild=False)
    if answer is Answer.UNKNOWN:
        said = f"whether {there.shown()} is the vault of the original, {own.shown()}, depends on where the plan works"
        return unknown(said, copy.destination.origin)
    return Truth(answer)


def _field(value: Value[str], symbol: str) -> str | Text:
    state = value.state
    if isinstance(state, Unknown):
        return state.text if state.text is not None else Text((Hole(state.reason, symbol),))
    return state.value


def _shown(vault: Value[Text | None]) -> str:
    text = vault.known()
    return "which is not known" if text is None else text.shown()
