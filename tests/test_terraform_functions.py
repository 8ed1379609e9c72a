"""What the functions of Terraform make of values that are not wholly known, and what they refuse to do."""

from __future__ import annotations

import re
from random import Random

import pytest

from made_expressions import Maker, quoted
from recoverable.read.data import Datum, Fields, Items, Open
from recoverable.read.terraform.functions import FUNCTIONS, MODULES
from recoverable.read.terraform.functions.json_texts import decoded
from recoverable.read.terraform.values import Files
from recoverable.source import Span
from recoverable.text import Hole, Text
from terraform_expressions import REFUSED, UNKNOWN, agrees, evaluated, is_known, plain, shown

SPAN = Span("main.tf", 1, 1, 1, 2)
ARN = Open("aws_dynamodb_table.orders.arn is known only after it is made", "#aws_dynamodb_table.orders.Arn")
NO_FILES = Files(".", ".", lambda _: None)
NAMES = {
    "region": Datum(Open("the Region is known when Terraform runs", "AWS::Region"), SPAN),
    "arn": Datum(ARN, SPAN),
    "anything": Datum(Open("it comes from var.anything, which has no default", parameter="#var.anything"), SPAN),
    "some": Datum(Items((Datum("a", SPAN),), "there may be more"), SPAN),
    "tags": Datum(Fields({"a": (SPAN, Datum(1, SPAN))}, "there may be more"), SPAN),
}


def value(expression: str, files: dict[str, str] | None = None) -> object:
    return plain(evaluated(expression, NAMES, files))


# Texts


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('format("orders-%s-%d", region, 3)', "orders-${AWS::Region}-3"),
        ('join("-", ["a", region, "b"])', "a-${AWS::Region}-b"),
        ('lower("ORDERS-${region}")', "orders-${unknown}"),
        ('replace("a/b", "/", region)', "a${AWS::Region}b"),
        ('trimprefix("x-${region}", "x-")', "${AWS::Region}"),
        ('trimsuffix("${region}-x", "-x")', "${AWS::Region}"),
        ('trimspace("  a ${region} b ")', "a ${AWS::Region} b"),
        ('substr("orders-${region}", 0, 6)', "orders"),
        ('split("/", "a/b/${region}")[1]', "b"),
        ('basename("${region}/tables/orders.json")', "orders.json"),
        ('dirname("${region}/tables/orders.json")', "${AWS::Region}/tables"),
        ('basename(abspath("modules/orders"))', "orders"),
        ("tostring(region)", "${AWS::Region}"),
        ('coalesce("", arn)', "${aws_dynamodb_table.orders.Arn}"),
    ],
)
def test_what_is_known_of_a_text_stays(expression: str, text: str) -> None:
    assert shown(expression, NAMES) == text


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ('startswith("orders-${region}", "orders")', True),
        ('startswith("orders-${region}", "dev")', False),
        ('endswith("${region}-orders", "-orders")', True),
        ('strcontains("${region}-orders-", "orders")', True),
        ('"prod-${region}" == "dev-${region}"', False),
        ('"orders-${region}" == "orders-${region}"', True),
        ('"${region}-orders" == "orders"', False),
        ("arn == arn", True),
    ],
)
def test_a_text_that_is_not_wholly_known_tells_what_it_can(expression: str, told: bool) -> None:
    assert value(expression) is told


@pytest.mark.parametrize(
    "expression",
    [
        'startswith("${region}", "eu")',
        'strcontains("a${region}", "eu")',
        'trimspace("a ${region}")',
        'replace(region, "-", "")',
        'split("-", region)[0]',
        "length(region)",
        'upper(region) == "EU-WEST-1"',
        'region == "eu-west-1"',
        'trimprefix(region, "eu-")',
        'format("%5s", region)',
        'regex("[a-z]+", region)',
        "md5(region)",
        '"a${region}" == "a"',
        '"orders-${region}" == "orders-eu-west-1"',
    ],
)
def test_what_cannot_be_told_of_a_text_is_unknown(expression: str) -> None:
    assert value(expression) is UNKNOWN


