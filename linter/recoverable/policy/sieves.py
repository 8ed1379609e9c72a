"""What single policies allow and deny of a list of questions, worked out once for all callers that share it."""

from __future__ import annotations

import re

from recoverable.policy.bits import Bits, all_of, bits_of, places
from recoverable.policy.conditions import holds
from recoverable.policy.patterns import fits_action
from recoverable.policy.principals import account_named
from recoverable.policy.request import Context, Request, field, segments
from recoverable.policy.statements import lacks_value
from recoverable.policy.variables import filled, has_variables
from recoverable.text import Text, joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.policy.compiled import Question
    from recoverable.policy.document import Policy, Statement
    from recoverable.policy.layers import ResourcePolicy
    from recoverable.policy.request import Caller
    from recoverable.policy.targets import Target, Targets

_YES, _NO, _UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

#: What `Request.full_context` takes from the caller.
_OF_THE_CALLER = frozenset((
    "aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalisawsservice",
    "aws:principalservicename", "aws:username", "aws:resourceaccount",
))  # fmt: skip

_VARIABLE = re.compile(r"\$\{\s*([^{},\s]*)")

#: What a policy allows and what it denies, of all requests.
Effects = tuple[Bits, Bits]


class _Sifted(NamedTuple):
    """A statement: the questions whose actions it names, surely and possibly, and the context keys it asks for."""

    statement: Statement
    sure: int
    possible: int
    keys: frozenset[str]


class Sieve:
    """Policies, laid over a list of questions: their requests are the bits of one number, question after question."""

    __slots__ = (
        "_actions",
        "_by_targets",
        "_caller",
        "_contexts",
        "_copies",
        "_kept",
        "_questions",
        "_sifted",
        "_texts",
        "full",
        "offsets",
    )

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self._questions = questions
        self._texts = [joined(question.action) for question in questions]
        self._actions: dict[Text, tuple[int, int]] = {}
        self._copies: dict[int, int] = {0: 0}
        #: The contexts of the caller who is asked about, by the id of the target.
        self._caller: Caller | None = None
        self._contexts: dict[int, Context] = {}
        #: By the id of a policy, which is kept so that its id stays its own.
        self._sifted: dict[int, tuple[Policy, tuple[_Sifted, ...], frozenset[str]]] = {}
        self._kept: dict[int, Effects] = {}
        #: The lists of targets, each with the questions about it as bits.
        self._by_targets: dict[int, tuple[Targets, int]] = {}
        self.offsets: list[int] = []
        size = 0
        for at, question in enumerate(questions):
            _, asked = self._by_targets.get(id(question.targets), (None, 0))
            self._by_targets[id(question.targets)] = (question.targets, asked | 1 << at)
            self.offsets.append(size)
            size += len(question.targets.items)
        self.full = (1 << size) - 1

    def of_questions(self, answers: Iterable[Answer]) -> Bits:
        """One answer for each question, the same for all its targets."""
        return self.joined(
            [[answer] * len(each.targets.items) for answer, each in zip(answers, self._questions, strict=True)]
        )

    def joined(self, answers: Iterable[Iterable[Answer]]) -> Bits:
        """The answers to all requests, question after question."""
        return bits_of((answer for of_question in answers for answer in of_question), self.full)

    def parted(self, bits: Bits) -> Iterator[Bits]:
        """The answers to each question."""
        for first, question in zip(self.offsets, self._questions, strict=True):
            full = question.targets.full
            yield Bits(bits.sure >> first & full, bits.possible >> first & full, full)

    def effects(self, policy: Policy, caller: Caller) -> Effects:
        """What a policy allows and denies."""
        sifted = self._sifted.get(id(policy))
        if sifted is None:
            statements = tuple(self._sift(statement, policy) for statement in policy.statements)
            keys = frozenset(key for each in statements for key in each.keys)
            sifted = self._sifted[id(policy)] = (policy, statements, keys)
        _, statements, keys = sifted
        personal = bool(keys & _OF_THE_CALLER or keys & caller.keys.keys())
        known = None if personal else self._kept.get(id(policy))
        if known is not None:
            return known
        allows, denies = Bits(0, 0, self.full), Bits(0, 0, self.full)
        for each in statements:
            bits = self._applies(each, policy, caller)
            if bits.possible:
                allows |= bits.only(each.statement.effect.equals("Allow").answer)
                denies |= bits.only(each.statement.effect.equals("Deny").answer)
        if policy.open:
            unknown = all_of(_UNKNOWN, self.full)
            allows, denies = allows | unknown, denies | unknown
        found = (allows, denies)
        if not personal:
            self._kept[id(policy)] = found
        return found

    def _sift(self, statement: Statement, policy: Policy) -> _Sifted:
        every = (1 << len(self._questions)) - 1
        sure = possible = 0
        for pattern in statement.actions:
            certain, some = self._named(pattern)
            sure, possible = sure | certain, possible | some
        if statement.actions_open:
            possible = every
        if statement.not_action:
            named = bool(statement.actions or statement.actions_open)
            sure, possible = (every & ~possible, every & ~sure) if named else (0, 0)
        return _Sifted(statement, sure, possible, _keys(statement, policy))

    def _named(self, pattern: Text) -> tuple[int, int]:
        """The questions whose action a pattern means, surely and possibly."""
        known = self._actions.get(pattern)
        if known is None:
            sure = possible = 0
            for at, action in enumerate(self._texts):
                answer = fits_action(pattern, action)
                possible |= (answer is not _NO) << at
                sure |= (answer is _YES) << at
            known = self._actions[pattern] = (sure, possible)
        return known

    def _applies(self, each: _Sifted, policy: Policy, caller: Caller) -> Bits:
        """The requests that a statement applies to."""
        sure = possible = 0
        for targets, asked in self._by_targets.values():
            if not each.possible & asked:
                continue
            reached = self._reached(each, policy, targets, caller)
            # As many copies as there are questions, each at the place of its question.
            possible |= reached.possible * self._placed(each.possible & asked)
            sure |= reached.sure * self._placed(each.sure & asked)
        return Bits(sure, possible, self.full)

    def _placed(self, asked: int) -> int:
        """A bit where each of some questions begins."""
        known = self._copies.get(asked)
        if known is None:
            known = self._copies[asked] = sum(1 << self.offsets[at] for at in places(asked))
        return known

    def _reached(self, each: _Sifted, policy: Policy, targets: Targets, caller: Caller) -> Bits:
        """The targets that a statement is about, and whose requests its conditions hold for."""
        if not each.keys and not each.statement.conditions and not each.statement.conditions_open:
            return self._resources(each.statement, policy, targets, _NOTHING)
        found = all_of(_NO, targets.full)
        for member, bits in targets.alike(each.keys):
            context = self._context(targets.items[member], caller)
            reached = self._resources(each.statement, policy, targets, context)
            here = Bits(reached.sure & bits, reached.possible & bits, targets.full)
            if not here.possible:
                continue
            answer = holds(each.statement, context, variables=has_variables(policy)).answer
            found |= here.only(answer)
        return found

    def _context(self, target: Target, caller: Caller) -> Context:
        if caller is not self._caller:
            self._caller = caller
            self._contexts.clear()
        known = self._contexts.get(id(target))
        if known is None:
            request = Request(caller, "", target.resource, target.context, target.others, target.account)
            known = self._contexts[id(target)] = request.full_context()
        return known

    def _resources(self, statement: Statement, policy: Policy, targets: Targets, context: Context) -> Bits:
        found = all_of(_NO, targets.full)
        for pattern in statement.resources:
            made = filled(pattern, context, variables=has_variables(policy), wild=True, before=5)
            if made is not None:
                found |= targets.reached(made)
        if statement.resources_open:
            found |= all_of(_UNKNOWN, targets.full)
        if not statement.resources and not statement.resources_open:
            return all_of(_NO, targets.full)
        if not statement.not_resource:
            return found
        lacking = lacks_value(statement, policy, context).answer
        return (~found).only(_YES if lacking is _NO else _NO if lacking is _YES else _UNKNOWN)


