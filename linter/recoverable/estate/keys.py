"""KMS keys."""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject
    from recoverable.policy.document import Policy
    from recoverable.text import Text
    from recoverable.value import Value


class Key(NamedTuple):
    """A customer managed KMS key. `names` are all texts that mean it: ARN, id, `alias/...` and alias ARN.

    `kept_on_delete` is what happens to the key when its stack lets go of it, None where the input has no such notion.
    `deletion_date` is when a key that is pending deletion goes, None for a key that is not. `policy` is the
    key policy, None as a value where none is written, and None altogether where the input does not show it.
    """

    subject: Subject
    names: tuple[Text, ...]
    enabled: Value[bool]
    kept_on_delete: Value[str] | None
    deletion_date: Value[str | None]
    policy: Value[Policy | None] | None = None
