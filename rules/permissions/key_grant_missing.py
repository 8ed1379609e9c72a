"""A grant to restore lacks the key.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""

from __future__ import annotations

from recoverable import Severity, Truth, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import Estate, Principal


@rule(Severity.HIGH)
def key_grant_missing(principal: Principal, estate: Estate) -> Truth:
    from recoverable.recovery.access.role_faults import falls_short  # noqa: PLC0415

    return falls_short("key-grant-missing", principal, estate)
