"""What callers hear, as a list, as files and as a page; with the real speech program, and with ones that fail."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from app import cli
from app.caller import NUMBER, Caller, first_caller
from app.own_voice import name_of
from app.sounding import make, write
from app.speech_program import HERTZ, PROGRAM, VOICES, Speech, as_wav, seconds
from app.spoken import CODE, EVERY_CALL, REFERENCE, STREET, Spoken, spoken
from app.to_record import Marking, always_the_same
from core import phrases as say
from core.errors import Misconfigured
from core.render import Part
from core.speech import PAUSES, PEN, groups
from core.trouble import SLOWEST
from core.types import Phrase
from tests.app.test_commands import _logger_as_it_was as _logger_as_it_was
from tests.app.test_commands import data_folder as data_folder
from tests.unit.town import town

LANGUAGES = ("en", "es", "zh_Hans", "ar")
ANSWER = {"summary", "choices", "papers", "cost", "where"}
FORM = {"read-back", "change", "done"}
AROUND = {
    "greeting",
    "main-menu",
    "number",
    "help-silence",
    "help-wrong-key",
    "waiting",
    "call-back",
    "call-back-when",
    "call-back-promised",
    "may-we-record",
    "speak-now",
    "recorded",
    "recorded-played",
    "recorded-not-here-yet",
    "recorded-deleted",
    "message-left",
    "nothing-recorded",
    "fault",
    "danger",
    "goodbye",
    "code",
}
WRITTEN = {
    "PERSON_HERE",
    "WITH_PERSON",
    "HANDED_BACK",
    "PERSON_DONE",
    "THREAD_DONE",
    "WAITING_TEXT",
    "PASSED_ON",
    "NOT_WRITTEN",
    "WRITE_AGAIN",
    "STOPPED",
    "STARTED",
    "MORE_TEXT",
}
"""Sentences that nobody hears."""

BY_MACHINE = {"TROUBLE", "MANY_CALLS"}
"""What is said before anything of ours may be relied on."""

PHONE_CALL = Part(text="Please stay on the line.", language="en")

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Makes a small script that is found on PATH as the speech program, and gives its path."""

    def made(script: str) -> str:
        folder = tmp_path / "programs"
        folder.mkdir()
        file = folder / PROGRAM
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return str(file)

    return made


@pytest.fixture(scope="module")
def caller() -> Caller:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PLAINLINE_CATALOGUE", raising=False)
        return first_caller()


def said(caller: Caller, language: str, service: str) -> dict[str, Spoken]:
    return {one.name: one for one in spoken(caller, language, service)}


def text(one: Spoken) -> str:
    return " ".join(part.text for part in one.parts)


# --- what is said --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_about_every_service_is_there_and_whole(caller: Caller, language: str) -> None:
    for slug, service in caller.catalog.services.items():
        found = said(caller, language, slug)
        questions = {f"question-{step.name}" for step in service.steps}
        assert set(found) >= (ANSWER | questions | (FORM if service.steps else set()))
        for one in found.values():
            assert one.parts, (slug, one.name)
            assert all(part.text.strip() and "{" not in part.text for part in one.parts), (slug, one.name)
            assert one.seconds(0) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_belongs_to_no_service_is_there_and_whole(caller: Caller, language: str) -> None:
    found = said(caller, language, EVERY_CALL)
    menus = {f"menu-{category.id}" for category in caller.catalog.categories}
    assert set(found) >= AROUND | menus
    assert all(part.text.strip() and "{" not in part.text for one in found.values() for part in one.parts)


def test_every_language_is_greeted_in_its_own_voice(caller: Caller) -> None:
    assert {part.language for part in said(caller, "es", EVERY_CALL)["greeting"].parts} == set(LANGUAGES)


def test_each_answer_is_read_back_after_its_question(caller: Caller) -> None:
    service = caller.catalog.services["bulky_waste"]
    back = said(caller, "en", "bulky_waste")["read-back"]
    asked = [step.ask for step in service.steps]
    assert [part.text[: len(ask)] for part, ask in zip(back.parts, asked, strict=False)] == asked
    assert "October 20, 2026" in text(back)


def test_every_kind_of_question_is_asked_and_answered(caller: Caller) -> None:
    small = town()
    hall = replace(small.offices["hall"], hours=(((540, 1020),),) * 7)
    there = replace(caller, catalog=replace(small, offices={"hall": hall}))
    found = said(there, "en", "card")
    assert {name for name in found if name.endswith("-given")} == {"question-pole-given", "question-phone-given"}
    answers = [part.text.partition("? ")[2] for part in found["read-back"].parts]
    assert answers[:4] == ["2.", "August 21, 2026.", "yes.", "small."]
    assert answers[5:8] == ["2.", "12 Mill Street.", "4 1 5, 5 5 5, 0 1 2 4."]


