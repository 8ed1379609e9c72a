"""Where a plan's copies go: nowhere else, back into the vault they come from, or where they are turned away.

https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT, PARTITION, REGION, match
from recoverable.recovery.copies import goes_elsewhere, places
from recoverable.recovery.plan_scope import is_for_tables
from recoverable.recovery.vault_use import copies_into, writes_into
from recoverable.text import Hole, Text, joined
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.estate import Estate
    from recoverable.estate.backup import CopyAction, Plan, PlanRule
    from recoverable.recovery.copies import Place
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
    return found.pointing(Fact(f"no rule of {plan.subject.title()} copies its backups to {what}", plan.subject.origin))


def _leaves(rule: PlanRule, estate: Estate, what: str, leaves: Callable[[Place], Truth]) -> Truth:
    there = places(rule, estate, rule.subject)
    found = [leaves(place) for place in there]
    answer = goes_elsewhere(rule, found, what)
    if answer.answer is not Answer.NO:
        return answer
    # Where the copies stay tells more than that none leaves.
    stay = [truth for truth, place in zip(found, there, strict=True) if place.kind != "vault"]
    return answer.because(*(fact for truth in stay for fact in truth.facts))


def _leaves_account(place: Place) -> Truth:
    said = f"{place.name} is logically air-gapped"
    if place.kind == "air-gapped":
        return yes(said, place.origin)
    if place.vault is not None and place.vault.air_gapped:
        return yes(said, place.origin)
    return place.other_account


def _into_own(rule: PlanRule, copy: CopyAction, estate: Estate) -> Truth:
    """Whether a copy goes into the rule's own vault: one that was read, or one of that name where the plan works."""
    read = estate.vaults.any(
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
