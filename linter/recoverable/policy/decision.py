"""Whether a request is allowed, by all layers of policies, as AWS evaluates them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from enum import Enum

from recoverable.policy.combining import Voices, delegated, granted
from recoverable.policy.layers import (
    BOUNDARY,
    IDENTITY,
    RESOURCE,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    SESSION,
    Attached,
    Layers,
)
from recoverable.policy.principals import Reach, meant
from recoverable.policy.request import SOMEBODY_ELSE
from recoverable.policy.services import must_allow, service
from recoverable.policy.statements import applies
from recoverable.truth import Answer, Fact, Truth, every, no, some, unknown, yes
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.policy.document import Statement
    from recoverable.policy.request import Context, Request
    from recoverable.policy.services import Service

_YES, _NO, _UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


class Result(Enum):
    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"
    DEPENDS = "Depends"


class Deciding(NamedTuple):
    """A statement that a decision rests on: its layer, the number and name of its policy there, its own number.

    `level` counts the levels of control policies from the root of the organization. `answer` is yes if the statement
    applies, unknown if it may. `facts` say what that depends on.
    """

    layer: str
    level: int
    policy: int
    number: int
    statement: Statement
    name: str
    answer: Answer
    facts: tuple[Fact, ...]

    @property
    def effect(self) -> str:
        return self.statement.effect.known() or ""


class Decision(NamedTuple):
    """`deciding` are the statements that it rests on: those that deny, else those that allow, and those that may do
    either. `blocked_by` are the layers that deny or do not allow, where the answer is no. `depends_on` is what would
    have to be known, where it depends."""

    result: Result
    deciding: tuple[Deciding, ...]
    blocked_by: tuple[str, ...]
    depends_on: tuple[Fact, ...]

    @property
    def answer(self) -> Answer:
        """Whether the request is allowed."""
        if self.result is Result.DEPENDS:
            return _UNKNOWN
        return _YES if self.result is Result.ALLOWED else _NO


class Voice(NamedTuple):
    """What one layer, or one level of it, says: whether it allows and denies, and the statements that do."""

    allow: Truth
    deny: Truth
    allowing: tuple[Deciding, ...] = ()
    denying: tuple[Deciding, ...] = ()


_SILENT = Voice(Truth(_NO), Truth(_NO))
_ALLOWS = Voice(Truth(_YES), Truth(_NO))


def decide(request: Request, layers: Layers) -> Decision:
    """Whether AWS would allow a request. Whatever is not known can only turn the answer into Depends."""
    context = request.full_context()
    particular = service(request.service)
    caller = request.caller
    identity = _layer(IDENTITY, layers.identity, request, context, open_=layers.identity_open)
    if caller.kind == "root":
        identity = identity._replace(allow=yes("the root user may do everything in its account"))
    elif caller.kind in {"service", "anonymous"}:
        identity = _SILENT
    boundary = _limit(BOUNDARY, layers.boundary, request, context, layers.boundary_open)
    session = _limit(SESSION, layers.session, request, context, layers.session_open)
    bounded = _NO if boundary is None else _YES if layers.boundary is not None else _UNKNOWN
    resource, reaches = resource_layer(request, layers, context, particular, bounded=bounded)
    guards = [*_service_control(request, layers, context), *_resource_control(request, layers, context, particular)]

    same = same_account(request)
    bound = _must_allow(request, particular)
    voices = Voices(
        identity.allow,
        every([layer.allow for layer in (boundary, session) if layer is not None]),
        reaches[Reach.ITSELF],
        reaches[Reach.ROLE],
        reaches[Reach.ACCOUNT],
        same,
        let_across(request.action, particular),
        ~bound,
    )
    alone = caller.kind in {"service", "anonymous"}
    if alone:
        grant = of_resource = voices.itself
    else:
        grant = granted(voices)
        of_resource = delegated(voices) & (same | voices.across)
    allowed = every((grant, *(guard.allow for _, guard in guards)))

    named_layers = [
        (IDENTITY, identity),
        *((name, layer) for name, layer in ((BOUNDARY, boundary), (SESSION, session)) if layer is not None),
        *guards,
        (RESOURCE, resource),
    ]
    denied = some([layer.deny for _, layer in named_layers])
    # The resource's policy stands in the way only where it has to allow, too.
    needed = bound.answer is not _NO or same.answer is _NO or alone
    silent = [name for name, layer in named_layers if layer.allow.answer is _NO and name != RESOURCE]
    if grant.answer is not _NO:
        silent = [name for name in silent if name in {SERVICE_CONTROL, RESOURCE_CONTROL}]
    elif needed and of_resource.answer is _NO:
        silent.append(RESOURCE)
    return _decision(allowed, denied, tuple(dict.fromkeys(silent)), named_layers)


def _decision(allowed: Truth, denied: Truth, silent: tuple[str, ...], layers: list[tuple[str, Voice]]) -> Decision:
    denying = tuple(each for _, layer in layers for each in layer.denying)
    allowing = tuple(each for _, layer in layers for each in layer.allowing)
    if denied.answer is _YES:
        sure = tuple(each for each in denying if each.answer is _YES)
        blocked = tuple(dict.fromkeys(name for name, layer in layers if layer.deny.answer is _YES))
        return Decision(Result.EXPLICITLY_DENIED, sure, blocked, ())
    if allowed.answer is _NO:
        return Decision(Result.IMPLICITLY_DENIED, (), silent, ())
    if allowed.answer is _YES and denied.answer is _NO:
        return Decision(Result.ALLOWED, tuple(each for each in allowing if each.answer is _YES), (), ())
    facts = (*(allowed.facts if allowed.answer is _UNKNOWN else ()), *denied.facts)
    open_ = (*denying, *allowing)
    return Decision(Result.DEPENDS, open_, (), tuple(dict.fromkeys(facts)))


def _layer(
    name: str,
    policies: tuple[Attached, ...],
    request: Request,
    context: Context,
    *,
    open_: str = "",
    level: int = 0,
) -> Voice:
    """What the policies of a layer say together that are about no principal."""
    allows: list[Truth] = []
    denies: list[Truth] = []
    allowing: list[Deciding] = []
    denying: list[Deciding] = []
    for index, attached in enumerate(policies):
        policy = attached.policy
        for number, statement in enumerate(policy.statements):
            truth = applies(statement, policy, request, context)
            if truth.answer is _NO:
                continue
            _sort(truth, Deciding(name, level, index, number, statement, attached.name, truth.answer, truth.facts),
                  attached, (allows, denies), (allowing, denying))  # fmt: skip
        if policy.open:
            more = unknown(f"{attached.name or name} may hold more statements: {policy.open}", policy.origin)
            allows.append(more)
            denies.append(more)
    if open_:
        allows.append(unknown(open_))
        denies.append(unknown(open_))
    return Voice(some(allows), some(denies), tuple(allowing), tuple(denying))


def _sort(
    truth: Truth,
    deciding: Deciding,
    attached: Attached,
    truths: tuple[list[Truth], list[Truth]],
    found: tuple[list[Deciding], list[Deciding]],
) -> None:
    """Put a statement that applies, or may, to those that allow or those that deny; to both if its effect is open."""
    if attached.doubt:
        truth = every((truth, unknown(attached.doubt, attached.policy.origin)))
    for at, effect in enumerate(("Allow", "Deny")):
        meant_so = deciding.statement.effect.equals(effect)
        if meant_so.answer is _NO:
            continue
        whole = truth if meant_so.answer is _YES else every((truth, meant_so))
        truths[at].append(whole)
        found[at].append(deciding._replace(answer=whole.answer, facts=whole.facts))


def _limit(
    name: str, policies: tuple[Attached, ...] | None, request: Request, context: Context, open_: str
) -> Voice | None:
    """A boundary or a session policy, None where there is none. That there may be one can only take away."""
    if policies is None and not open_:
        return None
    layers = [_layer(name, (each,), request, context) for each in policies or ()]
    allow, deny = every([layer.allow for layer in layers]), some([layer.deny for layer in layers])
    if name == SESSION and policies is not None:
        # Session policies are passed together and add up.
        allow = some([layer.allow for layer in layers])
    if open_:
        allow, deny = every((allow, unknown(open_))), some((deny, unknown(open_)))
    return Voice(
        allow,
        deny,
        tuple(each for layer in layers for each in layer.allowing),
        tuple(each for layer in layers for each in layer.denying),
    )


def _service_control(request: Request, layers: Layers, context: Context) -> list[tuple[str, Voice]]:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"""
    caller = request.caller
    exempt = some((Truth(caller.linked), Truth(layers.management)))
    if caller.kind in {"service", "anonymous"} or exempt.answer is _YES:
        return []
    levels = [
        _layer(SERVICE_CONTROL, level, request, context, level=at) for at, level in enumerate(layers.service_control)
    ]
    return _guards(SERVICE_CONTROL, levels, layers.service_control_open, exempt)


