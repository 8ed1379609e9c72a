"""A policy variable stands in a policy of the old version, where it is mere text.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.MEDIUM)
def variable_in_old_version(statement: PolicyStatement) -> Truth:
    if statement.document.of_aws:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.condition_faults import variable_in_old_version as judge  # noqa: PLC0415

    return judge(statement.statement, statement.document.policy)
