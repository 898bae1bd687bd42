"""The report at the console: who may see it, what stands in it, and that it can be read without seeing or a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.types import Phrase
from handoff import words
from tests.browser import Visitors, check_page
from tests.calls.line import LANGUAGES, Line
from tests.console.clerks import Clerk
from tests.console.month import fill, fill_forms
from tests.console.test_browser import AtDesk

PAGE = "/console/report"
CELLS = re.compile(r"<td>(.*?)</td>")
HIDDEN = '<span aria-hidden="true">'


def test_it_is_for_who_sees_all_departments(line: Line) -> None:
    assert "Report" in Clerk(line).signs_in(PAGE).page.words
    omar = Clerk(line, "omar", department="housing").signs_in()
    assert PAGE not in omar.answer.text
    assert omar.opens(PAGE).answer.status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_each_language_and_names_nobody(line: Line, language: str) -> None:
    fill(line.database, 600)
    Clerk(line, "omar").signs_in()
    ines = Clerk(line, language=language).signs_in(PAGE)
    for phrase in (*words.FACTS.values(), *words.REPORTED_BY.values(), Phrase(id="Got what they needed")):
        assert line.words(phrase, language, "") in ines.page.words
    assert "Omar" not in ines.page.words


def test_no_cell_holds_fewer_than_ten(line: Line) -> None:
    fill(line.database, 600)
    cells = CELLS.findall(Clerk(line).signs_in(PAGE).answer.text)
    counts = [int(cell.replace(",", "")) for cell in cells if cell.replace(",", "").isdigit()]
    assert 600 in counts
    assert min(counts) >= 10
    assert any(cell.startswith(HIDDEN) for cell in cells)


def test_of_a_month_in_which_few_came_nothing_is_told(line: Line) -> None:
    fill(line.database, 9)
    cells = CELLS.findall(Clerk(line).signs_in(PAGE).answer.text)
    assert all(cell.startswith(HIDDEN) for cell in cells)


def test_a_month_is_chosen_out_of_those_that_are_settled(line: Line) -> None:
    ines = Clerk(line).signs_in(PAGE)
    assert "Nothing can be shown." in ines.page.words  # no month was counted
    fill(line.database, 9)
    ines.opens(PAGE)
    assert "October 2026" in ines.page.words
    assert "November 2026" not in ines.page.words
    assert ines.opens(f"{PAGE}?month=2026-09").answer.status_code == 200
    for wrong in ("2026-11", "2026-08", "2020-01", "x"):
        assert ines.opens(f"{PAGE}?month={wrong}").answer.status_code == 404


def test_by_keyboard_and_on_a_narrow_screen(line: Line, visitors: Visitors) -> None:
    fill(line.database, 600)
    ines = AtDesk(line, visitors).signs_in()
    ines.tabs_to("a[href='/console/report']")
    ines.page.keyboard.press("Enter")
    expect(ines.page.get_by_role("heading", level=1)).to_have_text("Report")
    check_page(ines.page)
    table = ines.page.get_by_role("table", name="By service").first
    row = table.get_by_role("row").filter(has=ines.page.get_by_role("rowheader", name="Senior transport card"))
    expect(row).to_contain_text("%")
    expect(table.get_by_role("columnheader")).to_have_count(6)
    for name in ("All", "By service", "By language", "By channel"):
        expect(ines.page.get_by_role("heading", level=3, name=name, exact=True)).to_have_count(2)
    ines.tabs_to("#month").tabs_to(".figures")
    ines.page.locator("#month").focus()
    ines.page.keyboard.press("ArrowDown")
    ines.tabs_to("main form button")
    ines.page.keyboard.press("Enter")
    expect(ines.page.locator("#month")).to_have_value("2026-09")
    check_page(ines.page)  # nothing is shown of it


def test_where_forms_were_left_is_a_table(line: Line, visitors: Visitors) -> None:
    fill_forms(line.database)
    ines = AtDesk(line, visitors).signs_in()
    ines.page.goto(f"{ines.base}{PAGE}")
    left = ines.page.get_by_role("table", name="Where forms were left")
    expect(left.get_by_role("columnheader")).to_have_text(["Service", "Question", "Forms left"])
    first = left.get_by_role("row").nth(1)
    expect(first.get_by_role("rowheader")).to_have_text(["Senior transport card", "How old are you?"])
    expect(first.get_by_role("cell")).to_have_text(["90"])
    check_page(ines.page)


def test_right_to_left(line: Line, visitors: Visitors) -> None:
    fill(line.database, 600)
    ines = AtDesk(line, visitors, language="ar").signs_in()
    ines.page.goto(f"{ines.base}{PAGE}")
    expect(ines.page.locator("html")).to_have_attribute("dir", "rtl")
    check_page(ines.page)
