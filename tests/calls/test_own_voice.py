"""Sentences that the office has spoken itself are heard in place of the machine's, and only with their own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from app.bootstrap import Plainline
from app.own_voice import OwnVoice, find_own_voice, name_of
from core import phrases as say
from core.render import Part
from core.staff import Staff
from core.types import Phrase
from ivr import twiml
from tests.calls.line import LANGUAGES, Caller, Clock, Line, served

SPOKEN = b"RIFF of somebody at the office"


def write(folder: Path, language: str, words: str, ending: str = ".wav") -> None:
    (folder / language).mkdir(parents=True, exist_ok=True)
    (folder / language / f"{name_of(words)}{ending}").write_bytes(SPOKEN)


@pytest.fixture
def own(wired: Plainline, tmp_path: Path) -> Path:
    """What one office has spoken: how to choose, in all languages, and a few sentences of its own in English."""
    for language in LANGUAGES:
        write(tmp_path, language, wired.words.say(say.WHAT_ABOUT, language, "voice"))
    for phrase in (say.STAY_ON, say.GET_PEN, say.STAFF_PRESS):
        write(tmp_path, "en", wired.words.say(phrase, "en", "voice"), ".mp3")
    return tmp_path


@contextmanager
def office(wired: Plainline, url: str, clock: Clock, folder: Path) -> Iterator[Line]:
    with served(replace(wired, settings=replace(wired.settings, own_voice=folder)), url, clock) as line:
        yield line


@pytest.fixture
def line(wired: Plainline, sqlite_url: str, clock: Clock, own: Path) -> Iterator[Line]:
    with office(wired, sqlite_url, clock, own) as made:
        yield made


def played(caller: Caller) -> list[str]:
    return [one.text for one in caller.call.heard[caller.before :] if one.text.startswith(twiml.OWN)]


def address(line: Line, phrase: Phrase, language: str, ending: str = ".wav") -> str:
    return f"{twiml.OWN}/{language}/{name_of(line.plainline.words.say(phrase, language, 'voice'))}{ending}"


def fetched(line: Line, path: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{line.port}{path.partition('#')[0]}", timeout=10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_played_where_the_machine_would_say_it_and_the_rest_is_said(line: Line, language: str) -> None:
    caller = line.at_home(language)
    [sound] = played(caller)
    assert sound.startswith(address(line, say.WHAT_ABOUT, language))
    assert line.words(say.WHAT_ABOUT, language) not in caller.heard
    caller.hears(say.FOR_PERSON)
    answer = fetched(line, sound)
    assert (answer.status_code, answer.content) == (200, SPOKEN)
    assert answer.headers["Content-Type"] == "audio/x-wav"
    assert "max-age=3600" in answer.headers["Cache-Control"]


def test_the_keys_are_the_same(line: Line) -> None:
    line.at_home().press("2", "3").hears(say.text("From the age of 65, city buses are free with this card."))


def test_who_wants_it_slower_hears_the_machine(line: Line) -> None:
    caller = line.at_home().press("9", "9")
    assert played(caller) == []
    caller.hears(say.WHAT_ABOUT)


def test_who_waits_for_the_desk_and_staff_hear_it(line: Line) -> None:
    accounts = line.plainline.accounts
    desk = "+14155550190"
    password = accounts.add(Staff(id=0, login="ines", name="Ines", phone=desk))
    ines = accounts.signed_in(accounts.sign_in("ines", password, "127.0.0.1"))
    assert ines
    line.clock.later(seconds=6)
    caller = line.at_home().press("0")
    assert address(line, say.STAY_ON, "en", ".mp3") in " ".join(played(caller))
    [request] = line.plainline.desk.waiting(ines)
    line.plainline.desk.claim(ines, request.id, "claim")
    line.plainline.desk_calls.call(ines, request.id, "call")
    ringing = line.exchange.placed(desk).answer()
    assert ringing.heard[0].text.startswith(address(line, say.STAFF_PRESS, "en", ".mp3"))


def test_other_words_are_said_by_the_machine(wired: Plainline, sqlite_url: str, clock: Clock, tmp_path: Path) -> None:
    write(tmp_path, "en", "Please choose one of these.")
    with office(wired, sqlite_url, clock, tmp_path) as line:
        caller = line.at_home().hears(say.WHAT_ABOUT)
        assert played(caller) == []


@pytest.mark.parametrize(
    "path",
    ["en/none.wav", "xx/{name}.wav", "en/{name}.mp3", "en/{name}", "..%2Fsecret/{name}.wav", "en/..%2F..%2Fsecret.wav"],
)
def test_nothing_else_is_fetched_there(line: Line, own: Path, path: str) -> None:
    (own.parent / "secret.wav").write_bytes(b"secret")
    name = name_of(line.words(say.WHAT_ABOUT, "en"))
    assert fetched(line, f"{twiml.OWN}/{path.format(name=name)}").status_code == 404


def test_what_was_taken_away_meanwhile_is_said_by_the_machine(line: Line, own: Path) -> None:
    [sound] = played(line.at_home())
    for file in (own / "en").iterdir():
        file.unlink()
    caller = line.at_home().hears(say.WHAT_ABOUT)
    assert played(caller) == []
    assert fetched(line, sound).status_code == 404


def test_the_time_to_fetch_a_pen_stays() -> None:
    parts = (Part(text="Get a pen.", language="en", pen=True, own="en/a.wav"), Part(text="It is 7.", language="en"))
    said = twiml.speak_and_hang_up(parts)
    assert said.index("<Play>/voice/own/en/a.wav") < said.index("<Pause") < said.index("<Say")
    assert "Get a pen." not in said


def test_a_sentence_between_two_others_is_one_of_three() -> None:
    parts = [Part(text=text, language="en", own=own) for text, own in (("A.", ""), ("B.", "en/b.wav"), ("C.", ""))]
    said = twiml.speak_and_hang_up(parts)
    assert said.index("A.") < said.index("<Play>") < said.index("C.")
    assert said.count("<Say") == 2


def test_what_is_not_played_is_known(tmp_path: Path) -> None:
    write(tmp_path, "en", "Hello.")
    write(tmp_path, "fr", "Bonjour.")
    write(tmp_path / "old", "en", "Hello.")
    write(tmp_path, "en", "Hello.", ".txt")
    write(tmp_path, "en", "Hello.", ".wave")
    write(tmp_path, "en", "Bye.", ".WAV")
    write(tmp_path, "en", "Bye.", ".mp3")
    (tmp_path / "notes.txt").write_text("by Ines")
    found = find_own_voice(tmp_path, ["en"])
    assert set(found.files) == {("en", name_of("Hello.")), ("en", name_of("Bye."))}
    assert len(found.strange) == 6


def test_without_a_folder_nothing_is_played() -> None:
    parts = (Part(text="Hello.", language="en"),)
    assert find_own_voice(None, ["en"]) == OwnVoice()
    assert OwnVoice().spoken(parts) == parts
