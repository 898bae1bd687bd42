"""Somebody acts for a resident: by what staff heard from the resident, from their own telephone, until it ends."""

from __future__ import annotations

import json
import re

import pytest

from core import phrases as say
from store import schema
from tests.calls.line import ANA, BEN, Caller, Line
from tests.calls.test_languages import reference_in
from tests.calls.test_pins import AGE, PIN, TITLE, TO_DONE, everything, found_in, tells_all, with_pin
from tests.console.clerks import Clerk

HELPERS_PIN = "583962"
OTHER = "+14155550125"
DAY = "2027-03-31"


def allowed(line: Line, reference: str, **form: str) -> tuple[Clerk, str]:
    """A clerk lets Ben act for Ana; the clerk, and the code for Ben's first call."""
    clerk = Clerk(line, f"c{len(line.rows(schema.staff))}").signs_in(f"/console/cases/{reference}")
    filled = {"helper": BEN, "until": DAY, "services": "senior_transport_card", "heard": "yes", **form}
    clerk.sends("/mandates", **filled)
    found = re.search(r"first call: ([0-9 ,]+)", clerk.page.words)
    return clerk, re.sub(r"\D", "", found[1]) if found else ""


def helping(line: Line, reference: str, from_: str = BEN) -> Caller:
    """Somebody calls, keys the reference, and says that they help."""
    caller = line.at_home(from_=from_).press("8", f"{reference}#").hears(say.HEAR_ALL)
    return caller.press("1").hears(say.ABOUT_YOU).press("2").hears(say.HELPERS_PIN)


def case_of(line: Line) -> str:
    caller = line.at_home().press(*TO_DONE)
    caller.hang_up()
    return reference_in(caller.heard)


def chosen(line: Line, reference: str, code: str) -> Caller:
    """Ben's first call, in which he chooses his own number."""
    caller = helping(line, reference).press(f"{code}#").hears(say.NEW_PIN)
    return caller.press(f"{HELPERS_PIN}#").hears(say.PIN_AGAIN).press(f"{HELPERS_PIN}#").hears(say.PIN_KEPT)


def test_who_helps_calls_with_the_code_chooses_a_number_and_hears_the_case(each_line: Line) -> None:
    reference = case_of(each_line)
    _, code = allowed(each_line, reference)
    caller = chosen(each_line, reference, code)
    tells_all(caller)
    caller.hang_up()
    tells_all(helping(each_line, reference).press(f"{HELPERS_PIN}#"))
    told = [json.loads(row.detail) for row in each_line.rows(schema.audit, schema.audit.c.event == "mandate")]
    assert told == [{"mandate": 1, "done": "number_chosen", "by": "helper"}]


def test_the_code_works_once_and_from_the_helpers_telephone_alone(line: Line) -> None:
    reference = case_of(line)
    _, code = allowed(line, reference)
    helping(line, reference, OTHER).press(f"{code}#").hears(say.PIN_WRONG).hears_nothing_of(say.NEW_PIN)
    helping(line, reference, "anonymous").press(f"{code}#").hears(say.PIN_WRONG)
    chosen(line, reference, code)
    helping(line, reference).press(f"{code}#").hears(say.PIN_WRONG).hears_nothing_of(TITLE, AGE)


def test_a_code_runs_out_after_two_weeks(line: Line) -> None:
    reference = case_of(line)
    _, code = allowed(line, reference)
    line.clock.later(days=14, minutes=1)
    helping(line, reference).press(f"{code}#").hears(say.PIN_WRONG)


def test_a_spoofed_helpers_number_opens_nothing(line: Line) -> None:
    reference = with_pin(line)
    _, code = allowed(line, reference)
    chosen(line, reference, code)
    helping(line, reference).press("739164#").hears(say.PIN_WRONG).hears_nothing_of(TITLE, AGE)
    helping(line, reference, OTHER).press(f"{HELPERS_PIN}#").hears(say.PIN_WRONG).hears_nothing_of(TITLE, AGE)


def test_the_helpers_number_is_not_the_residents(line: Line) -> None:
    reference = with_pin(line)
    _, code = allowed(line, reference)
    chosen(line, reference, code)
    helping(line, reference).press(f"{PIN}#").hears(say.PIN_WRONG)
    caller = line.at_home().press("8", f"{reference}#", "1", "1", f"{HELPERS_PIN}#").hears(say.PIN_WRONG)
    caller.hears_nothing_of(TITLE, AGE)


def test_only_cases_of_the_named_services_are_told(line: Line) -> None:
    reference = with_pin(line)
    _, code = allowed(line, reference, services="birth_certificate")
    assert code
    helping(line, reference).press(f"{code}#").hears(say.PIN_WRONG).hears_nothing_of(say.NEW_PIN)


