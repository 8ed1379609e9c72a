"""A statement lets its holder pass the role of AWS Backup to any service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, PolicyStatement


@rule(Severity.MEDIUM)
def pass_role_without_service(statement: PolicyStatement, estate: Estate) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.passing import passes_anywhere  # noqa: PLC0415

    return passes_anywhere(statement, estate)
