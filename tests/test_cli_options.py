"""The parser of command lines."""

from __future__ import annotations

import pytest

from recoverable.cli.commands import COMMANDS
from recoverable.cli.options import Command, Option, UsageError, parse

COMMAND = Command(
    "check",
    "look",
    "nowhere",
    arguments="[PATH...]",
    most=None,
    options=(
        Option("format", "", "FORMAT", choices=("text", "json"), default="text"),
        Option("output", "", "PATH", short="o", many=True),
        Option("only", "", "RULE", many=True, commas=True),
        Option("strict", ""),
    ),
)
ONE = Command("explain", "print", "nowhere", arguments="RULE", fewest=1, most=1)


def test_an_option_that_is_not_given_has_its_default() -> None:
    arguments = parse(COMMAND, ())

    assert arguments.one("format") == "text"
    assert not arguments.given("format")


@pytest.mark.parametrize("words", [("--format", "json"), ("--format=json",)])
def test_a_value_follows_or_is_attached(words: tuple[str, ...]) -> None:
    assert parse(COMMAND, words).one("format") == "json"


@pytest.mark.parametrize("words", [("-o", "a"), ("-oa",), ("-o=a",), ("--output", "a"), ("--output=a",)])
def test_a_short_option_is_its_long_one(words: tuple[str, ...]) -> None:
    assert parse(COMMAND, words).all("output") == ("a",)


def test_the_last_value_counts() -> None:
    assert parse(COMMAND, ("--format", "json", "--format", "text")).one("format") == "text"


def test_a_repeatable_option_keeps_every_value_in_order() -> None:
    assert parse(COMMAND, ("-o", "b", "x", "-o", "a")).all("output") == ("b", "a")


def test_lists_are_split_at_commas() -> None:
    assert parse(COMMAND, ("--only", "a, b", "--only=c")).all("only") == ("a", "b", "c")


def test_a_value_with_an_equals_sign_is_kept_whole() -> None:
    assert parse(COMMAND, ("--output=sarif=a=b",)).all("output") == ("sarif=a=b",)


def test_options_and_paths_mix() -> None:
    arguments = parse(COMMAND, ("a", "--strict", "b"))

    assert arguments.positional == ("a", "b")
    assert arguments.given("strict")


def test_two_dashes_end_the_options() -> None:
    assert parse(COMMAND, ("--", "--strict", "-o")).positional == ("--strict", "-o")


def test_a_single_dash_is_a_value() -> None:
    assert parse(COMMAND, ("-o", "-", "-")).positional == ("-",)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--formt", "json"), "recoverable check has no option --formt: did you mean --format? there are --format,"),
        (
            ("--xyzzy",),
            "recoverable check has no option --xyzzy: there are --format, --output, --only, --strict, --help",
        ),
        (("-x",), "recoverable check has no option -x: there are"),
        (("--format",), "--format needs a value: --format=text|json"),
        (("--output",), "--output needs a value: --output=PATH"),
        (("--format", "--strict"), "--format needs a value"),
        (("--format", "jsn"), 'unknown --format "jsn": did you mean json? there are text, json'),
        (("--format=",), "--format has an empty value"),
        (("--only", "a,,b"), "--only has an empty value"),
        (("--strict=yes",), "--strict takes no value"),
    ],
)
def test_a_mistake_is_named_with_what_there_is_instead(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(COMMAND, words)

    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("words", "message"),
    [((), "recoverable explain needs RULE"), (("a", "b"), 'recoverable explain takes RULE; "b" is one too many')],
)
def test_arguments_are_counted(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(ONE, words)

    assert str(error.value) == message


def test_options_have_names_of_their_own() -> None:
    for command in COMMANDS:
        names = [option.name for option in command.options]
        shorts = [option.short for option in command.options if option.short]

        assert len(set(names)) == len(names)
        assert len(set(shorts)) == len(shorts)
        assert "help" not in names
