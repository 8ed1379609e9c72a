"""Nobody is told when a backup into the vault fails.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultNotifications.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
"""

from __future__ import annotations

from recoverable import Answer, Estate, Fact, Severity, Truth, every, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Vault

#: The one supported event that tells of failed backups; `BACKUP_JOB_FAILED` has been given up, and is never sent.
_TOLD = "BACKUP_JOB_COMPLETED"


@rule(
    Severity.LOW,
    types=(
        "AWS::CloudWatch::Alarm",
        "AWS::Events::Rule",
        "AWS::Notifications::EventRule",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_metric_alarm",
        "awscc_cloudwatch_alarm",
        "awscc_events_rule",
    ),
)
def backup_failures_unnoticed(vault: Vault, estate: Estate) -> Truth:
    untold = vault.events.holds(lambda events: events is None or _TOLD not in events)
    if untold.answer is Answer.NO:
        return untold
    if "BACKUP_JOB_FAILED" in (vault.events.known() or ()):
        untold = untold.because(Fact(f"BACKUP_JOB_FAILED is no longer sent; {_TOLD} tells of failures, too"))
    from recoverable.read.alerts import tells_of_failed_backups  # noqa: PLC0415
    from recoverable.recovery.backups.places import apart, near  # noqa: PLC0415
    from recoverable.recovery.backups.vault_use import holds_copies_only  # noqa: PLC0415

    told = near(estate.resources, vault.subject, estate).any(
        lambda alert: Truth(Answer.NO) if apart(alert.subject, vault.subject) else tells_of_failed_backups(alert),
        "no event rule and no alarm waits for failed backups",
    )
    copies = holds_copies_only(vault, estate)
    return every((untold, ~told)) if copies.answer is Answer.NO else every((untold, ~told, ~copies))
