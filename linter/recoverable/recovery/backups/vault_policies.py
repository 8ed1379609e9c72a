"""What is wrong with the access policy of a vault.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from __future__ import annotations

from recoverable.arn import ACCOUNT
from recoverable.policy.exposure import accounts_let_in, lets_everyone_in
from recoverable.recovery.backups.denials import DELETING, LIFTING, denial_of, denied, firmly_denied, names
from recoverable.recovery.backups.immutability import is_immutable
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Vault
    from recoverable.policy.document import Policy, Statement
    from recoverable.source import Origin
    from recoverable.text import Text

#: The one action that AWS Backup lets other accounts take.
COPY_INTO = "backup:CopyIntoBackupVault"

#: Keys of conditions that let in callers of several accounts.
_ORGANIZATIONS = {"aws:principalorgid", "aws:principalorgpaths"}


def wildcard_action(policy: Policy) -> Truth:
    """Whether a statement has an action with `*` or `?`, which the policies of vaults do not support."""
    found: list[Truth] = []
    for statement in policy.statements:
        found.extend(_is_wildcard(action, origin, statement) for action, origin in _actions(statement))
        if statement.actions_open:
            found.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return _open(some(found), policy)


def void_grant(policy: Policy, vault: Vault) -> Truth:
    """Whether a statement allows other accounts more than to copy into the vault.

    What lets in everyone, and what has wildcards, is wrong for another reason, and told there.
    """
    return _open(some([_is_void(statement, policy, vault) for statement in policy.statements]), policy)


def deletion_allowed(policy: Policy, vault: Vault) -> Truth:
    """Whether one of the ways to delete recovery points is denied to nobody, or not to everyone."""
    said = Fact("the policy does not keep everyone from deleting recovery points", vault.policy.origin)
    allowed = some([~denied(policy, vault, action) for action in DELETING])
    return allowed.pointing(said) if allowed.answer is Answer.YES else allowed


def denial_has_holes(policy: Policy, vault: Vault) -> Truth:
    """Whether there is a way around a denial of deletion. That there is no denial is told elsewhere."""
    whole = every([denied(policy, vault, action) for action in DELETING])
    if whole.answer is Answer.NO:
        return whole
    final = is_immutable(vault)
    if final.answer is Answer.YES:
        return no("its lock becomes final, so that the policy need not hold", final.facts[0].origin)
    holes = [~firmly_denied(policy, vault, action) for action in DELETING]
    lifted = firmly_denied(policy, vault, LIFTING)
    if lifted.answer is Answer.NO:
        where = denial_of(policy, vault, DELETING[0]) or policy
        lifted = lifted.pointing(Fact(f"{LIFTING}, which takes the whole denial away, is not denied", where.origin))
    return every((some([*holes, ~lifted]), whole, ~final))


def lets_others_copy_in(policy: Policy, vault: Vault) -> Truth:
    """Whether the policy lets other accounts copy recovery points into the vault."""
    found: list[Truth] = []
    for statement in policy.statements:
        allows = statement.effect.equals("Allow")
        if allows.answer is Answer.NO:
            continue
        named = [names(action, COPY_INTO) for action in statement.actions]
        if statement.actions_open:
            named.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
        grants = ~some(named) if statement.not_action else some(named)
        found.append(every((some((_strangers(statement, vault), lets_everyone_in(statement, policy))), grants, allows)))
    return _open(some(found), policy)


def _is_wildcard(action: Text, origin: Origin | None, statement: Statement) -> Truth:
    name = "NotAction" if statement.not_action else "Action"
    if not any(isinstance(part, str) and ("*" in part or "?" in part) for part in action.parts):
        hole = next((hole for hole in action.holes() if not hole.stands_for), None)
        return Truth(Answer.NO) if hole is None else unknown(f"an action is not known: {hole.reason}", origin)
    if statement.not_action:
        return unknown(f"NotAction is {action.shown()}; AWS says of Action alone that it takes no wildcard", origin)
    denies = statement.effect.equals("Deny").answer is Answer.YES
    told = "what it is to deny may be open to all" if denies else "what it is to allow may be refused"
    return yes(f"{name} is {action.shown()}", origin).because(
        Fact(f"AWS Backup supports no wildcard here, and does not say whether it refuses or ignores it: {told}")
    )


def _is_void(statement: Statement, policy: Policy, vault: Vault) -> Truth:
    allows = statement.effect.equals("Allow")
    if allows.answer is Answer.NO:
        return Truth(Answer.NO)
    strangers = _strangers(statement, vault)
    void = [_is_refused(action, origin, statement) for action, origin in _actions(statement)]
    if statement.not_action:
        void = [yes("NotAction allows more than to copy into the vault", statement.origin)]
    if statement.actions_open:
        void.append(unknown(f"an action is not known: {statement.actions_open}", statement.origin))
    return every((some(void), strangers, allows, ~lets_everyone_in(statement, policy)))


def _is_refused(action: Text, origin: Origin | None, statement: Statement) -> Truth:
    """Whether AWS Backup refuses an action to other accounts. Actions with wildcards are told elsewhere."""
    literal = action.literal()
    if literal is None:
        return unknown(f"an action is not known: {action.why_open()}", origin or statement.origin)
    if literal.lower() == COPY_INTO.lower() or "*" in literal or "?" in literal:
        return Truth(Answer.NO)
    return yes(f"{literal} works for no other account, whatever the policy says", origin or statement.origin)


def _strangers(statement: Statement, vault: Vault) -> Truth:
    """Whether a statement is for other accounts than the vault's own."""
    found: list[Truth] = []
    literals: dict[str, Origin | None] = {}
    for grantee in accounts_let_in(statement):
        account = grantee.account.literal()
        if account is not None:
            literals.setdefault(account, grantee.origin)
        elif grantee.account.stands_for() != ACCOUNT:
            said = f"the account in {grantee.shown} is not known: {grantee.account.why_open()}"
            found.append(unknown(said, grantee.origin))
    own = vault.subject.account
    for account, origin in literals.items():
        mine = own.equals(account).answer
        if mine is Answer.UNKNOWN and len(literals) == 1:
            found.append(unknown(f"whether account {account} is the vault's own is not known", origin))
        elif mine is not Answer.YES:
            found.append(yes(f"account {account} is let in", origin))
    # Conditions say who is meant only where the principals do not.
    anyone = statement.principals_open or any(one.name.literal() == "*" for one in statement.principals)
    for condition in statement.conditions if anyone else ():
        if condition.key.lower() in _ORGANIZATIONS and "not" not in condition.operator.lower():
            found.append(yes(f"{condition.key} lets in other accounts of the organization", condition.origin))
    for reason in filter(None, (statement.principals_open, anyone and statement.conditions_open)):
        found.append(unknown(f"whom a statement lets in is not known: {reason}", statement.origin))
    return some(found)


def _actions(statement: Statement) -> list[tuple[Text, Origin | None]]:
    """The actions of a statement, each with its place."""
    places: tuple[Origin | None, ...] = statement.action_origins
    if len(places) != len(statement.actions):
        places = (statement.origin,) * len(statement.actions)
    return list(zip(statement.actions, places, strict=True))


def _open(found: Truth, policy: Policy) -> Truth:
    if found.answer is Answer.NO and policy.open:
        return unknown(f"the policy may hold more statements: {policy.open}", policy.origin)
    return found
