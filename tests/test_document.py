"""A rule's document, taken apart."""

from __future__ import annotations

from recoverable import document
from recoverable.document import Example, File, Mark

TEXT = """\
# The stream is off

Nothing sees
the changes.

It never did.

## Flagged

Nothing is written.

```yaml
Orders: # <- here
  # A comment
```

```yaml .recoverable.yaml
rules: {}
```

```sh
recoverable check --parameters A=1 \\
  --parameters 'B=2 3'
```

```json
{"a": 1, // <- here
 "b": 2} // <- not yet
```

## What to do

Switch it on.

```yaml
## Not a heading
```

Then wait.

```text
not run
```
"""


def examples(text: str = TEXT) -> tuple[Example, ...]:
    return document.examples(document.parse(text))[0]


def test_the_headline_is_the_title() -> None:
    assert document.parse(TEXT).headline == "The stream is off"


def test_why_is_what_stands_below_the_title() -> None:
    assert document.parse(TEXT).why == "Nothing sees\nthe changes.\n\nIt never did."


def test_what_to_do_is_prose_without_examples() -> None:
    assert document.parse(TEXT).what_to_do == "Switch it on.\n\nThen wait."


def test_a_heading_in_a_block_is_none() -> None:
    assert [section.heading for section in document.parse(TEXT).sections] == ["Flagged", "What to do"]


def test_each_block_without_a_name_is_an_example_of_its_own() -> None:
    assert [(one.heading, one.number, one.line) for one in examples()] == [
        ("Flagged", 1, 13),
        ("Flagged", 2, 18),
        ("What to do", 1, TEXT.splitlines().index("## Not a heading") + 1),
    ]


def test_marks_are_taken_out_and_other_comments_stay() -> None:
    assert examples()[0].files == (File("template.yaml", "Orders:\n  # A comment\n", 13),)
    assert examples()[0].marks == (Mark("template.yaml", 1),)


def test_settings_and_options_belong_to_the_block_that_follows() -> None:
    second = examples()[1]

    assert [file.name for file in second.files] == [".recoverable.yaml", "template.json"]
    assert second.options == ("--parameters", "A=1", "--parameters", "B=2 3")


def test_json_is_marked_by_a_comment_that_is_taken_out() -> None:
    second = examples()[1]

    assert second.files[1].text == '{"a": 1,\n "b": 2}\n'
    assert second.marks == (Mark("template.json", 1), Mark("template.json", 2, missed=True))


def test_the_settings_are_no_input_kind() -> None:
    assert examples()[1].languages() == ("json",)


def test_named_files_are_one_example() -> None:
    one = examples("# T\n\n## Flagged\n\n```yaml a.yaml\na\n```\n```yaml b.yaml\nb\n```\n\nNext.\n\n```yaml\nc\n```\n")

    assert [[file.name for file in example.files] for example in one] == [["a.yaml", "b.yaml"], ["template.yaml"]]


def test_two_files_of_one_name_are_a_problem() -> None:
    parsed = document.parse("# T\n\n## Flagged\n\n```yaml a.yaml\na\n```\n```yaml a.yaml\nb\n```\n")

    assert [problem.message for problem in document.examples(parsed)[1]] == [
        "two files of one example are called a.yaml"
    ]


def test_a_block_in_an_unknown_language_is_a_problem() -> None:
    parsed = document.parse("# T\n\n## Flagged\n\n```toml\na\n```\n\n```\nb\n```\n")

    assert [problem.message for problem in document.examples(parsed)[1]] == [
        "a block in toml cannot be run",
        "a block in no language cannot be run",
    ]


def test_a_longer_fence_may_hold_a_shorter_one() -> None:
    parsed = document.parse("# T\n\n## Flagged\n\n````text\n```yaml\n## x\n```\n````\n\n## Accepted\n")

    assert [section.heading for section in parsed.sections] == ["Flagged", "Accepted"]


def test_a_block_that_never_ends_goes_to_the_end() -> None:
    assert examples("# T\n\n## Flagged\n\n```yaml\na: 1\n")[0].files[0].text.startswith("a: 1\n")


def test_windows_line_ends_change_nothing() -> None:
    parsed = document.parse(TEXT.replace("\n", "\r\n"))

    assert parsed._replace(markdown=TEXT) == document.parse(TEXT)


def test_an_empty_document_lacks_everything_and_raises_nothing() -> None:
    gaps = document.gaps(document.parse(""))

    assert gaps[0].message == "there is no headline"
    assert len(gaps) == 7


def test_gaps_name_a_heading_that_means_nothing_and_the_alternatives() -> None:
    gaps = document.gaps(document.parse("# T\n\nWhy.\n\n## Bad\n\nx\n"))

    assert (gaps[0].message, gaps[0].line) == ("the heading 'Bad' means nothing here", 5)
    assert "Flagged, Accepted, Undetermined" in gaps[0].do


def test_headings_out_of_order_are_a_gap() -> None:
    body = "".join(f"## {heading}\n\nx\n\n" for heading in reversed(document.HEADINGS))

    assert [gap.message for gap in document.gaps(document.parse(f"# T\n\nWhy.\n\n{body}"))] == [
        "the headings are not in their order"
    ]


def test_a_full_stop_after_the_headline_is_a_gap() -> None:
    gaps = document.gaps(document.parse("# T.\n\nWhy.\n"))

    assert gaps[0].message == "the headline ends in a full stop"