def test_all_services_are_all(line: Line) -> None:
    reference = case_of(line)
    _, code = allowed(line, reference, services="all")
    tells_all(chosen(line, reference, code))


def test_staff_can_not_let_somebody_act_where_they_see_nothing_themselves(line: Line) -> None:
    reference = case_of(line)
    service = line.plainline.catalog.services["senior_transport_card"]
    clerk = Clerk(line, "nils", department=service.department).signs_in(f"/console/cases/{reference}")
    assert "All services" not in clerk.page.words
    for services in ("all", "birth_certificate", "nonsense"):
        clerk.sends("/mandates", helper=BEN, until=DAY, services=services, heard="yes")
        assert clerk.alert == "Choose for which services."
    clerk.sends("/mandates", helper=BEN, until=DAY, services=service.slug, heard="yes")
    assert "first call" in clerk.page.words


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"heard": ""}, "Ask the resident themselves first"),
        ({"helper": "12"}, "This is no telephone number that we ring"),
        ({"helper": ANA}, "This is the number of the resident"),
        ({"until": "2026-11-24"}, "Choose a last day within the next 12 months"),
        ({"until": "2027-11-27"}, "Choose a last day within the next 12 months"),
        ({"until": "some day"}, "Choose a last day within the next 12 months"),
    ],
)
def test_what_does_not_go_is_told_and_nothing_is_kept(line: Line, typed: dict[str, str], why: str) -> None:
    reference = case_of(line)
    clerk, code = allowed(line, reference, **typed)
    assert why in clerk.alert
    assert code == ""
    assert line.rows(schema.mandates) == []


def test_nobody_can_act_for_a_resident_whose_number_is_withheld(line: Line) -> None:
    caller = line.at_home(from_="anonymous").press("2", "3", "4", "72#", "2", "4155550123#", "1")
    clerk, code = allowed(line, reference_in(caller.heard))
    assert "is not known" in clerk.alert
    assert code == ""


def test_after_the_last_day_it_opens_nothing(line: Line) -> None:
    reference = with_pin(line)
    _, code = allowed(line, reference, until="2026-11-30")
    chosen(line, reference, code).hang_up()
    line.clock.later(days=6)
    helping(line, reference).press(f"{HELPERS_PIN}#").hears(say.PIN_WRONG).hears_nothing_of(TITLE)


def test_the_resident_ends_it_in_a_call(each_line: Line) -> None:
    reference = with_pin(each_line)
    _, code = allowed(each_line, reference)
    chosen(each_line, reference, code).hang_up()
    ana = each_line.at_home(from_=ANA).press("8", f"{reference}#", "1", "1", f"{PIN}#").hears(say.END_HELP)
    ana.press("2").hears(say.HELP_ENDED)
    helping(each_line, reference).press(f"{HELPERS_PIN}#").hears(say.PIN_WRONG).hears_nothing_of(AGE)
    last = json.loads(each_line.rows(schema.audit, schema.audit.c.event == "mandate")[-1].detail)
    assert last == {"mandate": 1, "done": "ended", "by": "resident"}


def test_the_helper_ends_it_in_a_call(line: Line) -> None:
    reference = with_pin(line)
    _, code = allowed(line, reference)
    chosen(line, reference, code).hears(say.STOP_HELPING).press("2").hears(say.HELPING_ENDED)
    helping(line, reference).press(f"{HELPERS_PIN}#").hears(say.PIN_WRONG)


def test_staff_end_it_even_while_the_helper_listens(line: Line) -> None:
    reference = with_pin(line)
    clerk, code = allowed(line, reference)
    caller = chosen(line, reference, code)
    clerk.opens(f"/console/cases/{reference}").sends("/end")
    assert "They can not act for the resident any more." in clerk.page.words
    assert "72" not in caller.press("9").heard
    helping(line, reference).press(f"{HELPERS_PIN}#").hears(say.PIN_WRONG)


def test_a_new_mandate_takes_the_place_of_the_one_before(line: Line) -> None:
    reference = case_of(line)
    _, first = allowed(line, reference)
    _, second = allowed(line, reference)
    helping(line, reference).press(f"{first}#").hears(say.PIN_WRONG)
    tells_all(chosen(line, reference, second))


def test_codes_and_numbers_are_found_nowhere(each_line: Line) -> None:
    reference = case_of(each_line)
    _, code = allowed(each_line, reference)
    chosen(each_line, reference, code)
    kept = everything(each_line, "")
    assert found_in(kept, code) == []
    assert found_in(kept, HELPERS_PIN) == []
