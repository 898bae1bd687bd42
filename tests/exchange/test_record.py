"""Record: what a caller does while it records, and the files behind the REST API."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from simulator.exchange import Exchange, NotNow
from simulator.exchange.twiml import read_voice
from simulator.exchange.verbs import Record
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, document, say
from tests.exchange.rest_client import client

RESIDENT = "+14155550123"
RECORD = document(
    say("Speak after the tone.")
    + '<Record action="/turn" maxLength="60" timeout="8" recordingStatusCallback="/ready"/>'
    + "<Redirect>/silent</Redirect>"
)


@pytest.fixture
def exchange(application: Application) -> Iterator[Exchange]:
    application.answers |= {"/voice": RECORD, "/turn": DONE, "/silent": document(say("Nothing."))}
    with Exchange(
        voice_url=application.public + "/voice", status_url=application.public + "/status", auth_token=TOKEN
    ) as made:
        yield made


def asked(application: Application, path: str) -> list[dict[str, str]]:
    pairs = zip(application.paths, application.asked, strict=True)
    return [form for where, form in pairs if where == path]


def test_the_verb_is_read_with_twilios_defaults() -> None:
    verbs = read_voice(document('<Record action="/a"/><Hangup/>').encode(), "text/xml")
    assert verbs[0] == Record(action="/a")
    assert isinstance(verbs[0], Record)
    assert (verbs[0].timeout, verbs[0].max_length, verbs[0].play_beep) == (5, 3600, True)


def test_what_is_said_goes_to_the_action_and_the_file_is_told_of(exchange: Exchange, application: Application) -> None:
    call = exchange.call(RESIDENT)
    assert call.recording is not None
    call.record(7, ends="#")
    assert call.recording is None
    [made] = exchange.recordings.made
    [turn] = asked(application, "/turn")
    assert (turn["RecordingSid"], turn["RecordingDuration"], turn["Digits"]) == (made.sid, "7", "#")
    assert turn["RecordingUrl"].endswith(made.sid)
    [ready] = asked(application, "/ready")
    assert (ready["RecordingSid"], ready["CallSid"], ready["RecordingStatus"]) == (made.sid, call.sid, "completed")
    assert (ready["RecordingSource"], ready["AccountSid"]) == ("RecordVerb", exchange.account_sid)
    assert call.last_heard == "Thank you."
    assert "speaks for 7 s, then #" in call.transcript()


def test_it_ends_with_its_length_and_with_silence(exchange: Exchange, application: Application) -> None:
    before = exchange.call(RESIDENT).record(600, ends="").seconds
    assert before > 68
    [turn] = asked(application, "/turn")
    assert turn["RecordingDuration"] == "60"
    assert "Digits" not in turn


def test_nothing_said_goes_on_behind_it_and_makes_no_file(exchange: Exchange, application: Application) -> None:
    call = exchange.call(RESIDENT).silence()
    assert call.last_heard == "Nothing."
    assert exchange.recordings.made == []
    assert asked(application, "/turn") == asked(application, "/ready") == []


def test_whoever_hangs_up_is_recorded_until_then(exchange: Exchange, application: Application) -> None:
    call = exchange.call(RESIDENT).record(4, ends="hangup")
    assert (call.over, call.ended_by) == (True, "caller")
    [turn] = asked(application, "/turn")
    assert (turn["Digits"], turn["CallStatus"], turn["RecordingDuration"]) == ("hangup", "completed", "4")
    assert len(asked(application, "/ready")) == 1


def test_hanging_up_before_a_word_records_nothing(exchange: Exchange, application: Application) -> None:
    exchange.call(RESIDENT).hang_up()
    assert exchange.recordings.made == []
    assert asked(application, "/turn") == []


def test_keys_and_words_are_recorded_too(exchange: Exchange) -> None:
    exchange.call(RESIDENT).press("5")
    exchange.call(RESIDENT).say("the lamp by the church is out")
    assert [one.seconds for one in exchange.recordings.made] == [5, 3]


def test_what_is_no_recording_can_not_be_spoken_into(exchange: Exchange, application: Application) -> None:
    call = exchange.call(RESIDENT)
    with pytest.raises(NotNow):
        call.record(3, ends="x")
    call.hang_up()
    with pytest.raises(NotNow):
        call.record(3)
    application.answers["/voice"] = document('<Gather action="/turn"/><Hangup/>')
    with pytest.raises(NotNow):
        exchange.call(RESIDENT).record(3)


def test_callbacks_can_be_late_twice_and_never(exchange: Exchange, application: Application) -> None:
    exchange.callbacks.hold()
    exchange.call(RESIDENT).record(7, ends="#")
    assert asked(application, "/ready") == []
    ready = [one for one in exchange.callbacks.held if one.url.endswith("/ready")]
    exchange.callbacks.held[:] = ready * 2
    exchange.callbacks.release()
    exchange.settle()
    assert len(asked(application, "/ready")) == 2


def test_an_absent_recording_is_told_of_where_that_is_wanted(exchange: Exchange, application: Application) -> None:
    application.answers["/voice"] = RECORD.replace(
        'recordingStatusCallback="/ready"',
        'recordingStatusCallback="/ready" recordingStatusCallbackEvent="completed absent"',
    )
    exchange.call(RESIDENT).silence()
    [ready] = asked(application, "/ready")
    assert ready["RecordingStatus"] == "absent"


def test_the_file_is_a_wav_for_who_has_the_credentials_until_it_is_deleted(exchange: Exchange) -> None:
    exchange.call(RESIDENT).record(7, ends="#")
    [made] = exchange.recordings.made
    api = client(exchange)
    assert api.recordings(made.sid).fetch().duration == "7"
    url = f"{exchange.api_url}/2010-04-01/Accounts/{exchange.account_sid}/Recordings/{made.sid}"
    assert requests.get(f"{url}.wav", timeout=5).status_code == 401
    for address in (f"{url}.wav", url):
        got = requests.get(address, auth=(exchange.account_sid, TOKEN), timeout=5)
        assert (got.status_code, got.headers["Content-Type"]) == (200, "audio/x-wav")
        with wave.open(io.BytesIO(got.content)) as sound:
            assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (8000, 2, 1)
            assert sound.getnframes() == 7 * 8000
    assert api.recordings(made.sid).delete() is True
    assert requests.get(f"{url}.wav", auth=(exchange.account_sid, TOKEN), timeout=5).status_code == 404
    with pytest.raises(TwilioRestException):
        api.recordings(made.sid).delete()
    assert requests.put(f"{url}.json", auth=(exchange.account_sid, TOKEN), timeout=5).status_code in (405, 501)