# Lists and maps


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ("length([region, anything])", 2),
        ('length({a = region, b = "x"})', 2),
        ('concat([region], ["b"])[1]', "b"),
        ('element(["a", region], 2)', "a"),
        ('contains([region, "b"], "b")', True),
        ('lookup({a = region, b = "x"}, "b", "y")', "x"),
        ('lookup(tags, "a", 2)', 1),
        ('merge(tags, {b = "x"}).b', "x"),
        ("keys({b = region, a = anything})", ["a", "b"]),
        ('[for key, each in {a = region, b = "x"} : key]', ["a", "b"]),
        ('zipmap(["a", "b"], [region, 2]).b', 2),
        ("values({b = 2, a = region})[1]", 2),
        ("length(flatten([[arn], [arn]]))", 2),
        ("one([{a = 1, b = region}]).a", 1),
        ("alltrue([false, anything])", False),
        ("anytrue([true, anything])", True),
        ('coalescelist([], ["a", region])[0]', "a"),
        ('compact(["", arn, "b"])[1]', "b"),
        ("length(toset([anything]))", 1),
        ("length(toset([arn, arn]))", 1),
        ('slice(["a", region, "c"], 1, 3)[1]', "c"),
        ('setproduct(["a"], ["b", region])[0]', ["a", "b"]),
        ("jsondecode(jsonencode({a = region, b = [1, true]})).b", [1, True]),
        ('reverse(["a", region])[1]', "a"),
        ("some[0]", "a"),
        ("sum([1, 2.5])", 3.5),
    ],
)
def test_a_list_with_something_unknown_in_it_is_still_that_list(expression: str, made: object) -> None:
    assert value(expression) == made


@pytest.mark.parametrize(
    "expression",
    [
        "length(some)",
        "length(anything)",
        "length(merge({a = 1}, anything))",
        "merge({a = 1}, anything).a",
        "merge({c = 1}, tags).c",
        'lookup(tags, "b", 2)',
        'contains(some, "b")',
        'contains([region], "b")',
        "length(toset([anything, region]))",
        "length(distinct([anything, region]))",
        "length(flatten([anything]))",
        "length(compact([anything]))",
        'coalesce(anything, "a")',
        "coalescelist(anything, [1])",
        "element(some, 1)",
        "one(some)",
        "keys(tags)",
        "alltrue([true, anything])",
        "sum([1, anything])",
        "sum(some)",
        "sort(some)",
        "yamldecode(anything)",
        "jsondecode(anything)",
        "max(1, anything)",
        "tonumber(anything)",
        "setsubtract([region], [anything])",
    ],
)
def test_what_cannot_be_told_of_a_list_is_unknown(expression: str) -> None:
    assert not is_known(value(expression))


def test_items_that_nobody_asks_for_are_not_worked_out() -> None:
    assert value('length([1, file("nowhere")])') == 2
    assert value('merge({a = file("nowhere")}, {b = 2}).b') == 2


def test_a_resource_keeps_its_name_through_functions_that_leave_it_as_it_is() -> None:
    for expression in (
        "concat([], [arn])[0]",
        "one([arn])",
        "merge({a = arn}, {}).a",
        "try(arn, 1)",
        "tolist([arn])[0]",
    ):
        content = evaluated(expression, NAMES).content

        assert isinstance(content, Open)
        assert content.stands_for == ARN.stands_for


# JSON


def test_a_policy_that_is_encoded_keeps_its_references() -> None:
    policy = 'jsonencode({Statement = [{Effect = "Allow", Resource = [arn, "${arn}/index/*"]}]})'
    statement = f"jsondecode({policy}).Statement[0]"
    resources = evaluated(f"{statement}.Resource", NAMES).content

    assert isinstance(resources, Items)
    assert [item.text().shown() for item in resources] == [
        "${aws_dynamodb_table.orders.Arn}",
        "${aws_dynamodb_table.orders.Arn}/index/*",
    ]
    assert next(iter(resources)).text().stands_for() == ARN.stands_for
    assert value(f"{statement}.Effect") == "Allow"


def test_an_encoded_reference_is_not_the_reference() -> None:
    assert value("jsonencode(arn) == arn") is UNKNOWN
    assert value("jsondecode(jsonencode(arn)) == arn") is True


def test_a_hole_within_quotes_is_part_of_a_text_and_one_without_is_a_value() -> None:
    text = Text(('{"a": "x-', Hole("", "R"), '", "b": ', Hole("", "N"), "}"))
    fields = decoded(text, SPAN).fields()

    assert [value.text().shown() for _, value in fields.items()] == ["x-${R}", "${N}"]


