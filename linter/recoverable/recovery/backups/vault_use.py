"""What writes into a vault: rules of plans, and copies.

https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
"""

from __future__ import annotations

from recoverable.arn import match
from recoverable.estate.backup import PlanRule
from recoverable.recovery.backups.copies import goes_elsewhere, places
from recoverable.recovery.backups.places import home, near
from recoverable.recovery.backups.vault_policies import lets_others_copy_in
from recoverable.recovery.backups.vaults_meant import place_meant
from recoverable.text import Hole, Text
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import CopyAction, Lifecycle, Vault
    from recoverable.estate.subject import Subject
    from recoverable.source import Origin
    from recoverable.value import Entry, Listing, Value

#: The name of the vault that the console makes.
_DEFAULT = Text(("Default",))
_DEFAULT_ARN = Text(("arn:*:backup:*:*:backup-vault:Default",))


def writes_into(rule: PlanRule, vault: Vault) -> Truth:
    """Whether a rule's own backups go into the vault."""
    ways = (rule.vault, rule.air_gapped_vault)
    return some([_means(written, vault, rule.subject) for written in ways])


def copies_into(copy: CopyAction, vault: Vault) -> Truth:
    """Whether a copy goes into the vault."""
    return _means(copy.destination, vault, copy.subject)


def holds_copies_only(vault: Vault, estate: Estate) -> Truth:
    """Whether copies go into the vault and no backups. Jobs that copy are told of where they start."""
    copied = _copies_towards(vault, estate).any(lambda copy: copies_into(copy, vault), "no copy goes into it")
    if copied.answer is Answer.NO:
        return copied
    rules = near(estate.plan_rules, vault.subject, estate)
    written = rules.any(lambda rule: writes_into(rule, vault), "no plan rule writes into it")
    return every((copied, ~written))


def holdings(vault: Vault, estate: Estate) -> tuple[Fact, ...]:
    """What the vault will hold, and for how long, in words. A fact is no answer: it settles no choice."""
    found: list[Fact] = []
    for rules in near(estate.plan_rules, vault.subject, estate).entries:
        for _, rule in rules.variants:
            if rule is not None and writes_into(rule, vault).answer is Answer.YES:
                found.append(_held(rule.subject, rule.lifecycle, "backups"))
    for copies in _copies_towards(vault, estate).entries:
        for _, copy in copies.variants:
            if copy is not None and copies_into(copy, vault).answer is Answer.YES:
                found.append(_held(copy.subject, copy.lifecycle, "copies"))
    return tuple(dict.fromkeys(found))


def is_default_vault(part: PlanRule | CopyAction) -> Truth:
    """Whether a rule or a copy writes into the vault that the console makes in each Region.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
    """
    written = part.vault if isinstance(part, PlanRule) else part.destination
    state = written.state
    if isinstance(state, Unknown):
        return unknown(written.fact().text, state.origin)
    text = state.value
    if text is None:
        return Truth(Answer.NO)
    if text.stands_for() or (_is_arn(text) and _of_stack(text.parts[-1])):
        return no(f"{written.name} is a vault of the stack", state.origin)
    answer = match(_DEFAULT_ARN, text) if _is_arn(text) else match(_DEFAULT, text, wild=False)
    if answer is Answer.UNKNOWN:
        return unknown(f"{written.name} is not known: {text.why_open()}", state.origin)
    return Truth(answer, (written.fact(),))


def crosses_accounts(vault: Vault, estate: Estate) -> Truth:
    """Whether backups are copied out of the vault, or into it, from one account to another."""
    policy = vault.policy.known()
    if policy is None:
        let_in = ~vault.policy.holds(lambda written: written is None, "it has no access policy")
    else:
        let_in = lets_others_copy_in(policy, vault)
    rules = near(estate.plan_rules, vault.subject, estate)
    sent = rules.any(lambda rule: _sends(rule, vault, estate), "no plan copies out of it")
    return some((let_in, sent))


