"""Cases at the console: the list, one with its answers, and whom its words are for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from app.pages import Page
from app.understanding import Bounded
from core import desk_words
from core import phrases as say
from core.ports import Recognizer
from core.render import Capabilities
from core.types import Address, Answer, Inbound, Kind, Later, Medium, Phone, Phrase, Understanding
from handoff.showing import Showing
from store import schema
from tests.browser import Visitors, check_page
from tests.calls.line import BEN, LANGUAGES, Line
from tests.calls.test_desk import HELLO
from tests.console.clerks import Clerk
from tests.console.test_browser import SMALL, SMALLEST, AtDesk, shown
from tests.console.test_console import request_id

WORDS = "my wheelchair does not fit through the front door"
ABOUT = "Words about: Rails and ramps at home (care and help at home, Care at home), "


def applies(line: Line, words: str = WORDS, language: str = "en") -> str:
    """Somebody applies for rails at home, and says in words what is hard; the reference of their case."""
    line.texter(language).write(HELLO[language], "331", "4", "1", "1", "1", words, "12 Oak Street", "1", "1")
    [row] = line.rows(schema.cases)
    return str(row.reference)


def test_a_case_stands_on_the_list_with_what_its_words_are_about(line: Line) -> None:
    reference = applies(line)
    words = Clerk(line).signs_in("/console/cases").page.words
    assert "Rails and ramps at home" in words
    assert ABOUT in words
    assert "received" in words
    assert WORDS not in words
    page = Clerk(line, "omar").signs_in(f"/console/cases/{reference}").page.words
    assert "What is hard for you at home?" in page
    assert WORDS in page
    assert ABOUT in page


def test_answers_are_shown_after_their_choice_or_their_question_is_gone(line: Line) -> None:
    clock = line.plainline.clock
    show = Showing(page=Page(words=line.plainline.words, language="en"), catalog=line.plainline.catalog, now=clock())
    card = line.plainline.catalog.services["senior_transport_card"]
    [step] = [one for one in card.steps if one.name == "have_card"]
    answers: dict[str, Answer] = {
        "have_card": True,
        "asked_once": "in the old town",
        "phone": Phone(e164=BEN),
        "gone": Later(),
    }
    told = dict(show.given("senior_transport_card", answers))
    assert told[step.ask] == "yes"
    assert "in the old town" in told["asked_once"]
    assert "gone" in told
    assert dict(show.given("a service of last year", {"how": "by post"})).keys() == {"how"}
    assert "by post" in dict(show.given("birth_certificate", {"how": "by post"})).popitem()[1]


def test_a_corrected_label_is_shown_with_who_corrected_it_and_moves_nothing(line: Line) -> None:
    reference = applies(line)
    ines = Clerk(line).signs_in(f"/console/cases/{reference}")
    ines.sends("/label", department="housing")
    assert "Whom it is for is kept. Nothing was passed on." in ines.page.words
    assert "Ines says: for Housing and taxes" in ines.page.words
    assert ABOUT not in ines.page.words
    social = Clerk(line, "omar", department="social_care").signs_in("/console/cases")
    assert "Ines says: for Housing and taxes" in social.page.words
    audit = json.loads(line.rows(schema.audit)[-1].detail)
    assert audit == {"staff": 1, "done": "labelled", "department": "housing"}


def test_a_department_sees_its_own_cases_alone(line: Line) -> None:
    reference = applies(line)
    omar = Clerk(line, "omar", department="housing").signs_in("/console/cases")
    assert "There are no open cases." in omar.page.words
    assert omar.opens(f"/console/cases/{reference}").answer.status_code == 404
    ana = Clerk(line, "ana", department="social_care").signs_in(f"/console/cases/{reference}")
    form = ana.form("/label")
    form.fields["csrf_token"] = omar.opens("/console/account").form("/sessions").fields["csrf_token"]
    omar.posts(form, department="housing")
    assert omar.answer.status_code == 404
    assert "wheelchair" not in omar.answer.text
    assert [row.label_department for row in line.rows(schema.cases)] == [""]


def test_only_a_department_that_there_is_can_be_chosen(line: Line) -> None:
    reference = applies(line)
    ines = Clerk(line).signs_in(f"/console/cases/{reference}")
    ines.sends("/label", department="of magic")
    assert ines.answer.status_code == 409
    assert ines.alert == desk_words.NO_SUCH_DEPARTMENT.id


def test_words_that_a_request_brings_are_told_on_the_list_and_can_be_corrected(line: Line) -> None:
    line.texter().write("hello", "0", "the street lamp in front of my house is broken")
    ines = Clerk(line).signs_in()
    assert "Words about: Broken streetlight" in ines.page.words
    ines.opens(f"/console/requests/{request_id(line)}").sends("/label", department="housing")
    assert "Ines says: for Housing and taxes" in ines.page.words
    assert ines.path == f"/console/requests/{request_id(line)}"
    assert [row.department for row in line.rows(schema.handoffs)] == [""]


def test_danger_in_words_is_told(line: Line) -> None:
    line.texter("en", BEN).write("hello", "my husband cannot breathe")
    ines = Clerk(line).signs_in(f"/console/requests/{request_id(line)}")
    assert "Words of danger" in ines.page.words


def test_a_case_without_words_has_no_label(line: Line) -> None:
    line.texter().write("hello", "331", "4", "1", "1", "2", "12 Oak Street", "1", "1")
    [row] = line.rows(schema.cases)
    assert row.urgency == ""
    ines = Clerk(line).signs_in(f"/console/cases/{row.reference}")
    assert "It has no label" in ines.page.words


FORM = ("hello", "331", "4", "1", "1", "1", WORDS, "12 Oak Street", "1", "1")


def applies_with(line: Line, engine: Recognizer) -> str:
    """Somebody applies while this engine understands; what the label of their case says of danger ("": no label)."""
    town = line.plainline.catalog
    bounded = Bounded(engine=engine, services=town.services, languages=town.town.languages)
    assistant = replace(line.plainline.assistant, recognizer=bounded)
    able = Capabilities(medium=Medium.SMS)
    for place, words in enumerate(FORM):
        said = Inbound(
            conversation="sms-1",
            medium=Medium.SMS,
            address=Address(channel="sms", value=BEN),
            message_id=str(place),
            kind=Kind.TEXT,
            at=line.clock(),
            text=words,
        )
        assistant.handle(said, able)
    [row] = line.rows(schema.cases)
    return str(row.urgency)


@dataclass(frozen=True)
class Broken:
    """An engine that fails at one sentence."""

    line: Line

    def parse(self, text: str, language: str) -> Understanding:
        if text == WORDS:
            raise MemoryError
        return self.line.plainline.language.recognizer.parse(text, language)


@dataclass(frozen=True)
class Writing:
    """An engine that needs the database for itself: on SQLite it waits in vain while a turn is being written."""

    line: Line

    def parse(self, text: str, language: str) -> Understanding:
        with self.line.database.writing():
            return self.line.plainline.language.recognizer.parse(text, language)


def test_an_engine_that_fails_leaves_a_case_without_a_label_and_nothing_else(line: Line) -> None:
    assert applies_with(line, Broken(line)) == ""


def test_words_are_understood_before_the_turn_is_written(line: Line) -> None:
    assert applies_with(line, Writing(line)) == "usual"


def test_one_key_chooses_while_the_choices_have_the_focus_and_nowhere_else(line: Line, visitors: Visitors) -> None:
    reference = applies(line)
    ines = AtDesk(line, visitors).signs_in()
    ines.page.goto(f"{ines.base}/console/cases/{reference}")
    check_page(ines.page)
    assert ines.page.evaluate(SMALL, SMALLEST) == []
    ines.page.keyboard.press("3")
    ines.tabs_to(".back")
    ines.page.keyboard.press("3")
    assert [row.label_department for row in line.rows(schema.cases)] == [""]
    ines.tabs_to("[data-digits] button")
    third = ines.page.locator("[data-digits] button").nth(2)
    department = third.get_attribute("value") or ""
    assert third.get_attribute("aria-keyshortcuts") == "3"
    ines.page.keyboard.press("Control+3")
    ines.page.keyboard.press("3")
    shown(ines.page, "Whom it is for is kept.")
    assert [row.label_department for row in line.rows(schema.cases)] == [department]
    expect(ines.page.locator("[data-digits] [aria-pressed=true]")).to_have_attribute("value", department)
    check_page(ines.page)


def test_a_keyboard_with_digits_of_its_own_script_chooses_too(line: Line, visitors: Visitors) -> None:
    reference = applies(line)
    ines = AtDesk(line, visitors, language="ar").signs_in()
    ines.page.goto(f"{ines.base}/console/cases/{reference}")
    second = ines.page.locator("[data-digits] button").nth(1)
    department = second.get_attribute("value") or ""
    second.dispatch_event("keydown", {"key": "٢", "code": "Digit2", "bubbles": True, "cancelable": True})
    expect(ines.page.locator("[data-digits] [aria-pressed=true]")).to_have_attribute("value", department)
    assert [row.label_department for row in line.rows(schema.cases)] == [department]


def test_a_digit_that_is_typed_into_a_field_chooses_nothing(line: Line, visitors: Visitors) -> None:
    line.texter().write("hello", "0", "the street lamp in front of my house is broken")
    ines = AtDesk(line, visitors).signs_in().takes()
    ines.page.locator("#note").fill("room ")
    ines.page.locator("#note").press("3")
    expect(ines.page.locator("#note")).to_have_value("room 3")
    assert [row.label_department for row in line.rows(schema.handoffs)] == [""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_cases_are_in_the_clerks_language_and_good_to_read(
    line: Line, visitors: Visitors, language: str
) -> None:
    reference = applies(line)
    at = AtDesk(line, visitors, "ines", language, color_scheme="dark" if language == "ar" else "light").signs_in()
    at.page.goto(f"{at.base}/console/cases")
    expect(at.page.locator(".card h2 a")).to_be_visible()
    check_page(at.page)
    at.page.goto(f"{at.base}/console/cases/{reference}")
    expect(at.page.locator("[data-digits] button").first).to_be_visible()
    check_page(at.page)


# --- how far it is -----------------------------------------------------------------------------------------------


def set_to(clerk: Clerk, status: str) -> Clerk:
    return clerk.sends("/status", status=status)


@pytest.mark.parametrize(
    ("status", "heard"),
    [("in_work", say.CASE_IN_WORK), ("done", say.CASE_DONE), ("received", say.CASE_RECEIVED)],
)
def test_what_staff_say_of_a_case_is_what_its_resident_hears(line: Line, status: str, heard: Phrase) -> None:
    reference = applies(line)
    ines = Clerk(line).signs_in(f"/console/cases/{reference}")
    set_to(ines, "in_work")
    set_to(ines, status)
    assert "is told so from now on" in ines.page.words
    line.at_home().press("8", f"{reference}#").hears(heard)


def test_a_case_that_is_done_leaves_the_list_and_is_found_by_its_number(line: Line) -> None:
    reference = applies(line)
    ines = set_to(Clerk(line).signs_in(f"/console/cases/{reference}"), "done")
    assert "There are no open cases." in ines.opens("/console/cases").page.words
    arabic = reference.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for typed in (reference, f"{reference[:3]} {reference[3:6]}-{reference[6:]}", arabic):
        assert ines.opens(f"/console/cases?number={quote(typed)}").path == f"/console/cases/{reference}"
    set_to(ines, "in_work")
    assert "Rails and ramps at home" in ines.opens("/console/cases").page.words


@pytest.mark.parametrize("typed", ["123 456 780", "0", "nonsense", "<b>", "1" * 300])
def test_a_number_of_no_case_is_said_to_be_none_and_the_list_stays(line: Line, typed: str) -> None:
    applies(line)
    ines = Clerk(line).signs_in().opens(f"/console/cases?number={quote(typed)}")
    assert ines.answer.status_code == 404
    assert ines.alert == desk_words.NO_CASE_FOUND.id
    assert "Rails and ramps at home" in ines.page.words


def test_another_department_neither_finds_nor_changes_a_case(line: Line) -> None:
    reference = applies(line)
    omar = Clerk(line, "omar", department="housing").signs_in().opens(f"/console/cases?number={reference}")
    assert omar.alert == desk_words.NO_CASE_FOUND.id
    form = Clerk(line, "ana", department="social_care").signs_in(f"/console/cases/{reference}").form("/status")
    form.fields["csrf_token"] = omar.opens("/console/account").form("/sessions").fields["csrf_token"]
    omar.posts(form, status="done")
    assert omar.answer.status_code == 404
    assert [row.status for row in line.rows(schema.cases)] == ["received"]


def test_who_read_it_before_a_colleague_changed_it_is_told_so(line: Line) -> None:
    reference = applies(line)
    ines, omar = (Clerk(line, name).signs_in(f"/console/cases/{reference}") for name in ("ines", "omar"))
    late = omar.form("/status")
    set_to(ines, "done")
    omar.posts(late, status="in_work")
    assert omar.answer.status_code == 409
    assert omar.alert == desk_words.CASE_CHANGED.id
    assert [row.status for row in line.rows(schema.cases)] == ["done"]


def test_the_same_again_is_kept_once_and_nonsense_never(line: Line) -> None:
    ines = Clerk(line).signs_in(f"/console/cases/{applies(line)}")
    first = ines.form("/status")
    for _ in range(2):
        ines.posts(first, status="in_work")
        assert "is told so from now on" in ines.page.words
    set_to(ines, "lost")
    assert ines.alert == desk_words.NO_STATUS.id
    told = [json.loads(row.detail) for row in line.rows(schema.audit) if '"status"' in row.detail]
    assert told == [{"staff": 1, "done": "status", "was": "received", "status": "in_work"}]


def test_how_far_it_is_is_said_by_keyboard_alone(line: Line, visitors: Visitors) -> None:
    reference = applies(line)
    desk = AtDesk(line, visitors).signs_in()
    desk.page.goto(f"{desk.base}/console/cases")
    desk.tabs_to("#number")
    desk.page.keyboard.type(reference)
    desk.page.keyboard.press("Enter")
    shown(desk.page, "How far it is")
    check_page(desk.page)
    desk.tabs_to("[name=status][value=done]").page.keyboard.press("Enter")
    shown(desk.page, "is told so from now on")
    expect(desk.page.locator("[name=status][aria-pressed=true]")).to_have_text("done")
