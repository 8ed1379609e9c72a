"""The page for a browser: what it says, what it never lets through, and that it is one file."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.cli.main import run
from recoverable.report import render
from recoverable.report.page.markup import Markup, element
from recoverable.report.page.timeline import position
from report_samples import SAMPLES, options
from stories import STORIES, told

if TYPE_CHECKING:
    from pathlib import Path

EVIL = '</script><img src=x onerror="window.broken=1">'

#: A table whose name is EVIL cannot be; one whose logical id, file and tag are can.
HOSTILE = f"""\
Resources:
  '{EVIL}':
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: '{EVIL}'
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: !Ref '{EVIL}'
"""


class Page(HTMLParser):
    """Every element of a page with its attributes, and the text of those named in `texts`."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._hidden = 0
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._hidden += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] or "" for _, attributes in self.elements if attribute in attributes]


@cache
def shop() -> str:
    return render("html", *told(STORIES / "shop"))


def test_the_headline_counts_what_is_not_known_as_not_known() -> None:
    text = Page(shop()).text()

    assert "5 of 10 production tables could be brought back; 3 could not; for 2 it is not known." in text


def test_the_headline_names_the_tables_that_could_not_be_brought_back() -> None:
    text = Page(shop()).text()

    assert "Could not: FraudScores, DailyFigures, Baskets." in text
    assert "Not known: Prices (could, when IsProd is true), OrderEvents." in text


def test_tables_that_may_be_lost_are_not_counted_and_named_by_class() -> None:
    assert "Not counted, because they may be lost: 1 cache, 1 lock, 1 rebuildable." in Page(shop()).text()


def test_every_table_has_a_row_in_the_matrix_and_lanes_in_the_timeline() -> None:
    numbers = Page(shop()).values("data-i")

    assert sorted(numbers, key=int) == [str(number) for number in range(15) for _ in range(2)]


def test_what_is_only_possible_is_drawn_as_not_known() -> None:
    lanes = shop().partition('id="t6"')[2].partition('id="t7"')[0]

    assert "Perhaps: Monthly backups, kept for 2555 days" in lanes
    assert lanes.count('class="points open"') == 6
    assert 'class="points backup"' not in lanes


def test_a_cell_says_what_it_follows_from_and_where_that_stands() -> None:
    why = shop().partition('id="w6-plan"')[2].partition("</div>")[0]

    assert "comes from parameter BackupTier, which has no default" in why
    assert "services/orders/template.yaml:45:32" in why


def test_an_objective_that_is_missed_is_marked_in_its_cell() -> None:
    why = shop().partition('id="w10-region"')[2].partition("</div>")[0]

    assert "Objective missed: a copy in another Region" in why


def test_the_page_says_which_answers_it_does_not_have() -> None:
    assert re.search(r"\d+ of 165 answers in the matrix are not known", Page(shop()).text())


def test_the_same_estate_gives_the_same_bytes() -> None:
    assert render("html", *told(STORIES / "shop")) == shop()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_report_can_be_a_page(name: str) -> None:
    document = render("html", SAMPLES[name](), options())
    page = Page(document)

    assert document.startswith("<!DOCTYPE html>\n")
    assert "Could we get these tables back?" in page.text()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", document)


def test_a_table_whose_picture_was_not_worked_out_is_not_known() -> None:
    row = render("html", SAMPLES["mixed"](), options()).partition('<tr data-i="2"')[2].partition("</tr>")[0]

    assert 'aria-label="Brought back: not known"' in row
    assert "there are more scenarios than are followed" in row.lower()


def test_errors_and_notes_stand_on_the_page_with_what_to_do() -> None:
    text = Page(render("html", SAMPLES["mixed"](), options())).text()

    assert "The list is never closed broken.yaml:2:11 What to do: Close it with ]." in text
    assert "3 files are larger than 10 MB" in text


def test_names_from_templates_are_never_tags(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(HOSTILE)
    document = render("html", *told(tmp_path))
    page = Page(document)

    assert EVIL in page.text()
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert "img" not in {tag for tag, _ in page.elements}


@given(st.text(), st.text())
def test_no_text_leaves_its_element_or_its_attribute(inside: str, attribute: str) -> None:
    page = Page(element("p", inside, title=attribute))

    assert [(tag, list(attributes)) for tag, attributes in page.elements] == [("p", ["title"])]


def test_markup_is_not_escaped_again() -> None:
    assert element("b", Markup("<i>x</i>"), "&") == "<b><i>x</i>&amp;</b>"


def test_the_page_allows_its_own_style_and_script_and_nothing_else() -> None:
    document = shop()
    policy = next(each["content"] for tag, each in Page(document).elements if "http-equiv" in each)
    allowed = {
        name: b64encode(
            sha256(document.partition(f"<{name}>")[2].partition(f"</{name}>")[0].encode()).digest()
        ).decode()
        for name in ("style", "script")
    }

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{allowed['style']}'; script-src 'sha256-{allowed['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_asks_for_nothing_else() -> None:
    page = Page(shop())

    assert not page.values("src")
    assert not page.values("style")
    assert all(href.startswith("#") for href in page.values("href"))


def test_every_link_and_label_leads_to_something_that_is_there_once() -> None:
    page = Page(shop())
    names = page.values("id")
    meant = [href[1:] for href in page.values("href") if "=" not in href]
    meant += page.values("popovertarget") + page.values("aria-labelledby")

    assert len(names) == len(set(names))
    assert set(meant) <= set(names)


@given(st.floats(0, 10**12), st.floats(0, 10**12))
def test_what_is_older_never_lies_further_left(one: float, other: float) -> None:
    younger, older = sorted((one, other))

    assert 0 <= position(younger) <= position(older) <= 92


PAIRS = [
    *((ink, ground) for ink in ("ink", "soft", "link", "yes", "no", "unknown") for ground in ("paper", "card")),
    ("yes", "yes-tint"), ("no", "no-tint"), ("unknown", "unknown-tint"), ("card", "no"),
]  # fmt: skip


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(ink: str, ground: str, theme: int) -> None:
    assert contrast(colour(ink, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("drawn", ["pitr", "backup", "copy", "declared", "unknown", "edge"])
def test_what_is_drawn_stands_out_from_its_ground(drawn: str, theme: int) -> None:
    assert contrast(colour(drawn, theme), colour("card", theme)) >= 3


def colour(name: str, theme: int) -> str:
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", shop())
    assert found
    return found[theme + 1]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "words",
    [["posture", "--format", "html", "-o", "page.html"], ["check", "--fail-on", "never", "-o", "html=page.html"]],
)
def test_both_commands_write_the_page_with_its_findings(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "orders.yaml").write_text("Resources: {Orders: {Type: 'AWS::DynamoDB::Table', Properties: {}}}\n")
    monkeypatch.chdir(tmp_path)
    code = run(words)
    text = Page((tmp_path / "page.html").read_text(encoding="utf-8")).text()

    assert code == 0
    assert "0 of 1 production table could be brought back; 1 could not." in text
    assert "Point-in-time recovery is off pitr-disabled" in text
