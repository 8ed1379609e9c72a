"""What rules say of a statement that allows too much: who holds it, and what others leave of it.

A statement whose harm is wholly taken away by a Deny, a boundary or the organization is exempt, and the report says by
what.
"""

from __future__ import annotations

from recoverable.recovery.access.entrusted import spared
from recoverable.recovery.statements.backup_roles import is_taken_on_by_backup_alone
from recoverable.recovery.statements.harmful_actions import shown
from recoverable.recovery.statements.holding import holders_of
from recoverable.recovery.statements.removal import removed
from recoverable.recovery.statements.statement_width import Excess, excess
from recoverable.truth import Answer, Fact, Truth, every

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyStatement

#: How many holders a message names.
NAMED = 3


def too_much(name: str, item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement allows too much in one of the classes of `statement_width`, and nothing takes it away."""
    found = excess(name, item.statement)
    if name == "pattern-reaches-backups":
        found = found._replace(guards=(*found.guards, *_both_parts(found)))
    if item.document.of_aws and found.truth.answer is Answer.YES:
        # Nobody can change it, so that it is told once for each that it hangs on.
        first = next(each for each in item.document.policy.statements if excess(name, each).truth.answer is Answer.YES)
        if first is not item.statement:
            return Truth(Answer.NO)
    if name == "backup-actions-on-everything":
        found = _without_the_service(found, item, estate)
    return weighed(name, found, item, estate)


def weighed(name: str, found: Excess, item: PolicyStatement, estate: Estate) -> Truth:
    """What is left of what a statement allows too much of, when denials and boundaries are counted, and who is meant
    to have what the rule `name` is about.
    """
    return spared(name, _left(found, item, estate), item.document, estate)


def _left(found: Excess, item: PolicyStatement, estate: Estate) -> Truth:
    if found.truth.answer is Answer.NO:
        return found.truth
    held = held_by(item, estate)
    if found.truth.answer is Answer.UNKNOWN:
        return found.truth.because(*held)
    rest = removed(item, found.actions, estate)
    match rest.truth.answer:
        case Answer.YES:
            more = f" and {len(rest.by) - 1} more" if len(rest.by) > 1 else ""
            reason = f"what it allows too much of is taken away: {rest.by[0].text if rest.by else 'it is denied'}{more}"
            return Truth(Answer.YES, (*found.facts(found.actions), *rest.by)).sparing(reason)
        case Answer.UNKNOWN:
            return rest.truth.because(*found.facts(found.actions), *held)
    gone = tuple(action for action in found.actions if action not in rest.left)
    taken = (Fact(f"taken away: {shown(gone)}", rest.by[0].origin),) if gone and rest.by else ()
    wrote = (Fact("AWS wrote it: attach another policy in its place"),) if item.document.of_aws else ()
    return Truth(Answer.YES, (*found.facts(rest.left), *taken, *held, *wrote))


def _both_parts(found: Excess) -> tuple[Fact, ...]:
    """The table and its backups, each on its own, in the place of a name with a star behind it."""
    resource = found.pairs[0].resource if found.pairs else None
    if resource is None:
        return ()
    table = resource.text.shown().rstrip("*")
    if not table[-1:].isalnum():
        return (Fact("write instead: each table by its name, and its backups as table/NAME/backup/*"),)
    return (Fact(f"write instead: {table} for the table, {table}/backup/* for its backups"),)


def _without_the_service(found: Excess, item: PolicyStatement, estate: Estate) -> Excess:
    """Nothing where nobody but AWS Backup can take on the roles that have it: what it works on is said by plans, and
    what it need not do is told by `backup-role-can-delete`.
    """
    holders = holders_of(item.document, estate)
    if found.truth.answer is Answer.NO or not holders:
        return found
    alone = every([is_taken_on_by_backup_alone(principal) for principal, _ in holders])
    return found._replace(truth=every((found.truth, ~alone)))


def held_by(item: PolicyStatement, estate: Estate) -> tuple[Fact, ...]:
    """Who holds a statement, for people."""
    holders = holders_of(item.document, estate)
    facts = [
        Fact(f"{principal.subject.kind} {principal.subject.title()} has it", principal.subject.origin)
        for principal, _ in holders[:NAMED]
    ]
    if len(holders) > NAMED:
        facts.append(Fact(f"{len(holders) - NAMED} more have it"))
    if not holders:
        facts.append(Fact(item.document.holders_open or "in what was read, it hangs on nobody"))
    return tuple(facts)
