"""Every example in every built-in rule's document, and the harness that runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from recoverable import pack, trial
from recoverable.trial import Trial

PACK = pack.load(pack.builtin())
TRIALS = tuple(trial.trials(PACK))

RULE = """\
from __future__ import annotations
from recoverable import Severity, Table, Truth, rule
@rule(Severity.LOW)
def stream_off(table: Table) -> Truth:
    return table.stream.equals(False)
"""

DOCUMENT = """\
# The stream is off

Nothing sees the changes.

## Flagged

```yaml
Resources:
  Orders: # <- here
    Type: AWS::DynamoDB::Table
```

## Accepted

```yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      StreamSpecification: {StreamViewType: NEW_IMAGE}
```

## Undetermined

```yaml
Parameters:
  Stream: {Type: String}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      StreamSpecification: !Ref Stream # <- here
```

## What to do

Switch it on.

## References

- [Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html)
"""


def problems_of(folder: Path, document: str = DOCUMENT, rule: str = RULE) -> list[str]:
    (folder / "stream_off.py").write_text(rule)
    (folder / "stream_off.md").write_text(document)
    return [problem for result in trial.run_trials(str(folder)) for problem in result.problems]


def test_the_built_in_pack_loads_without_faults() -> None:
    assert PACK.faults == ()


@pytest.mark.parametrize("one", TRIALS, ids=Trial.name)
def test_a_document_keeps_its_promise(one: Trial) -> None:
    result = trial.run(one, PACK.rules)

    assert result.problems == ()


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.name)
def test_every_rule_is_shown_what_it_cannot_tell(rule: object) -> None:
    headings = {one.example.heading for one in TRIALS if one.rule is rule and one.example is not None}
    acceptances = next(one.rule for one in TRIALS if one.rule is rule).subjects == ("Acceptance",)

    assert "Undetermined" in headings or acceptances


def test_a_pack_that_keeps_its_promises_has_no_problems(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == []


def test_a_finding_on_another_line_than_the_marked_one_is_a_problem(tmp_path: Path) -> None:
    moved = DOCUMENT.replace(
        "Orders: # <- here\n    Type: AWS::DynamoDB::Table", "Orders:\n    Type: AWS::DynamoDB::Table # <- here", 1
    )

    problems = problems_of(tmp_path, moved)

    assert problems[0].startswith("line 9 is flagged, which nothing says it should be")
    assert problems[1:] == ["line 10 is marked, but is not flagged"]


def test_an_accepted_example_that_is_flagged_is_a_problem(tmp_path: Path) -> None:
    wrong = DOCUMENT.replace(
        "      StreamSpecification: {StreamViewType: NEW_IMAGE}\n", "      BillingMode: PAY_PER_REQUEST\n"
    )

    problems = problems_of(tmp_path, wrong)

    assert [problem[:18] for problem in problems] == ["line 17 is flagged"]


def test_an_undetermined_example_that_is_flagged_is_a_problem(tmp_path: Path) -> None:
    guessing = RULE.replace("table.stream.equals(False)", "Truth(Answer.YES, table.stream.equals(False).facts)")
    guessing = guessing.replace("import Severity", "import Answer, Severity")

    problems = problems_of(tmp_path, rule=guessing)

    assert "line 32 is marked, but is not undetermined" in problems


def test_an_example_that_shows_the_rule_nothing_is_a_problem(tmp_path: Path) -> None:
    idle = DOCUMENT.replace(
        "Type: AWS::DynamoDB::Table\n    Properties:\n      StreamSpecification: {",
        "Type: AWS::SNS::Topic\n    Properties:\n      Stream: {",
    )

    assert problems_of(tmp_path, idle) == ["the rule was not asked about anything; show a Table"]


def test_an_unmarked_flagged_example_is_a_problem(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, DOCUMENT.replace(" # <- here", "", 1))

    assert problems[0].startswith("no line is marked")


def test_a_known_miss_must_stay_missed(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, DOCUMENT.replace("# <- here", "# <- not yet", 1))

    assert problems == ["line 9 is flagged now; replace `not yet` by `here`"]


def test_a_known_miss_that_is_missed_is_no_problem(tmp_path: Path) -> None:
    example = DOCUMENT[DOCUMENT.index("```yaml\nParameters") : DOCUMENT.index("## What to do")].replace(
        "here", "not yet"
    )
    missed = DOCUMENT.replace("## Accepted", f"One day:\n\n{example.replace('!Ref Stream', '{}')}\n## Accepted")

    assert problems_of(tmp_path, missed) == []


def test_a_language_that_is_only_flagged_is_a_problem(tmp_path: Path) -> None:
    lopsided = DOCUMENT.replace(
        "## Accepted",
        '```json\n{"Resources": {"Orders": {"Type": "AWS::DynamoDB::Table"}}} // <- here\n```\n\n## Accepted',
    )

    assert problems_of(tmp_path, lopsided) == [
        "there is an example in json under 'Flagged' and none under 'Accepted'; add one"
    ]


@pytest.mark.parametrize("heading", ["Flagged", "Accepted", "Undetermined", "What to do", "References"])
def test_a_missing_heading_is_a_problem_that_says_what_to_write(tmp_path: Path, heading: str) -> None:
    problems = problems_of(tmp_path, DOCUMENT.replace(f"## {heading}", "## Notes"))

    assert any(f"the heading '{heading}' is missing; add `## {heading}`" in problem for problem in problems)


def test_undetermined_may_be_a_sentence(tmp_path: Path) -> None:
    start, end = DOCUMENT.index("## Undetermined"), DOCUMENT.index("## What to do")
    said = DOCUMENT[:start] + "## Undetermined\n\nIt is always written out.\n\n" + DOCUMENT[end:]

    assert problems_of(tmp_path, said) == []


def test_a_broken_example_is_a_problem_not_an_error(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, DOCUMENT.replace("{StreamViewType: NEW_IMAGE}", "{StreamViewType: "))

    assert any(problem.startswith("it cannot be checked") for problem in problems)


def test_a_refused_configuration_is_a_problem_not_an_error(tmp_path: Path) -> None:
    with_settings = DOCUMENT.replace("## Accepted\n", "## Accepted\n\n```yaml .recoverable.yaml\nnonsense: true\n```\n")

    problems = problems_of(tmp_path, with_settings)

    assert len(problems) == 1
    assert problems[0].startswith("its configuration is refused")


def test_a_command_line_that_an_example_cannot_have_is_a_problem(tmp_path: Path) -> None:
    with_options = DOCUMENT.replace("## Accepted\n", "## Accepted\n\n```sh\nrecoverable check --strict\n```\n")

    assert problems_of(tmp_path, with_options) == [
        "its command line cannot be used: --strict has no meaning in an example; there is --parameters"
    ]


def test_a_crashing_rule_is_a_problem_not_an_error(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, rule=RULE.replace("table.stream.equals(False)", "table.no_such_thing"))

    assert any("no_such_thing" in problem for problem in problems)


def test_a_scaffolded_rule_passes_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    trial.scaffold(str(folder), "owner-tag-missing")

    results = trial.run_trials(str(folder))

    assert len(results) == 5
    assert [result for result in results if not result.passed] == []


def test_a_scaffold_overwrites_nothing(tmp_path: Path) -> None:
    trial.scaffold(str(tmp_path), "owner-tag-missing")

    with pytest.raises(FileExistsError, match=r"owner_tag_missing\.py is there already"):
        trial.scaffold(str(tmp_path), "owner-tag-missing")


@pytest.mark.parametrize(
    "name", ["", "Owner", "owner_tag", "../owner", "owner--tag", "1st", "owner tag", "class", "def-"]
)
def test_a_scaffold_refuses_what_can_be_no_rule(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is not a rule's name"):
        trial.scaffold(str(tmp_path), name)
