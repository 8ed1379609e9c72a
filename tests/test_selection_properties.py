"""What must hold of selections whatever they hold: order, monotony, the unknown, the index, an oracle by regex."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_cases import Case, by_hand
from estates import always
from recoverable import Estate, Unknown, Value
from recoverable.estate import Tags
from recoverable.recovery.backups.coverage import coverage, is_covered
from recoverable.recovery.backups.selections import selects
from recoverable.scenario import Run
from recoverable.text import Hole, Text
from recoverable.truth import Answer, some

if TYPE_CHECKING:
    from recoverable.estate.backup import Selection

RANK = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}

DOCUMENTED = [
    "*",
    "${Orders.Arn}",
    "${Customers.Arn}",
    "${Files.Arn}",
    "arn:aws:dynamodb:*:*:table/*",
    "arn:aws:dynamodb:*:*:table/prod-*",
    "arn:aws:dynamodb:*:*:table/orders",
    "arn:aws:dynamodb:eu-west-1:111122223333:table/prod-orders",
    "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}",
    "arn:aws:dynamodb:*:*:table/${Customers}",
    "arn:aws:s3:::*",
]
DOUBTFUL = [*DOCUMENTED, "arn:aws:dynamodb:*:*:table/*-orders", "${BackedUp}", "arn:aws:dynamodb:*:*:table/${Env}*"]
PLACED = {"region": "eu-west-1", "account": "111122223333"}

_values = st.sampled_from(["daily", "weekly", "Daily", "${Tier}"])
_literals = st.sampled_from(["daily", "weekly", "Daily"])
_keys = st.sampled_from(["backup", "stage"])
_prefixed = st.sampled_from(["aws:ResourceTag/backup", "aws:ResourceTag/stage"])


def _listed(keys: st.SearchStrategy[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {"ConditionType": st.just("STRINGEQUALS"), "ConditionKey": keys, "ConditionValue": values}
    )


def _conditions(
    operators: list[str], keys: st.SearchStrategy[str], values: st.SearchStrategy[str]
) -> st.SearchStrategy[Any]:
    test = st.fixed_dictionaries({"ConditionKey": keys, "ConditionValue": values})
    return st.dictionaries(st.sampled_from(operators), st.lists(test, min_size=1, max_size=2), max_size=2)


_OPERATORS = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]

_any_selection = st.fixed_dictionaries(
    {},
    optional={
        "Resources": st.lists(st.sampled_from(DOUBTFUL), max_size=3),
        "NotResources": st.lists(st.sampled_from(DOUBTFUL), max_size=2),
        "ListOfTags": st.lists(_listed(st.one_of(_keys, _prefixed, st.just("${Key}")), _values), max_size=2),
        "Conditions": _conditions(
            [*_OPERATORS, "ArnLike"], st.one_of(_prefixed, _keys), st.one_of(_values, st.just("d*y"))
        ),
    },
)
#: Of the operators that are negated only the tag `backup` is asked, which each of these tables has.
_plain_selection = st.fixed_dictionaries(
    {"Resources": st.lists(st.sampled_from(DOCUMENTED), min_size=1, max_size=3)},
    optional={
        "NotResources": st.lists(st.sampled_from(DOCUMENTED), max_size=2),
        "Conditions": _conditions(_OPERATORS, st.just("aws:ResourceTag/backup"), st.one_of(_literals, st.just("d*y"))),
    },
)
_tagged_selection = st.fixed_dictionaries(
    {"ListOfTags": st.lists(_listed(_keys, _literals), min_size=1, max_size=2)},
    optional={
        "Resources": st.lists(st.sampled_from(DOCUMENTED), max_size=3),
        "NotResources": st.lists(st.sampled_from(DOCUMENTED), max_size=2),
    },
)
_any_tags = st.one_of(st.dictionaries(_keys, _values, max_size=2), st.just("${AllTags}"), st.just({"${Key}": "daily"}))
_any_table = st.one_of(
    st.fixed_dictionaries(
        {"Tags": _any_tags}, optional={"TableName": st.sampled_from(["orders", "prod-orders", "${Env}-orders"])}
    ),
    st.fixed_dictionaries({"Replicas": st.sampled_from([["${AWS::Region}", "eu-central-1"], ["eu-west-1"]])}),
)


def _case(selection: dict[str, Any], table: dict[str, Any], stack: dict[str, str] | None = None) -> Case:
    return Case("", selection, None, table, stack or {}, None, "", open=False, expect="", says=())


_stacks = st.sampled_from([{}, PLACED])
_cases = st.builds(_case, _any_selection, _any_table, _stacks)


def _selection(case: Case) -> Selection:
    return by_hand(case).selections.present()[0]


def _answer(case: Case, selection: Selection | None = None) -> Answer:
    estate = by_hand(case)
    if selection is not None:
        estate = estate._replace(selections=always(selection))
    bound = estate.in_run(Run())
    return coverage(case.asked(bound), bound).truth.answer


@given(_cases, st.randoms(use_true_random=False))
def test_the_order_of_entries_makes_no_difference(case: Case, random: Any) -> None:  # noqa: ANN401
    selection = _selection(case)
    mixed: dict[str, Any] = {
        name: tuple(random.sample(entries, len(entries)))
        for name in ("resources", "not_resources", "tags", "conditions")
        if (entries := getattr(selection, name))
    }

    assert _answer(case, selection._replace(**mixed)) is _answer(case)


@given(_cases, st.sampled_from(DOUBTFUL))
def test_more_resources_never_uncover(case: Case, more: str) -> None:
    if not any(case.selection.values()):
        return  # Of an empty selection AWS says two things.
    wider = _case({**case.selection, "Resources": [*case.selection.get("Resources", []), more]}, dict(case.table))

    assert RANK[_answer(wider._replace(stack=case.stack))] >= RANK[_answer(case)]


@given(_cases, st.sampled_from(DOUBTFUL))
def test_more_that_is_left_out_never_covers(case: Case, more: str) -> None:
    narrower = _case(
        {**case.selection, "NotResources": [*case.selection.get("NotResources", []), more]}, dict(case.table)
    )

    assert RANK[_answer(narrower._replace(stack=case.stack))] <= RANK[_answer(case)]


@given(st.lists(_cases, min_size=1, max_size=4), _any_table, _stacks, st.randoms(use_true_random=False))
def test_the_order_of_selections_makes_no_difference_and_none_is_overlooked(
    cases: list[Case],
    table: dict[str, Any],
    stack: dict[str, str],
    random: Any,  # noqa: ANN401
) -> None:
    estate = by_hand(_case({}, table, stack))
    found = [_selection(case._replace(stack=stack)) for case in cases]
    listed = estate._replace(selections=always(*found)).in_run(Run())
    mixed = estate._replace(selections=always(*random.sample(found, len(found)))).in_run(Run())
    item = cases[0]._replace(table=table).asked(listed)
    each = some([selects(one, item, others=_others(table)) for one in found])

    assert coverage(item, listed).truth.answer is each.answer
    assert coverage(item, mixed).truth.answer is each.answer
    assert is_covered(item, mixed).answer is each.answer


def _others(table: dict[str, Any]) -> list[Value[str]]:
    first = by_hand(_case({}, table))
    return [one.subject.region for one in first.replicas.present()]


@settings(max_examples=300)
@given(_cases, st.data())
def test_what_becomes_unknown_never_flips_the_answer(case: Case, data: st.DataObject) -> None:
    before = _answer(case)
    estate = by_hand(case)
    changed = data.draw(st.sampled_from(list(_hidden(estate))))
    bound = changed.in_run(Run())
    after = coverage(case.asked(bound), bound).truth.answer

    assert after in (before, Answer.UNKNOWN)


def _changed(selection: Selection, **changes: Any) -> Selection:  # noqa: ANN401
    return selection._replace(**changes)


def _hidden(estate: Estate) -> list[Estate]:
    """The estate with one thing unknown in each."""
    selection, table = estate.selections.present()[0], estate.tables.present()[0]
    hole = Text((Hole("it is hidden"),))
    nothing: Value[Any] = Value("it", Unknown("it is hidden"))
    found = [
        selection._replace(subject=selection.subject._replace(region=nothing)),
        selection._replace(subject=selection.subject._replace(account=nothing)),
        *(
            _changed(selection, **{f"{name}_open": "more is hidden"})
            for name in ("resources", "not_resources", "tags", "conditions")
        ),
    ]
    for name in ("resources", "not_resources"):
        entries = getattr(selection, name)
        found += [
            _changed(selection, **{name: (*entries[:at], entries[at]._replace(text=hole), *entries[at + 1 :])})
            for at in range(len(entries))
        ]
    for name in ("tags", "conditions"):
        tests = getattr(selection, name)
        for at, test in enumerate(tests):
            for change in ({"key": hole}, {"value": hole}, {"operator": nothing}):
                found.append(_changed(selection, **{name: (*tests[:at], test._replace(**change), *tests[at + 1 :])}))
    tables = [
        table._replace(subject=table.subject._replace(region=nothing)),
        table._replace(tags=table.tags._replace(open="tags are hidden", outside=False)),
    ]
    tables += [
        table._replace(
            tags=Tags(
                (*table.tags.entries[:at], (key, nothing), *table.tags.entries[at + 1 :]),
                table.tags.open,
                table.tags.unnamed,
                table.tags.outside,
            )
        )
        for at, (key, _) in enumerate(table.tags.entries)
    ]
    return [
        *(estate._replace(selections=always(one)) for one in found),
        *(estate._replace(tables=always(one)) for one in tables if not estate.replicas.entries),
    ]


# --- An oracle for what AWS documents: all is known, every reading is the same ---------------------------------------


@given(
    st.one_of(_plain_selection, _tagged_selection), st.sampled_from(["orders", "prod-orders", "customers"]), _literals
)
def test_what_is_documented_is_decided_as_written(selection: dict[str, Any], name: str, tag: str) -> None:
    table = {"TableName": name, "Tags": {"backup": tag}}
    answer = _answer(_case(selection, table, PLACED))

    assert answer is (Answer.YES if _selected(selection, name, {"backup": tag}) else Answer.NO)


def _selected(selection: dict[str, Any], name: str, tags: dict[str, str]) -> bool:
    arn = f"arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"

    def meant(pattern: str) -> bool:
        for variable, value in (
            ("${Orders.Arn}", arn),
            ("${Orders}", name),
            ("${Customers.Arn}", "arn:aws:dynamodb:eu-west-1:111122223333:table/shop-Customers-X1"),
            ("${Customers}", "shop-Customers-X1"),
            ("${Files.Arn}", "arn:aws:s3:::shop-files-x1"),
            ("${AWS::Partition}", "aws"),
            ("${AWS::Region}", "eu-west-1"),
            ("${AWS::AccountId}", "111122223333"),
        ):
            pattern = pattern.replace(variable, value)
        return re.fullmatch(re.escape(pattern).replace(r"\*", r"\S*"), arn) is not None

    def holds(operator: str, key: str, value: str) -> bool:
        there = tags[key.removeprefix("aws:ResourceTag/")]
        wanted = re.escape(value).replace(r"\*", ".*") if operator.endswith("Like") else re.escape(value)
        return (re.fullmatch(wanted, there) is not None) is not operator.startswith("StringNot")

    chosen = any(map(meant, selection.get("Resources", ()))) or any(
        tags.get(test["ConditionKey"]) == test["ConditionValue"] for test in selection.get("ListOfTags", ())
    )
    narrowed = all(
        holds(operator, test["ConditionKey"], test["ConditionValue"])
        for operator, tests in selection.get("Conditions", {}).items()
        for test in tests
    )
    return chosen and narrowed and not any(map(meant, selection.get("NotResources", ())))


def test_the_oracle_says_both_yes_and_no() -> None:
    said = {
        _selected({"Resources": [one], "NotResources": [other]}, name, {"backup": "daily"})
        for one, other, name in product(DOCUMENTED, DOCUMENTED, ["orders", "prod-orders"])
    }

    assert said == {True, False}
