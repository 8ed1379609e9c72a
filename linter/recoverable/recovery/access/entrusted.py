"""Who is meant to hold which powers, as the configuration declares it for a principal and a rule (`principals:`)."""

from __future__ import annotations

from recoverable.glob import matches
from recoverable.recovery.statements.holding import holders_of
from recoverable.truth import Answer, Truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyDocument
    from recoverable.estate.principals import Principal


def spared(name: str, truth: Truth, document: PolicyDocument, estate: Estate) -> Truth:
    """The answer of a rule about a policy, exempt where everybody who has the policy is meant to have that power."""
    if truth.answer is not Answer.YES or truth.spared or not estate.declared.entrusted:
        return truth
    holders = holders_of(document, estate)
    reasons = [reason_of(name, principal, estate) for principal, _ in holders]
    if not reasons or not all(reasons) or document.holders_open:
        return truth
    return truth.sparing(f"who has it is meant to have this power: {'; '.join(dict.fromkeys(reasons))}")


def reason_of(name: str, principal: Principal, estate: Estate) -> str:
    """Why a principal is meant to have the power that a rule is about; empty if nobody said that it is."""
    for entrusted in estate.declared.entrusted:
        if name in entrusted.rules and any(_is_called(glob, principal) for glob in entrusted.principals):
            return entrusted.reason or "it is declared"
    return ""


def _is_called(glob: str, principal: Principal) -> bool:
    called = [principal.subject.address, principal.subject.title(), principal.subject.name.known() or ""]
    called.extend(name.literal() or "" for name in principal.names)
    return any(matches(glob, one) for one in called if one)