def test_numbers_are_said_in_groups(caller: Caller) -> None:
    pairs, threes = (", ".join(" ".join(group) for group in groups(number)) for number in (CODE, REFERENCE))
    around = said(caller, "en", EVERY_CALL)
    assert pairs in text(around["code"])
    assert threes in text(said(caller, "en", "bulky_waste")["done"])
    assert "4 1 5, 5 5 5, 0 1 2 3" in text(around["goodbye-call-back"])
    assert NUMBER not in text(around["goodbye-call-back"])


def test_a_withheld_number_is_not_promised_a_call(caller: Caller) -> None:
    around = said(caller, "en", EVERY_CALL)
    assert "We will call you back" in text(around["goodbye-call-back"])
    assert "call you back" not in text(around["goodbye"])


def test_slower_takes_longer_and_a_pen_takes_its_time() -> None:
    plain = Spoken(language="en", service="x", name="x", parts=(PHONE_CALL,))
    pen = Spoken(language="en", service="x", name="x", parts=(Part(text=PHONE_CALL.text, language="en", pen=True),))
    spoken_for = plain.seconds(0) - PAUSES[0]
    assert plain.seconds(SLOWEST) == pytest.approx(spoken_for / 0.8 + PAUSES[SLOWEST])
    assert pen.seconds(0) == pytest.approx(plain.seconds(0) + PEN)


# --- without a program ---------------------------------------------------------------------------------------


def test_the_list_needs_no_program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert cli.main(["voice", "--list", "--lang", "es", "--service", "bulky_waste"]) == 0
    told = capsys.readouterr().out
    assert "es/bulky_waste/summary  7.2 seconds\n  Recogemos" in told
    assert "noise" not in told


def own(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, tuple[str, ...]]:
    """What `voice --own` tells of each file in English, and its last line under ""."""
    assert cli.main(["voice", "--own", "--lang", "en", *more]) == 0
    *files, last = capsys.readouterr().out.splitlines()
    return {"": (last,)} | {file: tuple(more) for file, *more in (line.split("\t") for line in files)}


def test_what_an_office_may_speak_itself_is_the_same_in_every_call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAINLINE_OWN_VOICE", raising=False)
    told = own(capsys)
    words = [more[1] for file, more in told.items() if file]
    assert told[f"en/{name_of('For English, press 1.')}.wav"] == ("missing", "For English, press 1.")
    assert len(words) == len(set(words)) > 200
    assert told[""] == (f"en: 0 of {len(words)} sentences are spoken by the office.",)
    assert not [one for one in words if STREET in one or "4 1 5" in one or "opens on" in one or "\ue000" in one]
    assert "We have your recording. What shall we do with it?" in words


def test_every_sentence_of_the_line_that_is_always_the_same_is_listed(caller: Caller) -> None:
    listed = {part.text for part in always_the_same(all_said(replace(caller, words=Marking(words=caller.words))))}
    every = {name: one for name, one in vars(say).items() if isinstance(one, Phrase)}
    sentences = {name: one for name, one in every.items() if "{" not in one.id and one.id[0].isupper()}
    missing = {name for name, one in sentences.items() if caller.words.say(one, "en", "voice") not in listed}
    assert missing == WRITTEN | BY_MACHINE


def all_said(caller: Caller) -> Iterator[Spoken]:
    for service in (EVERY_CALL, *caller.catalog.services):
        yield from spoken(caller, "en", service)


def test_what_is_there_and_what_stands_on_no_list_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAINLINE_OWN_VOICE", str(tmp_path / "own"))
    (folder := tmp_path / "own" / "en").mkdir(parents=True)
    for name in (there := f"{name_of('For English, press 1.')}.mp3", old := f"{name_of('For French, press 1.')}.wav"):
        (folder / name).touch()
    told = own(capsys)
    assert told[f"en/{there}"] == ("there", "For English, press 1.")
    assert told[f"en/{old}"] == ("not listed", "")
    assert told[""][0].startswith("en: 1 of ")
    assert f"en/{old}" not in own(capsys, "--service", "noise")
    (folder / "notes.txt").touch()
    assert "notes.txt: not played. One .wav or .mp3 file" in own(capsys)[""][0]


def test_a_missing_program_is_told_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert cli.main(["voice", "--to", str(tmp_path / "to")]) == 2
    told = capsys.readouterr().err
    assert f"apt-get install {PROGRAM}" in told
    assert "--list" in told
    assert not (tmp_path / "to").exists()


def test_all_that_is_asked_for_wrongly_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["voice", "--lang", "xx", "--service", "nothing", "--list"]) == 2
    told = capsys.readouterr().err
    assert "--lang xx" in told
    assert "zh_Hans" in told
    assert "--service nothing" in told
    assert EVERY_CALL in told