def _resource_control(
    request: Request, layers: Layers, context: Context, particular: Service
) -> list[tuple[str, Voice]]:
    """Of these every level has RCPFullAWSAccess, which cannot be detached.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    exempt = Truth(request.caller.linked)
    if not particular.rcp or exempt.answer is _YES:
        return []
    levels = [
        _layer(RESOURCE_CONTROL, level, request, context, level=at)._replace(allow=Truth(_YES))
        for at, level in enumerate(layers.resource_control)
    ]
    return _guards(RESOURCE_CONTROL, levels, layers.resource_control_open, exempt)


def _guards(name: str, levels: list[Voice], open_: str, exempt: Truth) -> list[tuple[str, Voice]]:
    if open_:
        levels.append(Voice(unknown(open_), unknown(open_)))
    if exempt.answer is _UNKNOWN:
        levels = [
            layer._replace(allow=some((layer.allow, exempt)), deny=every((layer.deny, ~exempt))) for layer in levels
        ]
    return [(name, layer) for layer in levels]


def resource_layer(
    request: Request, layers: Layers, context: Context, particular: Service, *, bounded: Answer
) -> tuple[Voice, dict[Reach, Truth]]:
    """What the policy of the resource says, and by which way of naming the caller it allows.

    `bounded`: the caller has a permissions boundary.
    """
    nothing = dict.fromkeys(Reach, Truth(_NO))
    open_ = layers.resource_open
    if layers.resource is None and not open_:
        return _SILENT, nothing
    policies = layers.resource.attached if layers.resource is not None else ()
    kind = layers.resource.kind if layers.resource is not None else ""
    by_reach: dict[Reach, list[Truth]] = {reach: [] for reach in Reach}
    allows: list[Truth] = []
    denies: list[Truth] = []
    allowing: list[Deciding] = []
    denying: list[Deciding] = []
    for index, attached in enumerate(policies):
        policy = attached.policy
        for number, statement in enumerate(policy.statements):
            applied = applies(statement, policy, request, context, of_resource=True)
            if applied.answer is _NO:
                continue
            if kind in particular.no_wildcards and _has_wildcards(statement):
                said = (
                    "AWS Backup takes no wildcard in the actions of a vault's policy; what one does is not documented"
                )
                applied = every((applied, unknown(said, statement.origin)))
            reaches = meant(statement, request.caller, context, bounded=bounded)
            truths = {reach: every((_principal(answer, statement), applied)) for reach, answer in reaches.items()}
            truth = some(list(truths.values()))
            if truth.answer is _NO:
                continue
            deciding = Deciding(RESOURCE, 0, index, number, statement, attached.name, truth.answer, truth.facts)
            before = len(allows)
            _sort(truth, deciding, attached, (allows, denies), (allowing, denying))
            if len(allows) > before:
                sure = every((statement.effect.equals("Allow"), *([unknown(attached.doubt)] if attached.doubt else [])))
                for reach, each in truths.items():
                    by_reach[reach].append(every((each, sure)))
        if policy.open:
            more = unknown(f"{attached.name or RESOURCE} may hold more statements: {policy.open}", policy.origin)
            denies.append(more)
            for truths_of in by_reach.values():
                truths_of.append(more)
    if open_:
        denies.append(unknown(open_))
        for truths_of in by_reach.values():
            truths_of.append(unknown(open_))
    found = {reach: some(truths_of) for reach, truths_of in by_reach.items()}
    return Voice(some(list(found.values())), some(denies), tuple(allowing), tuple(denying)), found


def _principal(answer: Answer, statement: Statement) -> Truth:
    if answer is not _UNKNOWN:
        return Truth(answer)
    return unknown("whether a statement means the caller is not known", statement.origin)


def _has_wildcards(statement: Statement) -> bool:
    return any(
        isinstance(part, str) and ("*" in part or "?" in part) for action in statement.actions for part in action.parts
    )


def same_account(request: Request) -> Truth:
    """Whether caller and resource belong to one account; a resource of which no account is known is the caller's."""
    mine, theirs = request.caller.account, request.resource_account()
    if mine is None or theirs is None:
        return Truth(_YES)
    if mine.identity() is not None and mine.identity() == theirs.identity():
        return Truth(_YES)
    if theirs.literal() == SOMEBODY_ELSE or (mine.literal() is not None and theirs.literal() is not None):
        return Truth(_NO)
    return unknown(f"whether {mine.shown()} and {theirs.shown()} are one account is not known")


def _must_allow(request: Request, particular: Service) -> Truth:
    answer = must_allow(particular, request.action, request.resource)
    if answer is _UNKNOWN:
        return unknown(f"whether {request.resource.shown()} is something whose policy has to allow it is not known")
    return Truth(answer)


def let_across(action: str, particular: Service) -> Truth:
    """Whether a service lets other accounts do something at all."""
    if particular.across_accounts is None or action.lower() in particular.across_accounts:
        return Truth(_YES)
    if action.lower() in particular.perhaps_across:
        return unknown(f"whether {action.partition(':')[0]} lets another account do {action} is not known")
    return no(f"{action.partition(':')[0]} lets no other account do {action}, whatever a policy says")
