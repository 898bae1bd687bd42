"""The arithmetic of the figures, on a town and times made up here. How fast anything is, no test asks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from app import bench_bare, bench_listen, bench_turn
from app.cli import main
from app.loading import load
from core.catalog import Catalog
from core.render import Capabilities, Part
from core.speech import PAUSE
from core.types import Medium, Phrase
from tests.unit.town import town

VOICE = Capabilities(medium=Medium.VOICE)
SECOND = 140 / 60
"""English words in a second."""

OPEN = town()
HALL = replace(OPEN.offices["hall"], hours=(((540, 1020),),) * 7)
TOWN = replace(OPEN, offices={"hall": HALL})


def words(text: str) -> int:
    return len(text.split())


class OneWord:
    """Says every sentence in as many words as its id has, and a menu's choice by label and key."""

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        words = phrase.id
        for name, value in phrase.params.items():
            said = self.say(value, language, context) if isinstance(value, Phrase) else str(value)
            words = words.replace(f"{{{name}}}", said)
        return words.replace("{language}", language)


def measured(catalog: Catalog = TOWN) -> bench_listen.Listening:
    return bench_listen.measure(catalog, OneWord(), VOICE)


def heard(slug: str, language: str = "en", catalog: Catalog = TOWN) -> bench_listen.Heard:
    return next(h for h in measured(catalog).heard if (h.service, h.language) == (slug, language))


def test_a_pause_follows_every_sentence_once() -> None:
    parts = (Part(text="One two. Three four.", language="en"), Part(text="five", language="en"))
    assert bench_listen.heard_seconds(parts) == pytest.approx(5 / SECOND + 3 * PAUSE)


def test_a_caller_presses_as_soon_as_the_wanted_choice_was_said() -> None:
    greeting = words("Testtown services. For English, press 1.")
    menu = words("What is it about? For travel, press 1.")
    services = words("Which one? For card, press 1. bus, 2.")
    assert heard("bus").begins == pytest.approx((greeting + menu + services) / SECOND + 7 * PAUSE)


def test_the_answer_is_heard_whole() -> None:
    call = heard("bus")
    assert call.seconds - call.begins == pytest.approx(words("About bus.") / SECOND + PAUSE)


def test_every_stage_of_a_call_is_told() -> None:
    call = heard("trash")
    assert len(call.stages) == len(bench_listen.STAGES)
    assert sum(call.stages) == pytest.approx(call.seconds)
    assert sum(call.stages[:-1]) == pytest.approx(call.begins)


def test_a_patient_caller_hears_every_menu_to_its_end() -> None:
    assert heard("card").patient > heard("card").seconds
    assert heard("card").patient == pytest.approx(heard("bus").patient)


def test_every_key_is_counted() -> None:
    assert heard("card").presses == 3


def test_a_service_without_a_key_of_its_own_takes_one_more() -> None:
    assert heard("trash").presses == 4
    assert heard("trash").begins > heard("lamp").begins


def test_every_service_is_called_and_texted_about_in_every_language() -> None:
    found = measured()
    assert {(h.language, h.service) for h in found.heard} == {(lang, s) for lang in ("en", "es") for s in TOWN.services}
    assert len(found.texted) == len(found.heard) * (len(bench_listen.TOLD) + 1)


def costs(catalog: Catalog) -> dict[str, int]:
    return {t.part: t.segments for t in measured(catalog).texted if t.service == "bus"}


def test_a_long_answer_costs_more_segments() -> None:
    long = replace(TOWN.services["bus"], summary="word " * 60)
    before, after = costs(TOWN), costs(replace(TOWN, services={**TOWN.services, "bus": long}))
    assert after["short answer"] > before["short answer"]
    assert after["who and papers"] == before["who and papers"]