def _copies_towards(vault: Vault, estate: Estate) -> Listing[CopyAction]:
    """The copies that may go into a vault: all but those whose ARN names another place."""
    where = home(vault.subject)
    whole = estate.copy_actions
    if where is None or estate.memo is None or vault.subject.path:
        return whole

    def make() -> tuple[dict[tuple[str, str], list[Entry[CopyAction]]], list[Entry[CopyAction]]]:
        there: dict[tuple[str, str], list[Entry[CopyAction]]] = {}
        anywhere: list[Entry[CopyAction]] = []
        for entry in whole.entries:
            copy = entry.variants[0].item if len(entry.variants) == 1 else None
            text = copy.destination.known() if copy is not None else None
            place = None if text is None else place_meant(text, None)
            (anywhere if place is None else there.setdefault(place, [])).append(entry)
        return there, anywhere

    by_place, others = estate.memo.of("copies by place", (whole.entries,), make)
    return whole._replace(entries=[*others, *by_place.get(where, ())])


def _sends(rule: PlanRule, vault: Vault, estate: Estate) -> Truth:
    """Whether a rule writes into the vault and copies from there to another account."""
    writes = writes_into(rule, vault)
    if writes.answer is Answer.NO:
        return writes
    ways = [place.other_account for place in places(rule, estate, rule.subject)]
    away = goes_elsewhere(rule, ways, "another account")
    return every((away, writes))


def _of_stack(part: str | Hole) -> bool:
    return isinstance(part, Hole) and bool(part.stands_for)


def _held(subject: Subject, lifecycle: Lifecycle, what: str) -> Fact:
    state = lifecycle.delete_after.state
    if isinstance(state, Unknown):
        long = f"for a time that is not known ({state.reason})"
    else:
        long = "for ever" if state.value is None else f"for {state.value} days"
    return Fact(f"it will hold the {what} of {subject.title()} {long}", state.origin or subject.origin)


def _means(written: Value[Text | None], vault: Vault, beside: Subject) -> Truth:
    """Whether a setting of a plan means the vault."""
    state = written.state
    if isinstance(state, Unknown):
        if beside.kind != "copy-action" and not _together(vault.subject, beside):
            return Truth(Answer.NO)  # a rule writes into vaults beside its plan
        return unknown(f"{written.name} is not known: {state.reason}", state.origin)
    if state.value is None:
        return Truth(Answer.NO)
    return _is(state.value, vault, beside, written.name, state.origin)


def _is(text: Text, vault: Vault, beside: Subject, name: str, origin: Origin | None) -> Truth:
    said = f"{name} of {beside.title()} is {text.shown()}"
    identity = text.identity()
    if identity is not None and any(one.identity() == identity for one in vault.names):
        here = _together(vault.subject, beside) or bool(text.holes()) or _is_arn(text)
        return yes(said, origin) if here else no(f"{said}, in another Region or account", origin)
    if text.stands_for():
        # Something else of the stack.
        return Truth(Answer.NO)
    if _is_arn(text):
        answer = match(vault.arn, text, wild=False)
    else:
        own = vault.subject.name.known()
        answer = match(Text((own,)) if own else vault.names[0], text, wild=False)
        # What a copy goes to is an ARN, and one that is not known may lie anywhere.
        anywhere = beside.kind == "copy-action" and bool(text.holes())
        if answer is not Answer.NO and not anywhere and not _together(vault.subject, beside):
            answer = Answer.NO
    if answer is Answer.UNKNOWN:
        return unknown(f"{said}, which may be {vault.subject.title()}", origin)
    return yes(said, origin) if answer is Answer.YES else Truth(Answer.NO)


def _is_arn(text: Text) -> bool:
    return bool(text.parts) and isinstance(text.parts[0], str) and text.parts[0].startswith("arn:")


def _together(one: Subject, other: Subject) -> bool:
    """Whether two things may be in one Region and account."""
    pairs = ((one.region.known(), other.region.known()), (one.account.known(), other.account.known()))
    return all(None in pair or pair[0] == pair[1] for pair in pairs)
