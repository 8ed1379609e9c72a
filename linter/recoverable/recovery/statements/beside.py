"""What else those have who hold a statement: the other policies that hang on them, read or not."""

from __future__ import annotations

from recoverable.arn import PARTITION
from recoverable.estate.documents import GRANTING
from recoverable.recovery.statements.holding import holders_of
from recoverable.truth import Answer, Truth, every, some, unknown
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement
    from recoverable.estate.principals import Grant, Principal
    from recoverable.policy.document import Policy
    from recoverable.source import Origin

    #: A question about a policy.
    Test = Callable[[Policy], Truth]

#: AWS's own policies that deny. All others only allow.
_DENYING = ("AWSDenyAll", "AWSCompromisedKeyQuarantine")


class Beside(NamedTuple):
    """A policy that hangs on a holder. `policy` is None where it was not read, for the reason in `why`; `doubt` says
    why it may not hang there."""

    policy: Policy | None
    origin: Origin
    why: str = ""
    doubt: str = ""


def beside(item: PolicyStatement, principal: Principal) -> Iterator[Beside]:
    """The other policies of a holder of a statement. AWS's own that say nothing of tables and backups are left out."""
    for grant in principal.grants:
        if grant.document and grant.document == item.document.key:
            continue
        policy = grant.policy if grant.policy is not None else _published(grant)
        if policy is not None:
            yield Beside(policy, grant.origin, doubt=grant.doubt)
        elif not is_of_aws(grant) or may_deny(grant):
            yield Beside(None, grant.origin, f"what {grant.name.shown()} says is not in what was read", grant.doubt)
    if principal.open:
        yield Beside(None, principal.subject.origin, principal.open)


def _published(grant: Grant) -> Policy | None:
    """One of AWS's own policies, as far as it is known."""
    from recoverable.policy.published import published  # noqa: PLC0415 (few roles have one)

    if not is_of_aws(grant):
        return None
    known = published("".join(part if isinstance(part, str) else "aws" for part in grant.name.parts))
    return None if known is None else known.policy


def is_of_aws(grant: Grant) -> bool:
    """Whether a policy is one of AWS's own, by an ARN of which no more than the partition is open."""
    return grant.source == "aws-managed" and all(hole.stands_for == PARTITION for hole in grant.name.holes())


def may_deny(grant: Grant) -> bool:
    """Whether a policy that was not read may deny anything: AWS's own do not, but for a few that are called so."""
    return not is_of_aws(grant) or any(one in grant.name.shown() for one in _DENYING)


def some_have(item: PolicyStatement, test: Test, estate: Estate) -> Truth:
    """Whether one of those who hold a statement has, in any policy, what `test` asks for."""
    found = [test(item.document.policy)]
    found.extend(_has(item, principal, test, estate) for principal, _ in holders_of(item.document, estate))
    return some(found)


def had_anyway(item: PolicyStatement, test: Test, estate: Estate) -> Truth:
    """Whether all that hold a statement have, in one of their other policies, what `test` asks for."""
    own = test(_others(item))
    holders = holders_of(item.document, estate)
    if own.answer is Answer.YES or not holders:
        doubt = item.document.holders_open
        return some((own, in_doubt(doubt, item, test, estate))) if doubt and not holders else own
    return some((own, every([_has(item, principal, test, estate) for principal, _ in holders])))


def _has(item: PolicyStatement, principal: Principal, test: Test, estate: Estate) -> Truth:
    found = []
    for other in beside(item, principal):
        if other.policy is None:
            found.append(in_doubt(other.why, item, test, estate))
            continue
        answer = test(other.policy)
        surely = answer.answer is not Answer.YES or not other.doubt
        found.append(answer if surely else unknown(other.doubt, other.origin))
    return some(found)


def in_doubt(why: str, item: PolicyStatement, test: Test, estate: Estate) -> Truth:
    """What was not read may be as `test` asks, if any policy that was read is: what was scanned is all there is."""
    for entry in estate.documents.entries:
        for variant in entry.variants:
            document = variant.item
            if document is None or document.kind not in GRANTING or document.key == item.document.key:
                continue
            if test(document.policy).answer is not Answer.NO:
                return unknown(why, item.subject.origin)
    return Truth(Answer.NO)


def _others(item: PolicyStatement) -> Policy:
    """The policy of a statement without it."""
    policy = item.document.policy
    return policy._replace(statements=tuple(each for each in policy.statements if each is not item.statement))