def test_broken_json_with_a_hole_is_unknown_and_without_one_is_refused() -> None:
    assert value('jsondecode("{\\"a\\":${anything}")') is UNKNOWN
    assert value('jsondecode("{\\"a\\":1")') is REFUSED


# Refusals


def test_try_takes_the_first_argument_that_is_no_error() -> None:
    assert value('try(tonumber("x"), {a = 1}.b, "c")') == "c"
    assert value('try([file("nowhere")], 2)') == 2
    assert value('try("${null}-x", 2)') == 2
    assert value("can([1][3])") is False
    assert value("can({a = 1}.a)") is True


def test_what_is_unknown_is_no_error() -> None:
    assert value("try(anything, 2)") is UNKNOWN
    assert value("can(anything)") is UNKNOWN


@pytest.mark.parametrize(
    "expression",
    ['upper(["a"])', "length(5)", "lower()", 'lower("a", "b")', "merge([1])", "element([], 0)", 'regex("(", "a")',
     "range(0, 5, 0)", 'cidrsubnet("x", 1, 1)', "jsondecode(\"\")", 'formatdate("Q", "2020-01-01T00:00:00Z")',
     'lookup({}, "a")', "one([1, 2])", 'index(["a"], "b")', "slice([1], 0, 2)", 'toset(["a"])[0]',
     "concat(toset([1]))"],
)  # fmt: skip
def test_what_terraform_refuses_is_refused(expression: str) -> None:
    assert value(expression) is REFUSED


@pytest.mark.parametrize("name", ["timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "filesha256"])
def test_what_is_known_only_when_terraform_runs_is_unknown(name: str) -> None:
    assert value(f'{name}("a")') is UNKNOWN


def test_a_sensitive_value_is_not_told() -> None:
    datum = evaluated('sensitive("secret")', NAMES)

    assert plain(datum) is UNKNOWN
    assert "secret" not in repr(datum)


def test_whether_a_value_is_sensitive_is_told_of_what_is_known() -> None:
    assert value('issensitive("a")') is False
    assert value("issensitive(anything)") is UNKNOWN


def test_every_function_can_be_called_by_either_name() -> None:
    names = [name for written in MODULES.values() for name in written.split()]

    assert len(names) == len(set(names)) > 95
    for name in names:
        for spelled in (name, f"core::{name}"):
            made = FUNCTIONS[spelled](NO_FILES, (), SPAN)

            assert plain(made) is REFUSED or name == "merge"


# Files and templates


def test_a_file_is_read_from_beside_the_root_and_from_a_modules_folder() -> None:
    files = {"infra/a.txt": "beside", "modules/m/b.txt": "there"}

    assert plain(evaluated('file("a.txt")', NAMES, files, folder="infra")) == "beside"
    assert plain(evaluated('file("infra/a.txt")', NAMES, files, folder="infra")) == "beside"
    assert plain(evaluated('file("./../modules/m/b.txt")', NAMES, files, folder="infra")) == "there"
    assert plain(evaluated('fileexists("c.txt")', NAMES, files, folder="infra")) is False


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "~/.aws/credentials", "infra/../../x", "a\\\\..\\\\b"]
)
@pytest.mark.parametrize("function", ["file", "fileexists", "templatefile"])
def test_nothing_outside_of_the_repository_is_asked_for(path: str, function: str) -> None:
    class Asked(dict[str, str]):
        def get(self, key: str, _: object = None) -> str:
            raise AssertionError(f"{key} was asked for")

    more = ", {}" if function == "templatefile" else ""

    assert plain(evaluated(f'{function}("{path}"{more})', NAMES, Asked(), folder="infra")) is UNKNOWN


def test_the_files_of_a_folder_are_listed_by_a_pattern_for_their_names() -> None:
    folders = {"infra/tables": ("orders.json", "audit.json", "notes.txt"), "infra": ("main.tf",)}

    def listed(path: str, pattern: str) -> object:
        files = Files("infra", "infra", lambda _: None, lambda folder: folders.get(folder, ()))
        arguments = (Datum(path, SPAN), Datum(pattern, SPAN))
        return plain(FUNCTIONS["fileset"](files, arguments, SPAN))

    assert listed("infra/tables", "*.json") == ["audit.json", "orders.json"]
    assert listed("infra", "tables/{orders,notes}.*") == ["tables/notes.txt", "tables/orders.json"]
    assert listed("infra", "no/*.json") == []
    for path, pattern in (
        ("infra", "**/*.json"),
        ("infra", "*/a"),
        ("../..", "*"),
        ("infra", "../*"),
        ("infra", "[ab]"),
    ):
        assert listed(path, pattern) is UNKNOWN


