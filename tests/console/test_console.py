"""What clerks do at the console, page by page."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property

import pytest

from app.bootstrap import Plainline
from app.desk import Desk
from core import desk_words
from core import phrases as say
from core.errors import CommitUnknown, Conflict, StoreUnavailable
from core.limits import Alarm, Refusal
from core.render import Capabilities
from core.staff import Staff
from core.types import Address, Inbound, Kind, Medium
from handoff.words import ALARMS, NOT_SENT
from store import schema
from tests.calls.line import ANA, BEN, PUBLIC, Line
from tests.calls.test_desk import asks_for_person
from tests.console.clerks import Clerk

DESK_PHONE = "+14155550111"


def request_id(line: Line) -> int:
    [row] = line.rows(schema.handoffs)
    return int(row.id)


def at_request(line: Line, clerk: Clerk) -> Clerk:
    """Signed in, with the only request taken and open."""
    clerk.opens("/console")
    if clerk.path != "/console":
        clerk.signs_in()
    return clerk.sends(f"/{request_id(line)}/claim")


def test_the_page_that_was_wanted_comes_after_signing_in(line: Line) -> None:
    asks_for_person(line)
    ines = Clerk(line).signs_in(f"/console/requests/{request_id(line)}")
    assert ines.path == f"/console/requests/{request_id(line)}"


def test_nobody_is_led_elsewhere_after_signing_in(line: Line) -> None:
    ines = Clerk(line)
    for elsewhere in ("https://evil.example/", "//evil.example", "/console/../sms", "/console\\@evil.example", "/sms"):
        ines.opens("/console/sign-in")
        ines.sends("/sign-in", login="ines", password=ines.password, next=elsewhere)
        assert ines.path == "/console"
        ines.sends("/sign-out")


def test_a_wrong_password_is_told_and_the_name_kept(line: Line) -> None:
    ines = Clerk(line).opens("/console")
    ines.sends("/sign-in", login="ines", password="wrong")
    assert ines.alert == desk_words.WRONG_SIGN_IN.id
    assert ines.form("/sign-in").fields["login"] == "ines"
    for _ in range(4):
        ines.sends("/sign-in", login="ines", password="wrong")
    ines.sends("/sign-in", login="ines", password=ines.password)
    assert ines.alert == desk_words.TOO_MANY_SIGN_INS.id


def test_strangers_tries_do_not_keep_out_a_browser_that_the_account_knows(line: Line) -> None:
    ines = Clerk(line).signs_in()
    ines.sends("/sign-out")
    for _ in range(6):
        with suppress(Conflict):
            line.plainline.accounts.sign_in("ines", "wrong", "127.0.0.1")
    ines.sends("/sign-in", login="ines", password=ines.password)
    assert ines.path == "/console"


def test_a_list_left_open_signs_out_after_an_hour(line: Line) -> None:
    ines = Clerk(line).signs_in()
    for _ in range(4):
        line.clock.later(minutes=16)
        assert ines.browser.get("/console/waiting", base_url=PUBLIC).status_code in (200, 403)
    assert ines.opens("/console").path == "/console/sign-in"


def test_the_session_is_safe_from_scripts_and_other_sites(line: Line) -> None:
    ines = Clerk(line).signs_in()
    cookie = ines.browser.get_cookie("__Host-console", domain="line.example")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path) == (True, True, "Lax", "/")
    headers = ines.answer.headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "<script>" not in ines.answer.text
    assert "style=" not in ines.answer.text


def test_after_signing_out_the_old_session_opens_nothing(line: Line) -> None:
    ines = Clerk(line).signs_in()
    cookie = ines.browser.get_cookie("__Host-console", domain="line.example")
    assert cookie is not None
    ines.sends("/sign-out")
    assert "You are signed out." in ines.page.words
    ines.browser.set_cookie("__Host-console", cookie.value, domain="line.example", secure=True)
    assert ines.opens("/console").path == "/console/sign-in"


def test_the_list_tells_what_is_asked_how_long_and_in_which_language(line: Line) -> None:
    line.texter("es").write("hola", "mi tarjeta de autobús no funciona", "0")
    line.clock.later(minutes=12)
    words = Clerk(line).signs_in().page.words
    assert "Senior transport card" in words
    assert "Waits 12 minutes" in words
    assert "Spanish" in words
    assert "Text messages" in words


def test_a_language_that_the_town_does_not_have_is_named_to_the_clerk(line: Line) -> None:
    line.texter().write("magandang umaga po kailangan ko ng tulong ng anak ko", "5")
    words = Clerk(line).signs_in().page.words
    assert "Interpreter needed" in words
    assert "Tagalog" in words


def test_danger_is_first_and_said_in_words(line: Line) -> None:
    asks_for_person(line)
    line.clock.later(minutes=5)
    line.texter("en", BEN).write("hello", "my husband cannot breathe")
    page = Clerk(line).signs_in().page
    claims = [form.action for form in page.forms if form.action.endswith("/claim")]
    first, second = line.rows(schema.handoffs)
    assert claims == [f"/console/requests/{second.id}/claim", f"/console/requests/{first.id}/claim"]
    assert "Danger: act first" in page.words


def test_a_request_is_taken_answered_and_closed(line: Line) -> None:
    ana = asks_for_person(line)
    ines = at_request(line, Clerk(line))
    assert "You have this request now." in ines.page.words
    ines.sends("/reply", text="Please bring the old card.")
    assert "Your answer is on its way." in ines.page.words
    assert "Ines, for the office" in ines.page.roles["log"]
    line.deliver()
    assert ana.got[-1] == "Please bring the old card."
    ines.sends("/close", outcome="answered")
    assert ines.path == "/console"
    assert "The request is closed." in ines.page.words
    assert "Nobody waits." in ines.page.words


def test_keys_are_shown_with_what_they_stood_for(line: Line) -> None:
    caller = line.at_home("en", BEN)
    caller.press("2", "1", "0").hang_up()
    [row] = line.rows(schema.handoffs)
    log = Clerk(line).signs_in(f"/console/requests/{row.id}").page.roles["log"]
    assert "Chose 1: English" in log
    assert "Pressed 0: wants a person" in log
    assert "Put the telephone down." in log


def test_what_the_machine_believed_is_there_to_be_opened(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = Clerk(line).signs_in(f"/console/requests/{request_id(line)}")
    assert "Service: Senior transport card" in ines.page.roles["log"]
    told = ines.page.roles["log"]
    for words in ("Words that counted, and how much:", "% of it", "It answers at once from", "Decided by: embedded"):
        assert words in told


def corrects(line: Line, clerk: Clerk, meant: str) -> Clerk:
    """Say what was meant by the resident's newest words; the clerk need not have taken the request."""
    turn = max(row.version for row in line.rows(schema.turns) if "bus card" in row.said)
    clerk.opens(f"/console/requests/{request_id(line)}/meant/{turn}")
    return clerk.sends(f"/meant/{turn}", meant=meant)


