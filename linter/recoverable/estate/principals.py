"""Who may act: roles, users, groups and permission sets, with the policies that hang on them; code on a schedule."""

from __future__ import annotations

import re

from recoverable.truth import Answer, Truth, no, unknown, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate.subject import Subject
    from recoverable.estate.tables import Tags
    from recoverable.policy.document import Policy
    from recoverable.source import Origin
    from recoverable.text import Text
    from recoverable.value import Value


class Grant(NamedTuple):
    """A policy that hangs on a principal.

    `source` is `inline`, `managed` (of the account's own), `aws-managed`, `sam-template` or `sam-connector`. `name` is
    its name, or its ARN where it has one. `policy` is None where the document is not in what was read. `origin` is
    where it is hung on the principal. `doubt` says why it may not hang there after all; empty when it does. `through`
    is the address of the group that a user has it from. `document` is the key of its `documents.PolicyDocument`, empty
    where the document is not in what was read.
    """

    name: Text
    source: str
    policy: Policy | None
    origin: Origin
    doubt: str = ""
    through: str = ""
    document: str = ""


class Principal(NamedTuple):
    """A role, user, group or permission set (the subject's kind: `role`, `user`, `group`, `permission-set`).

    `names` are all texts that mean it: ARN, name, and what `Ref` and `GetAtt` give. `trust` is a role's trust policy,
    None for the others. `grants` are all policies that hang on it, those of a user's groups included. `boundary` is the
    policy that limits it, None where there is none. `open` says why more may hang on it than `grants`; empty when these
    are all. `tags` are those of a role or user, which policies may ask for; None where it can have none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
    """

    subject: Subject
    names: tuple[Text, ...]
    trust: Value[Policy | None]
    grants: tuple[Grant, ...]
    boundary: Value[Grant | None]
    open: str = ""
    tags: Tags | None = None

    def is_meant(self, text: Text) -> Truth:
        """Whether a text, such as the role of a function, means this principal."""
        shown = f"{text.shown()} is {self.subject.title()}"
        wanted = _meaning(text)
        own = [_meaning(name) for name in self.names]
        if wanted in own:
            return yes(shown, self.subject.origin)
        if any(not hole.stands_for for hole in text.holes()):
            return unknown(f"whether {shown} is not known: {text.why_open()}", self.subject.origin)
        # An account that is written out may be the one that the stack is deployed to.
        if any(_of_any_account(wanted) == _of_any_account(name) for name in own):
            return unknown(f"whether {shown} depends on the account", self.subject.origin)
        return Truth(Answer.NO) if text.holes() else no(f"{text.shown()} is not {self.subject.title()}")


def keyed(owner: str, grants: Iterable[Grant]) -> list[Grant]:
    """The grants with a key for each document that is written in their owner itself: by its name, else by number."""
    found: list[Grant] = []
    taken: set[str] = set()
    for number, grant in enumerate(grants, 1):
        if grant.policy is None or grant.document:
            found.append(grant)
            continue
        name = grant.name.literal() or f"#{number}"
        part = name if name not in taken else f"{name} #{number}"
        taken.add(part)
        found.append(grant._replace(document=f"{owner}|{part}"))
    return found


class Called(NamedTuple):
    """An AWS action that a schedule or a state machine calls itself, as IAM writes it (`dynamodb:CreateBackup`)."""

    action: str
    origin: Origin


class ScheduledCode(NamedTuple):
    """Something that runs on a schedule of EventBridge, EventBridge Scheduler or SAM.

    `subject` is the code's own resource, of kind `function` or `state-machine`; a schedule that calls AWS by itself is
    its own subject, of kind `schedule`. `schedule` is the expression as written, `trigger` where the schedule stands,
    `enabled` whether it fires. `role` is what the role is called that it runs as. `calls` are the actions that it can
    be seen to call; what a function's code calls is not read. `through` is the address of the state machine that starts
    the code, empty where the schedule does. `open` says why a schedule may start something else; empty if it does not.
    """

    subject: Subject
    schedule: Value[str]
    trigger: Origin
    enabled: Value[bool]
    role: Value[Text]
    calls: tuple[Called, ...] = ()
    through: str = ""
    open: str = ""


def _meaning(text: Text) -> str:
    """A text by what its holes stand for, in any partition of AWS."""
    whole = "".join(part if isinstance(part, str) else "${" + part.stands_for + "}" for part in text.parts)
    return re.sub(r"^arn:(?:aws|aws-cn|aws-us-gov|\$\{AWS::Partition\}):", "arn:aws:", whole)


def _of_any_account(meaning: str) -> str:
    return re.sub(r"^arn:aws:iam::(?:\d{12}|\$\{AWS::AccountId\}):", "arn:aws:iam::ACCOUNT:", meaning)
