"""Whether what a statement allows is taken away again: by a Deny of whoever holds it, a boundary, or the organization.

Only what surely applies takes away: a Deny under a condition does not. What is not in what was read counts as a doubt
where something that was read shows that it could matter.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from recoverable.policy.patterns import contains_arn, meets_arn
from recoverable.recovery.statements.beside import beside, in_doubt
from recoverable.recovery.statements.holding import holders_of
from recoverable.recovery.statements.resource_kinds import EVERYTHING, about, reached, resolved, takes_in
from recoverable.recovery.statements.statement_reach import listed, reaches, resources_of
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.estate.guardrails import Guardrail
    from recoverable.estate.principals import Principal
    from recoverable.policy.document import Policy, Statement
    from recoverable.text import Text


class Removed(NamedTuple):
    """Of the actions that a statement allows: whether all are taken away, and which surely are not.

    `by` are the places of what takes some away.
    """

    truth: Truth
    left: tuple[str, ...]
    by: tuple[Fact, ...]


def removed(item: PolicyStatement, actions: tuple[str, ...], estate: Estate) -> Removed:
    """What is taken away of `actions`, which a statement allows, from all that hold it."""
    holders = holders_of(item.document, estate)
    sides = [_Side(item, principal, estate) for principal, _ in holders] or [_Side(item, None, estate)]
    left: list[str] = []
    by: list[Fact] = []
    truths: list[Truth] = []
    for action in actions:
        found = every([side.removes(action) for side in sides])
        truths.append(found)
        if found.answer is Answer.YES:
            by.extend(found.facts)
        elif found.answer is Answer.NO:
            left.append(action)
    return Removed(every(truths), tuple(left), tuple(dict.fromkeys(by)))


class _Side:
    """All that may take something away from one holder of a statement, or from nobody in sight."""

    def __init__(self, item: PolicyStatement, principal: Principal | None, estate: Estate) -> None:
        self._item = item
        self._principal = principal
        self._estate = estate

    def removes(self, action: str) -> Truth:
        allowed = self._item.statement
        found = [denied(self._item.document.policy, allowed, action)]
        if self._principal is not None:
            found.extend(self._by_others(self._principal, allowed, action))
            found.append(self._by_boundary(self._principal, allowed, action))
        elif self._item.document.holders_open:
            found.append(self._in_doubt(self._item.document.holders_open, allowed, action))
        for guardrail in self._estate.guardrails.present():
            if guardrail.kind == "scp":
                found.append(_by_guardrail(guardrail, self._principal, allowed, action))
        return some(found)

    def _by_others(self, principal: Principal, allowed: Statement, action: str) -> Iterator[Truth]:
        for other in beside(self._item, principal):
            if other.policy is None:
                yield self._in_doubt(other.why, allowed, action)
                continue
            takes = denied(other.policy, allowed, action)
            surely = takes.answer is not Answer.YES or not other.doubt
            yield takes if surely else unknown(other.doubt, other.origin)

    def _by_boundary(self, principal: Principal, allowed: Statement, action: str) -> Truth:
        grant = principal.boundary.known()
        if grant is None:
            return ~principal.boundary.holds(lambda boundary: boundary is None)
        if grant.policy is None:
            name = grant.name.literal() or ""
            if name.endswith(":policy/AdministratorAccess"):
                return Truth(Answer.NO)
            return unknown(f"what the boundary {grant.name.shown()} leaves is not in what was read", grant.origin)
        takes = some((denied(grant.policy, allowed, action), ~lets(grant.policy, allowed, action)))
        said = f"the permissions boundary of {principal.subject.title()} does not allow {action}"
        return yes(said, grant.origin) if takes.answer is Answer.YES else takes

    def _in_doubt(self, why: str, allowed: Statement, action: str) -> Truth:
        """What is not in what was read may deny, if anything that was read does."""
        return in_doubt(why, self._item, lambda policy: denied(policy, allowed, action), self._estate)


def denied(policy: Policy, allowed: Statement, action: str) -> Truth:
    """Whether a policy denies an action, without a condition, on all that `allowed` allows it on."""
    found = [denies(statement, allowed, action) for statement in policy.statements]
    if policy.open:
        found.append(unknown(f"the policy may hold more statements: {policy.open}", policy.origin))
    return some(found)


def denies(statement: Statement, allowed: Statement, action: str) -> Truth:
    """Whether a statement does."""
    effect = statement.effect.equals("Deny")
    if effect.answer is Answer.NO or statement.conditions:
        return Truth(Answer.NO)
    named = listed(statement, action)
    if named.answer is Answer.NO:
        return named
    covered = every([_covers(statement, allowed, kind) for kind in about(action) or (EVERYTHING,)])
    plain = Truth(Answer.YES)
    if statement.conditions_open:
        plain = unknown(f"its conditions are not known: {statement.conditions_open}", statement.origin)
    found = every((effect, named, covered, plain))
    if found.answer is Answer.YES:
        name = f"statement {statement.sid}" if statement.sid else "a statement"
        return yes(f"{name} denies {action}", statement.origin)
    return found


def _covers(statement: Statement, allowed: Statement, kind: Text) -> Truth:
    """Whether a Deny covers all of a kind that an Allow reaches."""
    wanted = [kind]
    if not allowed.not_resource and not allowed.resources_open:
        wanted = []
        for pattern in resources_of(allowed):
            if _touches(pattern.text, kind) is Answer.NO:
                continue
            wanted.append(kind if takes_in(pattern.text, kind) is Answer.YES else resolved(pattern.text))
    if not wanted:
        return Truth(Answer.YES)
    whole = _takes_in(statement, kind)
    return whole if whole.answer is Answer.YES else every([_takes_in(statement, text) for text in wanted])


def _touches(text: Text, kind: Text) -> Answer:
    return reached(text, () if kind is EVERYTHING else (kind,))


def _takes_in(statement: Statement, text: Text) -> Truth:
    patterns = resources_of(statement)
    if statement.not_resource:
        found = every([_told(meets_arn(resolved(each.text), text), statement, negated=True) for each in patterns])
        wanted = Answer.NO
    else:
        found = some([_told(_contains(each.text, text), statement) for each in patterns])
        wanted = Answer.YES
    if statement.resources_open and found.answer is not wanted:
        return unknown(f"a resource of a denial is not known: {statement.resources_open}", statement.origin)
    return found


def _contains(pattern: Text, text: Text) -> Answer:
    """Whether a pattern of a denial fits all of a kind, or of a pattern of what is allowed."""
    of_kind = takes_in(pattern, text)
    return of_kind if of_kind is Answer.YES else contains_arn(resolved(pattern), text)


def _told(answer: Answer, statement: Statement, *, negated: bool = False) -> Truth:
    if answer is Answer.UNKNOWN:
        return unknown("what a denial covers is not known", statement.origin)
    truth = Truth(answer)
    return ~truth if negated else truth


def lets(policy: Policy, allowed: Statement, action: str) -> Truth:
    """Whether a boundary leaves something of what `allowed` allows."""
    found = [_lets(statement, allowed, action) for statement in policy.statements]
    if policy.open:
        found.append(unknown(f"the boundary may hold more statements: {policy.open}", policy.origin))
    return some(found)


def _lets(statement: Statement, allowed: Statement, action: str) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return allows
    kinds = about(action)
    narrow: tuple[Text, ...] = ()
    if kinds and not allowed.not_resource and not allowed.resources_open:
        touching = (each.text for each in resources_of(allowed) if reached(each.text, kinds) is not Answer.NO)
        narrow = tuple(resolved(text) for text in touching)
    met = [Truth(reached(pattern.text, narrow or kinds)) for pattern in resources_of(statement)]
    meets = reaches(statement, kinds) if statement.not_resource else some(met)
    if statement.resources_open and meets.answer is not Answer.YES:
        meets = unknown(f"a resource of a boundary is not known: {statement.resources_open}", statement.origin)
    return every((allows, listed(statement, action), meets))


def _by_guardrail(guardrail: Guardrail, principal: Principal | None, allowed: Statement, action: str) -> Truth:
    """Whether a service control policy denies it: one that hangs on the root of the organization is for everybody."""
    takes = denied(guardrail.policy, allowed, action)
    if takes.answer is Answer.NO:
        return takes
    own = principal.subject.account.known() if principal is not None else None
    there: list[Truth] = []
    for target in guardrail.targets:
        text = target.text.literal() or ""
        if text.startswith("r-"):
            there.append(Truth(Answer.YES))
        elif own is not None and text.isdigit():
            there.append(Truth(Answer.YES if text == own else Answer.NO))
        else:
            said = f"whether {guardrail.subject.title()}, which denies {action}, is for this account is not known"
            there.append(unknown(said, guardrail.subject.origin))
    if guardrail.targets_open:
        there.append(unknown(f"what it hangs on is not known: {guardrail.targets_open}", guardrail.subject.origin))
    return every((takes, some(there)))