def test_arns_are_built_and_taken_apart() -> None:
    build = 'provider::aws::arn_build("aws", "dynamodb", region, "111122223333", "table/orders")'

    assert shown(build, NAMES) == "arn:aws:dynamodb:${AWS::Region}:111122223333:table/orders"
    assert value(f"provider::aws::arn_parse({build}).account_id") == "111122223333"
    assert shown(f"provider::aws::arn_parse({build}).region", NAMES) == "${AWS::Region}"
    assert value('provider::aws::arn_parse("arn:aws:sns:::a:b").resource') == "a:b"
    assert value('provider::aws::arn_parse("orders")') is REFUSED
    assert value("provider::aws::arn_parse(arn)") is UNKNOWN
    assert value('provider::aws::arn_parse("arn:aws:s3:${region}")') is UNKNOWN
    assert value('provider::aws::trim_iam_role_path("arn:aws:iam::111122223333:role/a/b/c")') == (
        "arn:aws:iam::111122223333:role/c"
    )
    assert value('provider::aws::trim_iam_role_path("arn:aws:iam::111122223333:user/a")') is REFUSED


def test_a_template_file_sees_the_names_it_is_given_and_no_others() -> None:
    files = {"t.tpl": "%{ for x in names }<${upper(x)}>%{ endfor }${region}", "u.tpl": "${path}"}

    assert shown('templatefile("t.tpl", {names = ["a", "b"], region = region})', NAMES, files) == "<A><B>${AWS::Region}"
    assert value('templatefile("t.tpl", {names = []})', files) is REFUSED
    assert value('templatefile("u.tpl", {})', files) is REFUSED


def test_a_template_does_not_call_a_template() -> None:
    files = {"t.tpl": '${templatefile("t.tpl", {})}'}

    assert value('templatefile("t.tpl", {})', files) is REFUSED


def test_tables_are_read_out_of_yaml_and_json_files() -> None:
    files = {"t.yaml": "orders:\n  pitr: yes\n  name: ${env}-orders\n", "t.json": '{"orders": {"pitr": true}}'}

    assert value('yamldecode(templatefile("t.yaml", {env = region})).orders.pitr', files) is True
    assert value('yamldecode(templatefile("t.yaml", {env = region})).orders.name', files) is UNKNOWN
    assert value('jsondecode(file("t.json")).orders.pitr', files) is True


# Somebody's bombs


#: Five lists of nine times the one before.
ALIASES = "a: &a [x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n" for before, after in ("ab", "bc", "cd", "de", "ef", "fg")
)


@pytest.mark.parametrize(
    "expression",
    [
        'regex("(((((a{1,9}){1,9}){1,9}b)|c)|d){1}(e|f|g|h|i|j){1,1000}x{1,1000}y{1,1000}z{1,1000}(kk){1,1000}", "a")',
        'regex(join("|", [for x in range(1000) : "abcdefghij"]), "a")',
        'regex("[${join("", [for x in range(1000) : "a"])}]", "a")',
        'format("%999999d", 1)',
        'join("", [for x in range(1000) : format("%9999s", "a")])',
        'length(indent(9999999999999, "a\\nb"))',
        'indent(1000000, join("", [for x in range(1000) : "\\n"]))',
        'replace(join("", [for x in range(1000) : "a"]), "", join("", [for x in range(1000) : "aa"]))',
        "setproduct(range(1000), range(1000), range(1000))",
        "pow(10, 1000000000)",
        'parseint(join("", [for x in range(1000) : "9"]), 10)',
        "9999999999999999999999999 * 1e150",
        'jsondecode(join("", [for x in range(1000) : "["]))',
        'yamldecode(join("", [for x in range(1000) : "["]))',
        f'yamldecode({quoted(ALIASES)})',
    ],
)  # fmt: skip
def test_an_expression_that_would_explode_is_given_up(expression: str) -> None:
    assert value(expression) is UNKNOWN


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ('regex("(a*)*b", join("", [for x in range(1000) : "a"]))', REFUSED),
        ('regexall("(x+x+)+y", join("", [for x in range(1000) : "x"]))', []),
        ('length(indent(9999999999999, "a"))', 1),
        ('can(regex("^([a-z]+[0-9]*)+$", join("", [for x in range(1000) : "a-"])))', False),
    ],
)
def test_a_pattern_that_others_take_for_ever_with_is_answered(expression: str, made: object) -> None:
    assert value(expression) == made


