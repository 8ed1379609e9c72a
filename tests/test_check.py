"""The gate: what becomes of the answers of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estates import always, choice, depending, estate, estates, key, replica, span, subject, table, unknown_value, when
from recoverable import Answer, Estate, Fact, Listing, Objectives, Replica, Rule, Severity, Table, Truth, no, rule, yes
from recoverable.check import Report, check
from recoverable.config.settings import Level, Settings
from recoverable.estate.acceptances import Acceptance, OnPattern
from recoverable.recovery.classes import ClassRule
from recoverable.rule import Fault
from recoverable.truth import unknown
from recoverable.value import Entry, Known, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from recoverable.rule import Finding

few = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])

BIG = choice("Big")
ENV = choice("Env", "dev", "test", "prod")


@rule(Severity.HIGH, production_only=True)
def pitr_disabled(table: Table) -> Truth:
    return table.pitr.equals(False)


@rule(Severity.MEDIUM)
def deletion_protection_disabled(table: Table | Replica) -> Truth:
    return table.deletion_protection.equals(False)


@rule(Severity.LOW)
def window_short(table: Table, objectives: Objectives) -> Truth:
    return table.pitr_window.below(objectives.pitr_window_days)


@rule(Severity.HIGH)
def key_disabled(table: Table, estate: Estate) -> Truth:
    return estate.keys.any(lambda key: key.enabled.equals(False), "no key is disabled").pointing(table.pitr.fact())


@rule(Severity.INFO, on=False)
def unclassified(table: Table) -> Truth:
    return yes("nobody said what it is for", table.subject.origin)


@rule(Severity.LOW)
def acceptance_unused(acceptance: Acceptance) -> Truth:
    return acceptance.unused_rules.holds(bool, "nothing to accept")


RULES = (pitr_disabled, deletion_protection_disabled, window_short, key_disabled, unclassified, acceptance_unused)


def run(
    of: Estate,
    *rules: Rule,
    settings: Settings | None = None,
    **options: Any,  # noqa: ANN401
) -> Report:
    return check(of, rules, settings or Settings(), headline=lambda rule: f"{rule.name} it is", **options)


def names(results: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(result.rule.name, result.subject.title()) for result in results]


def judged_by(judge: Callable[..., Truth], name: str = "some-rule", **changes: Any) -> Rule:  # noqa: ANN401
    return Rule(name, Severity.HIGH, ("Table",), (), judge)._replace(**changes)


# What is wrong, unknown, spared and right


def test_a_yes_is_a_finding_that_points_to_its_first_fact() -> None:
    report = run(estate(table(line=10)), pitr_disabled)
    (finding,) = report.findings

    assert finding.headline == "pitr-disabled it is"
    assert finding.facts == (Fact("PointInTimeRecoveryEnabled is false", span(12)),)
    assert finding.origin == span(12)
    assert finding.severity is Severity.HIGH
    assert finding.scenario == ""


def test_a_finding_without_a_placed_fact_points_to_its_subject() -> None:
    report = run(estate(table(line=10)), judged_by(lambda _: yes("it follows")))

    assert report.findings[0].origin == span(10)


def test_a_no_is_nothing() -> None:
    report = run(estate(table(pitr=True)), pitr_disabled)

    assert report._replace(tables=(), postures=(), rules=(), subjects=()) == Report()


def test_an_unknown_is_undetermined_and_no_finding() -> None:
    report = run(estate(table(pitr=unknown_value("PointInTimeRecoveryEnabled"))), pitr_disabled)

    assert names(report.undetermined) == [("pitr-disabled", "Orders")]
    assert not report.findings


def test_a_rule_about_several_kinds_judges_each() -> None:
    orders = table()
    report = run(estate(orders, replica(orders)), deletion_protection_disabled)

    assert names(report.findings) == [
        ("deletion-protection-disabled", "Orders"),
        ("deletion-protection-disabled", "Orders in eu-central-1"),
    ]


def test_a_rule_about_a_kind_that_there_is_not_is_a_fault_that_names_the_kinds() -> None:
    report = run(estate(table()), judged_by(lambda _: yes("x"), subjects=("Bucket",)), pitr_disabled)
    (fault,) = report.faults

    assert fault.kind == "rule-invalid"
    assert "Bucket" in fault.message
    assert "Table, Replica, Key" in fault.do
    assert names(report.findings) == [("pitr-disabled", "Orders")]


def test_a_key_is_judged_too() -> None:
    report = run(estate(key(enabled=False)), judged_by(lambda key: key.enabled.equals(False), subjects=("Key",)))

    assert names(report.findings) == [("some-rule", "TableKey")]


# Classes


def test_a_spared_table_is_exempt_with_the_reason() -> None:
    report = run(estate(table(partition_key="LockID")), pitr_disabled)
    (exempt,) = report.exempt

    assert not report.findings
    assert "LockID" in exempt.reason


def test_a_spared_table_with_nothing_wrong_is_not_mentioned() -> None:
    assert not run(estate(table(partition_key="LockID", pitr=True)), pitr_disabled).exempt


def test_what_cannot_be_told_of_a_spared_table_is_exempt() -> None:
    hidden = table(partition_key="LockID", pitr=unknown_value("PointInTimeRecoveryEnabled"))
    report = run(estate(hidden), pitr_disabled)

    assert names(report.exempt) == [("pitr-disabled", "Orders")]
    assert not report.undetermined


def test_what_is_wrong_but_does_no_harm_is_exempt_with_the_reason_of_the_rule() -> None:
    report = run(estate(table()), judged_by(lambda _: yes("it is allowed").sparing("a Deny takes it away")))
    (exempt,) = report.exempt

    assert not report.findings
    assert exempt.reason == "a Deny takes it away"


def test_what_is_not_known_to_be_wrong_cannot_be_spared() -> None:
    report = run(estate(table()), judged_by(lambda _: unknown("who knows").sparing("a Deny takes it away")))

    assert not report.exempt
    assert names(report.undetermined) == [("some-rule", "Orders")]


def test_rules_that_are_about_any_table_do_not_spare_it() -> None:
    report = run(estate(table(partition_key="LockID")), deletion_protection_disabled)

    assert names(report.findings) == [("deletion-protection-disabled", "Orders")]


def test_a_replica_has_the_class_of_its_table() -> None:
    locks = table(partition_key="LockID")
    about_replicas = pitr_disabled._replace(subjects=("Replica",))
    report = run(estate(locks, replica(locks)), about_replicas)

    assert names(report.exempt) == [("pitr-disabled", "Orders in eu-central-1")]


def test_a_doubt_about_the_class_makes_a_finding_undetermined() -> None:
    report = run(estate(table(partition_key=unknown_value("AttributeName"))), pitr_disabled)
    (open_,) = report.undetermined

    assert not report.findings
    assert not report.exempt
    assert "class lock" in open_.facts[0].text
    assert open_.facts[1].text == "PointInTimeRecoveryEnabled is false"


def test_a_doubt_about_the_class_changes_nothing_where_nothing_is_wrong() -> None:
    report = run(estate(table(partition_key=unknown_value("AttributeName"), pitr=True)), pitr_disabled)

    assert not report.undetermined


def test_a_class_rule_of_the_configuration_spares_a_table() -> None:
    scratch = ClassRule("scratch", spared=True, reason="refilled nightly", addresses=("Orders",))
    report = run(estate(table()), pitr_disabled, settings=Settings(class_rules=(scratch,)))

    assert "refilled nightly" in report.exempt[0].reason


def test_the_objectives_are_those_of_the_tables_class() -> None:
    goals = (("gold", Objectives(pitr_window_days=20)), ("production", Objectives(pitr_window_days=10)))
    settings = Settings(objectives=goals)
    of = estate(table("Gold", declared_class="gold", pitr_window=15), table("Plain", pitr_window=15))

    assert names(run(of, window_short, settings=settings).findings) == [("window-short", "Gold")]


# Scenarios


def conditional(make: Callable[[Any], Table | None], *on: Any) -> Estate:  # noqa: ANN401
    return Estate(tables=Listing((depending(on or (BIG,), make),)))


def test_what_is_wrong_in_every_scenario_is_said_once_and_without_one() -> None:
    report = run(conditional(lambda way: table(stream=way["Big"] == "true")), pitr_disabled)

    assert [finding.scenario for finding in report.findings] == [""]


def test_what_is_wrong_in_some_scenarios_names_them() -> None:
    report = run(conditional(lambda way: table(pitr=way["Big"] == "true")), pitr_disabled)

    assert [finding.scenario for finding in report.findings] == ["when Big is false"]


def test_a_table_that_is_not_always_there_is_judged_where_it_is() -> None:
    report = run(conditional(lambda way: table() if way["Big"] == "true" else None), pitr_disabled)

    assert [finding.scenario for finding in report.findings] == [""]


def test_wrong_in_some_scenarios_and_unknown_in_others_gives_both() -> None:
    hidden = unknown_value("PointInTimeRecoveryEnabled")
    ways = {"dev": False, "test": hidden, "prod": True}
    report = run(conditional(lambda way: table(pitr=ways[way["Env"]]), ENV), pitr_disabled)

    assert [finding.scenario for finding in report.findings] == ["when Env is dev"]
    assert [finding.scenario for finding in report.undetermined] == ["when Env is test"]
    assert report.findings[0].fingerprint != report.undetermined[0].fingerprint


def test_a_table_that_is_spared_in_some_scenarios_is_exempt_in_those_alone() -> None:
    report = run(
        conditional(lambda way: table(declared_class="rebuildable" if way["Env"] == "dev" else None), ENV),
        pitr_disabled,
    )

    assert [finding.scenario for finding in report.findings] == ["when Env is not dev"]
    assert [finding.scenario for finding in report.exempt] == ["when Env is dev"]


def test_the_facts_are_those_of_the_first_scenario_in_which_it_is_wrong() -> None:
    report = run(conditional(lambda way: table(line=10 if way["Big"] == "true" else 20)), pitr_disabled)

    assert report.findings[0].origin == span(12)


def test_a_rule_that_looks_around_follows_the_choices_that_it_meets() -> None:
    keys = Listing((depending([BIG], lambda way: key(enabled=way["Big"] == "true")),))
    report = run(estate(table())._replace(keys=keys), key_disabled)

    assert [finding.scenario for finding in report.findings] == ["when Big is false"]


def test_a_rule_that_looks_around_stays_in_the_scenario_of_its_subject() -> None:
    def same_way(table: Table, estate: Estate) -> Truth:
        return estate.keys.any(
            lambda key: Truth(Answer.YES if key.enabled.known() == table.stream.known() else Answer.NO), "none"
        )

    tables = Listing((depending([BIG], lambda way: table(stream=way["Big"] == "true")),))
    keys = Listing((depending([BIG], lambda way: key(enabled=way["Big"] == "true")),))
    report = run(Estate(tables=tables, keys=keys), judged_by(same_way, wants=("estate",)))

    assert [finding.scenario for finding in report.findings] == [""]


def test_a_choice_that_one_table_met_does_not_stay_settled_for_the_next() -> None:
    keys = Listing((depending([BIG], lambda way: key(enabled=way["Big"] == "true")),))
    report = run(estate(table("A"), table("B"))._replace(keys=keys), key_disabled)

    assert [finding.scenario for finding in report.findings] == ["when Big is false"] * 2


def test_scenarios_for_which_something_else_has_no_variant_cannot_be() -> None:
    """A reader leaves out what the Rules of a template forbid: here, Big in dev."""

    def off(_: Table, estate: Estate) -> Truth:
        first, second = (Listing((entry,), run=estate.keys.run) for entry in estate.keys.entries[:2])
        one = first.any(lambda key: key.enabled.equals(False), "none")
        two = second.any(lambda key: key.enabled.equals(False), "none")
        return one & two

    allowed = depending([BIG, ENV], lambda _: key("Other"))
    allowed = Entry(tuple(each for each in allowed.variants if each.scenario != when((BIG, "true"), (ENV, "dev"))))
    keys = Listing(
        (
            depending([BIG], lambda way: key("A", enabled=way["Big"] != "true")),
            depending([ENV], lambda way: key("B", enabled=way["Env"] != "dev")),
            allowed,
        )
    )
    report = run(estate(table())._replace(keys=keys), judged_by(off, wants=("estate",)))

    assert not report.findings


def many_keys() -> Listing[Any]:
    return Listing(
        tuple(
            depending([choice(f"C{number}")], lambda way, number=number: key(enabled=way[f"C{number}"] == "true"))  # type: ignore[misc]
            for number in range(8)
        )
    )


def test_more_scenarios_than_are_followed_leave_it_undetermined_with_a_note() -> None:
    def all_disabled(_: Table, estate: Estate) -> Truth:
        disabled = [key.enabled.equals(False) for key in estate.keys.present()]
        return yes("all") if all(one.answer is Answer.YES for one in disabled) else no("not all")

    rule_ = judged_by(all_disabled, wants=("estate",))
    report = run(estate(table())._replace(keys=many_keys()), rule_)

    assert not report.findings
    assert names(report.undetermined) == [("some-rule", "Orders")]
    assert "64 scenarios" in report.undetermined[0].facts[0].text
    assert [note.kind for note in report.notes] == ["too-many-scenarios"]


def test_what_is_wrong_before_the_bound_is_hit_is_still_found_and_claims_no_more() -> None:
    def one_enabled(_: Table, estate: Estate) -> Truth:
        return yes("one") if any(key.enabled.known() for key in estate.keys.present()) else no("none")

    report = run(estate(table())._replace(keys=many_keys()), judged_by(one_enabled, wants=("estate",)))

    assert report.findings[0].scenario.startswith("for example when C0 is true and ")
    assert names(report.undetermined) == [("some-rule", "Orders")]


# Crashes


def test_a_rule_that_crashes_is_a_fault_and_the_other_rules_still_speak() -> None:
    def crash(table: Table) -> Truth:
        raise ValueError(f"no such thing in {table.subject.address}\nand more")

    report = run(estate(table("A"), table("B")), judged_by(crash), pitr_disabled)
    (fault,) = report.faults

    assert fault.kind == "rule-crashed"
    assert fault.message == "rule some-rule crashed on A and 1 more: ValueError: no such thing in A"
    assert names(report.undetermined) == [("some-rule", "A"), ("some-rule", "B")]
    assert names(report.findings) == [("pitr-disabled", "A"), ("pitr-disabled", "B")]


def endless(table: Table) -> Truth:
    return endless(table)


def leave(_: Table) -> Truth:
    raise SystemExit(0)


def wrong_type(_: Table) -> Any:  # noqa: ANN401
    return True


class Unprintable(Exception):  # noqa: N818
    def __str__(self) -> str:
        raise RuntimeError


def unprintable(_: Table) -> Truth:
    raise Unprintable


def addressed(_: Table) -> Truth:
    raise ValueError(f"{object()}")


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        (endless, "RecursionError"),
        (leave, "SystemExit: 0"),
        (wrong_type, "it returned bool where a Truth is due"),
        (unprintable, "Unprintable"),
        (addressed, "ValueError: <object object>"),
    ],
)
def test_whatever_a_rule_does_is_told_in_one_line(judge: Callable[..., Truth], said: str) -> None:
    report = run(estate(table()), judged_by(judge))

    assert said in report.faults[0].message
    assert names(report.undetermined) == [("some-rule", "Orders")]


def test_an_interruption_is_not_a_crash() -> None:
    def interrupted(_: Table) -> Truth:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(estate(table()), judged_by(interrupted))


# Levels


def level(*, on: bool = True, severity: Severity | None = None) -> Level:
    return Level(on, severity, span())


def test_a_rule_that_is_off_is_not_asked() -> None:
    settings = Settings(levels=(("pitr-disabled", level(on=False)),))
    report = run(estate(table()), pitr_disabled, deletion_protection_disabled, settings=settings)

    assert names(report.findings) == [("deletion-protection-disabled", "Orders")]
    assert [one.name for one in report.rules] == ["deletion-protection-disabled"]


def test_a_changed_severity_is_the_findings() -> None:
    settings = Settings(levels=(("pitr-disabled", level(severity=Severity.LOW)),))

    assert run(estate(table()), pitr_disabled, settings=settings).findings[0].severity is Severity.LOW


def test_a_level_under_a_former_name_counts() -> None:
    settings = Settings(levels=(("no-pitr", level(on=False)),))

    assert not run(estate(table()), pitr_disabled._replace(formerly=("no-pitr",)), settings=settings).rules


@pytest.mark.parametrize(
    ("settings", "options", "asked"),
    [
        (Settings(), {}, False),
        (Settings(strict=True), {}, True),
        (Settings(levels=(("unclassified", level()),)), {}, True),
        (Settings(strict=True, levels=(("unclassified", level(on=False)),)), {}, False),
        (Settings(), {"only": ("unclassified",)}, True),
        (Settings(strict=True), {"skip": ("unclassified",)}, False),
    ],
)
def test_a_rule_that_is_off_by_default_is_asked_when_somebody_wants_it(
    settings: Settings, options: dict[str, Any], asked: bool
) -> None:
    assert bool(run(estate(table()), unclassified, settings=settings, **options).findings) is asked


def test_only_leaves_all_other_rules_out() -> None:
    report = run(estate(table()), *RULES, only=("pitr-disabled",))

    assert [one.name for one in report.rules] == ["pitr-disabled"]


# Acceptances


def acceptance(*rules: str, address: str = "*", until: str = "", path: str = "template.yaml") -> Acceptance:
    at = span(90, path)
    return Acceptance(
        subject=subject(f"accept {', '.join(rules)}", kind="acceptance", path=path, line=90),
        rules=rules,
        reason="we can live with it",
        until=until,
        reach=OnPattern((address,), None),
        expired=Value("expired", Known(False, at)),
        problem=Value("problem", Known("", at)),
        unknown_rules=Value("unknown rules", Known((), at)),
        unused_rules=Value("unused rules", Known((), at)),
    )


def test_an_accepted_finding_is_set_aside_with_the_reason() -> None:
    report = run(estate(table()), pitr_disabled, acceptances=[acceptance("pitr-disabled")])

    assert not report.findings
    assert [result.reason for result in report.accepted] == ["we can live with it"]


def test_what_cannot_be_told_can_be_accepted_too() -> None:
    hidden = estate(table(pitr=unknown_value("PointInTimeRecoveryEnabled")))
    report = run(hidden, pitr_disabled, acceptances=[acceptance("pitr-disabled")])

    assert not report.undetermined
    assert names(report.accepted) == [("pitr-disabled", "Orders")]


def test_an_acceptance_that_covers_nothing_is_a_finding() -> None:
    report = run(
        estate(table()), pitr_disabled, acceptance_unused, acceptances=[acceptance("pitr-disabled", address="Other")]
    )

    assert [result.rule.name for result in report.findings] == ["pitr-disabled", "acceptance-unused"]


def test_an_acceptance_that_covers_something_is_none() -> None:
    report = run(estate(table()), pitr_disabled, acceptance_unused, acceptances=[acceptance("pitr-disabled")])

    assert not report.findings


def test_two_acceptances_of_one_finding_are_both_used() -> None:
    both = [acceptance("pitr-disabled"), acceptance("pitr-disabled", address="Ord*")]
    report = run(estate(table()), pitr_disabled, acceptance_unused, acceptances=both)

    assert not report.findings
    assert len(report.accepted) == 1


def test_a_finding_about_an_acceptance_cannot_be_accepted() -> None:
    every_rule = acceptance("pitr-disabled", "acceptance-unused", address="Other")
    blanket = acceptance("acceptance-unused")
    report = run(estate(table()), acceptance_unused, acceptances=[every_rule, blanket])

    assert names(report.findings)[0][0] == "acceptance-unused"
    assert not report.accepted


def test_an_acceptance_of_a_rule_that_was_not_asked_is_not_unused() -> None:
    report = run(
        estate(table()), *RULES, acceptances=[acceptance("pitr-disabled")], skip=("pitr-disabled", "key-disabled")
    )

    assert "acceptance-unused" not in [result.rule.name for result in report.findings]


@pytest.mark.parametrize("handed", ["faults", "notes"])
def test_where_something_could_not_be_read_an_acceptance_may_be_used_there(handed: str) -> None:
    unread = Fault("unparsable", "it is no YAML", span(1, "broken.yaml"))
    report = run(
        estate(table(pitr=True)),
        pitr_disabled,
        acceptance_unused,
        acceptances=[acceptance("pitr-disabled")],
        faults=[unread] if handed == "faults" else (),
        notes=[unread] if handed == "notes" else (),
    )

    assert not report.findings
    assert [result.rule.name for result in report.undetermined] == ["acceptance-unused"]


# What to report on


def test_only_findings_in_the_files_to_report_on_are_reported() -> None:
    of = estate(table("A", path="a.yaml"), table("B", path="b.yaml", partition_key="LockID"))
    report = run(of, pitr_disabled, deletion_protection_disabled, report_on={"b.yaml"})

    assert names(report.findings) == [("deletion-protection-disabled", "B")]
    assert names(report.exempt) == [("pitr-disabled", "B")]
    assert [row.table.subject.address for row in report.tables] == ["B"]


def test_a_finding_that_points_into_a_file_to_report_on_is_reported() -> None:
    elsewhere = judged_by(lambda _: yes("the key is off", span(3, "keys.yaml")))
    report = run(estate(table(path="a.yaml")), elsewhere, report_on={"keys.yaml"})

    assert names(report.findings) == [("some-rule", "Orders")]


def test_what_lies_in_other_files_still_counts() -> None:
    of = estate(table(path="a.yaml"), key(path="keys.yaml", enabled=False))
    report = run(of, key_disabled, report_on={"a.yaml"})

    assert names(report.findings) == [("key-disabled", "Orders")]


def test_an_acceptance_is_not_unused_because_its_finding_is_not_reported_on() -> None:
    report = run(
        estate(table(path="a.yaml")),
        pitr_disabled,
        acceptance_unused,
        acceptances=[acceptance("pitr-disabled", path="config.yaml")],
        report_on={"config.yaml"},
    )

    assert not report.findings
    assert not report.accepted


# Identity and order


def test_a_fingerprint_does_not_change_when_lines_move_or_words_change() -> None:
    before = run(estate(table(line=1)), pitr_disabled).findings[0]
    after = check(estate(table(line=99)), [pitr_disabled], Settings(), headline=lambda _: "Other words").findings[0]

    assert before.fingerprint == after.fingerprint
    assert len(before.fingerprint) == 32


@pytest.mark.parametrize(
    "other",
    [table("Audit"), table(path="b.yaml"), replica(table()), replica(table(), "us-east-1")],
    ids=["address", "path", "replica", "region"],
)
def test_a_fingerprint_tells_subjects_apart(other: Table | Replica) -> None:
    about_both = deletion_protection_disabled
    one = run(estate(table()), about_both).findings[0]
    two = run(estate(other), about_both).findings[0]

    assert one.fingerprint != two.fingerprint


def test_subjects_that_nothing_tells_apart_still_get_fingerprints_of_their_own() -> None:
    report = run(Estate(tables=always(table(), table(line=50))), pitr_disabled)

    assert len({finding.fingerprint for finding in report.findings}) == 2


def test_findings_come_worst_first_then_by_place() -> None:
    of = estate(table("B", path="b.yaml"), table("A", path="a.yaml", line=50), table("C", path="a.yaml", line=5))
    report = run(of, deletion_protection_disabled, pitr_disabled)

    assert [subject for _, subject in names(report.findings)] == ["C", "A", "B"] * 2
    assert [finding.severity for finding in report.findings] == [Severity.HIGH] * 3 + [Severity.MEDIUM] * 3


@few
@given(estates(), st.randoms(use_true_random=False))
def test_the_order_of_the_estate_and_of_the_rules_changes_nothing(of: Estate, random: Random) -> None:
    accepted = [acceptance("pitr-disabled", address="Orders"), acceptance("window-short")]
    before = run(of, *RULES, acceptances=accepted)
    rules = list(RULES)
    random.shuffle(rules)
    mixed = {}
    for name in ("tables", "replicas", "keys"):
        listing = getattr(of, name)
        shuffled = list(listing.entries)
        random.shuffle(shuffled)
        mixed[name] = listing._replace(entries=tuple(shuffled))

    assert run(of._replace(**mixed), *rules, acceptances=accepted) == before


def test_the_order_of_what_a_rule_looks_at_does_not_change_its_facts() -> None:
    def off(_: Table, estate: Estate) -> Truth:
        return estate.keys.any(lambda key: yes(f"{key.subject.address} is off", key.subject.origin), "none")

    keys = [key("A"), key("B", path="a.yaml")]
    one, two = (run(estate(table(), *order), judged_by(off, wants=("estate",))) for order in (keys, keys[::-1]))

    assert one == two
    assert one.findings[0].facts[0].text == "B is off"


@few
@given(estates())
def test_no_two_results_share_a_fingerprint(of: Estate) -> None:
    report = run(of, *RULES)
    prints = [result.fingerprint for result in (*report.findings, *report.undetermined)]

    assert len(set(prints)) == len(prints)


def verdicts(report: Report) -> dict[tuple[str, str], set[str]]:
    """What was said of each rule and subject."""
    said: dict[tuple[str, str], set[str]] = {}
    for verdict, results in (
        ("wrong", report.findings),
        ("unknown", report.undetermined),
        ("spared", report.exempt),
    ):
        for pair in names(results):
            said.setdefault(pair, set()).add(verdict)
    return said


@few
@given(estates(), st.data())
def test_making_a_value_unknown_never_makes_a_finding_of_what_was_fine_nor_the_reverse(
    of: Estate, data: st.DataObject
) -> None:
    rules = (pitr_disabled, deletion_protection_disabled, window_short)
    field = data.draw(st.sampled_from(["pitr", "pitr_window", "deletion_protection", "partition_key", "ttl"]))

    def hide(item: Table | None) -> Table | None:
        hidden: dict[str, Any] = {field: unknown_value("hidden")}
        return None if item is None else item._replace(**hidden)

    hidden = of._replace(
        replicas=Listing(()),
        tables=Listing(
            tuple(
                Entry(tuple(each._replace(item=hide(each.item)) for each in entry.variants))
                for entry in of.tables.entries
            )
        ),
    )
    before = verdicts(run(of._replace(replicas=Listing(())), *rules))
    after = verdicts(run(hidden, *rules))

    for pair in before.keys() | after.keys():
        new = after.get(pair, set()) - before.get(pair, set())
        gone = before.get(pair, set()) - after.get(pair, set())
        assert "wrong" not in new
        assert not gone or "unknown" in after[pair]


@few
@given(estates())
def test_every_table_and_rule_is_accounted_for(of: Estate) -> None:
    """A finding or an unknown in some variant of a table always shows in the report."""
    said = verdicts(run(of, deletion_protection_disabled))

    for entry in of.tables.entries:
        for variant in entry.variants:
            if variant.item is not None:
                answer = variant.item.deletion_protection.equals(False).answer
                pair = ("deletion-protection-disabled", variant.item.subject.title())
                wanted = {Answer.YES: "wrong", Answer.UNKNOWN: "unknown"}.get(answer)
                assert wanted is None or wanted in said[pair]


# Tables


def test_a_table_that_looks_the_same_in_every_scenario_has_one_row() -> None:
    report = run(conditional(lambda way: table(stream=way["Big"] == "true")))

    assert [row.scenario for row in report.tables] == [""]


def test_a_table_that_looks_different_has_a_row_for_each_look() -> None:
    report = run(conditional(lambda way: table(pitr=way["Env"] == "prod"), ENV))

    assert [(row.scenario, row.table.pitr.known()) for row in report.tables] == [
        ("when Env is not prod", False),
        ("when Env is prod", True),
    ]


def test_a_name_that_differs_alone_makes_no_further_row_and_is_not_known() -> None:
    report = run(conditional(lambda way: table(name=f"orders-{way['Env']}"), ENV))
    (row,) = report.tables

    assert isinstance(row.table.subject.name.state, Unknown)
    assert "differs" in row.table.subject.name.state.reason


def test_replicas_have_rows_of_their_own_after_their_table() -> None:
    audit, orders = table("Audit"), table()
    report = run(estate(orders, audit, replica(orders), replica(audit)))

    titles = ["Audit", "Audit in eu-central-1", "Orders", "Orders in eu-central-1"]
    assert [row.table.subject.title() for row in report.tables] == titles


def test_a_finding_in_scenarios_with_different_names_does_not_choose_one() -> None:
    report = run(conditional(lambda way: table(name=f"orders-{way['Env']}"), ENV), pitr_disabled)

    assert report.findings[0].subject.name.known() is None


def test_a_row_shows_the_tables_class() -> None:
    assert run(estate(table(partition_key="LockID"))).tables[0].table_class.name == "lock"


# What is handed through


def test_faults_and_notes_of_reading_are_sorted_and_kept_once() -> None:
    later, sooner = Fault("unparsable", "b", span(1, "b.yaml")), Fault("unparsable", "a", span(1, "a.yaml"))
    report = run(estate(), faults=[later, sooner, later], notes=[later, sooner])

    assert report.faults == (sooner, later)
    assert report.notes == (sooner, later)


def test_what_was_examined_is_handed_through() -> None:
    report = run(
        estate(), settings=Settings(estate_complete=False), files=3, examined=["b", "a"], sources={"a": "text"}
    )

    assert (report.files, report.examined, report.sources) == (3, ("a", "b"), {"a": "text"})
    assert not report.estate_complete


def test_the_subject_is_undetermined_only_where_the_rule_crashes() -> None:
    def picky(table: Table) -> Truth:
        if table.stream.known():
            raise ValueError
        return unknown("who knows") if table.ttl.known() else yes("it is wrong")

    report = run(conditional(lambda way: table(stream=way["Big"] == "true")), judged_by(picky))

    assert [finding.scenario for finding in report.findings] == ["when Big is false"]
    assert [finding.scenario for finding in report.undetermined] == ["when Big is true"]