# --- with programs that fail ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo no such voice >&2; exit 3", "failed with 3 (no such voice)"),
        ("exec sleep 60", "did not answer within 0.2 seconds"),
        ("echo hello", "something else than a WAV file"),
        ("exit 0", "something else than a WAV file"),
    ],
    ids=["fails", "hangs", "no sound", "nothing"],
)
def test_a_program_that_does_not_speak_is_named_with_the_sentence(program: Program, script: str, told: str) -> None:
    speech = Speech(program=program(script), patience=0.2)
    with pytest.raises(Misconfigured) as wrong:
        speech.of([PHONE_CALL])
    assert told in str(wrong.value)
    assert PHONE_CALL.text in str(wrong.value)
    assert PROGRAM in str(wrong.value)


def test_a_program_that_can_not_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="could not be started"):
        Speech(program=str(tmp_path / "none")).of([PHONE_CALL])


def test_other_sound_than_the_rest_is_not_put_beside_it(program: Program, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "stereo.wav"), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(400))
    with pytest.raises(Misconfigured, match="other sound"):
        Speech(program=program(f"cat {tmp_path / 'stereo.wav'}")).of([PHONE_CALL])


def test_a_failure_ends_the_command_and_leaves_no_half_file(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program("exit 1")
    assert cli.main(["voice", "--to", str(tmp_path / "to"), "--lang", "en", "--service", "noise"]) == 2
    assert "failed with 1" in capsys.readouterr().err
    assert not [path for path in (tmp_path / "to").rglob("*") if path.is_file()]


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="--to"):
        write(tmp_path / "file" / "index.html", b"")


def test_a_file_that_could_not_be_finished_is_not_left(tmp_path: Path) -> None:
    (tmp_path / "taken.wav" / "x").mkdir(parents=True)
    with pytest.raises(Misconfigured, match=r"taken\.wav"):
        write(tmp_path / "taken.wav", b"sound")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.wav"]


# --- with a program that speaks ------------------------------------------------------------------------------


def fixed_program(program: Program, folder: Path) -> str:
    """It says everything in half a second, and writes down what it was asked."""
    (folder / "half.wav").write_bytes(as_wav(bytes(HERTZ)))
    return program(f'echo "$@" >> {folder}/asked; cat >> {folder}/text; cat {folder}/half.wav')


def test_a_sentence_is_given_by_standard_input_and_once(program: Program, tmp_path: Path) -> None:
    speech = Speech(program=fixed_program(program, tmp_path), pace=SLOWEST)
    samples = speech.of([PHONE_CALL, Part(text="别挂。", language="zh_Hans"), PHONE_CALL])
    assert seconds(samples) == pytest.approx(3 * (0.5 + PAUSES[SLOWEST]), abs=0.001)
    assert (tmp_path / "text").read_text() == PHONE_CALL.text + "别挂。"
    english, chinese = (tmp_path / "asked").read_text().splitlines()
    assert english.startswith("-v en-us -s 112 ")
    assert chinese.startswith("-v cmn-latn-pinyin -s 160 ")


def test_a_language_without_a_voice_is_named_and_the_rest_is_made(program: Program, tmp_path: Path) -> None:
    speech = Speech(program=fixed_program(program, tmp_path))
    parts = (PHONE_CALL, Part(text="Xin chào.", language="vi"))
    greeting = Spoken(language="en", service=EVERY_CALL, name="greeting", parts=parts)
    waiting = Spoken(language="en", service=EVERY_CALL, name="waiting", parts=parts[:1])
    made = list(make([greeting, waiting], speech, tmp_path / "to"))
    assert [(one.file, one.lacking) for one in made] == [("", ("vi",)), ("en/every-call/waiting.wav", ())]
    assert [path.name for path in (tmp_path / "to").rglob("*.wav")] == ["waiting.wav"]


def test_the_page_plays_everything_beside_its_words(program: Program, tmp_path: Path, caller: Caller) -> None:
    fixed_program(program, tmp_path)
    assert cli.main(["voice", "--to", str(tmp_path / "to"), "--lang", "ar", "--service", "bulky_waste"]) == 0
    page = (tmp_path / "to" / "index.html").read_text("utf-8")
    places = []
    for one in spoken(caller, "ar", "bulky_waste"):
        file = f"ar/bulky_waste/{one.name}.wav"
        assert (tmp_path / "to" / file).is_file()
        assert all(escape(part.text) in page for part in one.parts)
        places.append(page.index(f'src="{file}"'))
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_real_program_speaks_each_language_about_as_long_as_reckoned(
    speech_program: str, caller: Caller, language: str
) -> None:
    summary = said(caller, language, "bulky_waste")["summary"]
    took = seconds(Speech(program=speech_program).of(summary.parts))
    assert 0.5 < took / summary.seconds(0) < 2


def test_the_real_program_reads_chinese_as_chinese(speech_program: str) -> None:
    asked = [speech_program, "-v", VOICES["zh_Hans"].name, "-q", "-x", "--stdin", "-b", "1"]
    sounds = subprocess.run(asked, input="多少钱、要多久，请按2。".encode(), capture_output=True, check=True).stdout
    assert sounds
    assert b"(en)" not in sounds
