"""Who may act: roles, users, groups and permission sets, with the policies that hang on them."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject
    from recoverable.policy.document import Policy
    from recoverable.source import Origin
    from recoverable.text import Text
    from recoverable.value import Value


class Grant(NamedTuple):
    """A policy that hangs on a principal.

    `source` is `inline`, `managed` (a document of the account's own), `aws-managed` or `sam-template`. `name` is its name or
    ARN as far as known. `policy` is None where the document is not in what was read.
    """

    name: Text
    source: str
    policy: Policy | None
    origin: Origin


class Principal(NamedTuple):
    """A role, user, group or permission set (the subject's kind).

    `names` are all texts that mean it: ARN, name, and what `Ref` and `GetAtt` give. `trust` is a role's trust policy.
    `open` says why more policies may hang on it than `grants`; empty when these are all.
    """

    subject: Subject
    names: tuple[Text, ...]
    trust: Value[Policy | None]
    grants: tuple[Grant, ...]
    boundary: Value[Text | None]
    open: str = ""


class ScheduledCode(NamedTuple):
    """Code that runs on a schedule: a Lambda function or state machine started by EventBridge, Scheduler or SAM.

    `subject` is the code's own resource; `schedule` the expression as written; `role` what its role is called.
    """

    subject: Subject
    schedule: Value[str]
    role: Text
