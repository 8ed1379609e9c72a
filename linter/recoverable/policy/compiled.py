"""Many requests decided at once: what each caller may do of a list of actions, to each of many resources.

It says what `decide` says of each request. It is fast because all requests of a caller are the bits of one number, and
because a policy that hangs on many callers is looked at once for all of these, unless it asks who calls.
"""

from __future__ import annotations

from recoverable.policy.bits import Bits, all_of, places
from recoverable.policy.combining import Voices, granted
from recoverable.policy.decision import decide, let_across, resource_layer, same_account
from recoverable.policy.principals import Reach
from recoverable.policy.request import Request
from recoverable.policy.services import must_allow, service
from recoverable.policy.sieves import Sieve, everyone, handles_of, handles_of_caller, tells_who_calls
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
    """May somebody do this to each of these? Questions about the same resources share one list of targets."""

    action: str
    targets: Targets


class _Heard(NamedTuple):
    """What the policies of resources say: what they allow, by how they name the caller, and what they deny."""

    itself: Bits
    role: Bits
    account: Bits
    denied: Bits


class Matrix:
    """A list of questions, asked of one caller after the other.

    The bits of a row are those of the questions one after the other, each with one bit for each of its targets.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self._sieve = Sieve(self.questions)
        self._full = self._sieve.full
        particular = [service(question.action.partition(":")[0]) for question in self.questions]
        spread = self._sieve.of_questions
        self._free = ~self._sieve.joined(
            [
                [must_allow(each, question.action, target.resource) for target in question.targets.items]
                for question, each in zip(self.questions, particular, strict=True)
            ]
        )
        self._controlled = spread([_YES if each.rcp else _NO for each in particular])
        self._across = spread(
            [
                let_across(question.action, each).answer
                for question, each in zip(self.questions, particular, strict=True)
            ]
        )
        self._own_controls = self._of_accounts()
        self._accounts: dict[object, Bits] = {}
        self._guarded = {id(question.targets): _Guarded(question.targets) for question in self.questions}
        self._shared: dict[bool, _Heard] = {}

    def _of_accounts(self) -> list[tuple[tuple[tuple[Attached, ...], ...], str, Bits]]:
        """The resource control policies of the accounts of the targets, with the requests that they bear on."""
        items = [target for question in self.questions for target in question.targets.items]
        found = {(id(item.controls), item.controls_open): item for item in items if item.controls or item.controls_open}
        return [
            (
                one.controls,
                one.controls_open,
                self._sieve.joined(
                    [
                        [
                            _YES if (id(each.controls), each.controls_open) == key else _NO
                            for each in question.targets.items
                        ]
                        for question in self.questions
                    ]
                ),
            )
            for key, one in found.items()
        ]

    def row(self, caller: Caller, layers: Layers) -> tuple[Bits, ...]:
        """Whether each question's requests are allowed, for each of its targets.

        The policies of the resources are those of the targets; `layers.resource` is not looked at.
        """
        full = self._full
        alone = caller.kind in {"service", "anonymous"}
        allowed, denied = self._nothing() if alone else self._sum(caller, layers.identity, layers.identity_open)
        if caller.kind == "root":
            allowed = all_of(_YES, full)
        boundary = self._limit(caller, layers.boundary, layers.boundary_open, add=False)
        session = self._limit(caller, layers.session, layers.session_open, add=True)
        heard = self._of_resources(caller, layers)
        voices = Voices(
            identity=allowed,
            limits=boundary[0] & session[0],
            itself=heard.itself,
            role=heard.role,
            account=heard.account,
            same=self._same(caller),
            across=self._across,
            free=self._free,
        )
        grant = heard.itself if alone else granted(voices)
        denied |= boundary[1] | session[1] | heard.denied
        if not alone:
            exempt = _either(caller.linked, layers.management)
            allow, deny = self._levels(caller, layers.service_control, layers.service_control_open, exempt)
            grant, denied = grant & allow, denied | deny
        allow, deny = self._levels(caller, layers.resource_control, layers.resource_control_open, caller.linked)
        # Nothing of resource control policies allows: each level has one that allows everything.
        open_ = all_of(_UNKNOWN if layers.resource_control_open and caller.linked is not _YES else _YES, full)
        grant &= open_ | ~self._controlled
        denied |= deny & self._controlled
        for levels, opened, there in self._own_controls:
            _, deny = self._levels(caller, levels, opened, caller.linked)
            if opened and caller.linked is not _YES:
                grant &= all_of(_UNKNOWN, full) | ~(self._controlled & there)
            denied |= deny & self._controlled & there
        found = list(self._sieve.parted(grant & ~denied))
        for at, question in enumerate(self.questions):
            if question.action.lower() in ASKED_AS:
                found[at] = self._one_by_one(at, caller, layers)
        return tuple(found)

    def explain(self, caller: Caller, layers: Layers, question: int, target: int) -> Decision:
        """The decision about one request, with the statements that it rests on."""
        asked, whole = self._request(question, target, caller, layers)
        return decide(asked, whole)

    def _request(self, question: int, target: int, caller: Caller, layers: Layers) -> tuple[Request, Layers]:
        action, targets = self.questions[question]
        item = targets.items[target]
        whole = layers._replace(resource=item.policy, resource_open=item.policy_open)
        if item.controls or item.controls_open:
            opened = "; ".join(filter(None, (layers.resource_control_open, item.controls_open)))
            levels = (*layers.resource_control, *item.controls)
            whole = whole._replace(resource_control=levels, resource_control_open=opened)
        return request_of(action, item, caller), whole

    def _one_by_one(self, question: int, caller: Caller, layers: Layers) -> Bits:
        targets = self.questions[question].targets
        sure = possible = 0
        for at in range(len(targets.items)):
            answer = self.explain(caller, layers, question, at).answer
            possible |= (answer is not _NO) << at
            sure |= (answer is _YES) << at
        return Bits(sure, possible, targets.full)

    def _nothing(self) -> tuple[Bits, Bits]:
        return Bits(0, 0, self._full), Bits(0, 0, self._full)

    def _sum(self, caller: Caller, policies: tuple[Attached, ...], open_: str = "") -> tuple[Bits, Bits]:
        """What the policies of a layer allow and deny together."""
        allow, deny = self._nothing()
        for attached in policies:
            doubt = _UNKNOWN if attached.doubt else _YES
            allows, denies = self._sieve.effects(attached.policy, caller)
            allow, deny = allow | allows.only(doubt), deny | denies.only(doubt)
        if open_:
            unknown = all_of(_UNKNOWN, self._full)
            allow, deny = allow | unknown, deny | unknown
        return allow, deny

    def _limit(
        self, caller: Caller, policies: tuple[Attached, ...] | None, open_: str, *, add: bool
    ) -> tuple[Bits, Bits]:
        """What a boundary or a session policy leaves, and what it denies."""
        allow, deny = all_of(_YES, self._full), Bits(0, 0, self._full)
        for together in (policies,) if add and policies is not None else ((each,) for each in policies or ()):
            allows, denies = self._sum(caller, together)
            allow, deny = allow & allows, deny | denies
        if open_:
            unknown = all_of(_UNKNOWN, self._full)
            allow, deny = allow & unknown, deny | unknown
        return allow, deny

    def _levels(
        self, caller: Caller, levels: tuple[tuple[Attached, ...], ...], open_: str, exempt: Answer
    ) -> tuple[Bits, Bits]:
        allow, deny = all_of(_YES, self._full), Bits(0, 0, self._full)
        if exempt is _YES:
            return allow, deny
        for level in levels:
            allows, denies = self._sum(caller, level)
            allow, deny = allow & allows, deny | denies
        unknown = all_of(_UNKNOWN, self._full)
        if open_:
            allow, deny = allow & unknown, deny | unknown
        if exempt is _UNKNOWN:
            allow, deny = allow | unknown, deny & unknown
        return allow, deny

    def _same(self, caller: Caller) -> Bits:
        """Whether caller and target are of one account."""
        known = self._accounts.get(caller.account)
        if known is None:
            known = self._accounts[caller.account] = self._sieve.joined(
                [
                    [
                        same_account(request_of(question.action, target, caller)).answer
                        for target in question.targets.items
                    ]
                    for question in self.questions
                ]
            )
        return known

    def _of_resources(self, caller: Caller, layers: Layers) -> _Heard:
        """What the policies of the targets allow to the caller, by how they name it, and what they deny."""
        alone = caller.kind in {"service", "anonymous"}
        whole: _Heard | None = None
        if all(map(tells_who_calls, caller.keys)):
            whole = self._shared.get(alone)
            if whole is None:
                whole = self._shared[alone] = self._heard(caller, layers, shared=True)
        handles = handles_of_caller(caller)
        own = self._heard(caller, layers, handles, shared=None if whole is None else False)
        if whole is None:
            return own
        return _Heard(*[one | other for one, other in zip(whole, own, strict=True)])

    def _heard(
        self, caller: Caller, layers: Layers, handles: frozenset[object] | None = None, *, shared: bool | None
    ) -> _Heard:
        """`shared`: only of policies that say the same of everyone, only of the others, or (None) of all."""
        bounded = _YES if layers.boundary is not None else _UNKNOWN if layers.boundary_open else _NO
        keys: tuple[Reach | None, ...] = (Reach.ITSELF, Reach.ROLE, Reach.ACCOUNT, None)
        found: dict[Reach | None, list[int]] = {key: [0, 0] for key in keys}
        for question, (action, targets) in enumerate(self.questions):
            first = self._sieve.offsets[question]
            particular = service(action.partition(":")[0])
            for at in places(self._guarded[id(targets)].candidates(handles, shared=shared)):
                asked, all_layers = self._request(question, at, caller, layers)
                layer, reaches = resource_layer(asked, all_layers, asked.full_context(), particular, bounded=bounded)
                for key in keys:
                    answer = layer.deny.answer if key is None else reaches[key].answer
                    found[key][0] |= (answer is _YES) << first + at
                    found[key][1] |= (answer is not _NO) << first + at
        return _Heard(*[Bits(found[key][0], found[key][1], self._full) for key in keys])


class _Guarded:
    """The targets that have a policy, by whom it names."""

    __slots__ = ("_always", "_by_handle", "_shared")

    def __init__(self, targets: Targets) -> None:
        self._always = self._shared = 0
        self._by_handle: dict[object, int] = {}
        for at, target in enumerate(targets.items):
            if target.policy is None and not target.policy_open:
                continue
            if target.policy is None or target.policy_open:
                self._always |= 1 << at
                continue
            handles = handles_of(target.policy)
            if everyone(target.policy):
                self._shared |= 1 << at
            elif handles is None:
                self._always |= 1 << at
            else:
                for handle in handles:
                    self._by_handle[handle] = self._by_handle.get(handle, 0) | 1 << at

    def candidates(self, handles: frozenset[object] | None, *, shared: bool | None) -> int:
        """The targets whose policy may mean a caller; with `shared`, those whose policy means everyone."""
        if shared:
            return self._shared
        found = self._always | (self._shared if shared is None else 0)
        for handle in self._by_handle if handles is None else handles if self._by_handle else ():
            found |= self._by_handle.get(handle, 0)
        return found


def request_of(action: str, target: Target, caller: Caller) -> Request:
    """The request that a cell of the matrix is about."""
    return Request(caller, action, target.resource, target.context, target.others, target.account)


def _either(one: Answer, other: Answer) -> Answer:
    return _YES if _YES in (one, other) else _UNKNOWN if _UNKNOWN in (one, other) else _NO