def made(seconds: dict[str, list[float]], presses: int = 3, segments: int = 1) -> bench_listen.Listening:
    calls = [
        bench_listen.Heard(
            language=lang, service=f"s{n}", begins=0, seconds=each, patient=each, presses=presses, stages=(each,)
        )
        for lang, all_of_it in seconds.items()
        for n, each in enumerate(all_of_it)
    ]
    texted = bench_listen.Texted(language="en", service="s0", part="short answer", segments=segments)
    return bench_listen.Listening(heard=tuple(calls), texted=(texted,))


def test_the_aim_for_the_median_is_that_of_the_slowest_language() -> None:
    aims = {aim.name: aim for aim in made({"en": [1, 2, 3], "es": [1, 40, 50]}).aims()}
    assert aims["median seconds"].measured == 40
    assert not aims["median seconds"].holds
    assert aims["worst seconds"].measured == 50
    assert aims["worst seconds"].holds


@pytest.mark.parametrize(("presses", "segments", "holding"), [(4, 3, True), (5, 4, False)])
def test_presses_and_segments_are_held_to_their_aims(presses: int, segments: int, holding: bool) -> None:
    aims = {aim.name: aim.holds for aim in made({"en": [1]}, presses, segments).aims()}
    assert aims["presses"] is holding
    assert aims["segments of a text"] is holding


def test_the_ten_worst_are_named_worst_first() -> None:
    named = made({"en": [float(n) for n in range(30)]}).worst_heard()
    assert [call.seconds for call in named] == [float(n) for n in range(29, 19, -1)]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert bench_turn.percentile([float(n) for n in range(100, 0, -1)], share) == expected


def cell(side: str, p50: float) -> bench_turn.Cell:
    return bench_turn.Cell(database="SQLite", side=side, a_second=1, p50=p50, p99=p50, requests=1)


@pytest.mark.parametrize(("turn", "holding"), [(6.0, True), (6.1, False)])
def test_a_turn_may_take_three_times_the_bare_endpoint(turn: float, holding: bool) -> None:
    pair = bench_turn.Pair(turn=cell("turn", turn), bare=cell("bare", 2.0))
    assert pair.times == turn / 2
    assert pair.holds is holding
    assert ("does not hold" in "\n".join(bench_turn.table((pair,), 16))) is not holding


def test_rounds_add_up() -> None:
    both = bench_turn.Round()
    both.add(([0.001, 0.002], 1.0))
    both.add(([0.003], 0.5))
    figures = both.cell("SQLite", "turn")
    assert (figures.a_second, figures.p50, figures.p99, figures.requests) == (2.0, 2.0, 3.0, 3)


def test_a_request_is_signed_as_twilio_signs_it() -> None:
    form = {"CallSid": "CA1", "AccountSid": "AC1", "Digits": "*"}
    signed = bench_turn.signature("http://127.0.0.1:8000/voice/turn?turn=1", form)
    assert RequestValidator(bench_turn.TOKEN).validate("http://127.0.0.1:8000/voice/turn?turn=1", form, signed)


@pytest.fixture
def rows_of() -> Callable[[Path], int]:
    def count(file: Path) -> int:
        with sqlite3.connect(file) as connection:
            found: int = connection.execute("SELECT count(*) FROM bare").fetchone()[0]
        connection.close()
        return found

    return count


def test_the_bare_endpoint_commits_one_row(tmp_path: Path, rows_of: Callable[[Path], int]) -> None:
    commit = bench_bare.one_commit(f"sqlite:///{tmp_path / 'bare.db'}")
    commit()
    commit()
    assert rows_of(tmp_path / "bare.db") == 2


def test_the_figures_of_the_real_catalogue_come_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "listen", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["listen"]
    catalog = load()
    assert [aim["name"] for aim in figures["aims"] if not aim["holds"]] == []
    assert len(figures["heard"]) == len(catalog.services) * len(catalog.town.languages)
    assert [aim["name"] for aim in figures["aims"]] == [
        "median seconds",
        "worst seconds",
        "presses",
        "segments of a text",
    ]
