"""The same dialogue on WhatsApp: apart from SMS of the same number, within its window of 24 hours, and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bootstrap import Plainline
from app.costs import Prices, lines
from app.desk import LONGEST_REPLY, Desk
from app.outbox import INVITED_FOR, OUTSIDE, RESEND
from app.recordings import file_of
from app.retention import sweep
from app.settings import Twilio
from app.sound import ogg_seconds
from core import phrases as say
from core.delivery import Lost
from core.errors import Conflict
from core.sms import LONGEST
from core.staff import Request, Sent, Staff
from core.state import read_conversation
from core.types import WHATSAPP, Address, Kind
from core.usage import Paid
from ivr.inbound import text_came
from simulator.exchange import Fault
from simulator.exchange.exchange import ACCOUNT, TOKEN
from simulator.exchange.media import voice
from simulator.exchange.texts import Text
from simulator.exchange.whatsapp import PREFIX
from store import schema
from store.usage_store import SqlUsage
from tests.calls.line import ANA, LANGUAGES, ON_WHATSAPP, OURS, TEMPLATE, Clock, Line, Texter, served
from tests.calls.test_desk import clerk, taken, thread_of
from tests.calls.test_languages import holds_one_case
from tests.calls.test_texts import FIRST_WORDS, LOOSE_STARTS, LOOSE_STOPS, reference_in

NEWS = "There is news for you from the city. Please write to us here, or call {{1}}."
AT = f"{PREFIX}{ANA}"


@pytest.fixture(autouse=True)
def _approved(request: pytest.FixtureRequest) -> None:
    """Meta has approved our message."""
    for name in {"line", "each_line", "bare_line"} & set(request.fixturenames):
        found: Line = request.getfixturevalue(name)
        found.exchange.texts.whatsapp.templates[TEMPLATE] = NEWS


OURS_ALONE = Twilio(account=ACCOUNT, tokens=(TOKEN,), number=OURS)


def with_twilio(wired: Plainline, twilio: Twilio) -> Plainline:
    return replace(wired, settings=replace(wired.settings, twilio=twilio))


@pytest.fixture
def bare_line(wired: Plainline, sqlite_url: str, clock: Clock) -> Iterator[Line]:
    """A line that names no approved message."""
    with served(with_twilio(wired, replace(OURS_ALONE, whatsapp=ON_WHATSAPP)), sqlite_url, clock) as made:
        yield made


def menu(texter: Texter) -> Texter:
    """They write for the first time and choose their language."""
    return texter.write("?", str(LANGUAGES.index(texter.language) + 1)).reads(say.WHAT_ABOUT)


def owed(line: Line) -> Any:
    """The row of the newest text."""
    return line.rows(schema.outbox)[-1]


def later(line: Line, **by: float) -> None:
    """Time goes by, for us and at the exchange."""
    line.clock.later(**by)
    line.exchange.texts.whatsapp.quiet(AT, timedelta(**by))


@dataclass(frozen=True, kw_only=True)
class Late:
    """Somebody who asked for a person, and the person, who has taken it."""

    line: Line
    texter: Texter
    desk: Desk
    person: Staff
    request: Request

    def reply(self, words: str = "Your card is ready.") -> Late:
        """The person answers."""
        version = thread_of(self.line, self.person, self.request).version
        self.desk.reply(self.person, self.request.id, words, version, f"reply {words[:20]}")
        self.line.deliver()
        return self

    def seen(self) -> Sent:
        """The newest text, as staff see it."""
        return thread_of(self.line, self.person, self.request).texts[-1]


def with_person(line: Line, **passes: float) -> Late:
    """Somebody asks for a person, who takes it; then so much time goes by."""
    texter = menu(line.on_whatsapp()).write("0").reads(say.WAITING_TEXT)
    ines = clerk(line)
    desk, request = taken(line, ines)
    line.deliver()
    later(line, **passes)
    return Late(line=line, texter=texter, desk=desk, person=ines, request=request)


def answered_late(line: Line) -> Late:
    """The person has the answer a day later."""
    return with_person(line, hours=24).reply()


def sent(line: Line) -> list[Text]:
    return line.exchange.outbox(AT)


# --- the dialogue ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_someone_hears_of_a_service_starts_it_and_gets_a_reference(each_line: Line, language: str) -> None:
    texter = menu(each_line.on_whatsapp(language)).write("2", "3").reads(say.ANYTHING_ELSE)
    texter.write("1").reads(say.text("Residents of 65 and over."))
    texter.write("4", "72", "2", "1").reads(say.ALL_RIGHT)
    texter.reads(say.phrase(say.READ_BACK.id, question=say.text("How old are you?"), answer=72))
    assert each_line.rows(schema.cases) == []
    texter.write("1")
    holds_one_case(each_line, language, reference_in(texter.answer))
    assert {(row.channel, row.to_address, row.status) for row in each_line.rows(schema.outbox)} == {
        (WHATSAPP, ANA, "sent")
    }
    assert {text.from_ for text in sent(each_line)} == {f"{PREFIX}{ON_WHATSAPP}"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_someone_who_just_says_what_they_need_is_answered_in_their_language(line: Line, language: str) -> None:
    texter = line.on_whatsapp(language).write(FIRST_WORDS[language])
    texter.reads(say.text(line.plainline.catalog.services["senior_transport_card"].summary))


def test_choices_are_numbered_and_a_person_is_one_of_them(line: Line) -> None:
    texter = menu(line.on_whatsapp())
    assert "\n1 care and help at home\n" in texter.answer
    texter.reads(say.PERSON_TEXT)


def test_nothing_is_cut_to_save_segments(line: Line) -> None:
    texter = menu(line.on_whatsapp("ar")).write("241", "1", "2", "3")
    assert line.words(say.MORE_TEXT, "ar", "chat") not in "".join(texter.got)
    assert all(row.rest == "" for row in (read_conversation(one.state) for one in line.rows(schema.conversations)))


def test_no_message_is_longer_than_twilio_takes(line: Line) -> None:
    words = "word " * (LONGEST_REPLY // 5)
    with_person(line, seconds=0).reply(words)
    assert all(len(text.body) <= LONGEST for text in sent(line))
    assert "".join(text.body for text in sent(line)).count("word") == LONGEST_REPLY // 5


@pytest.mark.parametrize(
    "pressed",
    [
        {"ButtonPayload": "2", "ButtonText": "Travel"},
        {"ListId": "2", "ListTitle": "Travel"},
        {"ButtonPayload": "what_we_sent", "ButtonText": "2"},
    ],
)
def test_what_is_pressed_is_the_number_that_it_stands_for(line: Line, pressed: dict[str, str]) -> None:
    written = menu(line.on_whatsapp()).write("2").answer
    other = menu(line.on_whatsapp(number="+14155550125")).write("", **pressed)
    assert other.answer == written


def test_a_picture_and_a_place_are_met_with_words(line: Line) -> None:
    texter = menu(line.on_whatsapp()).picture().reads(say.NOT_WRITTEN)
    texter.write("", Latitude="40.7", Longitude="-74.0").reads(say.NOT_WRITTEN)
    assert [row.kind for row in line.rows(schema.turns)][-2:] == [Kind.PICTURE, Kind.PLACE]


def test_the_thread_is_another_than_that_of_the_same_number_by_sms(line: Line) -> None:
    menu(line.on_whatsapp()).write("2")
    assert len(line.texter().write("?").got) == 1
    assert {row.id.partition("-")[0] for row in line.rows(schema.conversations)} == {"sms", WHATSAPP}
    assert not any(ANA.removeprefix("+") in row.id for row in line.rows(schema.conversations))


def test_without_a_number_of_ours_there_nothing_is_answered_or_kept(
    wired: Plainline, sqlite_url: str, clock: Clock
) -> None:
    with served(with_twilio(wired, OURS_ALONE), sqlite_url, clock) as line:
        texter = line.on_whatsapp().write("?")
        assert texter.got == []
        assert line.rows(schema.turns) == line.rows(schema.outbox) == []


# --- STOP and START ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_on_whatsapp_is_ours_to_answer_and_leaves_sms_alone(each_line: Line, language: str) -> None:
    by_sms = each_line.texter(language).write("?", str(LANGUAGES.index(language) + 1))
    texter = menu(each_line.on_whatsapp(language)).write("STOP").reads(say.STOPPED)
    texter.write(FIRST_WORDS[language])
    assert texter.answer == ""
    assert by_sms.write(FIRST_WORDS[language]).answer
    [consent] = each_line.rows(schema.consents)
    assert (consent.channel, consent.address, consent.allowed) == (WHATSAPP, ANA, False)
    texter.write("START").reads(say.STARTED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_by_sms_leaves_whatsapp_alone(line: Line, language: str) -> None:
    line.texter(language).write("?", "STOP")
    menu(line.on_whatsapp(language)).write(FIRST_WORDS[language]).reads(
        say.text(line.plainline.catalog.services["senior_transport_card"].summary)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_and_start_are_understood_as_people_write_them(line: Line, language: str) -> None:
    texter = menu(line.on_whatsapp(language)).write(LOOSE_STOPS[language]).reads(say.STOPPED)
    texter.write(LOOSE_STARTS[language]).reads(say.STARTED)


def test_a_stop_that_twilio_obeyed_is_kept_and_not_answered_twice(line: Line) -> None:
    texter = menu(line.on_whatsapp()).write("no more of this", OptOutType="STOP")
    assert texter.answer == ""
    assert [row.source for row in line.rows(schema.consent_history)] == ["provider"]


def test_help_is_ours_to_answer_unless_twilio_did(line: Line) -> None:
    texter = menu(line.on_whatsapp()).write("help")
    assert "STOP" in texter.answer
    assert texter.write("help", OptOutType="HELP").answer == ""


# --- the window --------------------------------------------------------------------------------------------------


def test_within_a_day_staff_answer_in_their_own_words(each_line: Line) -> None:
    with_person(each_line, hours=23, minutes=50).reply()
    assert "Your card is ready." in sent(each_line)[-1].body
    assert owed(each_line).status == "sent"


def test_after_a_day_they_are_asked_to_write_and_then_have_the_words_first(each_line: Line) -> None:
    late = answered_late(each_line)
    asked = sent(each_line)[-1]
    assert (asked.template, asked.body) == (TEMPLATE, NEWS.replace("{{1}}", OURS))
    assert owed(each_line).status == "invited"
    assert (late.seen().status, late.seen().why) == ("invited", None)
    later(each_line, hours=20)
    before = len(late.texter.got)
    late.texter.write("what is it?").reads(say.PASSED_ON)
    assert "Your card is ready." in late.texter.got[before]
    assert {row.status for row in each_line.rows(schema.outbox)} == {"sent"}
    assert {text.status for text in thread_of(each_line, late.person, late.request).texts} == {"delivered"}


def test_they_are_asked_once_and_later_words_wait_in_their_order(each_line: Line) -> None:
    late = with_person(each_line, hours=24).reply("First.").reply("Second.")
    assert [text.template for text in sent(each_line) if text.template] == [TEMPLATE]
    before = len(late.texter.got)
    late.texter.write("yes?")
    assert ["First." in late.texter.got[before], "Second." in late.texter.got[before + 1]] == [True, True]


def test_words_that_nobody_writes_back_for_are_given_up_where_staff_see_it(each_line: Line) -> None:
    late = answered_late(each_line)
    later(each_line, seconds=INVITED_FOR.total_seconds() + 5)
    each_line.deliver()
    assert (owed(each_line).status, owed(each_line).last_code) == ("failed", OUTSIDE)
    assert (late.seen().status, late.seen().why) == ("failed", Lost.WINDOW)
    assert [row.event for row in each_line.rows(schema.audit)][-1] == "text_failed"
    assert len([text for text in sent(each_line) if text.template]) == 1


def test_without_an_approved_message_nothing_is_sent_and_staff_see_it(bare_line: Line) -> None:
    late = answered_late(bare_line)
    assert "Your card is ready." not in "".join(late.texter.got)
    assert (owed(bare_line).status, late.seen().why) == ("failed", Lost.WINDOW)


def test_whoever_said_stop_is_not_asked_either(line: Line) -> None:
    late = with_person(line, hours=24)
    late.desk.texts(late.person, late.request.id, allowed=False)
    with pytest.raises(Conflict):
        late.reply()
    assert not any(text.template for text in sent(line))


def test_a_message_that_is_not_approved_any_more_is_a_text_lost(line: Line) -> None:
    line.exchange.texts.whatsapp.templates.clear()
    answered_late(line)
    assert (owed(line).status, owed(line).last_code) == ("failed", "21655")


def test_a_message_that_asks_and_does_not_arrive_is_seen_as_lost(line: Line) -> None:
    late = with_person(line, hours=24)
    line.exchange.texts.fate(AT, "undelivered", 63024)
    late.reply()
    assert (late.seen().status, late.seen().why) == ("undelivered", Lost.NO_NUMBER)


def test_what_the_provider_counts_as_too_late_is_a_text_lost(each_line: Line) -> None:
    """Our clocks may differ, and then its word stands."""
    late = with_person(each_line, hours=1)
    each_line.exchange.texts.whatsapp.quiet(AT)
    seen = late.reply().seen()
    assert (seen.status, seen.code, seen.why) == ("failed", OUTSIDE, Lost.WINDOW)
    [told] = [row for row in each_line.rows(schema.audit) if row.event == "text_lost"]
    assert OUTSIDE in told.detail


def test_a_message_that_asks_is_sent_again_as_often_as_a_text(line: Line) -> None:
    late = with_person(line, hours=24)
    line.exchange.texts.fate(AT, "undelivered", 63018)
    late.reply()
    for wait in (*RESEND, INVITED_FOR, INVITED_FOR):
        line.deliver()
        later(line, seconds=wait.total_seconds() + 5)
        line.deliver()
    assert len([text for text in sent(line) if text.template]) == 1 + len(RESEND)
    assert owed(line).status == "failed"


def test_an_answer_of_twilio_that_was_lost_asks_nobody_twice(each_line: Line) -> None:
    late = with_person(each_line, hours=24)
    each_line.exchange.rest_trouble.arrange(Fault.LOST_ANSWER, "/")
    late.reply()
    later(each_line, hours=1)
    each_line.deliver()
    assert (owed(each_line).status, late.seen().status) == ("invited", "invited")
    assert len([text for text in sent(each_line) if text.template]) == 1
    late.texter.write("what is it?")
    assert "Your card is ready." in "".join(late.texter.got)


# --- receipts, limits, costs -------------------------------------------------------------------------------------


def test_read_ranks_above_delivered_and_counts_as_arrived(each_line: Line) -> None:
    each_line.exchange.texts.fate(AT, "read")
    late = with_person(each_line, seconds=1).reply()
    assert {row.status for row in each_line.rows(schema.receipts)} == {"read"}
    assert late.seen().status == "read"


def test_a_number_that_is_not_on_whatsapp_still_gets_sms(each_line: Line) -> None:
    texter = each_line.on_whatsapp()
    each_line.exchange.texts.fate(AT, "undelivered", 63003)
    texter.write("?")
    with each_line.plainline.storage.reading() as unit:
        assert not unit.gets_texts(Address(channel=WHATSAPP, value=ANA))
        assert unit.gets_texts(Address(channel="sms", value=ANA))


def test_messages_are_counted_apart_with_prices_of_their_own(each_line: Line) -> None:
    answered_late(each_line)
    each_line.texter(number="+14155550126").write("?")
    span = (each_line.clock.now - timedelta(days=7), each_line.clock.now + timedelta(days=1))
    usage = SqlUsage(each_line.database)
    amounts = usage.amounts(*span)
    units = {(one.channel, one.kind): one.units for one in amounts}
    from_us = len([text for text in sent(each_line) if not text.template])
    assert units[WHATSAPP, Paid.WHATSAPP_IN] == 3
    assert units[WHATSAPP, Paid.WHATSAPP_OUT] == from_us
    assert units[WHATSAPP, Paid.WHATSAPP_TEMPLATE] == 1
    assert not {Paid.TEXT_IN, Paid.TEXT_OUT} & {one.kind for one in amounts if one.channel == WHATSAPP}
    prices = Prices(general=dict.fromkeys(map(str, Paid), Decimal(1)), countries={})
    table = lines(usage.contacts(*span), amounts, prices)
    assert {row.channel for row in table} == {WHATSAPP, "sms"}


# --- in one's own voice ------------------------------------------------------------------------------------------


def the_recording(line: Line) -> Any:
    [row] = line.rows(schema.recordings)
    return row


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_recorded_reaches_a_person_who_can_hear_it(each_line: Line, language: str) -> None:
    menu(each_line.on_whatsapp(language)).speak(12).reads(say.WAITING_TEXT)
    each_line.fetch()
    row = the_recording(each_line)
    assert (row.status, row.seconds, row.kept, row.silent) == ("here", 12, True, None)
    [sent_] = each_line.exchange.media.sent
    assert each_line.plainline.files.get(file_of(row.id)) == sent_.body
    assert each_line.exchange.media.deleted == [sent_.sid]
    ines = clerk(each_line)
    [request] = each_line.plainline.desk.waiting(ines)
    [shown] = thread_of(each_line, ines, request).recordings
    assert (shown.id, shown.playable, shown.seconds) == (row.id, True, 12)


def test_what_is_said_to_a_person_who_has_the_talk_is_passed_on_to_them(line: Line) -> None:
    late = with_person(line, seconds=1)
    late.texter.speak(3).reads(say.PASSED_ON)
    line.fetch()
    assert [one.seconds for one in thread_of(line, late.person, late.request).recordings] == [3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_words_are_asked_for_a_recording_is_the_answer(each_line: Line, language: str) -> None:
    at_words = menu(each_line.on_whatsapp(language)).write("3", "1", "4", "1")
    asked = at_words.answer
    at_words.speak(5)
    assert at_words.answer != asked
    each_line.fetch()
    row = the_recording(each_line)
    assert (row.status, row.kept) == ("here", False)
    [now] = each_line.rows(schema.conversations)
    assert row.id in now.state


def test_a_form_that_is_left_takes_its_recording_along(line: Line) -> None:
    texter = menu(line.on_whatsapp()).write("3", "1", "4", "1").speak(5)
    line.fetch()
    id = the_recording(line).id
    assert line.plainline.files.get(file_of(id))
    texter.write("start")
    line.clock.later(days=9)
    sweep(line.plainline.retention, line.clock())
    line.fetch()
    assert line.plainline.files.get(file_of(id)) is None


def test_after_stop_what_is_recorded_is_deleted_everywhere(line: Line) -> None:
    menu(line.on_whatsapp()).write("STOP").speak(4)
    line.fetch()
    assert the_recording(line).status == "gone"
    assert len(line.exchange.media.deleted) == 1


def test_our_credentials_go_to_the_api_alone(line: Line) -> None:
    menu(line.on_whatsapp()).speak(4)
    [kept] = line.exchange.media.sent
    kept.leads = "http://127.0.0.2:9/file"  # not https, and not the API: it is not even tried
    line.fetch()
    row = the_recording(line)
    assert (row.status, row.last_code) == ("lost", "redirect")


def test_what_is_no_sound_is_not_kept(line: Line) -> None:
    menu(line.on_whatsapp()).speak(4)
    [kept] = line.exchange.media.sent
    kept.body = b"<html>"
    line.fetch()
    assert (the_recording(line).status, the_recording(line).last_code) == ("lost", "not_an_ogg")


def test_a_sound_by_another_way_or_of_another_kind_is_a_picture_to_us(line: Line) -> None:
    menu(line.on_whatsapp()).picture().reads(say.NOT_WRITTEN)
    form = {"MessageSid": "MM" + "0" * 32, "AccountSid": ACCOUNT, "From": ANA, "To": OURS, "NumMedia": "1"}
    said = text_came({**form, "MediaContentType0": "audio/ogg"}, "secret", line.clock())
    assert (said.kind, said.recording) == (Kind.PICTURE, None)
    forged = {**form, "From": AT, "MessageSid": "../../Accounts", "MediaContentType0": "audio/ogg"}
    assert text_came(forged, "secret", line.clock()).recording is None


@pytest.mark.parametrize(
    ("body", "seconds"), [(b"", 0), (b"OggS", 0), (voice(61.4), 61), (voice(-1), 0), (voice(1e7), 0)]
)
def test_the_length_is_what_the_last_page_tells(body: bytes, seconds: int) -> None:
    assert ogg_seconds(body) == seconds


@given(st.binary(max_size=300))
def test_no_file_is_too_strange_to_be_measured(body: bytes) -> None:
    assert ogg_seconds(b"OggS" + body) >= 0
