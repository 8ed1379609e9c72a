"""The policies that bear on a request, by the layer at which AWS looks at them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Policy

#: The layers, as decisions name them.
IDENTITY, BOUNDARY, SESSION = "identity policy", "permissions boundary", "session policy"
SERVICE_CONTROL, RESOURCE_CONTROL = "service control policy", "resource control policy"
RESOURCE = "resource policy"


class Attached(NamedTuple):
    """A policy where it hangs. `name` is for people; `doubt` says why it may not hang there after all."""

    policy: Policy
    name: str = ""
    doubt: str = ""


class ResourcePolicy(NamedTuple):
    """What hangs on the resource itself. `kind` is `table`, `stream`, `vault`, `key`, `trust` (of a role), `bucket`, or
    empty where the policy is only known to be the resource's."""

    attached: tuple[Attached, ...]
    kind: str = ""


class Layers(NamedTuple):
    """All policies that bear on a request.

    `boundary` and `session` are None where there is none; each of several boundaries limits. `service_control` and
    `resource_control` have one tuple for each level, from the root of the organization down to the account; each level
    must allow. `resource` is None where the resource has no policy. The `..._open` fields say why there may be more
    than what is given; empty if there is not. `management` is whether the caller's account is the management account
    of its organization.
    """

    identity: tuple[Attached, ...] = ()
    boundary: tuple[Attached, ...] | None = None
    session: tuple[Attached, ...] | None = None
    service_control: tuple[tuple[Attached, ...], ...] = ()
    resource_control: tuple[tuple[Attached, ...], ...] = ()
    resource: ResourcePolicy | None = None
    identity_open: str = ""
    boundary_open: str = ""
    session_open: str = ""
    service_control_open: str = ""
    resource_control_open: str = ""
    resource_open: str = ""
    management: Answer = Answer.NO
