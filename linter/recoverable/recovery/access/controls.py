"""The control policies of the organization that bear on an account: on what its principals do, and on its resources.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

import re

from recoverable.policy.layers import Attached
from recoverable.policy.request import SOMEBODY_ELSE
from recoverable.recovery.access.symbols import symbols_of
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.policy.document import Policy

    Levels = tuple[tuple[Attached, ...], ...]

#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
_OF_AN_ORGANIZATION = re.compile(r"arn:[^:]*:organizations::[0-9]*:policy/(o-[a-z0-9]+)/")

#: The kinds of control policies, as `Guardrail` has them.
SERVICE, RESOURCE = "scp", "rcp"


class ResourceControls:
    """The resource control policies of an estate by the account that a resource is in; each worked out once.

    Nothing is known of what binds somebody else's resources: none are taken to.
    """

    __slots__ = ("_estate", "_known", "_some", "organization")

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._known: dict[object, tuple[Levels, str]] = {}
        self._some: bool | None = None
        ids = {
            found.group(1)
            for each in estate.guardrails.present()
            if (found := _OF_AN_ORGANIZATION.match(each.subject.address))
        }
        #: The id of the organization whose policies these are, where their ARNs tell one; else empty.
        self.organization = ids.pop() if len(ids) == 1 else ""

    def of(self, account: Text | None) -> tuple[Levels, str]:
        """The levels of an account from the root down, and why there may be more."""
        if self._some is None:
            self._some = any(each.kind == RESOURCE for each in self._estate.guardrails.present())
        if not self._some or (account is not None and account.literal() == SOMEBODY_ELSE):
            return (), ""
        known = self._known.get(account)
        if known is None:
            known = self._known[account] = controls_of(RESOURCE, account, self._estate)
        return known


def controls_of(kind: str, account: Text | None, estate: Estate) -> tuple[Levels, str]:
    """The service (or resource) control policies of an account by what they are attached to, the root first."""
    symbols = symbols_of(estate)
    levels: dict[str, list[Attached]] = {}
    opened: list[str] = []
    for guardrail in estate.guardrails.present():
        if guardrail.kind != kind:
            continue
        policy = symbols.policy(guardrail.policy)
        name = guardrail.subject.title()
        if guardrail.targets_open:
            levels.setdefault("", []).append(Attached(policy, name, f"where {name} is attached is not known"))
        for target in guardrail.targets:
            doubt = _bears_on(target.text, account)
            if doubt is not None:
                levels.setdefault(target.text.shown(), []).append(Attached(policy, name, doubt))
    order = sorted(levels, key=lambda target: (target[:2] != "r-", target[:3] != "ou-", target))
    if kind == RESOURCE:
        return tuple(tuple(levels[target]) for target in order), "; ".join(opened)
    return tuple(_completed(levels[target], target) for target in order), "; ".join(opened)


def _bears_on(target: Text, account: Text | None) -> str | None:
    """Whether what is attached to a root, a unit or an account bears on an account: the doubt, None if it does not."""
    written = target.literal()
    if written is None:
        same = account is not None and target.identity() == account.identity()
        return "" if same else f"whether {target.shown()} is the account is not known"
    if written.startswith("r-"):
        return ""
    if written.startswith("ou-"):
        return f"whether the account is in {written} is not known"
    own = None if account is None else account.literal()
    if own is None:
        return f"whether {written} is the account is not known"
    return "" if own == written else None


def _completed(attached: list[Attached], target: str) -> tuple[Attached, ...]:
    """A level with FullAWSAccess, which is attached everywhere unless somebody takes it off.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    only_denies = all(
        statement.effect.known() == "Deny" for each in attached for statement in each.policy.statements
    ) and not any(each.policy.open for each in attached)
    doubt = "" if only_denies else f"whether FullAWSAccess is still attached to {target} is not known"
    return (*attached, Attached(_everything(), "FullAWSAccess", doubt))


def _everything() -> Policy:
    from recoverable.policy.document import Policy, Statement  # noqa: PLC0415
    from recoverable.value import Known, Value  # noqa: PLC0415

    star = (Text(("*",)),)
    allow = Value("Effect", Known("Allow", None))
    statement = Statement("", allow, (), False, star, False, star, False, (), None)
    return Policy((statement,), None, "2012-10-17")
