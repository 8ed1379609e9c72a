"""Somebody may export the table into a bucket of anybody's.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.MEDIUM)
def may_export_to_any_bucket(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.power_faults import Act, may  # noqa: PLC0415

    return may(
        "may-export-to-any-bucket",
        (Act("export", "to-any-bucket", "it can export into a bucket of anybody's"),),
        principal,
        estate,
    )
