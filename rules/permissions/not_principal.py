"""The policy of a resource says with NotPrincipal whom it is about.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from recoverable import Answer, Severity, Truth, rule, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable import PolicyStatement


@rule(Severity.MEDIUM)
def not_principal(statement: PolicyStatement) -> Truth:
    written = statement.statement
    if statement.document.kind not in ("key", "resource", "stream", "table", "vault"):
        return Truth(Answer.NO)
    if not written.not_principal:
        why = written.principals_open if not written.principals and not written.actions else ""
        return unknown(f"nothing of it is known: {why}", written.origin) if why else Truth(Answer.NO)
    place = written.principals[0].origin if written.principals else written.origin
    named = ", ".join(principal.name.shown() for principal in written.principals) or "somebody"
    denies = written.effect.known() == "Deny"
    what = "denied to everyone but" if denies else "allowed to everyone in the world but"
    return yes(f"it is {what} {named}", place)
