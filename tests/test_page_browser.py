"""The page in a real browser: what keys and the mouse do, on paper, on a small screen, and with no script at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import Browser, installed
from recoverable.report import render
from stories import STORIES, told
from test_html import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = installed()

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")

#: Where somebody keeps axe.min.js of axe-core (https://github.com/dequelabs/axe-core); no part of this repository.
AXE = os.environ.get("RECOVERABLE_AXE", "")

SHOWN = "[...document.querySelectorAll('#matrix tbody tr')].filter(row => row.checkVisibility())"
NAMES = f"{SHOWN}.map(row => row.cells[0].firstElementChild.textContent)"
BACK = f"{SHOWN}.map(row => row.cells[1].querySelector('button').textContent)"
FOCUS = "document.activeElement"
WHY = "document.getElementById('w6-cost')"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert CHROMIUM
    with Browser(CHROMIUM, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return kept(render("html", *told(STORIES / "shop")), tmp_path_factory.mktemp("page"))


@pytest.fixture
def page(browser: Browser, address: str) -> Browser:
    browser.look()
    browser.open(address)
    return browser


def kept(document: str, folder: Path) -> str:
    path = folder / "page.html"
    path.write_text(document, encoding="utf-8")
    return path.as_uri()


def test_the_page_loads_nothing_and_complains_of_nothing(page: Browser, address: str) -> None:
    assert page.requests == [address]
    assert page.complaints == []


def test_a_text_filters_matrix_timeline_and_findings(page: Browser) -> None:
    page.click("#q")
    page.write("refunds")

    assert page.ask(NAMES) == ["Refunds"]
    assert page.ask("[...document.querySelectorAll('.lanes > .table')].filter(e => e.checkVisibility()).length") == 1
    assert page.ask("[...document.querySelectorAll('.group')].filter(e => e.checkVisibility()).length") == 1
    assert page.ask("document.getElementById('shown').textContent") == "1 of 15 rows"


def test_a_view_can_be_sent_by_its_address(page: Browser, address: str) -> None:
    page.open(f"{address}#class=ledger&show=no.region&sort=0:down")

    assert page.ask(NAMES) == ["Refunds"]
    assert page.ask("document.getElementById('class').value") == "ledger"
    assert page.ask("document.querySelector('#matrix th').ariaSort") == "descending"


def test_what_is_chosen_stands_in_the_address(page: Browser) -> None:
    page.ask("document.getElementById('severity').focus()")
    page.press("ArrowDown")
    page.press("Enter")

    assert page.ask("location.hash") == "#severity=high"
    assert "Orders" not in page.ask(NAMES)


def test_a_number_of_the_answer_leads_to_its_tables(page: Browser) -> None:
    page.click('a[href="#show=unknown.tested"]')

    assert page.ask(NAMES) == ["OrderEvents"]
    assert page.ask("location.hash") == "#show=unknown.tested"


def test_clearing_shows_everything_again(page: Browser, address: str) -> None:
    page.open(f"{address}#q=nothing+is+called+so")
    before = page.ask(NAMES)
    page.click("#clear")
    page.ask("new Promise(done => setTimeout(done))")

    assert before == []
    assert len(page.ask(NAMES)) == 15


def test_a_column_is_sorted_from_the_keyboard(page: Browser) -> None:
    page.ask("document.querySelector('#matrix thead th:nth-child(2) button').focus()")
    page.press("Enter")
    worst_first = page.ask(BACK)
    page.press("Enter")
    best_first = page.ask(BACK)
    page.press("Enter")

    assert worst_first == sorted(worst_first, key=["no", "not known", "yes"].index)
    assert best_first == sorted(best_first, key=["yes", "not known", "no"].index)
    assert page.ask(NAMES)[:3] == ["Prices", "Prices", "Products"]
    assert page.ask("document.querySelectorAll('[aria-sort]').length") == 0


def test_the_tab_key_passes_the_matrix_in_one_step(page: Browser) -> None:
    page.ask("document.querySelector('#matrix thead th:last-child button').focus()")
    page.press("Tab")
    first = page.ask(f"{FOCUS}.textContent")
    page.press("Tab")

    assert first == "Prices"
    assert page.ask(f"{FOCUS}.closest('#matrix') === null")


def test_arrows_move_in_the_matrix_and_escape_closes_what_enter_opened(page: Browser) -> None:
    page.ask("document.querySelector('#matrix tbody a').focus()")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.press(key)
    open_ = page.ask("document.querySelector('.why:popover-open').textContent")
    page.press("Escape")

    assert "Products: any second: no, objective missed" in open_
    assert page.ask("document.querySelector('.why:popover-open')") is None
    assert page.ask(f"{FOCUS}.getAttribute('popovertarget')") == "w2-pitr"


def test_arrows_pass_over_rows_that_are_filtered_out(page: Browser, address: str) -> None:
    page.open(f"{address}#class=ledger")
    page.ask(f"{SHOWN}[0].querySelector('a').focus()")
    page.press("ArrowDown")

    assert page.ask(f"{FOCUS}.textContent") == "Refunds"


def test_an_explanation_stands_within_the_window_beside_its_cell(page: Browser) -> None:
    page.click('[popovertarget="w6-cost"]')
    # It is placed when it tells that it is open, which it does in its own time.
    page.ask(
        "new Promise(done => (function wait() { WHY.style.left ? done() : setTimeout(wait, 5) })())".replace("WHY", WHY)
    )
    box = page.ask(f"(b => [b.left, b.top, b.right, b.bottom])({WHY}.getBoundingClientRect())")
    cell = page.ask(f"(b => [b.left, b.top, b.right, b.bottom])({WHY}.parentElement.getBoundingClientRect())")

    assert 0 <= box[0] < box[2] <= 1280
    assert 0 <= box[1] < box[3] <= 800
    assert box[0] < cell[2]
    assert box[2] > cell[0]
    assert box[1] >= cell[3] or box[3] <= cell[1]


def test_the_first_stop_of_the_tab_key_skips_to_the_answer(page: Browser) -> None:
    page.press("Tab")
    page.press("Enter")

    assert page.ask(f"{FOCUS}.id") == "answer"


def test_what_has_the_focus_can_be_seen(page: Browser) -> None:
    page.ask("document.querySelector('#matrix thead button').focus()")
    page.press("Tab")

    assert page.ask(f"getComputedStyle({FOCUS}).outlineStyle") == "solid"


@pytest.mark.parametrize("dark", [False, True])
def test_the_switch_turns_light_into_dark_and_back(page: Browser, address: str, dark: bool) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page.look(dark=dark)
    page.open(address)
    before = page.ask(paper)
    page.click("#theme")
    switched = page.ask(paper)
    page.click("#theme")

    assert before == ("rgb(18, 22, 28)" if dark else "rgb(251, 251, 249)")
    assert switched == ("rgb(251, 251, 249)" if dark else "rgb(18, 22, 28)")
    assert page.ask(paper) == before


@pytest.mark.parametrize("width", [400, 768, 1280])
def test_nothing_but_the_matrix_scrolls_sideways(page: Browser, address: str, width: int) -> None:
    page.look(width=width)
    page.open(address)

    assert page.ask("document.documentElement.scrollWidth") == width


def test_paper_shows_all_rows_and_no_controls(page: Browser, address: str) -> None:
    page.open(f"{address}#q=refunds")
    page.look(media="print", width=1000)

    assert len(page.ask(NAMES)) == 15
    assert page.ask("document.getElementById('tools').checkVisibility()") is False
    assert page.paper().startswith(b"%PDF-")


def test_without_scripts_everything_can_be_read(browser: Browser, address: str) -> None:
    browser("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.look()
        browser.open(address)
        rows, tools = browser.ask(f"{SHOWN}.length"), browser.ask("document.getElementById('tools').checkVisibility()")
        browser.click('[popovertarget="w6-plan"]')
        open_ = browser.ask("document.querySelector('.why:popover-open').id")
    finally:
        browser("Emulation.setScriptExecutionDisabled", value=False)

    assert (rows, tools, open_) == (15, False, "w6-plan")


def test_a_table_with_a_hostile_name_is_harmless(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(HOSTILE)
    browser.open(kept(render("html", *told(tmp_path)), tmp_path))

    assert browser.ask("window.broken") is None
    assert browser.complaints == []
    assert len(browser.ask(NAMES)) == 1


@pytest.mark.skipif(not AXE, reason="RECOVERABLE_AXE names no axe.min.js")
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (400, False)])
def test_axe_finds_nothing(page: Browser, address: str, width: int, dark: bool) -> None:
    page.look(width=width, dark=dark)
    page("Page.setBypassCSP", enabled=True)
    page.open(address)
    page.ask(f"{Path(AXE).read_text(encoding='utf-8')};0")
    found = page.ask("axe.run().then(result => result.violations.map(each => [each.id, each.nodes[0].html]))")
    page("Page.setBypassCSP", enabled=False)

    assert found == []
