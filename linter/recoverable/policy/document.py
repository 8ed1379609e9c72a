"""A policy document as it was written: statements, principals and conditions, with where each stands.

Elements: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.source import Origin
    from recoverable.text import Text
    from recoverable.value import Value


class Condition(NamedTuple):
    """One line of a Condition block: operator, key and values (`StringEquals`, `aws:PrincipalOrgID`, `o-123`)."""

    operator: str
    key: str
    values: tuple[Text, ...]
    origin: Origin | None


class Principal(NamedTuple):
    """`type` is AWS, Service, Federated, CanonicalUser, or `*` for the bare star; `name` is what stands there."""

    type: str
    name: Text
    origin: Origin | None


class Statement(NamedTuple):
    """One statement. `effect` is Allow or Deny. `not_...` tells the negated element. `unread` says why a part of it
    could not be read, empty when all of it was; the `..._open` fields why there may be more than these;
    `services_open` why there may be more services among the principals: what is not known under `AWS` is none.
    `action_origins` and `resource_origins` say where each of `actions` and `resources` stands, where that is known."""

    sid: str
    effect: Value[str]
    principals: tuple[Principal, ...]
    not_principal: bool
    actions: tuple[Text, ...]
    not_action: bool
    resources: tuple[Text, ...]
    not_resource: bool
    conditions: tuple[Condition, ...]
    origin: Origin | None
    unread: str = ""
    principals_open: str = ""
    actions_open: str = ""
    conditions_open: str = ""
    action_origins: tuple[Origin, ...] = ()
    resources_open: str = ""
    resource_origins: tuple[Origin, ...] = ()
    services_open: str = ""


class Policy(NamedTuple):
    """A policy document. `open` says why it may hold more statements than these; empty when these are all.

    `version` is empty where none is written, and where it cannot be told, for the reason in `version_open`.
    """

    statements: tuple[Statement, ...]
    origin: Origin | None
    version: str = ""
    open: str = ""
    version_open: str = ""