def test_values_made_of_one_another_are_not_written_out() -> None:
    doubled = Datum("x", SPAN)
    for _ in range(60):
        doubled = Datum(Items((doubled, doubled)), SPAN)
    names = {"doubled": doubled}

    for expression in (
        "jsonencode(doubled)",
        "flatten(doubled)",
        "toset(doubled)",
        "tolist(doubled)",
        "distinct(doubled)",
    ):
        assert not is_known(plain(evaluated(expression, names)))
    assert plain(evaluated("doubled == doubled", names)) is True
    assert plain(evaluated("length(doubled)", names)) == 2


# Whatever becomes unknown makes no answer another


class _Knowing:
    """Checks that a value with unknown parts may still become one that is wholly known."""

    def fits(self, made: Datum, known: object) -> bool:
        content = made.content
        match content:
            case Open():
                return content.type != "wrong" or known in (REFUSED, UNKNOWN)
            case _ if known is REFUSED or known is UNKNOWN:
                return True
            case Text(parts):
                pattern = "".join(re.escape(part) if isinstance(part, str) else "(?s:.*)" for part in parts)
                return len(parts) == 1 or (isinstance(known, str) and re.fullmatch(pattern, known) is not None)
            case Items() as items if isinstance(known, list):
                members = list(items)
                return bool(items.open) or (len(members) == len(known) and all(map(self.fits, members, known)))
            case Fields() as fields if isinstance(known, dict):
                pairs = dict(fields.items())
                if not fields.open and set(pairs) != set(known):
                    return False
                return all(key not in known or self.fits(each, known[key]) for key, each in pairs.items())
            case bool() | int() | float() if isinstance(known, str):
                # Beside a text, a number is one: that it is beside a text is what was made unknown.
                return made.text().shown() == known or float(content) == float(known)
            case _:
                return agrees(content, known)


def _with_a_hole(datum: Datum, random: Random) -> Datum:
    """A value with something in it made unknown."""
    content = datum.content
    unknown = Datum(Open("it was made unknown"), SPAN)
    match content:
        case Items() as items if type(items) is Items and random.random() < 0.6 and items.unforced():
            members = list(items)
            at = random.randrange(len(members))
            members[at] = _with_a_hole(members[at], random)
            return Datum(Items(tuple(members)), SPAN)
        case Fields() as fields if type(fields) is Fields and random.random() < 0.6 and fields.keys():
            pairs = dict(fields.items())
            key = random.choice(sorted(pairs))
            pairs[key] = _with_a_hole(pairs[key], random)
            return Datum(Fields({name: (SPAN, each) for name, each in pairs.items()}), SPAN)
        case str() if random.random() < 0.5 and len(content) > 2:
            start = random.randrange(len(content))
            end = random.randrange(start, len(content))
            return Datum(Text(tuple(filter(None, (content[:start], Hole("it was made unknown"), content[end:])))), SPAN)
        case _:
            return unknown


@pytest.mark.parametrize("seed", range(3))
def test_making_something_unknown_never_changes_an_answer(seed: int) -> None:
    maker, random = Maker(seed), Random(seed)
    skipped = {"try", "can", "yamldecode", "jsondecode", "nonsensitive"}
    for signature in [each for each in maker.signatures if each.name not in skipped] * 6:
        written = [maker.value(kind.rstrip("?*"), 1) for kind in signature.arguments]
        arguments = {f"a{at}": evaluated(each) for at, each in enumerate(written)}
        call = f"{signature.name}({', '.join(arguments)})"
        known = plain(evaluated(call, arguments))
        name = random.choice(sorted(arguments))
        made = evaluated(call, arguments | {name: _with_a_hole(arguments[name], random)})

        assert _Knowing().fits(made, known), f"{call} of {written} without {name}: {plain(made)}, but known {known}"
