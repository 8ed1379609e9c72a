"""Scenarios: every way is walked once, and what holds in some of them is said truly."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estates import CHOICES, choice, when
from recoverable.formulas import Clause, Formula, describe, formula
from recoverable.scenario import ALWAYS, Choice, Circumstance, Run, Scenario, TooManyScenariosError, explore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from recoverable.formulas import Row

PROD, ENV, BIG, COPY = CHOICES

Tree = tuple[Choice, tuple["Tree | str", ...]] | str


@st.composite
def trees(draw: st.DrawFn, left: tuple[Choice, ...] = CHOICES, depth: int = 3) -> Tree:
    """What a step decides: a choice, and for each of its values what it decides next, or how it ends."""
    at = draw(st.integers(-2, len(left) - 1)) if depth else -1
    if at < 0:
        return "yes" if at == -1 else "no"
    one = left[at]
    rest = left[:at] + left[at + 1 :]
    return one, tuple(draw(trees(rest, depth - 1)) for _ in one.domain)


def walk(tree: Tree, run: Run) -> str:
    while not isinstance(tree, str):
        one, branches = tree
        value = run.decide(one)
        run.note(one.name, value)
        tree = branches[one.domain.index(value)]
    return tree


def outcome(tree: Tree, values: Mapping[Choice, str]) -> str:
    while not isinstance(tree, str):
        one, branches = tree
        tree = branches[one.domain.index(values[one])]
    return tree


def everything() -> list[dict[Choice, str]]:
    """Every way all the choices can go."""
    return [dict(zip(CHOICES, values, strict=True)) for values in product(*(one.domain for one in CHOICES))]


@given(trees())
def test_every_way_the_choices_can_go_is_walked_exactly_once(tree: Tree) -> None:
    walked = list(explore(lambda run: walk(tree, run)))

    for world in everything():
        agreeing = [found for scenario, found in walked if set(scenario.settled) <= set(world.items())]
        assert agreeing == [outcome(tree, world)]


@given(trees(), st.dictionaries(st.sampled_from([PROD, BIG]), st.sampled_from(["true", "false"])))
def test_what_is_given_is_walked_alone(tree: Tree, fixed: dict[Choice, str]) -> None:
    walked = list(explore(lambda run: walk(tree, run), given=when(*fixed.items())))

    for world in everything():
        agreeing = [found for scenario, found in walked if set(scenario.settled) <= set(world.items())]
        assert agreeing == ([outcome(tree, world)] if fixed.items() <= world.items() else [])


def test_the_last_choice_changes_first_and_the_likeliest_value_comes_first() -> None:
    walked = [found for _, found in explore(lambda run: f"{run.decide(BIG)} {run.decide(ENV)}")]

    assert walked == ["true dev", "true test", "true prod", "false dev", "false test", "false prod"]


def test_what_is_given_is_settled_from_the_start_of_a_run() -> None:
    seen = [found for _, found in explore(lambda run: run.settled_value(BIG), given=when((BIG, "false")))]

    assert seen == ["false"]


def test_as_many_scenarios_as_the_limit_are_walked_and_not_one_more() -> None:
    walked = list(explore(lambda run: run.decide(ENV), limit=3))

    assert len(walked) == 3
    with pytest.raises(TooManyScenariosError):
        list(explore(lambda run: run.decide(ENV), limit=2))


def test_what_was_found_before_the_limit_stays_valid() -> None:
    found = []
    with pytest.raises(TooManyScenariosError):
        for _, value in explore(lambda run: run.decide(ENV), limit=2):
            found.append(value)

    assert found == ["dev", "test"]


def test_a_step_that_meets_hundreds_of_choices_is_stopped_at_the_limit() -> None:
    many = [choice(f"C{number}", *map(str, range(12))) for number in range(200)]

    with pytest.raises(TooManyScenariosError):
        list(explore(lambda run: [run.decide(one) for one in many]))


def test_runs_that_cannot_be_are_left_out() -> None:
    walked = list(explore(lambda run: run.decide(ENV), may_be=lambda run: run.settled[ENV] != "test"))

    assert [found for _, found in walked] == ["dev", "prod"]


def test_a_choice_that_only_the_last_check_asks_about_is_followed_too() -> None:
    walked = list(explore(lambda _: "item", may_be=lambda run: run.decide(BIG) == "false"))

    assert [scenario.settled for scenario, _ in walked] == [((BIG, "false"),)]


def test_a_run_that_finds_itself_impossible_is_left_out() -> None:
    def step(run: Run) -> str:
        value = run.decide(BIG)
        run.impossible = value == "true"
        return value

    assert [found for _, found in explore(step)] == ["false"]


def rows(tree: Tree, wanted: str) -> list[Scenario]:
    return [scenario for scenario, found in explore(lambda run: walk(tree, run)) if found == wanted]


def row_of(values: Mapping[Choice, str]) -> Row:
    return {(one.name, ""): value for one, value in values.items()}


def holds(found: Formula, row: Row) -> bool:
    return any(all(row.get(clause.key) in clause.values for clause in way) for way in found.ways)


@given(trees())
def test_a_description_is_true_in_exactly_the_scenarios_it_is_for(tree: Tree) -> None:
    yes, no = (
        [{(one.name, one.scope): one.value for one in each.circumstances} for each in rows(tree, wanted)]
        for wanted in ("yes", "no")
    )
    if not yes or not no:
        return
    found = formula(yes, no)

    assert found is not None
    for world in everything():
        assert holds(found, row_of(world)) == (outcome(tree, world) == "yes")


@given(trees())
def test_what_holds_always_or_never_is_not_described(tree: Tree) -> None:
    yes, no = rows(tree, "yes"), rows(tree, "no")

    assert (describe(yes, no) == "") == (not yes or not no)


@given(trees(), st.randoms(use_true_random=False))
def test_a_description_does_not_depend_on_the_order_of_scenarios(tree: Tree, random: Random) -> None:
    yes, no = rows(tree, "yes"), rows(tree, "no")
    before = describe(yes, no)
    random.shuffle(yes)
    random.shuffle(no)

    assert describe(yes, no) == before


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        ([{PROD: "false"}], [{PROD: "true"}], "when IsProd is false"),
        ([{ENV: "dev"}, {ENV: "test"}], [{ENV: "prod"}], "when Env is not prod"),
        ([{ENV: "dev"}], [{ENV: "test"}, {ENV: "prod"}], "when Env is dev"),
        (
            [{PROD: "true", BIG: "true"}],
            [{PROD: "true", BIG: "false"}, {PROD: "false"}],
            "when Big is true and IsProd is true",
        ),
        (
            [{PROD: "true", BIG: "true"}, {PROD: "false"}],
            [{PROD: "true", BIG: "false"}],
            "when Big is true or IsProd is false",
        ),
        (
            [{PROD: "true", BIG: "true"}, {PROD: "false", BIG: "false"}],
            [{PROD: "true", BIG: "false"}, {PROD: "false", BIG: "true"}],
            "when Big is false and IsProd is false, or Big is true and IsProd is true",
        ),
        (
            [{ENV: "dev", BIG: "true"}, {ENV: "test", BIG: "true"}],
            [{ENV: "dev", BIG: "false"}, {ENV: "test", BIG: "false"}, {ENV: "prod"}, {ENV: "demo"}],
            "when Big is true, and Env is dev or test",
        ),
        # A condition that is only looked at in some scenarios says nothing about the others.
        (
            [{PROD: "true", BIG: "true"}],
            [{PROD: "false"}, {PROD: "true", BIG: "false"}],
            "when Big is true and IsProd is true",
        ),
    ],
)  # fmt: skip
def test_descriptions_are_short(yes: list[dict[Choice, str]], no: list[dict[Choice, str]], words: str) -> None:
    assert describe([when(*each.items()) for each in yes], [when(*each.items()) for each in no]) == words


def test_a_name_used_in_two_templates_is_told_apart() -> None:
    def scenario(first: str, second: str) -> Scenario:
        return Scenario(
            circumstances=(Circumstance("IsProd", first, "a.yaml"), Circumstance("IsProd", second, "b.yaml"))
        )

    words = describe([scenario("true", "false")], [scenario("true", "true"), scenario("false", "false")])

    assert words == "when IsProd in a.yaml is true and IsProd in b.yaml is false"


def test_a_name_with_two_values_at_once_is_not_believed() -> None:
    both = (Circumstance("IsProd", "false"), Circumstance("IsProd", "true"))
    mixed = Scenario(((BIG, "true"),), both)
    plain = Scenario(((BIG, "false"),), both[:1])

    assert describe([mixed], [plain]) == "when Big is true"


def test_choices_are_named_where_no_circumstance_tells_the_scenarios_apart() -> None:
    yes, no = Scenario(((BIG, "true"),)), Scenario(((BIG, "false"),))

    assert describe([yes], [no]) == "when Big is true"


def test_scenarios_that_nothing_tells_apart_are_not_described_wrongly() -> None:
    assert describe([ALWAYS], [ALWAYS]) == "in some scenarios"


def test_many_values_are_counted_rather_than_listed() -> None:
    clause = Clause(("Env", ""), tuple("abcdefgh"), ("x", "y"))

    assert clause.words() == "Env is one of 8 values such as a or b"


def test_many_ways_are_counted_rather_than_listed() -> None:
    found = Formula(tuple((Clause((name, ""), ("true",), ("false",)),) for name in "ABCDE"))

    assert found.words() == "A is true, B is true, C is true or in 2 more cases"


def test_a_condition_is_named_rather_than_the_parameter_behind_it() -> None:
    def scenario(env: str, prod: str) -> Scenario:
        return Scenario((), (Circumstance("Env", env), Circumstance("IsProd", prod)))

    text = describe([scenario("dev", "false"), scenario("test", "false")], [scenario("prod", "true")])

    assert text == "when IsProd is false"
