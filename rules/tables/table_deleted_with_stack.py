"""CloudFormation deletes the table when its stack is deleted, or when an update replaces it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html
"""

from __future__ import annotations

from recoverable import Answer, Fact, Severity, Table, Truth, no, rule, some


@rule(Severity.MEDIUM, production_only=True)
def table_deleted_with_stack(table: Table) -> Truth:
    if table.kept_on_delete is None or table.kept_on_replace is None:
        return no("no stack lets go of it")
    lost = some((
        ~table.kept_on_delete.holds(lambda policy: policy in {"Retain", "RetainExceptOnCreate"}),
        ~table.kept_on_replace.equals("Retain"),
    ))  # fmt: skip
    protected = table.deletion_protection.equals(True)
    if lost.answer is Answer.YES and protected.answer is Answer.YES:
        told = "deletion protection makes the deletion fail, for as long as nobody takes it away"
        return lost.because(Fact(told, protected.facts[0].origin))
    return lost
