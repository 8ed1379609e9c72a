"""The managed policies of all stacks, found by what principals call them: their ARN, a reference, or a name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
"""

from __future__ import annotations

import re

from recoverable.estate.principals import Grant
from recoverable.read.aws_policies import of_aws
from recoverable.read.cloudformation.attachments import root_of, written_policy
from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.references import identity
from recoverable.read.cloudformation.walk import Walk
from recoverable.read.data import find
from recoverable.scenario import Run
from recoverable.text import Hole, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.cloudformation.references import Item
    from recoverable.read.cloudformation.stacks import Stack
    from recoverable.read.cloudformation.template import Resource
    from recoverable.read.data import Datum
    from recoverable.source import Span

#: Stands for a hole where a text is looked at as a whole.
_HOLE = "\0"
_OF_AWS = re.compile(r"arn:[^:]*:iam::aws:policy/")
_OF_AN_ACCOUNT = re.compile(r"arn:[^:]*:iam::(?P<account>[^:]*):policy/(?:.*/)?(?P<name>[^/:]+)")


class ManagedPolicies:
    """All managed policies that the templates write out."""

    __slots__ = ("_by_identity", "_by_name", "_fixed")

    def __init__(self) -> None:
        self._by_identity: dict[str, tuple[Stack, Resource]] = {}
        #: By the name that their author gave them.
        self._by_name: dict[str, list[tuple[Stack, Resource]]] = {}
        #: Those that depend on no choice; None for one that does.
        self._fixed: dict[str, Grant | None] = {}

    def add(self, evaluation: Evaluation, resource: Resource, identity: str) -> None:
        """Make a policy known."""
        place = (evaluation.stack, resource)
        self._by_identity[identity] = place
        named = evaluation.properties(resource).fields().get("ManagedPolicyName")
        name = None if named is None else named.text().literal()
        if name:
            self._by_name.setdefault(name, []).append(place)

    def by_arn(self, evaluation: Evaluation, item: Item) -> Grant:
        """A policy that is named by its ARN: AWS's own, or one of the stacks'."""
        text, at = item.text, item.datum.origin
        there = self._by_identity.get(item.identity)
        if there is not None:
            return self._read(evaluation, there, at)
        whole = "".join(part if isinstance(part, str) else _HOLE for part in text.parts)
        if _OF_AWS.match(whole):
            return of_aws(text, at)
        own = _OF_AN_ACCOUNT.fullmatch(whole)
        account = evaluation.stack.pseudo("AWS::AccountId") or _HOLE
        if own is not None and own["account"] in (_HOLE, account) and _HOLE not in own["name"]:
            there = self._called(evaluation, own["name"])
        return Grant(text, "managed", None, at) if there is None else self._read(evaluation, there, at)

    def by_reference(self, evaluation: Evaluation, datum: Datum) -> Grant:
        """A permission set's reference to a policy by name, as it is in every account where the set is assigned."""
        named = find(datum, datum.origin, "Name")
        hole = Hole(named.open or "the reference names no policy")
        text = Text((hole,)) if named.datum is None else named.datum.text()
        there = self._called(evaluation, text.literal() or "")
        return (
            Grant(text, "managed", None, datum.origin) if there is None else self._read(evaluation, there, datum.origin)
        )

    def _called(self, evaluation: Evaluation, name: str) -> tuple[Stack, Resource] | None:
        """The policy of that name: of the same template or those nested with it, else the only one there is."""
        found = self._by_name.get(name, [])
        near = [one for one in found if root_of(one[0]) is root_of(evaluation.stack)]
        chosen = near or found
        return chosen[0] if len(chosen) == 1 else None

    def _read(self, evaluation: Evaluation, there: tuple[Stack, Resource], at: Span) -> Grant:
        """The policy in a scenario; one that is the same in all is read once, however many have it."""
        stack, resource = there
        key = identity(stack, resource.logical_id)
        if key not in self._fixed:
            run = Run()
            grant = written_policy(Evaluation(stack, Walk(evaluation.walk.world, run)), resource)
            self._fixed[key] = None if run.settled else grant
        fixed = self._fixed[key] or written_policy(evaluation.inside(stack), resource)
        return fixed._replace(origin=at)
