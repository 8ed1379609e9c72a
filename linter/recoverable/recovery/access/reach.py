"""Which roles a principal can take on, one after the other: it can do what they can.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html#iam-term-role-chaining
"""

from __future__ import annotations

from recoverable.truth import Answer, Truth, every
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.recovery.access.scenes import Scene
    from recoverable.recovery.access.standing import Standing


class Reached(NamedTuple):
    """A role that can be taken on, over the roles `through`; `truth` is yes, or unknown with what it depends on."""

    role: Standing
    through: tuple[str, ...]
    truth: Truth


def reach(start: Standing, scene: Scene) -> Iterator[Reached]:
    """The roles that somebody can take on, the nearest and surest first, each once."""
    seen = {start.caller.arn}
    layer = [Reached(start, (), Truth(Answer.YES))]
    while layer:
        following: list[Reached] = []
        for one in layer:
            for role, truth in scene.nearest(one.role):
                if role.caller.arn not in seen:
                    following.append(Reached(role, (*one.through, role.title), every((one.truth, truth))))
        following.sort(key=lambda each: each.truth.answer is not Answer.YES)
        layer = []
        for each in following:
            if each.role.caller.arn not in seen:
                seen.add(each.role.caller.arn)
                layer.append(each)
                yield each
