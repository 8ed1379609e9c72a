"""The role that a selection or a restore test names, among the principals that were read."""

from __future__ import annotations

from recoverable.recovery.access.symbols import symbols_of, variants
from recoverable.truth import Answer, Truth, no, unknown
from recoverable.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.principals import Principal
    from recoverable.text import Text
    from recoverable.value import Value

#: What AWS Backup makes in the console: https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
_DEFAULT = "service-role/AWSBackupDefaultServiceRole"


def role_of(role: Value[Text | None], estate: Estate, whose: str) -> Principal | Truth:
    """The role that is named, if it was read; else why nothing is said of it."""
    state = role.state
    if isinstance(state, Unknown):
        return unknown(f"which role {whose} has is not known: {state.reason}", state.origin)
    if state.value is None:
        return no(f"{whose} names no role", state.origin)
    text = symbols_of(estate).resolved(state.value)
    found = [
        principal
        for principal in variants(estate.principals)
        if principal.subject.kind == "role" and principal.is_meant(state.value).answer is Answer.YES
    ]
    if found:
        return found[0]
    if text.shown().endswith(f"role/{_DEFAULT}"):
        return no(f"{whose} has the role that AWS Backup makes", state.origin)
    return unknown(f"the role {text.shown()} is not in what was read", state.origin)
