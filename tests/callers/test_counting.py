"""Shares and their intervals, the gate, and what real people's calls are read from."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.cli import main
from core.errors import Misconfigured
from core.shares import Share
from simulator.callers import figures, gate, people
from simulator.callers.calling import ALONE, GAVE_UP, LOST, OUTCOMES, Outcome, Plan
from simulator.callers.gate import Change
from simulator.callers.tasks import Task


def call(number: int, outcome: str, persona: str = "forgetful", language: str = "en") -> Outcome:
    return Outcome(
        key=str(number),
        language=language,
        channel="voice",
        persona=persona,
        task="find noise",
        outcome=outcome,
        presses=3,
        seconds=40.0,
        to_answer=40.0 if outcome == ALONE else 0.0,
        misunderstood=1,
        undone=1 if outcome == ALONE else 0,
        wrong=0,
        transcript=f"call {number}",
    )


def test_an_interval_is_that_of_wilson() -> None:
    least, most = Share(count=45, of=50).interval
    assert (round(least, 4), round(most, 4)) == (0.7864, 0.9565)
    assert Share(count=0, of=0).interval == (0.0, 1.0)


def test_every_group_is_counted_and_shown() -> None:
    outcomes = [call(1, ALONE), call(2, LOST, language="ar"), call(3, GAVE_UP, persona="relay")]
    rows = figures.rows(outcomes)
    assert [row.name for row in rows if row.group == "language"] == ["en", "ar"]
    whole = rows[0]
    assert (whole.shares[ALONE].count, whole.calls, whole.to_answer, whole.undone) == (1, 3, 40.0, 1 / 3)
    shown = "\n".join(figures.table(rows))
    assert "relay" in shown
    assert "forgetful, ar" not in shown
    assert "forgetful, ar" in "\n".join(figures.table(rows, cells=True))
    assert ET.fromstring(figures.picture(rows, "Calls & <people>")).tag.endswith("svg")


def test_a_paired_interval_is_that_of_agresti_and_min() -> None:
    least, most = Change(group="persona", name="relay", pairs=100, gained=5, dropped=15).interval
    assert (round(least, 1), round(most, 1)) == (-18.4, -1.2)


@pytest.mark.parametrize(
    ("pairs", "gained", "dropped", "fails"),
    [
        (125, 2, 20, True),  # much, and not by chance
        (125, 0, 5, False),  # 4 points are let be
        (20, 0, 2, False),  # 10 points, but by chance
        (500, 5, 35, True),
        (125, 20, 2, False),  # it has become better
    ],
)
def test_the_gate_fails_on_a_large_drop_that_is_not_chance(pairs: int, gained: int, dropped: int, fails: bool) -> None:
    assert Change(group="persona", name="relay", pairs=pairs, gained=gained, dropped=dropped).fails(5.0) is fails


def test_who_lost_is_named_and_their_calls_are_shown() -> None:
    old = {str(number): ALONE for number in range(200)}
    new = [call(number, LOST if number < 40 else ALONE, "relay" if number < 100 else "tremor") for number in range(200)]
    told = "\n".join(gate.report(old, new, 5.0))
    assert "FAILS persona relay: -40.0 points" in told
    assert "FAILS persona tremor" not in told
    assert "call 0" in told
    assert not gate.passes(old, new, 5.0)
    assert gate.passes(old, [call(number, ALONE) for number in range(200)], 5.0)


def test_calls_that_were_not_made_before_can_not_be_compared() -> None:
    with pytest.raises(Misconfigured, match="1 of 1 calls"):
        gate.changes({}, [call(1, ALONE)])


def plan(seed: int, calls: int) -> list[Plan]:
    return [
        Plan(number=number, seed=seed, language="en", persona="relay", task=Task(kind="person"))
        for number in range(calls)
    ]


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    outcomes = [call(place, outcome) for place, outcome in enumerate(OUTCOMES)]
    file.write_text(gate.kept(plan(3, 5), outcomes, 3, 5), "utf-8")
    assert list(gate.read(file, plan).values()) == list(OUTCOMES)


def test_other_calls_than_were_kept_are_noticed(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_text(gate.kept(plan(3, 5), [call(1, ALONE)] * 5, 3, 5), "utf-8")
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**told, "plan": "others"}), "utf-8")
    with pytest.raises(Misconfigured, match="Make it anew"):
        gate.read(file, plan)


def test_the_json_of_a_run_can_be_compared_with_too(tmp_path: Path) -> None:
    file = tmp_path / "callers.json"
    file.write_text(json.dumps({"calls": [call(7, LOST).as_json()]}), "utf-8")
    assert gate.read(file, plan) == {"7": LOST}


HEAD = ",".join(people.COLUMNS)


def test_real_people_come_into_the_same_table(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        f"{HEAD}\n1,over 75,es,voice,1,alone,4,51,1,1,0\n1,over 75,es,voice,2,gave up,2,80,0,0,0\n", "utf-8"
    )
    row = figures.rows(people.read(file))[0]
    assert (row.calls, row.shares[ALONE].count, row.to_answer) == (2, 1, 51.0)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,over 75,es,voice,1,fine,4,51,1,1,0", "2: fine is no outcome"),
        ("1,over 75,es,voice,1,alone,four,51,1,1,0", "2: presses: four is no number"),
        ("1,over 75,es,voice,1,alone,4,-1,1,1,0", "seconds: -1 is no number that can be"),
        ("", "there is no call in it"),
    ],
)
def test_a_mistake_in_the_form_is_named_by_its_line(tmp_path: Path, row: str, told: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{HEAD}\n{row}\n", "utf-8")
    with pytest.raises(Misconfigured) as fault:
        people.read(file)
    assert told in " ".join(fault.value.mistakes)


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("person,kind\n1,over 75\n", "utf-8")
    with pytest.raises(Misconfigured, match="no column language"):
        people.read(file)


def test_the_command_reads_what_people_did(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{HEAD}\n1,over 75,es,voice,1,alone,4,51,1,1,0\n", "utf-8")
    assert main(["bench", "callers", "--people", str(file)]) == 0
    assert "over 75" in capfd.readouterr().out
    assert main(["bench", "callers", "--people", str(tmp_path / "none.csv")]) == 2
    assert "can not be read" in capfd.readouterr().err
