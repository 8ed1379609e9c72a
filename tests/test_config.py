"""The configuration: what it settles, and what is said about mistakes in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from recoverable import Objectives, Rule, Severity, Table, Truth, no, rule
from recoverable.config import ConfigError, Level, ParameterSet, Settings, load, parse, starter, unknown_rules
from recoverable.config.checking import LIMIT
from recoverable.config.fitting import REMARKS, WORDS, fits, plain, schema
from recoverable.read.document import read_document
from recoverable.recovery.classes import ClassRule
from snapshots import FIXTURES, blessed

if TYPE_CHECKING:
    from collections.abc import Iterator


def _faults(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert {fault.kind for fault in caught.value.faults} == {"config"}
    return [(fault.origin.start(), fault.message, fault.do) for fault in caught.value.faults]


def _report(error: ConfigError) -> str:
    lines = [f"{fault.origin.start()} {fault.message}\n    {fault.do}" for fault in error.faults]
    return "\n".join([*lines, ""])


def _everything() -> Settings:
    return parse((FIXTURES / "config/everything.yaml").read_text(encoding="utf-8"))


@rule(Severity.LOW, formerly=("pitr-window-brief",))
def pitr_window_short(table: Table) -> Truth:
    del table
    return no("")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load(tmp_path)

    assert settings == Settings()
    assert settings.objectives_of("production") == Objectives(35, customer_key=False)


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "rules:\ntables:\naccept:\naccounts:\nexclude:\npacks:\n", "{}"]
)
def test_an_empty_configuration_is_that_of_the_defaults(text: str) -> None:
    settings = parse(text)

    assert settings._replace(path="", text="") == Settings()


def test_the_starter_keeps_to_its_own_schema() -> None:
    settings = parse(starter())

    assert settings._replace(path="", text="", objectives=()) == Settings()


def test_the_starter_shows_every_key_there_is() -> None:
    shown = {line.lstrip("#").partition(":")[0] for line in starter().splitlines()}

    assert set(schema()["properties"]) <= shown


def test_the_examples_in_the_starter_are_right_too() -> None:
    uncommented = "\n".join(
        line[1:] if line.startswith("#  ") else line for line in starter().splitlines() if not line.startswith("# ")
        or line.startswith("#  ")
    )  # fmt: skip

    settings = parse(uncommented)

    assert settings.class_rules
    assert settings.accept
    assert settings.levels


@pytest.mark.parametrize("name", ["mistakes", "contradictions"])
def test_every_mistake_is_told_at_its_place_with_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    text = (FIXTURES / f"config/{name}.yaml").read_text(encoding="utf-8")
    (tmp_path / ".recoverable.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    assert _report(caught.value) == blessed(f"config/{name}.txt", _report(caught.value))


def test_an_unknown_key_is_told_with_the_nearest_one_and_all_there_are() -> None:
    [(place, message, do)] = _faults("estate: open\nacounts: []\n")

    assert place == ".recoverable.yaml:2:1"
    assert message == "unknown key `acounts`"
    assert do.startswith("did you mean `accounts`? there are accept, accounts, ")


def test_all_mistakes_are_told_at_once() -> None:
    assert len(_faults("estate: shut\nextends: nothing\nfail_on: [high]\n")) == 3


def test_a_file_of_nothing_but_mistakes_is_not_told_to_the_end() -> None:
    faults = _faults("\n".join(f"key{number}: 1" for number in range(3000)))

    assert len(faults) == LIMIT + 1
    assert faults[-1][1] == f"{3000 - LIMIT} more mistakes follow"


@pytest.mark.parametrize(
    "text",
    [
        "- estate",
        "estate",
        "unknown: 1",
        "extends: all",
        "fail_on: [high]",
        "fail_on:",
        "estate: true",
        "rules: [pitr-disabled]",
        "rules: {pitr-disabled: critical}",
        "exclude: [1]",
        "exclude: 'a\\b'",
        "exclude: '!a'",
        "accounts: 123456789012",
        "accounts: [12345678901]",
        "accounts: [1234567890123]",
        "accounts: ['1234567890123']",
        "accounts: [true]",
        "parameters: prod",
        "parameters: {Stage: }",
        "parameters: {Stage: {a: b}}",
        "parameters: [{path: a}]",
        "parameters: [{set: {}, pat: a}]",
        "tables: {class: cache}",
        "tables: [cache]",
        "tables: [{match: {name: a}}]",
        "tables: [{class: production}]",
        "tables: [{class: production, match: {}}]",
        "tables: [{class: production, match: {names: a}}]",
        "tables: [{class: production, match: {name: []}}]",
        "tables: [{class: production, match: {name: ''}}]",
        "tables: [{class: production, match: {tag: '=a'}}]",
        "tables: [{class: production, match: {tag: {}}}]",
        "tables: [{class: production, match: {path: '!a'}}]",
        "tables: [{class: Production, match: {name: a}}]",
        "tables: [{class: cache, match: {name: a}}]",
        "tables: [{class: own, spared: true, match: {name: a}}]",
        "tables: [{class: own, spared: yes, match: {name: a}, reason: b}]",
        "objectives: 35",
        "objectives: {production: 35}",
        "objectives: {production: {rpo: 1}}",
        "objectives: {production: {pitr_window_days: 0}}",
        "objectives: {production: {pitr_window_days: 36}}",
        "objectives: {production: {pitr_window_days: 7.5}}",
        "objectives: {production: {pitr_window_days: true}}",
        "objectives: {production: {pitr_window_days: 07}}",
        "objectives: {production: {customer_key: 1}}",
        "objectives: {production: {rpo: 90}}",
        "objectives: {production: {rpo: 0h}}",
        "objectives: {production: {rpo: 1.5h}}",
        "objectives: {production: {backup_every: daily}}",
        "objectives: {production: {retention: 24h}}",
        "objectives: {production: {copies: vault}}",
        "objectives: {production: {immutable: yes}}",
        "objectives: {production: {restore_test_age: 1y}}",
        "objectives: {production: {rto: null}}",
        "tables: [{class: own, match: {name: a}, size_gb: -1}]",
        "tables: [{class: own, match: {name: a}, size_gb: big}]",
        "accept: {rule: a, reason: b, path: c}",
        "accept: [{rule: a, reason: b}]",
        "accept: [{rule: a, path: c}]",
        "accept: [{reason: b, path: c}]",
        "accept: [{rule: a, reason: '', path: c}]",
        "accept: [{rule: [], reason: b, path: c}]",
        "accept: [{rule: a, reason: b, path: c, until: 2026}]",
        "accept: [{rule: a, reason: b, path: c, until: tomorrow}]",
        "accept: [{rule: a, reason: b, address: {c: d}}]",
        "packs: rules",
        "packs: ['']",
    ],
)
def test_one_mistake_gives_one_fault(text: str) -> None:
    [(place, message, do)] = _faults(text)

    assert place.startswith(".recoverable.yaml:1:")
    assert message
    assert do


def test_a_repeated_key_is_an_error_at_the_second_one() -> None:
    [(place, message, _)] = _faults("estate: open\nestate: complete\n")

    assert place == ".recoverable.yaml:2:1"
    assert "estate" in message


def test_what_is_no_yaml_is_told_at_its_line() -> None:
    [(place, _, do)] = _faults("rules: {a: off\n")

    assert place.startswith(".recoverable.yaml:2:")
    assert do


def test_a_tag_has_no_meaning() -> None:
    [(place, message, _)] = _faults("extends: !Ref Mode\n")

    assert place == ".recoverable.yaml:1:10"
    assert "!Ref" in message


@given(st.text(alphabet="abc:{}[]-#!&*?|'\"\n ,0", max_size=40))
def test_any_text_gives_settings_or_faults_at_a_place(text: str) -> None:
    try:
        settings = parse(text)
    except ConfigError as error:
        assert error.faults
        assert all(fault.origin.start().startswith(".recoverable.yaml:") for fault in error.faults)
    else:
        assert isinstance(settings, Settings)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
    | st.sampled_from(["off", "rebuildable", "a=b", "**/x", "2026-01-01", "123456789012"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            *schema()["properties"],
            *schema()["$defs"]["tableClass"]["properties"],
            *schema()["$defs"]["acceptance"]["properties"],
            "set", "tag", "name", "pitr_window_days", "customer_key", "production", "x",
        ]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(list(schema()["properties"])), _JSON, max_size=4))
def test_any_value_under_any_key_is_read_or_refused(document: dict[str, object]) -> None:
    try:
        settings = parse(json.dumps(document))
    except ConfigError as error:
        assert all(fault.message and fault.do for fault in error.faults)
    else:
        assert isinstance(settings, Settings)


@given(st.dictionaries(st.sampled_from(list(schema()["properties"])), _JSON, max_size=4))
def test_the_quick_answer_is_that_of_jsonschema(document: dict[str, object]) -> None:
    whole = schema()

    assert fits(document, whole, whole) is Draft202012Validator(whole).is_valid(document)


def _places(value: object) -> Iterator[tuple[str | int, ...]]:
    yield ()
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from ((step, *rest) for rest in _places(child))


def _changed(value: Any, place: tuple[str | int, ...], other: object) -> Any:  # noqa: ANN401
    if not place:
        return other
    first, *rest = place
    children: Any = dict(value) if isinstance(value, dict) else list(value)
    children[first] = _changed(children[first], tuple(rest), other)
    return children


@given(st.data())
def test_the_quick_answer_is_that_of_jsonschema_for_what_is_nearly_right(data: st.DataObject) -> None:
    whole = schema()
    right = plain(read_document((FIXTURES / "config/everything.yaml").read_text(encoding="utf-8"), ""))
    place = data.draw(st.sampled_from(list(_places(right))))
    changed = _changed(right, place, data.draw(_JSON))

    assert fits(right, whole, whole)
    assert fits(changed, whole, whole) is Draft202012Validator(whole).is_valid(changed)


def test_the_schema_uses_no_word_that_the_quick_answer_does_not_know() -> None:
    def words(rule: dict[str, Any]) -> Iterator[str]:
        yield from rule
        for word, said in rule.items():
            if word in ("$defs", "properties"):
                inner = list(said.values())
            else:
                inner = said if word == "anyOf" else [said] if isinstance(said, dict) else []
            for one in inner:
                yield from words(one)

    assert set(words(schema())) <= {*REMARKS, *WORDS}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_a_configuration_that_is_right_costs_no_jsonschema() -> None:
    code = f"import sys; from recoverable.config import parse; parse({starter()!r}); print('jsonschema' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)

    assert done.stdout == "False\n"


def test_rules_are_switched_off_and_on_and_given_another_severity() -> None:
    levels = {name: (level.on, level.severity) for name, level in _everything().levels}

    assert levels == {
        "pitr-window-short": (False, None),
        "table-policy-open": (True, None),
        "table-deleted-with-stack": (True, Severity.HIGH),
    }


def test_a_quoted_word_switches_a_rule_off_like_a_plain_one() -> None:
    levels = [parse(f"rules: {{pitr-disabled: {word}}}").levels[0][1] for word in ("off", "'off'", '"off"')]

    assert [level.on for level in levels] == [False, False, False]


def test_a_rule_is_found_under_the_name_it_had() -> None:
    settings = parse("rules: {pitr-window-brief: high}")

    level = settings.level_of(pitr_window_short)

    assert isinstance(level, Level)
    assert level.severity is Severity.HIGH
    assert unknown_rules(settings, [pitr_window_short]) == ()


def test_an_unknown_rule_is_told_with_the_nearest_name() -> None:
    settings = parse("rules:\n  pitr-windw-short: off\n")

    [fault] = unknown_rules(settings, [pitr_window_short])

    assert fault.kind == "config"
    assert fault.origin.start() == ".recoverable.yaml:2:3"
    assert fault.message == "unknown rule `pitr-windw-short`"
    assert fault.do.startswith("did you mean `pitr-window-short`?")


def test_a_rule_that_nobody_mentions_keeps_its_level() -> None:
    assert _level_of(pitr_window_short, "rules: {pitr-disabled: off}") is None


def _level_of(one: Rule, text: str) -> Level | None:
    return parse(text).level_of(one)


def test_table_classes_keep_their_order_and_all_their_patterns() -> None:
    rules = [entry._replace(origin=None) for entry in _everything().class_rules]

    assert rules == [
        ClassRule(
            "rebuildable", spared=True, reason="filled again from S3 every night",
            tags=(("backup", "none"),), paths=("stacks/dev/**", "*.sandbox.yaml"),
        ),
        ClassRule(
            "scratch", spared=True, reason="kept for a day",
            tags=(("team", "data-*"), ("temporary", "yes")), names=("tmp-*",), addresses=("*Scratch",),
        ),
        ClassRule("ledger", spared=False, reason="", tags=(("audited", "*"),)),
    ]  # fmt: skip


def test_a_class_that_sets_nothing_has_the_objectives_of_production() -> None:
    settings = _everything()

    assert settings.objectives_of("scratch") == Objectives(14, customer_key=True)
    assert settings.objectives_of("ledger") == Objectives(14, customer_key=True)


def test_account_ids_are_texts_whatever_they_look_like() -> None:
    assert _everything().accounts == ("123456789012", "012345678901")


@pytest.mark.parametrize("account", ["012345678901", "0777777777777", "012345670123"])
def test_an_account_id_with_a_leading_zero_must_be_quoted(account: str) -> None:
    [(_, _, do)] = _faults(f"accounts: [{account}]")

    assert "in quotes" in do


def test_the_first_parameter_set_that_fits_a_path_holds() -> None:
    settings = _everything()

    assert settings.parameters_of("stacks/prod/a.yaml") == {
        "Stage": "prod", "Version": "010", "Zones": "a,b", "AWS::Region": "eu-central-1",
    }  # fmt: skip
    assert settings.parameters_of("stacks/dev/a.yaml") == {"Stage": "dev", "AWS::Region": "eu-central-1"}


def test_parameters_as_a_mapping_hold_for_all_templates() -> None:
    assert parse("parameters: {Stage: prod, Count: 3}").parameters == (
        ParameterSet((("Stage", "prod"), ("Count", "3"))),
    )


def test_the_remaining_keys_arrive() -> None:
    settings = _everything()

    assert settings.strict
    assert settings.fail_on == "high"
    assert not settings.estate_complete
    assert settings.exclude == ("examples/",)
    assert [pack.shown for pack in settings.packs] == ["policy"]
    assert len(settings.accept) == 1


def test_a_pack_is_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "settings" / "rules").mkdir(parents=True)
    (tmp_path / "settings" / "mine.yaml").write_text("packs: [rules]", encoding="utf-8")

    [pack] = load(tmp_path, tmp_path / "settings" / "mine.yaml").packs

    assert Path(pack.path) == tmp_path / "settings" / "rules"
    assert pack.shown == "settings/rules"


def test_a_pack_behind_a_link_to_outside_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "rules").symlink_to(tmp_path / "elsewhere")
    (root / ".recoverable.yaml").write_text("packs: [rules]", encoding="utf-8")

    with pytest.raises(ConfigError, match="outside the repository"):
        load(root)


def test_both_names_at_once_are_an_error(tmp_path: Path) -> None:
    for name in (".recoverable.yaml", ".recoverable.yml"):
        (tmp_path / name).write_text("", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"two configurations, \.recoverable\.yaml and \.recoverable\.yml"):
        load(tmp_path)


@pytest.mark.parametrize("name", [".recoverable.yaml", ".recoverable.yml"])
def test_either_name_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("estate: open", encoding="utf-8")

    assert load(tmp_path).path == name


def test_a_configuration_that_links_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    (tmp_path / "secret").write_text("password: hunter2", encoding="utf-8")
    (root / ".recoverable.yaml").symlink_to(tmp_path / "secret")

    with pytest.raises(ConfigError, match="link to outside") as caught:
        load(root)

    assert caught.value.text == ""


def test_a_dangling_link_is_an_error_and_not_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".recoverable.yaml").symlink_to(tmp_path / "gone")

    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


def test_a_folder_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".recoverable.yaml").mkdir()

    with pytest.raises(ConfigError, match="it is a folder"):
        load(tmp_path)


def test_a_pipe_of_that_name_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".recoverable.yaml")

    with pytest.raises(ConfigError, match="it is no file"):
        load(tmp_path)


def test_a_configuration_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file") as caught:
        load(tmp_path, tmp_path / "mine.yaml")

    assert caught.value.faults[0].origin.start() == "mine.yaml:1:1"


def test_an_oversized_configuration_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".recoverable.yaml").write_text("#" * 1_000_001, encoding="utf-8")

    with pytest.raises(ConfigError, match="more than 1,000,000 bytes"):
        load(tmp_path)


def test_bytes_that_are_no_text_are_told_at_their_line(tmp_path: Path) -> None:
    (tmp_path / ".recoverable.yaml").write_bytes(b"estate: open\n# caf\xe9\n")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    assert caught.value.faults[0].origin.start().startswith(".recoverable.yaml:2:")


def test_objectives_say_how_much_may_be_lost_and_where_copies_lie() -> None:
    settings = parse("""\
objectives:
  production:
    backup_every: 12h
    retention: 90d
    rpo: 15m
    copies: [region, account]
    immutable: true
    restore_test_age: 30d
    rto: 4h
""")

    assert settings.objectives_of("production") == Objectives(
        backup_every=12 * 3600,
        retention_days=90,
        rpo=15 * 60,
        other_region=True,
        other_account=True,
        immutable=True,
        restore_test_days=30,
        rto=4 * 3600,
    )


def test_a_class_has_the_objectives_of_production_that_it_leaves_out() -> None:
    settings = parse("""\
tables: [{class: ledger, match: {name: ledger}}]
objectives:
  production: {copies: region, retention: 90d, rpo: 1h}
  ledger: {copies: account}
""")

    ledger = settings.objectives_of("ledger")

    assert (ledger.other_region, ledger.other_account, ledger.retention_days, ledger.rpo) == (False, True, 90, 3600)


def test_the_size_of_tables_can_be_given() -> None:
    settings = parse("tables: [{class: production, match: {name: orders}, size_gb: 12.5}]")

    assert settings.class_rules[0].size_gb == 12.5
