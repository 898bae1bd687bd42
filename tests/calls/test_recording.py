"""Something said in one's own voice: offered where words fail, recorded with consent, fetched, kept, or deleted."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from app.outbox import BACK_OFF
from app.recordings import Recordings, file_of
from app.retention import sweep
from app.sound import is_wav, silent
from core import phrases as say
from core.recording import LONGEST
from core.state import read_answers
from core.types import Later, Recording
from ivr.recorder import LARGEST, TwilioRecorder
from simulator.exchange import Fault
from simulator.exchange.recordings import Recorded, sound
from store import schema
from store.recording_store import SqlRecordings
from tests.calls.line import ANA, LANGUAGES, PUBLIC, Caller, Line, twilio_signs


def at_words(line: Line, language: str = "en") -> Caller:
    """Somebody reports a lamp that is out, and is asked for the street."""
    return line.at_home(language).press("3", "1", "4", "1")


def in_vain(line: Line, language: str = "en") -> Caller:
    """They are asked for words, and say nothing twice: a recording is offered."""
    return at_words(line, language).hears_nothing_of(say.ASK_RECORD).silence(2).hears(say.ASK_RECORD)


def to_be_recorded(line: Line, language: str = "en") -> Caller:
    """They choose it, and say yes."""
    caller = in_vain(line, language).press("2").hears(say.CONSENT, say.MAY_WE_RECORD)
    return caller.press("1").hears(say.SPEAK_NOW, say.KEY_ENDS_IT, say.FOR_PERSON)


def message(line: Line, language: str = "en", seconds: float = 7) -> Caller:
    """On a Sunday somebody wants a person, and speaks a message."""
    caller = line.at_home(language).press("0").hears(say.ASK_MESSAGE)
    return caller.press("3").hears(say.CONSENT).press("1").speak(seconds).hears(say.RECORDED)


def the_row(line: Line) -> Any:
    [row] = line.rows(schema.recordings)
    return row


def kept_here(line: Line, row: Any) -> bytes | None:
    return line.plainline.files.get(file_of(row.id))


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_words_fail_the_answer_is_left_in_ones_own_voice(each_line: Line, language: str) -> None:
    line = each_line
    caller = to_be_recorded(line, language)
    assert caller.call.recording is not None
    assert caller.call.recording.max_length == LONGEST
    caller.speak(7).hears(say.RECORDED, say.KEEP_IT, say.LISTEN, say.RECORD_AGAIN, say.DELETE_IT, say.FOR_PERSON)
    assert line.fetch() == 2
    [there] = line.exchange.recordings.made
    assert line.exchange.recordings.deleted == [there.sid]
    caller.press("1")
    while line.words(say.ALL_RIGHT, language) not in caller.heard:
        caller.press("1")
    caller.hears(say.YOUR_RECORDING).press("1").hears(say.ASK_ELSE)
    [case] = line.rows(schema.cases)
    assert Recording(id=there.sid, seconds=7) in read_answers(case.answers).values()
    row = the_row(line)
    assert (row.status, row.kept, row.reference, row.silent) == ("here", True, case.reference, False)
    assert kept_here(line, row) == there.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_office_is_closed_a_message_is_left_beside_the_call_back(closed_line: Line, language: str) -> None:
    line = closed_line
    caller = message(line, language).press("1").hears(say.MESSAGE_LEFT)
    caller.hang_up()
    line.fetch()
    [wish] = line.rows(schema.handoffs)
    assert (wish.status, wish.callback) == ("waiting", ANA)
    row = the_row(line)
    assert (row.status, row.kept, row.reference, row.conversation) == ("here", True, "", wish.conversation)


def test_who_does_not_want_to_be_recorded_is_not(line: Line) -> None:
    in_vain(line).press("2").hears(say.MAY_WE_RECORD).press("2").hears(say.GIVE_LATER, say.ASK_RECORD)
    assert line.exchange.recordings.made == []
    assert line.rows(schema.recordings) == []


def test_words_that_were_misheard_are_left_in_ones_own_voice_at_once(line: Line) -> None:
    at_words(line).say("Mill Street", confidence=0.3).press("2").hears(say.ASK_RECORD)


def test_it_is_played_to_whoever_spoke_once_it_is_here_and_to_nobody_else(line: Line) -> None:
    caller = to_be_recorded(line).speak(7)
    caller.press("2").hears(say.NOT_READY, say.RECORDED)
    line.fetch()
    caller.press("2").hears(say.HERE_IT_IS, say.RECORDED)
    [played] = [heard.text for heard in caller.call.heard if "/voice/sound" in heard.text]
    parts = urlsplit(played)
    where = f"http://127.0.0.1:{line.port}{parts.path}"
    heard = requests.get(f"{where}?{parts.query}", timeout=10)
    assert heard.status_code == 200
    assert heard.content == line.exchange.recordings.made[0].body
    assert heard.headers["Cache-Control"] == "no-store"
    assert heard.headers["Content-Type"] == "audio/x-wav"
    assert requests.get(f"{where}?{parts.query.replace('id=RE', 'id=RF')}", timeout=10).status_code == 403
    assert requests.get(where, timeout=10).status_code == 403
    caller.press("4").hears(say.DELETED)
    assert requests.get(f"{where}?{parts.query}", timeout=10).status_code == 404


def test_who_says_it_again_leaves_the_second_and_the_first_is_deleted_everywhere(each_line: Line) -> None:
    line = each_line
    caller = to_be_recorded(line).speak(3)
    line.fetch()
    caller.press("3").hears(say.SPEAK_NOW).speak(9).press("1")
    line.fetch()
    first, second = line.exchange.recordings.made
    rows = {row.id: row for row in line.rows(schema.recordings)}
    assert (rows[first.sid].status, rows[second.sid].status) == ("gone", "here")
    assert kept_here(line, rows[first.sid]) is None
    assert set(line.exchange.recordings.deleted) == {first.sid, second.sid}


@pytest.mark.parametrize("fetched", [True, False])
def test_what_is_deleted_is_gone_everywhere(line: Line, fetched: bool) -> None:
    caller = to_be_recorded(line).speak(7)
    if fetched:
        line.fetch()
    caller.press("4").hears(say.DELETED, say.ASK_RECORD)
    line.fetch()
    row = the_row(line)
    assert (row.status, row.kept) == ("gone", False)
    assert kept_here(line, row) is None
    assert line.exchange.recordings.deleted[-1] == row.id


def test_while_it_is_recorded_a_person_is_one_key_away_and_nothing_of_it_is_kept(line: Line) -> None:
    caller = to_be_recorded(line).speak(4, "0").hears(say.PUTTING_THROUGH)
    assert caller.call.dialled
    line.fetch()
    assert the_row(line).status == "gone"


def test_while_it_is_recorded_star_leads_back(line: Line) -> None:
    to_be_recorded(line).speak(4, "*").hears(say.ASK_RECORD)
    line.fetch()
    assert the_row(line).status == "gone"


def test_who_hangs_up_after_speaking_has_left_it(closed_line: Line) -> None:
    line = closed_line
    line.at_home().press("0", "3", "1").speak(12, "hangup")
    line.fetch()
    row = the_row(line)
    assert (row.status, row.kept, row.seconds) == ("here", True, 12)


def test_an_answer_with_which_they_hang_up_is_for_a_person(line: Line) -> None:
    to_be_recorded(line).speak(7).hang_up()
    line.fetch()
    assert (the_row(line).kept, the_row(line).reference) == (True, "")
    [wish] = line.rows(schema.handoffs)
    assert (wish.service, wish.callback, wish.status) == ("streetlight", ANA, "waiting")


def test_nothing_said_is_a_silence_and_three_lead_to_a_person(line: Line) -> None:
    caller = to_be_recorded(line)
    caller.silence().hears(say.NO_ANSWER_HEARD, say.SPEAK_NOW)
    caller.silence().hears(say.NO_ANSWER_HEARD, say.SPEAK_NOW)
    caller.silence().hears(say.PUTTING_THROUGH)
    assert line.rows(schema.recordings) == []


def test_an_empty_recording_is_deleted_and_asked_for_again(line: Line) -> None:
    to_be_recorded(line).speak(0.2).hears(say.NOTHING_RECORDED, say.SPEAK_NOW)
    line.fetch()
    assert the_row(line).status == "gone"


def test_a_silent_one_is_marked(line: Line) -> None:
    to_be_recorded(line).speak(20, silent=True).press("1")
    line.fetch()
    assert the_row(line).silent is True


def test_a_minute_is_the_end_of_it(line: Line) -> None:
    to_be_recorded(line).speak(3600, "")
    line.fetch()
    row = the_row(line)
    assert (row.seconds, row.status) == (LONGEST, "here")


# --- callbacks: late, twice, never, in another order; and hostile ------------------------------------------------


def path_of(url: str) -> str:
    return url.partition("#")[0].removeprefix(PUBLIC)


def test_a_callback_that_never_comes_and_a_file_that_is_late_are_borne(each_line: Line) -> None:
    line = each_line
    line.exchange.callbacks.hold()
    caller = to_be_recorded(line).speak(7)
    line.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=404)
    assert line.fetch() == 1
    assert (the_row(line).status, the_row(line).last_code) == ("wanted", "404")
    assert line.fetch() == 0
    line.clock.later(seconds=BACK_OFF[0].total_seconds())
    assert line.fetch() == 2
    assert the_row(line).status == "here"
    caller.press("1")
    line.exchange.callbacks.held.clear()
    line.exchange.callbacks.release()


def test_a_recording_that_never_comes_is_given_up_where_it_is_seen_and_taken_if_it_comes_at_last(line: Line) -> None:
    line.exchange.callbacks.hold()
    to_be_recorded(line).speak(7).press("1")
    line.exchange.rest_trouble.keep(Fault.REFUSED, "/", status=404)
    for wait in (timedelta(0), *BACK_OFF):
        line.clock.later(seconds=wait.total_seconds())
        assert line.fetch() == 1
    row = the_row(line)
    assert (row.status, row.last_code, row.due) == ("lost", "404", None)
    assert [one.event for one in line.rows(schema.audit)].count("recording_failed") == 1
    line.exchange.rest_trouble.end(Fault.REFUSED)
    line.exchange.callbacks.release()
    line.fetch()
    assert the_row(line).status == "here"


def test_the_same_twice_and_in_another_order_is_one_recording(each_line: Line) -> None:
    line = each_line
    caller = to_be_recorded(line).speak(7).press("1")
    line.fetch()
    before = the_row(line)
    told = [
        one
        for one in line.exchange.attempts
        if path_of(one.url).startswith(("/voice/recording", "/voice/turn")) and "RecordingSid" in dict(one.form)
    ]
    assert len(told) == 2
    for one in [*reversed(told), *told]:
        assert line.post(path_of(one.url), dict(one.form), sign=twilio_signs).status in (200, 204)
    line.fetch()
    assert the_row(line) == before
    assert len(line.exchange.recordings.deleted) == 1
    caller.press("1")


def test_a_callback_before_the_turn_is_the_same_recording(line: Line) -> None:
    caller = to_be_recorded(line)
    assert caller.call.recording is not None
    form = dict(caller.call.leg.form("in-progress"))
    made = line.exchange.recordings.make(caller.call.sid, 7, silent=False)
    done = form | dict(made.form("completed", "https://api.twilio.com/x"))
    assert line.post(path_of(caller.call.recording.status_url), done, sign=twilio_signs).status == 204
    line.fetch()
    turn = form | {"RecordingSid": made.sid, "RecordingDuration": "7", "Digits": "#"}
    line.post(path_of(caller.call.recording.action), turn, sign=twilio_signs)
    assert (the_row(line).id, the_row(line).status) == (made.sid, "here")


@pytest.mark.parametrize("status", ["failed", "absent"])
def test_a_recording_that_failed_there_is_told_of(line: Line, status: str) -> None:
    line.exchange.callbacks.hold()
    caller = to_be_recorded(line)
    assert caller.call.recording is not None
    path = path_of(caller.call.recording.status_url)
    caller.speak(7)
    form = dict(line.exchange.callbacks.held[-1].form) | {"RecordingStatus": status}
    assert line.post(path, form, sign=twilio_signs).status == 204
    assert (the_row(line).status, the_row(line).last_code) == ("lost", status)
    line.exchange.callbacks.held.clear()
    line.exchange.callbacks.release()


@pytest.mark.parametrize(
    "id", ["", "RE1", "RE" + "g" * 32, "../../Accounts", "RE" + "1" * 32 + "/../x", "RE" + "1" * 33, "AC" + "1" * 32]
)
def test_what_is_no_sid_is_no_recording(line: Line, id: str) -> None:
    caller = to_be_recorded(line)
    assert caller.call.recording is not None
    form = dict(caller.call.leg.form("in-progress")) | {"RecordingSid": id, "RecordingDuration": "7"}
    told = form | {"RecordingStatus": "completed"}
    assert line.post(path_of(caller.call.recording.status_url), told, sign=twilio_signs).status == 204
    assert line.post(path_of(caller.call.recording.action), form, sign=twilio_signs).status == 200
    assert line.rows(schema.recordings) == []


def test_an_unsigned_callback_and_one_for_another_call_are_refused(line: Line) -> None:
    caller = to_be_recorded(line)
    assert caller.call.recording is not None
    path = path_of(caller.call.recording.status_url)
    form = dict(caller.call.leg.form("in-progress")) | {"RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed"}
    assert line.post(path, form).status == 403
    assert line.post(path, form | {"CallSid": "CA" + "9" * 32}, sign=twilio_signs).status == 403
    assert line.rows(schema.recordings) == []


class Watching(BaseHTTPRequestHandler):
    """Another host, which notes who comes with credentials."""

    came: list[str]

    def do_GET(self) -> None:
        self.came.append(self.headers.get("Authorization", ""))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """The address of another host, and what came to it."""
    came: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Noting", (Watching,), {"came": came}))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()
    thread.join()
    server.server_close()


def test_another_host_in_the_callback_gets_nothing_from_us(line: Line, elsewhere: tuple[str, list[str]]) -> None:
    url, came = elsewhere
    line.exchange.callbacks.hold()
    caller = to_be_recorded(line)
    assert caller.call.recording is not None
    path = path_of(caller.call.recording.status_url)
    caller.speak(7)
    form = dict(line.exchange.callbacks.held[-1].form) | {"RecordingUrl": f"{url}/a.wav"}
    assert line.post(path, form, sign=twilio_signs).status == 204
    line.fetch()
    assert came == []
    assert the_row(line).status == "here"
    line.exchange.callbacks.held.clear()
    line.exchange.callbacks.release()


def changed(line: Line, body: bytes, kind: str = "audio/x-wav") -> Recorded:
    """A recording in whose place the provider has something else."""
    line.exchange.callbacks.hold()
    to_be_recorded(line).speak(7).press("1")
    [made] = line.exchange.recordings.made
    made.body, made.kind = body, kind
    line.exchange.callbacks.release()
    return made


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (sound(3600, silent=False), "audio/x-wav", "too_large"),
        (b"RIFF" + b"\0" * LARGEST, "audio/x-wav", "too_large"),
        (b"<html>hello</html>", "text/html", "not_a_wav"),
        (b"<html>hello</html>", "audio/x-wav", "not_a_wav"),
        (b"\x7fELF", "audio/wav", "not_a_wav"),
        (b"", "audio/wav", "not_a_wav"),
        (sound(1, silent=False), "audio/mpeg", "not_a_wav"),
    ],
)
def test_what_is_too_large_or_no_sound_is_not_taken_nor_deleted_there(
    line: Line, body: bytes, kind: str, code: str
) -> None:
    changed(line, body, kind)
    line.fetch()
    row = the_row(line)
    assert (row.status, row.last_code) == ("lost", code)
    assert kept_here(line, row) is None
    assert line.exchange.recordings.deleted == []


def test_a_redirect_is_not_followed(line: Line, elsewhere: tuple[str, list[str]]) -> None:
    _, came = elsewhere
    assert line.plainline.settings.twilio is not None
    to_be_recorded(line).speak(7)
    line.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=302)
    line.fetch()
    assert (the_row(line).status, the_row(line).last_code) == ("lost", "redirect")
    assert came == []


def test_wrong_credentials_are_tried_again(line: Line) -> None:
    twilio = line.plainline.settings.twilio
    assert twilio is not None
    wrong = replace(line.plainline.settings, twilio=replace(twilio, tokens=("wrong",)))
    to_be_recorded(line).speak(7)
    line.exchange.settle()
    fetching = Recordings(
        store=SqlRecordings(line.database),
        files=line.plainline.files,
        recorder=TwilioRecorder(wrong),
        clock=line.clock,
    )
    assert fetching.work_once(line.clock()) == 1
    assert (the_row(line).status, the_row(line).last_code) == ("wanted", "401")


def test_what_can_not_be_deleted_there_is_tried_again_and_then_told_of(line: Line) -> None:
    to_be_recorded(line).speak(7).press("1")
    line.exchange.rest_trouble.keep(Fault.REFUSED, f"{ROOT}/{the_row(line).id}.json", status=503)
    line.fetch()
    for wait in BACK_OFF:
        assert the_row(line).status == "fetched"
        line.clock.later(seconds=wait.total_seconds())
        assert line.fetch() == 1
    row = the_row(line)
    assert (row.status, row.due, row.last_code) == ("fetched", None, "503")
    assert [one.event for one in line.rows(schema.audit)].count("recording_failed") == 1
    assert kept_here(line, row)


ROOT = "/2010-04-01/Accounts/AC" + "0" * 31 + "1/Recordings"


def test_what_was_deleted_there_by_somebody_else_is_deleted(line: Line) -> None:
    to_be_recorded(line).speak(7).press("1")
    line.exchange.settle()
    fetching = line.plainline.fetching
    assert fetching is not None
    fetching.recorder.delete(the_row(line).id)
    fetching.recorder.delete(the_row(line).id)
    assert line.exchange.recordings.deleted == [the_row(line).id]
    assert fetching.work_once(line.clock()) == 1
    assert (the_row(line).status, the_row(line).last_code) == ("wanted", "404")


# --- kept by rule ------------------------------------------------------------------------------------------------


def swept(line: Line, **later: float) -> None:
    line.clock.later(**later)
    sweep(line.plainline.retention, line.clock())
    line.fetch()


def test_what_is_left_for_staff_goes_after_90_days(closed_line: Line) -> None:
    line = closed_line
    message(line).press("1").hang_up()
    line.fetch()
    row = the_row(line)
    swept(line, days=89)
    assert kept_here(line, row)
    swept(line, days=1)
    assert the_row(line).status == "gone"
    assert kept_here(line, row) is None
    swept(line, days=1)
    assert line.rows(schema.recordings) == []


def test_what_was_left_with_nobody_goes_after_8_days(line: Line) -> None:
    caller = to_be_recorded(line).speak(7).press("1")
    caller.hang_up()
    line.fetch()
    row = the_row(line)
    assert not row.kept
    swept(line, days=7)
    assert kept_here(line, row)
    swept(line, days=1)
    assert the_row(line).status == "gone"
    assert kept_here(line, row) is None


def test_an_unfinished_form_goes_on_with_what_was_recorded(line: Line) -> None:
    to_be_recorded(line).speak(7).press("1").hang_up()
    line.clock.later(minutes=10)
    caller = line.at_home().hears(say.BEGUN).press("1", "1")
    for _ in range(4):
        if line.words(say.ALL_RIGHT, "en") in caller.heard:
            break
        caller.press("1")
    caller.press("1").hears(say.ASK_ELSE)
    [case] = line.rows(schema.cases)
    assert any(isinstance(answer, Recording) for answer in read_answers(case.answers).values())
    assert (the_row(line).kept, the_row(line).reference) == (True, case.reference)
    assert not all(isinstance(answer, Later) for answer in read_answers(case.answers).values())


# --- what samples tell -------------------------------------------------------------------------------------------


def test_silence_is_told_by_the_samples() -> None:
    assert silent(sound(10, silent=True)) is True
    assert silent(sound(0, silent=True)) is True
    assert silent(sound(2, silent=False)) is False
    assert silent(sound(0.1, silent=False)) is True
    assert silent(sound(5, silent=False)[:9001]) is False
    assert silent(b"RIFF\0\0\0\0WAVE") is None
    assert silent(b"") is None
    assert not is_wav(b"RIFF")
    assert re.match(rb"RIFF....WAVE", sound(1, silent=False), re.S)
