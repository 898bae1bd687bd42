"""A caller waits for whoever is at the desk; staff ring them, and nothing private is said to a voicemail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from app.desk_calls import COURSE, RESULTS
from core import desk_words as words
from core import phrases as say
from core.errors import Conflict
from core.staff import Request, Staff
from core.types import Medium, Phrase
from simulator.exchange import Call, Fault
from store import schema
from tests.calls.line import ANA, CIVIC_HALL, LANGUAGES, Caller, Line, twilio_signs

DESK_PHONE = "+14155550190"


@pytest.fixture
def ines(line: Line) -> Staff:
    """A clerk with a telephone, at the desk."""
    accounts = line.plainline.accounts
    password = accounts.add(Staff(id=0, login="ines", name="Ines", phone=DESK_PHONE))
    found = accounts.signed_in(accounts.sign_in("ines", password, "127.0.0.1"))
    assert found
    line.clock.later(seconds=6)
    return found


def claimed(line: Line, person: Staff) -> Request:
    [request] = line.plainline.desk.waiting(person)
    line.plainline.desk.claim(person, request.id, "claim")
    return request


def rings(line: Line, person: Staff, nonce: str = "call") -> Call:
    """The clerk presses "call now", and takes up their own telephone."""
    line.plainline.desk_calls.call(person, claimed(line, person).id, nonce)
    return line.exchange.placed(DESK_PHONE).answer()


def result(line: Line) -> str:
    line.exchange.settle()
    [call] = line.rows(schema.phone_calls)
    assert call.result in RESULTS
    return str(call.result)


def heard(line: Line, call: Call, phrase: Phrase, language: str = "en") -> bool:
    return line.words(phrase, language) in " ".join(spoken.text for spoken in call.heard)


def waits(line: Line, language: str = "en") -> Caller:
    return line.at_home(language).press("0").hears(say.PUTTING_THROUGH, say.STAY_ON)


def waited(line: Line, seconds: int, *, medium: Medium = Medium.VOICE, count: int = 10) -> None:
    """So many asked for a person a while ago, and each was taken after so many seconds."""
    asked = line.clock.now - timedelta(minutes=30)
    row = {"medium": medium, "why": "asked", "language": "en", "service": "", "callback": "", "live": False}
    row |= {"words": "", "status": "closed", "created": asked, "claimed_by": 1, "settled": line.clock.now}
    row |= {"claimed": asked + timedelta(seconds=seconds)}
    before = len(line.rows(schema.handoffs))
    with line.database.writing() as connection:
        connection.execute(
            insert(schema.handoffs), [{**row, "conversation": f"before {before + n}"} for n in range(count)]
        )
        connection.commit()


def times(line: Line, caller: Caller, phrase: Phrase) -> int:
    """How often they heard this in the whole call."""
    whole = " ".join(spoken.text for spoken in caller.call.heard)
    return whole.count(line.words(phrase, caller.language))


def not_live(line: Line) -> None:
    """Someone asked for a person, nobody took the call, and a call back is booked."""
    line.at_home().press("0").dial_result("no-answer").press("1").hears(say.CALL_BACK_WHEN).press("1").hears(
        say.CALL_BACK_TRIES
    ).hang_up()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_caller_waits_in_the_line_and_talks_to_who_claims_it(line: Line, ines: Staff, language: str) -> None:
    caller = waits(line, language)
    assert caller.call.queued
    desk = rings(line, ines)
    desk.press("1")
    line.exchange.settle()
    assert caller.call.talking
    desk.hang_up()
    line.exchange.settle()
    assert result(line) == "completed"
    caller.before = 0
    caller.hears(say.BACK_WITH_US)
    assert [row.status for row in line.rows(schema.handoffs)] == ["claimed"]


def test_who_waits_hears_a_word_every_20_seconds_and_then_the_office_rings(line: Line, ines: Staff) -> None:
    caller = waits(line)
    caller.call.wait(90)
    assert not caller.call.queued
    assert caller.call.dialled
    assert caller.call.dialled.numbers == (CIVIC_HALL,)
    assert times(line, caller, say.STAY_ON) >= 3
    caller.dial_result("no-answer").hears(say.CALL_BACK_RIGHT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_may_rather_be_called_and_keeps_the_place(line: Line, ines: Staff, language: str) -> None:
    caller = waits(line, language).hears(say.CALL_ME)
    [before] = line.rows(schema.handoffs)
    line.clock.later(seconds=15)
    caller.call.wait(15)
    caller.press("1").hears(say.CALL_BACK_RIGHT)
    assert not caller.call.queued
    assert not caller.call.dialled
    [request] = line.rows(schema.handoffs)
    assert (request.created, request.live, request.status, request.callback) == (before.created, False, "waiting", ANA)
    caller.press("1").hears(say.CALL_BACK_WHEN).press("1").hears(say.CALL_BACK_TRIES, say.WHAT_ABOUT).hang_up()
    assert line.exchange.debugger == []


def test_another_key_leaves_a_caller_in_the_line(line: Line, ines: Staff) -> None:
    caller = waits(line).press("7")
    assert caller.call.queued
    assert times(line, caller, say.STAY_ON) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_hears_once_how_long_it_may_take(line: Line, ines: Staff, language: str) -> None:
    waited(line, 30)
    caller = waits(line, language).hears(say.wait(1))
    caller.call.wait(90)
    assert times(line, caller, say.wait(1)) == 1
    assert times(line, caller, say.STAY_ON) >= 3
    caller.hears_nothing_of(say.THEN_OFFICE)


def test_where_it_takes_longer_than_the_line_waits_the_caller_hears_what_will_happen(line: Line, ines: Staff) -> None:
    waited(line, 90)
    caller = waits(line)
    caller.call.wait(90)
    assert times(line, caller, say.THEN_OFFICE) == 1
    caller.hears_nothing_of(say.wait(1))


def test_what_is_longer_by_now_is_said_once_more_and_nothing_shorter(line: Line, ines: Staff) -> None:
    waited(line, 30)
    caller = waits(line).hears(say.wait(1))
    waited(line, 90, count=50)
    line.clock.later(minutes=1)
    caller.call.wait(90)
    assert times(line, caller, say.THEN_OFFICE) == 1
    assert times(line, caller, say.STAY_ON) == 3
    assert caller.call.dialled
    line.clock.later(minutes=1)
    waited(line, 5, count=300)
    caller.dial_result("no-answer").press("1", "0").hears(say.PUTTING_THROUGH, say.THEN_OFFICE)
    assert times(line, caller, say.wait(1)) == 1


def test_in_danger_a_caller_is_told_of_no_wait(line: Line, ines: Staff) -> None:
    waited(line, 30)
    caller = line.at_home().say("there is a fire").press("1").hears(say.PUTTING_THROUGH)
    caller.call.wait(40)
    caller.hears_nothing_of(say.wait(1), say.THEN_OFFICE)


def test_by_text_the_first_answer_tells_how_long_it_may_take(line: Line) -> None:
    waited(line, 400, medium=Medium.SMS)
    line.texter().write("hello", "1", "0").reads(say.WAITING_TEXT, say.wait(10))


def test_who_hangs_up_while_waiting_is_to_be_called_back(line: Line, ines: Staff) -> None:
    waits(line).hang_up()
    line.exchange.settle()
    [request] = line.plainline.desk.waiting(ines)
    assert (request.live, request.number) == (False, ANA)


def test_with_nobody_at_the_desk_the_office_rings_at_once(line: Line) -> None:
    caller = line.at_home().press("0")
    assert caller.call.dialled
    assert caller.call.dialled.numbers == (CIVIC_HALL,)


def test_staff_who_went_away_are_not_waited_for(line: Line, ines: Staff) -> None:
    line.clock.later(minutes=4)
    caller = line.at_home().press("0")
    assert caller.call.dialled


def test_after_a_call_both_telephones_ring_and_both_press_a_key(line: Line, ines: Staff) -> None:
    line.plainline.accounts.sign_out_everywhere(ines)
    line.clock.later(seconds=6)
    not_live(line)
    desk = rings(line, ines)
    assert heard(line, desk, say.STAFF_PRESS)
    desk.press("1")
    resident = desk.dial_answered(ANA)
    assert heard(line, resident, say.CALLED_BACK_PRESS)
    resident.press("1")
    assert desk.talking
    resident.hang_up()
    line.exchange.settle()
    assert heard(line, desk, say.STAFF_OVER)
    assert result(line) == "completed"


def test_a_voicemail_hears_nothing_private_on_either_side(line: Line, ines: Staff) -> None:
    line.plainline.accounts.sign_out_everywhere(ines)
    line.clock.later(seconds=6)
    not_live(line)
    desk = rings(line, ines)
    desk.press("1")
    voicemail = desk.dial_answered(ANA)
    voicemail.silence()
    line.exchange.settle()
    told = " ".join(spoken.text for spoken in voicemail.heard)
    service_words = [service.title for service in line.plainline.catalog.services.values()]
    assert not [title for title in service_words if title in told]
    assert result(line) == "not_accepted"


@pytest.mark.parametrize(
    ("who", "kept"),
    [
        ("machine_start", "machine"),
        ("machine_end_beep", "machine"),
        ("fax", "fax"),
        ("human", "not_accepted"),
        ("unknown", "not_accepted"),
    ],
)
def test_an_answering_machine_and_a_fax_are_recognised(line: Line, ines: Staff, who: str, kept: str) -> None:
    line.plainline.accounts.sign_out_everywhere(ines)
    line.clock.later(seconds=6)
    not_live(line)
    taken = rings(line, ines).press("1").dial_answered(ANA).recognised(who)
    line.exchange.settle()
    [going] = line.rows(schema.phone_calls)
    assert going.result in COURSE
    taken.silence()
    assert result(line) == kept


@pytest.mark.parametrize("who", ["machine_start", "fax"])
def test_somebody_taken_for_a_machine_is_joined_all_the_same(line: Line, ines: Staff, who: str) -> None:
    line.plainline.accounts.sign_out_everywhere(ines)
    line.clock.later(seconds=6)
    not_live(line)
    desk = rings(line, ines).press("1")
    resident = desk.dial_answered(ANA).recognised(who).press("1")
    assert desk.talking
    assert result(line) == "accepted"
    resident.recognised(who)  # what is told late sets nothing back
    assert result(line) == "accepted"
    resident.hang_up()
    assert result(line) == "completed"
    resident.recognised(who)
    assert result(line) == "completed"


def test_the_clerks_own_voicemail_is_joined_with_nobody(line: Line, ines: Staff) -> None:
    waits(line)
    desk = rings(line, ines)
    desk.silence()
    line.exchange.settle()
    assert result(line) == "staff_not_reached"


def test_a_telephone_that_nobody_takes_up_is_kept_as_that(line: Line, ines: Staff) -> None:
    waits(line)
    line.plainline.desk_calls.call(ines, claimed(line, ines).id, "call")
    line.exchange.placed(DESK_PHONE).not_answered("no-answer")
    assert result(line) == "staff_not_reached"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_resident_who_can_not_be_reached_stays_on_the_list(line: Line, ines: Staff, status: str) -> None:
    line.plainline.accounts.sign_out_everywhere(ines)
    line.clock.later(seconds=6)
    not_live(line)
    desk = rings(line, ines)
    desk.press("1").dial_result(status)
    assert heard(line, desk, say.STAFF_NOT_REACHED)
    assert result(line) == status
    assert len(line.plainline.desk.waiting(ines)) == 1


def test_a_double_click_places_one_call(line: Line, ines: Staff) -> None:
    waits(line)
    request = claimed(line, ines)
    for _ in range(2):
        line.plainline.desk_calls.call(ines, request.id, "the same")
    assert len([call for call in line.exchange.calls if call.leg.to == DESK_PHONE]) == 1


def test_a_provider_that_refuses_is_told_and_kept(line: Line, ines: Staff) -> None:
    waits(line)
    request = claimed(line, ines)
    line.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=503)
    with pytest.raises(Conflict) as conflict:
        line.plainline.desk_calls.call(ines, request.id, "call")
    assert conflict.value.phrase == words.CALL_NOT_PLACED
    assert result(line) == "not_placed"


def test_staff_without_a_telephone_are_told_so(line: Line) -> None:
    accounts = line.plainline.accounts
    accounts.add(Staff(id=0, login="omar", name="Omar"))
    [omar] = accounts.store.all()
    not_live(line)
    with pytest.raises(Conflict) as conflict:
        line.plainline.desk_calls.call(omar, claimed(line, omar).id, "call")
    assert conflict.value.phrase == words.NO_PHONE_OF_YOURS


@pytest.mark.parametrize(
    "path", ["/voice/staff", "/voice/staff/join", "/voice/staff/over", "/voice/queue", "/voice/wait"]
)
def test_links_that_are_not_ours_are_refused(line: Line, path: str) -> None:
    form = {"AccountSid": line.exchange.account_sid, "CallSid": "CA1", "Digits": "1"}
    assert line.post(f"{path}?id=1&s=wrong", form, sign=twilio_signs).status == 403
    assert line.post(f"{path}?id=1&s=wrong", form).status == 403