_NOTHING = Context({}, open="")


def _keys(statement: Statement, policy: Policy) -> frozenset[str]:
    """The context keys that it depends on whether a statement applies, in lower case."""
    found = {condition.key.lower() for condition in statement.conditions}
    if has_variables(policy) is not _NO:
        texts = (*statement.resources, *(value for condition in statement.conditions for value in condition.values))
        for text in texts:
            for part in text.parts:
                if isinstance(part, str) and "${" in part:
                    found.update(name.lower() for name in _VARIABLE.findall(part))
    return frozenset(found)


def tells_who_calls(key: str) -> bool:
    """Whether a context key may be one that a caller brings along."""
    return key.startswith(("aws:principal", "aws:userid", "aws:username", "aws:resourceaccount"))


def everyone(policy: ResourcePolicy) -> bool:
    """Whether what a resource's policy says of a caller it says of all who are no service: it names everyone, and asks
    for no key that says who calls."""
    return all(
        not statement.not_principal
        and not statement.principals_open
        and all(one.type in {"*", "AWS"} and one.name.literal() == "*" for one in statement.principals)
        and not any(map(tells_who_calls, _keys(statement, attached.policy)))
        for attached in policy.attached
        for statement in attached.policy.statements
    )


def handles_of(policy: ResourcePolicy) -> frozenset[object] | None:
    """Whom a resource's policy names, in short; None if it takes a closer look for everybody."""
    found: set[object] = set()
    for attached in policy.attached:
        if attached.policy.open:
            return None
        for statement in attached.policy.statements:
            if statement.not_principal or statement.principals_open:
                return None
            for one in statement.principals:
                handle = _handle(one.type, one.name)
                if handle is None:
                    return None
                found.add(handle)
    return frozenset(found)


def handles_of_caller(caller: Caller) -> frozenset[object] | None:
    """The handles that mean a caller, None if not enough is known of it."""
    account = None if caller.account is None else caller.account.literal()
    arn, name = caller.arn.literal(), caller.name.literal()
    if arn is None or name is None or (account is None) is not (caller.account is None):
        return None
    others = (_handle("AWS", other) for other in caller.others)
    return frozenset((("account", account), ("arn", arn), ("role", account, name), *others))


def _handle(kind: str, name: Text) -> object:
    whole = name.literal()
    if whole is None or whole == "*" or kind not in {"AWS", "Service"}:
        return None
    if kind == "Service":
        return ("arn", whole)
    account = account_named(name)
    if account is not None:
        return ("account", account.literal())
    resource = field(name, 5)
    if resource is None:
        return None
    if whole.partition(":role/")[1] and ":iam::" in whole:
        return ("role", (field(name, 4) or joined("")).literal(), segments(resource, "/")[-1].literal())
    return ("arn", whole)