def test_a_clerk_says_what_was_meant_and_says_it_anew(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = Clerk(line).signs_in()
    corrects(line, ines, "service_parking_fine")
    assert "A person decides whether the machine learns it." in ines.page.words
    assert "Ines says it meant: Parking fine" in ines.page.roles["log"]
    corrects(line, ines, "act_out_of_scope")
    assert "Ines says it meant: None of our services" in ines.page.roles["log"]
    assert [row.meant for row in line.rows(schema.corrections)] == ["act_out_of_scope"]


def test_a_correction_leaves_an_audit_row_without_words(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    corrects(line, Clerk(line).signs_in(), "service_parking_fine")
    newest = line.rows(schema.audit)[-1]
    assert json.loads(newest.detail) == {
        "staff": 1,
        "handoff": request_id(line),
        "done": "corrected",
        "believed": "service_senior_transport_card",
        "meant": "service_parking_fine",
    }


def test_a_correction_sent_twice_is_one(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = corrects(line, Clerk(line).signs_in(), "danger_now")
    [kept], before = line.rows(schema.corrections), len(line.rows(schema.audit))
    ines.opens(f"/console/requests/{request_id(line)}/meant/2")
    ines.posts(ines.form("/meant/2"), meant="danger_now", nonce=kept.nonce)
    assert len(line.rows(schema.audit)) == before


def test_only_words_can_be_corrected_and_only_to_what_there_is(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = Clerk(line).signs_in()
    corrects(line, ines, "service_of_nobody")
    assert ines.alert == desk_words.NO_MEANING.id
    key_press = max(row.version for row in line.rows(schema.turns))
    for other in (0, key_press, key_press + 1, 2**70):
        assert ines.opens(f"/console/requests/{request_id(line)}/meant/{other}").answer.status_code == 404
    assert line.rows(schema.corrections) == []


def test_words_of_a_closed_request_can_still_be_corrected(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = at_request(line, Clerk(line))
    ines.sends("/close", outcome="answered")
    corrects(line, ines, "service_parking_fine")
    assert len(line.rows(schema.corrections)) == 1


def test_another_departments_words_cannot_be_corrected(line: Line) -> None:
    line.texter().write("hello", "my bus card stopped working", "0")
    ines = Clerk(line).signs_in()
    form = ines.opens(f"/console/requests/{request_id(line)}/meant/2").form("/meant/2")
    omar = Clerk(line, "omar", department="housing").signs_in("/console/account")
    form.fields["csrf_token"] = omar.form("/sessions").fields["csrf_token"]
    omar.posts(form, meant="danger_now")
    assert omar.answer.status_code == 404
    assert "bus card" not in omar.answer.text
    assert line.rows(schema.corrections) == []


def test_answers_to_a_form_are_shown_with_their_questions(line: Line) -> None:
    line.texter().write("hello", "241", "4", "70", "0")
    ines = Clerk(line).signs_in(f"/console/requests/{request_id(line)}")
    assert "How old are you?" in ines.page.words
    assert "70" in ines.page.words.partition("Answers so far")[2]


def test_unseen_messages_hold_an_answer_back_and_keep_its_words(line: Line) -> None:
    ana = asks_for_person(line)
    ines = at_request(line, Clerk(line))
    ana.write("it is about my father")
    ines.sends("/reply", text="Bring your card.")
    assert ines.answer.status_code == 409
    assert ines.alert == desk_words.UNSEEN.id
    assert "it is about my father" in ines.page.roles["log"]
    assert ines.form("/reply").fields["text"] == "Bring your card."
    ines.sends("/reply", text="Bring his card.")
    line.deliver()
    assert ana.got[-1] == "Bring his card."


def test_a_double_click_sends_once(line: Line) -> None:
    ana = asks_for_person(line)
    ines = at_request(line, Clerk(line))
    reply, note = ines.form("/reply"), ines.form("/note")
    for _ in range(2):
        ines.posts(reply, text="Once.")
        ines.posts(note, text="A note.")
    line.deliver()
    assert ana.got.count("Once.") == 1
    assert ines.page.words.count("A note.") == 1


def test_a_form_without_its_number_is_refused(line: Line) -> None:
    asks_for_person(line)
    ines = at_request(line, Clerk(line))
    ines.sends("/reply", text="Hello", nonce="")
    assert ines.answer.status_code == 400
    assert ines.page.words.count("Hello") == 1


def test_of_two_clerks_the_second_reads_who_has_it_and_keeps_the_words(line: Line) -> None:
    asks_for_person(line)
    ines, omar = Clerk(line), Clerk(line, "omar").signs_in()
    claim = omar.form("/claim")
    at_request(line, ines)
    omar.posts(claim)
    assert "Ines has this request." in omar.alert
    reply = ines.form("/reply")
    ines.sends("/release")
    omar.opens("/console").sends("/claim")
    ines.posts(reply, text="Nearly there.")
    assert "Omar has this request." in ines.alert
    assert "Nearly there." in ines.page.words


def test_a_request_passed_on_is_gone_from_here_and_waits_there(line: Line) -> None:
    asks_for_person(line)
    omar = Clerk(line, "omar", department="transport")
    uma = Clerk(line, "uma", department="housing").signs_in()
    at_request(line, uma)
    reply = uma.form("/reply")
    uma.sends("/transfer", department="-")
    assert uma.alert == desk_words.NO_SUCH_DEPARTMENT.id
    uma.sends("/transfer", department="transport")
    assert "The request was passed on." in uma.page.words
    uma.posts(reply, text="Too late.")
    assert uma.answer.status_code == 404
    assert "Too late." in uma.page.words
    assert uma.opens(f"/console/requests/{request_id(line)}").answer.status_code == 404
    assert "Take it" in omar.signs_in().page.words


def test_the_machine_goes_on_when_it_is_given_the_conversation_back(line: Line) -> None:
    ana = line.texter().write("hello", "2", "3", "0")
    ines = at_request(line, Clerk(line))
    ines.sends("/hand-back")
    assert "The machine goes on" in ines.page.words
    ana.write("2").reads(say.ANYTHING_ELSE)


def test_someone_switched_off_is_out_at_once_and_keeps_the_words(line: Line) -> None:
    ana = asks_for_person(line)
    ines = at_request(line, Clerk(line))
    line.plainline.accounts.set_active("ines", False)
    ines.sends("/reply", text="My last words.")
    assert ines.answer.status_code == 403
    assert "My last words." in ines.page.words
    line.deliver()
    assert "My last words." not in ana.got


def test_a_form_that_is_not_ours_is_refused_and_keeps_the_words(line: Line) -> None:
    asks_for_person(line)
    ines = at_request(line, Clerk(line))
    ines.sends("/reply", text="From elsewhere.", csrf_token="made up")
    assert ines.answer.status_code == 400
    assert "From elsewhere." in ines.page.words
    ines.opens(f"/console/requests/{request_id(line)}")
    assert "From elsewhere." not in ines.page.words


def test_a_form_from_another_site_is_refused(line: Line) -> None:
    asks_for_person(line)
    ines = at_request(line, Clerk(line))
    form = ines.form("/reply")
    headers = {"Referer": "https://evil.example/"}
    answer = ines.browser.post(form.action, base_url=PUBLIC, data={**form.fields, "text": "x"}, headers=headers)
    assert answer.status_code == 400


def test_words_of_residents_and_names_are_text_and_nothing_else(line: Line) -> None:
    line.texter().write("hello", "<script>alert(1)</script>", "0")
    ines = Clerk(line).signs_in(f"/console/requests/{request_id(line)}")
    assert "<script>alert" not in ines.answer.text
    assert "<script>alert(1)</script>" in ines.page.roles["log"]


def test_a_text_that_failed_stands_out(line: Line) -> None:
    ana = asks_for_person(line)
    ines = at_request(line, Clerk(line))
    ines.sends("/reply", text="Please bring the old card.")
    line.exchange.texts.refuse(ANA, 21610)
    line.deliver()
    assert "Please bring the old card." not in ana.got
    ines.opens(f"/console/requests/{request_id(line)}")
    assert "NOT SENT" in ines.page.words


def test_a_text_that_the_telephone_did_not_take_stands_out(line: Line) -> None:
    asks_for_person(line)
    ines = at_request(line, Clerk(line))
    line.deliver()
    line.exchange.texts.fate(ANA, "undelivered", 30003)
    ines.sends("/reply", text="Please bring the old card.")
    line.deliver()
    ines.opens(f"/console/requests/{request_id(line)}")
    assert "NOT ARRIVED" in ines.page.words


def test_after_a_call_of_unknown_number_nothing_can_be_written(line: Line) -> None:
    line.at_home("en", "anonymous").press("0").hang_up()
    ines = at_request(line, Clerk(line))
    assert desk_words.NO_NUMBER.id in ines.page.words
    assert not [form for form in ines.page.forms if form.action.endswith("/reply")]


def test_in_a_chat_the_clerk_is_told_to_ask_for_the_number(line: Line) -> None:
    wants = Inbound(
        conversation="chat-1",
        medium=Medium.CHAT,
        address=Address(channel="telegram", value="7"),
        message_id="message:1",
        kind=Kind.TEXT,
        text="0",
        language_hint="en",
        at=line.clock(),
    )
    line.plainline.assistant.handle(wants, Capabilities(medium=Medium.CHAT))
    ines = at_request(line, Clerk(line, phone=DESK_PHONE))
    assert desk_words.NO_NUMBER_IN_CHAT.id in ines.page.words
    assert desk_words.NO_NUMBER.id not in ines.page.words


def test_call_now_rings_the_clerks_own_telephone(line: Line) -> None:
    line.at_home("en", ANA).press("0").hang_up()
    ines = at_request(line, Clerk(line, phone=DESK_PHONE))
    call = ines.form("/call")
    for _ in range(2):
        ines.posts(call)
    assert "Your telephone rings now." in ines.page.words
    assert not line.exchange.placed(DESK_PHONE).over
    assert [row.result for row in line.rows(schema.phone_calls)] == ["ringing"]
    ines.opens(f"/console/requests/{request_id(line)}")
    assert "Ines: Your telephone rings" in ines.page.words


def test_without_a_telephone_of_ones_own_it_is_told_what_to_do(line: Line) -> None:
    asks_for_person(line)
    ines = at_request(line, Clerk(line))
    assert desk_words.NO_PHONE_OF_YOURS.id in ines.page.words


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenDesk(Desk):
    """A desk whose database goes away."""

    fault: StoreUnavailable

    def reply(self, staff: Staff, id: int, text: str, seen: int, nonce: str) -> None:
        raise self.fault


@dataclass(frozen=True, kw_only=True)
class Breaking(Plainline):
    """An installation with such a desk."""

    fault: StoreUnavailable

    @cached_property
    def desk(self) -> Desk:
        whole = super().desk
        parts = {each.name: getattr(whole, each.name) for each in fields(whole)}
        return BrokenDesk(**parts, fault=self.fault)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (StoreUnavailable(), "Our memory does not answer right now."),
        (CommitUnknown(), "We do not know whether that was done."),
    ],
)
def test_when_the_database_goes_away_the_words_stay(line: Line, fault: StoreUnavailable, told: str) -> None:
    asks_for_person(line)
    parts = {each.name: getattr(line.plainline, each.name) for each in fields(line.plainline)}
    with closing(Breaking(**parts, fault=fault)) as breaking:
        ines = at_request(line, Clerk(replace(line, plainline=breaking)))
        ines.sends("/reply", text="Please bring the old card.")
        assert ines.answer.status_code == 503
        assert told in ines.alert
        assert "Please bring the old card." in ines.page.words


@pytest.mark.parametrize("path", ["/console/nothing/here", "/console/requests/7", f"/console/requests/{10**30}"])
def test_what_is_not_there_is_told_in_the_clerks_language(line: Line, path: str) -> None:
    ines = Clerk(line, language="es").signs_in()
    ines.opens(path)
    assert ines.answer.status_code == 404
    assert "Vuelva a la lista." in ines.alert


@pytest.mark.parametrize("odd", ["a\x00b", "\u202eback to front", "\U0001f600"])
def test_odd_characters_are_sent_or_refused_but_never_a_fault(line: Line, odd: str) -> None:
    asks_for_person(line)
    ines = at_request(line, Clerk(line))
    ines.sends("/reply", text=f"Hello {odd}")
    assert ines.answer.status_code == 200
    line.deliver()


def test_a_new_password_ends_the_session(line: Line) -> None:
    ines = Clerk(line).signs_in("/console/account")
    ines.sends("/password", old="wrong", new="a long password, good enough")
    assert ines.alert == desk_words.WRONG_PASSWORD.id
    ines.sends("/password", old=ines.password, new="a long password, good enough")
    assert ines.path == "/console/sign-in"
    ines.password = "a long password, good enough"
    assert ines.signs_in().path == "/console"


def test_all_sessions_can_be_ended_from_one(line: Line) -> None:
    ines = Clerk(line).signs_in("/console/account")
    elsewhere = ines.browser
    ines.browser = type(elsewhere)(elsewhere.application)
    ines.signs_in("/console/account").sends("/sessions")
    ines.browser = elsewhere
    assert ines.opens("/console").path == "/console/sign-in"


# --- texts to them -------------------------------------------------------------------------------------------


def test_staff_note_that_someone_wants_no_more_messages_and_can_take_that_back(line: Line) -> None:
    texter = asks_for_person(line)
    clerk = at_request(line, Clerk(line))
    clerk.sends("/texts")
    assert "It is noted what they want." in clerk.page.words
    assert "Ines was told: no more messages." in clerk.page.words
    assert desk_words.STOPPED.id in clerk.page.words
    before = len(texter.got)
    assert texter.write("hello?").answer == ""
    assert len(texter.got) == before
    clerk.sends("/texts")
    assert "Ines was told: messages again." in clerk.page.words
    history = [(row.allowed, row.source, row.staff) for row in line.rows(schema.consent_history)]
    assert history == [(False, "staff", 1), (True, "staff", 1)]
    texter.write("hello?").reads(say.PASSED_ON)


def test_what_staff_noted_the_resident_can_lift_by_start(line: Line) -> None:
    texter = asks_for_person(line)
    at_request(line, Clerk(line)).sends("/texts")
    texter.write("START").reads(say.STARTED)
    assert [row.source for row in line.rows(schema.consent_history)] == ["staff", "resident"]


def test_a_stop_of_their_own_is_shown_and_only_they_can_lift_it(line: Line) -> None:
    asks_for_person(line).write("STOP PLEASE")
    clerk = at_request(line, Clerk(line))
    assert "They wrote STOP to us." in clerk.page.words
    assert not [form for form in clerk.page.forms if form.action.endswith("/texts")]
    with pytest.raises(Conflict, match=desk_words.THEY_STOPPED.id):
        line.plainline.desk.texts(Staff(id=1, login="ines", name="Ines"), request_id(line), allowed=True)


def test_staff_read_why_a_text_did_not_arrive_and_that_it_is_sent_again(line: Line) -> None:
    line.exchange.texts.fate(ANA, "undelivered", 30003)
    asks_for_person(line)
    line.deliver()
    clerk = at_request(line, Clerk(line))
    assert "NOT ARRIVED yet. We send it again at" in clerk.page.words
    assert "Why: the telephone is off or out of reach." in clerk.page.words
    line.exchange.texts.fate(ANA, "undelivered", 30006)
    line.clock.later(hours=1)
    line.deliver()
    assert "Why: this number gets no text messages. It may be a landline." in clerk.opens(clerk.path).page.words


def test_from_a_case_whose_text_did_not_arrive_they_are_called_instead(line: Line) -> None:
    line.exchange.texts.refuse(ANA, 21614)
    caller = line.at_home().press("2", "3", "4").press("72#").press("2", "1", "1").hears(say.ASK_ELSE)
    caller.press("2", "1").hears(say.TEXT_SENT).hang_up()
    line.deliver()
    [case] = line.rows(schema.cases)
    clerk = Clerk(line, phone=DESK_PHONE).signs_in(f"/console/cases/{case.reference}")
    assert "Why: this number gets no text messages. It may be a landline." in clerk.page.words
    clerk.sends("/call")
    assert clerk.path == f"/console/requests/{request_id(line)}"
    assert "Our text message did not arrive: call them" in clerk.page.words
    clerk.sends("/claim")
    assert desk_words.NO_TEXTS.id in clerk.page.words
    clerk.sends("/call")
    assert [call.leg.to for call in line.exchange.calls if call.leg.direction == "outbound-api"] == [DESK_PHONE]
    clerk.opens(f"/console/cases/{case.reference}").sends("/call")
    assert len(line.rows(schema.handoffs)) == 1


def test_alarms_stand_above_the_list_for_whoever_sees_all_departments(line: Line) -> None:
    clerk, social = Clerk(line), Clerk(line, "omar", department="social_care")
    alarm = ALARMS[Alarm.COUNTRY_CLOSED].id
    assert alarm not in clerk.signs_in().page.words
    line.exchange.texts.refuse(ANA, 21408)
    line.texter().write("?")
    assert alarm in clerk.opens("/console").page.words
    assert alarm not in social.signs_in().page.words


@pytest.mark.parametrize(("number", "why"), [("+19005550199", Refusal.DEAR), ("+447400123456", Refusal.ABROAD)])
def test_why_a_text_was_not_sent_stands_in_the_conversation(line: Line, number: str, why: Refusal) -> None:
    line.texter(number=number).write("?", "1", "0")
    page = at_request(line, Clerk(line)).page
    assert NOT_SENT[why].id in page.words
