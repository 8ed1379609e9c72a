"""The resource policy of a table lets in an account that is neither its own nor declared."""

from __future__ import annotations

from recoverable import Estate, Fact, Replica, Severity, Table, Truth, every, no, rule, some, unknown, yes
from recoverable.policy.exposure import Grantee, accounts_let_in


@rule(Severity.MEDIUM)
def table_shared_with_unknown_account(table: Table | Replica, estate: Estate) -> Truth:
    policy = table.policy.known()
    if policy is None:
        return ~table.policy.holds(lambda written: written is None, "it has no resource policy")
    found: list[Truth] = []
    for statement in policy.statements:
        allows = statement.effect.equals("Allow")
        found.extend(every((_stranger(grantee, table, estate), allows)) for grantee in accounts_let_in(statement))
        if statement.unread:
            unread = unknown(f"a statement is not wholly known: {statement.unread}", statement.origin)
            found.append(every((unread, allows)))
    if policy.open:
        found.append(unknown(f"the policy may hold more statements: {policy.open}", policy.origin))
    return some(found)


def _stranger(grantee: Grantee, table: Table | Replica, estate: Estate) -> Truth:
    """Whether an account is neither the table's own nor one of those that the configuration calls ours."""
    account = grantee.account.literal()
    if account is None:
        holes = grantee.account.holes()
        if len(grantee.account.parts) == 1 and holes[0].stands_for:
            return no(f"{grantee.shown} is of the table's own account", grantee.origin)
        return unknown(f"the account in {grantee.shown} is not known: {grantee.account.why_open()}", grantee.origin)
    declared = estate.declared.accounts
    if account in declared:
        return no(f"account {account} is declared as ours", grantee.origin)
    if declared:
        return yes(f"account {account} is let in, and is not among the accounts that are declared", grantee.origin)
    own = table.subject.account.equals(account)
    told = Fact("the configuration declares no accounts as ours (`accounts:`)")
    said = f"account {account} is let in"
    match table.subject.account.known():
        case None:
            return unknown(f"{said}; it may be the table's own or another one of ours", grantee.origin).because(told)
        case known if known == account:
            return ~own
        case known:
            return yes(f"{said}; the table's own is {known}", grantee.origin).because(told)
