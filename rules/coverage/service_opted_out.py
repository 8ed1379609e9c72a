"""AWS Backup is switched off for DynamoDB in a Region whose plans select by tags.

https://docs.aws.amazon.com/aws-backup/latest/devguide/service-opt-in.html
"""

from __future__ import annotations

from recoverable import Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import RegionSettings


@rule(Severity.HIGH)
def service_opted_out(settings: RegionSettings, estate: Estate) -> Truth:
    from recoverable.recovery.backups.opting import opted_out  # noqa: PLC0415 (few runs see such settings)

    return opted_out(settings, estate)
