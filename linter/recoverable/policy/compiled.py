"""Many requests decided at once: what each caller may do of a list of actions, to each of many resources.

It says what `decide` says of each request. It is fast because a policy is looked at once for all actions and resources,
and one that hangs on many callers once for all of these, unless its conditions are about who calls.
"""

from __future__ import annotations

from recoverable.policy.bits import Bits, all_of, places
from recoverable.policy.combining import Voices, granted
from recoverable.policy.decision import decide, let_across, resource_layer, same_account
from recoverable.policy.principals import Reach
from recoverable.policy.request import Request
from recoverable.policy.services import service
from recoverable.policy.sieves import Sieve, everyone, handles_of, handles_of_caller
from recoverable.policy.statements import ASKED_AS
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.policy.decision import Decision
    from recoverable.policy.layers import Attached, Layers
    from recoverable.policy.request import Caller
    from recoverable.policy.targets import Target, Targets

_YES, _NO, _UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


class Question(NamedTuple):
    """May somebody do this to each of these?"""

    action: str
    targets: Targets


class Matrix:
    """A list of questions, asked of one caller after the other."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self._sieve = Sieve(self.questions)
        self._guarded = [_Guarded(question.targets) for question in self.questions]
        self._accounts: dict[tuple[int, object], Bits] = {}
        self._of_everyone: dict[tuple[int, int, int, bool], dict[Reach | None, Answer]] = {}

    def row(self, caller: Caller, layers: Layers) -> tuple[Bits, ...]:
        """Whether each question's requests are allowed, for each of its targets.

        The policies of the resources are those of the targets; `layers.resource` is not looked at.
        """
        alone = caller.kind in {"service", "anonymous"}
        identity_allow, identity_deny = self._sum(caller, () if alone else layers.identity, layers.identity_open)
        boundary = self._limit(caller, layers.boundary, layers.boundary_open, add=False)
        session = self._limit(caller, layers.session, layers.session_open, add=True)
        scp = self._service_control(caller, layers) if not alone else None
        rcp = self._resource_control(caller, layers)
        handles = handles_of_caller(caller)
        found = []
        for at, question in enumerate(self.questions):
            full = question.targets.full
            if question.action.lower() in ASKED_AS:
                found.append(self._one_by_one(at, caller, layers))
                continue
            none, every = Bits(0, 0, full), Bits(full, full, full)
            particular = service(question.action.partition(":")[0])
            own = none if alone else every if caller.kind == "root" else identity_allow[at]
            denied = none if alone else identity_deny[at]
            limits = every
            for limit in (boundary, session):
                if limit is not None:
                    limits, denied = limits & limit[0][at], denied | limit[1][at]
            itself, role, account, denied_by = self._of_resources(at, caller, layers, handles)
            denied |= denied_by
            voices = Voices(
                own, limits, itself, role, account, self._same(at, caller),
                all_of(let_across(question.action, particular).answer, full),
            )  # fmt: skip
            allowed = itself if alone else granted(voices, must_allow=particular.must_allow)
            if scp is not None:
                allowed, denied = allowed & scp[0][at], denied | scp[1][at]
            if rcp is not None and particular.rcp:
                allowed, denied = allowed & rcp[0][at], denied | rcp[1][at]
            found.append(allowed & ~denied)
        return tuple(found)

    def explain(self, caller: Caller, layers: Layers, question: int, target: int) -> Decision:
        """The decision about one request, with the statements that it rests on."""
        request, whole = self._request(question, target, caller, layers)
        return decide(request, whole)

    def _request(self, question: int, target: int, caller: Caller, layers: Layers) -> tuple[Request, Layers]:
        action, targets = self.questions[question]
        return request_of(action, targets.items[target], caller), layers._replace(
            resource=targets.items[target].policy, resource_open=targets.items[target].policy_open
        )

    def _one_by_one(self, question: int, caller: Caller, layers: Layers) -> Bits:
        targets = self.questions[question].targets
        answers = [self.explain(caller, layers, question, at).answer for at in range(len(targets.items))]
        sure = sum(1 << at for at, answer in enumerate(answers) if answer is _YES)
        return Bits(sure, sum(1 << at for at, answer in enumerate(answers) if answer is not _NO), targets.full)

    def _sum(self, caller: Caller, policies: tuple[Attached, ...], open_: str) -> tuple[list[Bits], list[Bits]]:
        """What the policies of a layer allow and deny together."""
        allow = [Bits(0, 0, question.targets.full) for question in self.questions]
        deny = list(allow)
        for attached in policies:
            doubt = _UNKNOWN if attached.doubt else _YES
            for at, (allows, denies) in self._sieve.effects(attached.policy, caller).items():
                allow[at] |= allows.only(doubt)
                deny[at] |= denies.only(doubt)
        if open_:
            for at, question in enumerate(self.questions):
                allow[at] |= all_of(_UNKNOWN, question.targets.full)
                deny[at] |= all_of(_UNKNOWN, question.targets.full)
        return allow, deny

    def _limit(
        self, caller: Caller, policies: tuple[Attached, ...] | None, open_: str, *, add: bool
    ) -> tuple[list[Bits], list[Bits]] | None:
        if policies is None and not open_:
            return None
        if add and policies is not None:
            allow, deny = self._sum(caller, policies, "")
        else:
            allow = [all_of(_YES, question.targets.full) for question in self.questions]
            deny = [all_of(_NO, question.targets.full) for question in self.questions]
            for attached in policies or ():
                allows, denies = self._sum(caller, (attached,), "")
                allow = [one & other for one, other in zip(allow, allows, strict=True)]
                deny = [one | other for one, other in zip(deny, denies, strict=True)]
        if open_:
            unknown = [all_of(_UNKNOWN, question.targets.full) for question in self.questions]
            allow = [one & other for one, other in zip(allow, unknown, strict=True)]
            deny = [one | other for one, other in zip(deny, unknown, strict=True)]
        return allow, deny

    def _service_control(self, caller: Caller, layers: Layers) -> tuple[list[Bits], list[Bits]] | None:
        exempt = _either(caller.linked, layers.management)
        return self._levels(caller, layers.service_control, layers.service_control_open, exempt, implied=False)

    def _resource_control(self, caller: Caller, layers: Layers) -> tuple[list[Bits], list[Bits]] | None:
        return self._levels(caller, layers.resource_control, layers.resource_control_open, caller.linked, implied=True)

    def _levels(
        self, caller: Caller, levels: tuple[tuple[Attached, ...], ...], open_: str, exempt: Answer, *, implied: bool
    ) -> tuple[list[Bits], list[Bits]] | None:
        if exempt is _YES or not (levels or open_):
            return None
        allow = [all_of(_YES, question.targets.full) for question in self.questions]
        deny = [all_of(_NO, question.targets.full) for question in self.questions]
        for level in levels:
            allows, denies = self._sum(caller, level, "")
            if not implied:
                allow = [one & other for one, other in zip(allow, allows, strict=True)]
            deny = [one | other for one, other in zip(deny, denies, strict=True)]
        for at, question in enumerate(self.questions):
            full = question.targets.full
            if open_:
                allow[at], deny[at] = allow[at] & all_of(_UNKNOWN, full), deny[at] | all_of(_UNKNOWN, full)
            if exempt is _UNKNOWN:
                allow[at], deny[at] = allow[at] | all_of(_UNKNOWN, full), deny[at] & all_of(_UNKNOWN, full)
        return allow, deny

    def _same(self, question: int, caller: Caller) -> Bits:
        """Whether caller and target are of one account."""
        targets = self.questions[question].targets
        key = (id(targets), caller.account)
        known = self._accounts.get(key)
        if known is None:
            sure = possible = 0
            action = self.questions[question].action
            for at, target in enumerate(targets.items):
                answer = same_account(request_of(action, target, caller)).answer
                possible |= (answer is not _NO) << at
                sure |= (answer is _YES) << at
            known = self._accounts[key] = Bits(sure, possible, targets.full)
        return known

    def _of_resources(
        self, question: int, caller: Caller, layers: Layers, handles: frozenset[object] | None
    ) -> tuple[Bits, Bits, Bits, Bits]:
        """What the policies of the targets allow to the caller, by how they name it, and what they deny."""
        action, targets = self.questions[question]
        bounded = _NO if layers.boundary is None and not layers.boundary_open else _YES if layers.boundary else _UNKNOWN
        found: dict[Reach | None, list[int]] = {reach: [0, 0] for reach in (*Reach, None)}
        for at in places(self._guarded[question].candidates(handles)):
            target = targets.items[at]
            key = (id(target.policy), question, at, caller.kind in {"service", "anonymous"})
            shared = target.policy is not None and not target.policy_open and everyone(target.policy, caller)
            answers = self._of_everyone.get(key) if shared else None
            if answers is None:
                request, whole = self._request(question, at, caller, layers)
                layer, reaches = resource_layer(
                    request, whole, request.full_context(), service(action.partition(":")[0]), bounded=bounded
                )
                answers = {**{reach: truth.answer for reach, truth in reaches.items()}, None: layer.deny.answer}
                if shared:
                    self._of_everyone[key] = answers
            for reach, answer in answers.items():
                found[reach][0] |= (answer is _YES) << at
                found[reach][1] |= (answer is not _NO) << at
        full = targets.full
        itself, role, account, denied = [
            Bits(found[reach][0], found[reach][1], full) for reach in (Reach.ITSELF, Reach.ROLE, Reach.ACCOUNT, None)
        ]
        return itself, role, account, denied


class _Guarded:
    """The targets that have a policy, by whom it names."""

    __slots__ = ("_always", "_by_handle")

    def __init__(self, targets: Targets) -> None:
        self._always = 0
        self._by_handle: dict[object, int] = {}
        for at, target in enumerate(targets.items):
            if target.policy is None and not target.policy_open:
                continue
            handles = None if target.policy is None or target.policy_open else handles_of(target.policy)
            if handles is None:
                self._always |= 1 << at
                continue
            for handle in handles:
                self._by_handle[handle] = self._by_handle.get(handle, 0) | 1 << at

    def candidates(self, handles: frozenset[object] | None) -> int:
        """The targets whose policy may mean a caller."""
        found = self._always
        for handle in self._by_handle if handles is None else handles if self._by_handle else ():
            found |= self._by_handle.get(handle, 0)
        return found


def request_of(action: str, target: Target, caller: Caller) -> Request:
    """The request that a cell of the matrix is about."""
    return Request(caller, action, target.resource, target.context, target.others, target.account)


def _either(one: Answer, other: Answer) -> Answer:
    return _YES if _YES in (one, other) else _UNKNOWN if _UNKNOWN in (one, other) else _NO
