"""The conditions of a statement hold for everybody.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.HIGH)
def condition_always_true(statement: PolicyStatement) -> Truth:
    if not statement.of_ours:
        return Truth(Answer.NO)
    from recoverable.recovery.statements.condition_faults import always_true  # noqa: PLC0415

    return always_true(statement.statement)
