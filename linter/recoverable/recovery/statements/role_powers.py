"""What roles of AWS Backup may do beside what it takes: end backups, or act on services that their plans leave alone.

https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
"""

from __future__ import annotations

from recoverable.recovery.backups.plan_scope import selects_tables_alone
from recoverable.recovery.statements.backup_roles import lets_in_backup
from recoverable.recovery.statements.holding import holders_of
from recoverable.recovery.statements.second_factor import named_ends
from recoverable.recovery.statements.statement_faults import weighed
from recoverable.recovery.statements.statement_reach import is_foreign, is_unread
from recoverable.recovery.statements.statement_width import Excess
from recoverable.truth import Answer, Fact, Truth, every, some, unknown, yes
from recoverable.value import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.backup import Selection
    from recoverable.estate.documents import PolicyStatement
    from recoverable.estate.principals import Grant, Principal

#: AWS's own policies for such roles, which are for all services that AWS Backup knows.
_OF_ALL_SERVICES = ("AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores")

#: AWS Backup deletes with it what has expired, unless the advanced features keep the backups of DynamoDB.
_EXPIRY = "dynamodb:DeleteBackup"


def ends_backups(item: PolicyStatement, estate: Estate) -> Truth:
    """Whether a statement lets a role that AWS Backup takes on end backups, by name, where it need not.

    What a wildcard lets happen is told as that, and AWS's own policies are AWS's own.
    """
    statement = item.statement
    allows = statement.effect.equals("Allow")
    if (
        allows.answer is Answer.NO
        or statement.not_action
        or statement.not_resource
        or is_unread(statement)
        or is_foreign(statement)
    ):
        return Truth(Answer.NO)
    certain, open_ = named_ends(statement)
    if not certain and not open_:
        return Truth(Answer.NO)
    serves = some([_serves(principal) for principal, _ in holders_of(item.document, estate)])
    if serves.answer is Answer.NO:
        return Truth(Answer.NO)
    others = tuple(pair for pair in certain if any(action != _EXPIRY for action in pair.lets))
    found = Truth(Answer.YES) if others else some(open_)
    if certain and not others:
        found = some((_need_not_expire(estate), *open_))
    return weighed("backup-role-can-delete", Excess(every((found, allows, serves)), others or certain), item, estate)


def _need_not_expire(estate: Estate) -> Truth:
    """Whether AWS Backup manages the backups of DynamoDB by itself, so that no role deletes what has expired."""
    if not estate.region_settings.entries:
        return unknown(
            f"without the advanced DynamoDB features AWS Backup deletes with {_EXPIRY} what has expired, and whether "
            "they are on is not in what was read"
        )
    return estate.region_settings.every(lambda settings: settings.advanced.equals(True))


def _serves(principal: Principal) -> Truth:
    trust = principal.trust.known()
    if trust is None:
        return ~principal.trust.holds(lambda policy: policy is None)
    return lets_in_backup(trust)


def is_for_more_than_tables(principal: Principal, estate: Estate) -> Truth:
    """Whether a role has AWS's policies for all services, and all plans that take it on are for tables alone."""
    found = [_is_for_all(grant) for grant in principal.grants]
    if principal.open:
        found.append(unknown(f"what else it has is not known: {principal.open}", principal.subject.origin))
    wide = some(found)
    return wide if wide.answer is Answer.NO else every((wide, _takes_on_for_tables(principal, estate)))


def _is_for_all(grant: Grant) -> Truth:
    """Whether a policy is one of AWS's for all services."""
    name = grant.name.shown().rpartition("/")[2]
    if name in _OF_ALL_SERVICES:
        said = f"it has {name}, which is for all services"
        return unknown(grant.doubt, grant.origin) if grant.doubt else yes(said, grant.origin)
    if grant.policy is None and any(not hole.stands_for for hole in grant.name.holes()):
        return unknown(f"which policy {grant.name.shown()} is is not known: {grant.name.why_open()}", grant.origin)
    return Truth(Answer.NO)


def _takes_on_for_tables(principal: Principal, estate: Estate) -> Truth:
    """Whether AWS Backup takes a role on for tables, and for nothing else."""
    entries = estate.selections.entries
    if not entries:
        return Truth(Answer.NO)
    selections = Listing(entries, estate.selections.incomplete, estate.selections.run)
    used = selections.any(lambda selection: _takes_on(selection, principal), "no plan takes the role on")
    alone = selections.every(lambda selection: ~_takes_on(selection, principal) | selects_tables_alone(selection))
    return every((used, alone))


def _takes_on(selection: Selection, principal: Principal) -> Truth:
    role = selection.role.known()
    if role is None:
        return ~selection.role.holds(lambda written: written is None)
    meant = principal.is_meant(role)
    told = (Fact(f"{selection.subject.title()} takes the role on", selection.subject.origin),)
    return Truth(Answer.YES, told) if meant.answer is Answer.YES else meant
