"""A condition on the second factor lets through who has no such key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.HIGH)
def mfa_denial_has_hole(statement: PolicyStatement) -> Truth:
    if statement.document.of_aws:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.second_factor import has_hole  # noqa: PLC0415

    return has_hole(statement)
