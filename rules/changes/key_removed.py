"""A plan schedules a KMS key for deletion.

https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
"""

from __future__ import annotations

from recoverable import Answer, Estate, Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import KeyChange


@rule(Severity.HIGH)
def key_removed(change: KeyChange, estate: Estate) -> Truth:
    from recoverable.recovery.losses import meets, used_by  # noqa: PLC0415

    found = meets(change, "destroy", "replace")
    return found.because(*used_by(change, estate)) if found.answer is Answer.YES else found
