"""A broken evaluator is noticed: each way of breaking it makes some case wrong.

The cases written by hand are tried first, the random ones only where none of those notices.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from decision_cases import cases
from recoverable.policy import (
    combining,
    comparisons,
    conditions,
    decision,
    patterns,
    principals,
    services,
    statements,
    variables,
)
from recoverable.policy.layers import RESOURCE_CONTROL
from recoverable.policy.patterns import Wild
from recoverable.policy.principals import Reach
from recoverable.policy.request import Request, field
from recoverable.text import joined
from recoverable.truth import Answer, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverable.policy.document import Condition
    from recoverable.policy.request import Caller, Context
    from recoverable.read.cases import Case
    from recoverable.text import Text

    Patch = pytest.MonkeyPatch

MUTATIONS: dict[str, Callable[[Patch], None]] = {}


def mutation(change: Callable[[Patch], None]) -> Callable[[Patch], None]:
    MUTATIONS[change.__name__] = change
    return change


@cache
def _read(name: str) -> tuple[tuple[str, Case], ...]:
    return tuple((written.get("expect") or written["expected"], case) for written, case in cases(name))


def _first_wrong(*names: str) -> str | None:
    for name in names:
        for wanted, case in _read(name):
            if decision.decide(case.request, case.layers).result.value != wanted:
                return f"{name} {case.id}"
    return None


def _wrapped(patch: Patch, module: object, name: str, change: Callable[..., object]) -> None:
    """Replace a function by `change(original, ...)`."""
    original = getattr(module, name)
    patch.setattr(module, name, lambda *args, **more: change(original, *args, **more))


def _layers(patch: Patch, **without: object) -> None:
    _wrapped(patch, decision, "decide", lambda old, request, layers: old(request, layers._replace(**without)))


# ---- Patterns.


@mutation
def actions_are_case_sensitive(patch: Patch) -> None:
    patch.setattr(statements, "fits_action", patterns.fits)


@mutation
def resources_are_not_case_sensitive(patch: Patch) -> None:
    _wrapped(patch, statements, "arn_contains", lambda old, *sides: old(*map(patterns.lowered, sides)))


@mutation
def an_arn_is_one_pattern(patch: Patch) -> None:
    patch.setattr(statements, "arn_contains", patterns.glob_contains)


@mutation
def question_marks_are_no_wildcards(patch: Patch) -> None:
    _wrapped(patch, patterns, "_pieces", lambda old, part: ["?" if each is Wild.ONE else each for each in old(part)])


@mutation
def question_marks_are_stars(patch: Patch) -> None:
    _wrapped(
        patch, patterns, "_pieces", lambda old, part: [Wild.ANY if each is Wild.ONE else each for each in old(part)]
    )


@mutation
def stars_stop_at_slashes(patch: Patch) -> None:
    def change(old: Callable[..., Answer], wide: patterns.Glob, narrow: patterns.Glob) -> Answer:
        whole, text = "".join(str(getattr(p, "value", p)) for p in wide), "".join(map(str, narrow))
        return old(wide, narrow) if whole == "*" or whole.count("/") == text.count("/") else Answer.NO

    _wrapped(patch, statements, "arn_contains", change)


@mutation
def brackets_are_wildcards(patch: Patch) -> None:
    from fnmatch import fnmatchcase  # noqa: PLC0415

    def change(_: object, pattern: Text, action: Text) -> Answer:
        fits = fnmatchcase((action.literal() or "").lower(), (pattern.literal() or "").lower())
        return Answer.YES if fits else Answer.NO

    _wrapped(patch, statements, "fits_action", change)


@mutation
def short_arns_mean_nothing(patch: Patch) -> None:
    def change(old: Callable[..., object], pattern: patterns.Glob) -> object:
        if "".join(str(getattr(piece, "value", piece)) for piece in pattern).count(":") < 5:
            return [("none",)] * 6
        return old(pattern)

    _wrapped(patch, patterns, "fields", change)


# ---- Elements of statements.


@mutation
def not_action_is_action(patch: Patch) -> None:
    _wrapped(patch, statements, "action_named", lambda old, each, action: old(each._replace(not_action=False), action))


@mutation
def not_resource_is_resource(patch: Patch) -> None:
    _wrapped(
        patch, statements, "resource_reached",
        lambda old, each, *rest, **more: old(each._replace(not_resource=False), *rest, **more),
    )  # fmt: skip


@mutation
def a_star_action_is_for_tables_only(patch: Patch) -> None:
    _wrapped(
        patch, statements, "_reaches",
        lambda old, pattern, request, context: Answer.YES
        if request.resource.literal() == "*" else old(pattern, request, context),
    )  # fmt: skip


@mutation
def there_are_no_variables(patch: Patch) -> None:
    for module in (statements, decision, conditions):
        patch.setattr(module, "has_variables", lambda _: Answer.NO, raising=False)


@mutation
def all_versions_have_variables(patch: Patch) -> None:
    patch.setattr(statements, "has_variables", lambda _: Answer.YES)


@mutation
def variables_have_no_defaults(patch: Patch) -> None:
    _wrapped(patch, variables, "_value", lambda old, written, context: old(written.partition(",")[0], context))


@mutation
def values_of_variables_are_patterns(patch: Patch) -> None:
    _wrapped(
        patch, variables, "_value",
        lambda old, written, context: (
            found if (found := old(written, context)) is None or written in "*?$"
            else tuple(Wild.ANY if each == "*" else each for each in found)
        ),
    )  # fmt: skip


@mutation
def variables_stand_anywhere_in_an_arn(patch: Patch) -> None:
    _wrapped(
        patch, statements, "filled", lambda old, text, context, **more: old(text, context, **{**more, "before": 0})
    )


@mutation
def variables_without_a_value_are_empty(patch: Patch) -> None:
    _wrapped(patch, variables, "_value", lambda old, *given: old(*given) or ("",))


@mutation
def variables_without_a_value_fail_negated_operators(patch: Patch) -> None:
    def change(old: Callable[..., Answer], operator: object, condition: Condition, *rest: Context) -> Answer:
        found = [variables.filled(each, rest[-1], variables=Answer.YES, wild=False) for each in condition.values]
        return Answer.NO if None in found else old(operator, condition, *rest, variables=Answer.YES)

    _wrapped(patch, conditions, "_of_present_key", lambda old, *given, **_: change(old, *given))


# ---- Conditions.


def _operator(patch: Patch, change: Callable[[conditions.Operator], conditions.Operator]) -> None:
    _wrapped(patch, conditions, "read_operator", lambda old, name: None if old(name) is None else change(old(name)))


@mutation
def conditions_are_ignored(patch: Patch) -> None:
    patch.setattr(statements, "holds", lambda *_, **__: Truth(Answer.YES))


@mutation
def one_condition_is_enough(patch: Patch) -> None:
    from recoverable.truth import some  # noqa: PLC0415

    patch.setattr(conditions, "every", lambda truths: some(truths) if truths else Truth(Answer.YES))


@mutation
def for_all_is_for_any(patch: Patch) -> None:
    _operator(patch, lambda each: each._replace(quantifier=each.quantifier and "foranyvalue"))


@mutation
def for_any_is_for_all(patch: Patch) -> None:
    _operator(patch, lambda each: each._replace(quantifier=each.quantifier and "forallvalues"))


@mutation
def if_exists_is_ignored(patch: Patch) -> None:
    _operator(patch, lambda each: each._replace(if_exists=False))


@mutation
def if_exists_is_always_meant(patch: Patch) -> None:
    _operator(patch, lambda each: each._replace(if_exists=True))


@mutation
def negations_are_ignored(patch: Patch) -> None:
    _operator(patch, lambda each: each._replace(negated=False))


@mutation
def negated_operators_need_their_key(patch: Patch) -> None:
    _wrapped(
        patch, conditions, "_of_absent_key",
        lambda old, operator, *rest, **more: old(operator._replace(negated=False), *rest, **more),
    )  # fmt: skip


@mutation
def null_is_turned_round(patch: Patch) -> None:
    _wrapped(patch, conditions, "_null", lambda old, *given, absent, **more: old(*given, absent=not absent, **more))


@mutation
def many_values_need_no_quantifier(patch: Patch) -> None:
    _wrapped(
        patch, conditions, "_of_present_key",
        lambda old, operator, condition, present, *rest, **more: old(
            operator, condition, present._replace(many=False), *rest, **more
        ),
    )  # fmt: skip


@mutation
def equals_knows_wildcards(patch: Patch) -> None:
    known = {name: (each._replace(wild=True), no) for name, (each, no) in comparisons.COMPARISONS.items()}
    patch.setattr(conditions, "COMPARISONS", known)


@mutation
def like_knows_no_wildcards(patch: Patch) -> None:
    known = {name: (each._replace(wild=False), no) for name, (each, no) in comparisons.COMPARISONS.items()}
    patch.setattr(conditions, "COMPARISONS", known)


def _swapped(patch: Patch, **names: str) -> None:
    patch.setattr(conditions, "COMPARISONS", comparisons.COMPARISONS | {
        name: comparisons.COMPARISONS[other] for name, other in names.items()
    })  # fmt: skip


@mutation
def less_is_at_most(patch: Patch) -> None:
    _swapped(patch, numericlessthan="numericlessthanequals", datelessthan="datelessthanequals")


@mutation
def greater_is_at_least(patch: Patch) -> None:
    _swapped(patch, numericgreaterthan="numericgreaterthanequals", dategreaterthan="dategreaterthanequals")


@mutation
def less_is_greater(patch: Patch) -> None:
    _swapped(patch, numericlessthan="numericgreaterthan")


@mutation
def numbers_are_texts(patch: Patch) -> None:
    _swapped(patch, numericequals="stringequals", numericnotequals="stringnotequals")


@mutation
def dates_are_numbers(patch: Patch) -> None:
    _swapped(patch, **{name: name.replace("date", "numeric") for name in comparisons.COMPARISONS if name[:4] == "date"})


@mutation
def networks_are_texts(patch: Patch) -> None:
    _swapped(patch, ipaddress="stringequals", notipaddress="stringnotequals")


@mutation
def arns_are_texts(patch: Patch) -> None:
    _swapped(patch, arnlike="stringlike", arnequals="stringlike")


@mutation
def arn_equals_knows_no_wildcards(patch: Patch) -> None:
    _swapped(patch, arnequals="stringequals")


@mutation
def case_never_counts(patch: Patch) -> None:
    _swapped(patch, stringequals="stringequalsignorecase")


@mutation
def case_always_counts(patch: Patch) -> None:
    _swapped(patch, stringequalsignorecase="stringequals")


@mutation
def keys_are_case_sensitive(patch: Patch) -> None:
    def change(old: Callable[..., Truth], each: Condition, context: Context, **more: object) -> Truth:
        as_written = each.key == each.key.lower() or each.key.startswith("aws:P")
        return old(each, context if as_written else context._replace(known={}), **more)

    _wrapped(patch, conditions, "condition_holds", change)


@mutation
def unknown_keys_are_absent(patch: Patch) -> None:
    _wrapped(
        patch, conditions, "_of_open_key",
        lambda _, *given, **more: conditions._of_absent_key(*given, **more),
    )  # fmt: skip


@mutation
def derived_keys_are_left_out(patch: Patch) -> None:
    patch.setattr(Request, "full_context", lambda self: self.context)


# ---- Layers.


@mutation
def denials_are_ignored(patch: Patch) -> None:
    _wrapped(
        patch, decision, "_decision",
        lambda old, allowed, denied, *rest: old(allowed, Truth(Answer.NO, denied.facts), *rest),
    )  # fmt: skip


@mutation
def boundaries_are_ignored(patch: Patch) -> None:
    _layers(patch, boundary=None)


@mutation
def session_policies_are_ignored(patch: Patch) -> None:
    _layers(patch, session=None)


@mutation
def service_control_is_ignored(patch: Patch) -> None:
    _layers(patch, service_control=())


@mutation
def resource_control_is_ignored(patch: Patch) -> None:
    _layers(patch, resource_control=())


@mutation
def resource_policies_are_ignored(patch: Patch) -> None:
    _layers(patch, resource=None)


@mutation
def one_level_of_service_control_is_enough(patch: Patch) -> None:
    _wrapped(
        patch, decision, "decide",
        lambda old, request, layers: old(
            request, layers._replace(service_control=tuple(filter(None, (sum(layers.service_control, ()),))))
        ),
    )  # fmt: skip


@mutation
def the_management_account_is_bound(patch: Patch) -> None:
    _layers(patch, management=Answer.NO)


@mutation
def service_linked_roles_are_bound(patch: Patch) -> None:
    _wrapped(
        patch, decision, "decide",
        lambda old, request, layers: old(
            request._replace(caller=request.caller._replace(linked=Answer.NO)), layers
        ),
    )  # fmt: skip


@mutation
def resource_control_bears_on_all_services(patch: Patch) -> None:
    _wrapped(patch, decision, "service", lambda old, name: old(name)._replace(rcp=True))


@mutation
def resource_control_must_allow(patch: Patch) -> None:
    patch.setattr(decision, "_resource_control", lambda request, given, context, _: [
        (RESOURCE_CONTROL, decision._layer(RESOURCE_CONTROL, level, request, context))
        for level in given.resource_control
    ])  # fmt: skip


@mutation
def keys_and_roles_need_not_allow(patch: Patch) -> None:
    _wrapped(patch, decision, "service", lambda old, name: old(name)._replace(must_allow=frozenset(), must_allow_of=""))


@mutation
def all_of_sts_and_kms_must_allow(patch: Patch) -> None:
    patch.setattr(decision, "must_allow", lambda particular, *_: Answer.YES if particular.rcp else Answer.NO)


@mutation
def services_let_other_accounts_do_anything(patch: Patch) -> None:
    _wrapped(patch, decision, "service", lambda old, name: old(name)._replace(across_accounts=None))


@mutation
def accounts_are_not_told_apart(patch: Patch) -> None:
    patch.setattr(decision, "same_account", lambda _: Truth(Answer.YES))


@mutation
def all_accounts_are_foreign(patch: Patch) -> None:
    patch.setattr(decision, "same_account", lambda _: Truth(Answer.NO))


@mutation
def a_foreign_resource_lets_in_on_its_own(patch: Patch) -> None:
    _wrapped(patch, decision, "granted", lambda old, voices: old(voices) | (~voices.same & combining.delegated(voices)))


@mutation
def a_resource_never_lets_in_on_its_own(patch: Patch) -> None:
    _wrapped(patch, decision, "granted", lambda old, voices: old(voices) & voices.identity)


@mutation
def the_root_user_is_like_any_other(patch: Patch) -> None:
    _wrapped(
        patch, decision, "decide",
        lambda old, request, layers: old(request._replace(caller=request.caller._replace(
            kind="user" if request.caller.kind == "root" else request.caller.kind)), layers),
    )  # fmt: skip


@mutation
def boundaries_limit_grants_to_sessions(patch: Patch) -> None:
    _wrapped(
        patch, decision, "granted",
        lambda old, voices: old(voices._replace(itself=voices.itself & voices.limits)),
    )  # fmt: skip


# ---- Principals.


def _meaning(patch: Patch, change: Callable[[Reach, Answer], tuple[Reach, Answer]]) -> None:
    _wrapped(patch, principals, "_meaning", lambda old, *given: change(*old(*given)))


@mutation
def accounts_let_in_on_their_own(patch: Patch) -> None:
    _meaning(patch, lambda reach, answer: (Reach.ITSELF if reach is Reach.ACCOUNT else reach, answer))


@mutation
def accounts_mean_nobody(patch: Patch) -> None:
    _meaning(patch, lambda reach, answer: (reach, Answer.NO if reach is Reach.ACCOUNT else answer))


@mutation
def boundaries_do_not_limit_grants_to_roles(patch: Patch) -> None:
    _meaning(patch, lambda reach, answer: (Reach.ITSELF if reach is Reach.ROLE else reach, answer))


@mutation
def sessions_are_not_their_roles(patch: Patch) -> None:
    _wrapped(
        patch, principals, "_by_arn",
        lambda old, name, caller: old(name, caller._replace(kind="other" if caller.kind == "session" else caller.kind)),
    )  # fmt: skip


@mutation
def roles_of_all_accounts_are_one(patch: Patch) -> None:
    def change(old: Callable[..., object], name: Text, caller: Caller) -> object:
        own = joined("arn:aws:iam::", caller.account or "", ":", field(name, 5) or "")
        return old(own, caller)

    _wrapped(patch, principals, "_by_arn", change)


@mutation
def principals_have_wildcards(patch: Patch) -> None:
    _wrapped(
        patch, principals, "_equal",
        lambda _, one, other: patterns.glob_contains(patterns.glob(one), patterns.glob(other, wild=False)),
    )  # fmt: skip


@mutation
def principals_are_ignored(patch: Patch) -> None:
    patch.setattr(decision, "meant", lambda *_, **__: {Reach.ITSELF: Answer.YES})


@mutation
def not_principal_is_principal(patch: Patch) -> None:
    _wrapped(
        patch,
        decision,
        "meant",
        lambda old, each, *rest, **more: old(each._replace(not_principal=False), *rest, **more),
    )


@mutation
def an_account_in_not_principal_spares_everybody_in_it(patch: Patch) -> None:
    patch.setattr(principals, "_spares", lambda *given: principals._meaning(*given)[1])


@mutation
def not_principal_spares_the_bounded(patch: Patch) -> None:
    _wrapped(patch, decision, "meant", lambda old, *given, **_: old(*given, bounded=Answer.NO))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What was worked out by a broken evaluator is forgotten, and so is what the others would have found."""
    patterns.fits_action.cache_clear()
    yield
    patterns.fits_action.cache_clear()


def test_the_evaluator_itself_is_right() -> None:
    assert _first_wrong("handwritten.jsonl", "further.jsonl") is None


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_evaluator_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTATIONS[name](monkeypatch)

    assert _first_wrong("handwritten.jsonl", "further.jsonl", "random.jsonl") is not None


def test_services_have_no_rule_that_no_case_needs() -> None:
    """Beside KMS and STS, DynamoDB and AWS Backup, the services with resource control policies are all alike."""
    assert services.service("nothing-known") == services.Service()
    assert services.service("SQS") == services.Service(rcp=True)
