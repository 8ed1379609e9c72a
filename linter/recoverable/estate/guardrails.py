"""Policies of an organization that limit what its accounts may do: service and resource control policies.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Written
    from recoverable.estate.subject import Subject
    from recoverable.policy.document import Policy


class Guardrail(NamedTuple):
    """A service control policy (`kind` is `scp`) or a resource control policy (`rcp`).

    `targets` are what it is attached to: the ids of roots (`r-...`), organizational units (`ou-...`) and accounts.
    `targets_open` says why it may be attached to more; empty when these are all.
    """

    subject: Subject
    kind: str
    policy: Policy
    targets: tuple[Written, ...]
    targets_open: str = ""
