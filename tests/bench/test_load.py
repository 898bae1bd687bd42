"""The line in use: the arithmetic, and who uses it. The real thing is run by the proofs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from app import bench_load
from app.bench_load import Kept, Kind, Load, Slowest
from app.bench_turn import Cell, Round
from core.errors import StoreUnavailable


def cell(side: str, p50: float, p99: float) -> Cell:
    return Cell(database="SQLite", side=side, a_second=1, p50=p50, p99=p99, requests=9)


def kind(side: str, p50: float = 6.0, p99: float = 20.0) -> Kind:
    return Kind(turn=cell(side, p50, p99), bare=cell("bare", 2.0, 9.0))


KEPT = Kept(
    asked={"voice": 5, "sms": 3, "chat": 2},
    stored={"voice": 5, "sms": 3, "chat": 2},
    delivered={"sms": 3, "chat": 2},
)
LOAD = Load(
    database="SQLite",
    kinds=tuple(kind(name) for name in bench_load.KINDS),
    failed=(),
    kept=KEPT,
    megabytes={"web": (100.0, 101.0)},
    per_thousand=0.2,
    kilobytes=900,
    slowest=Slowest(statement="SELECT 1", milliseconds=0.1, plan=("SCAN CONSTANT ROW",)),
)


def test_all_aims_hold_where_all_is_well() -> None:
    assert all(LOAD.aims.values())
    assert len(LOAD.aims) == 4
    told = "\n".join(bench_load.table((LOAD,), 60, 1))
    assert "does not hold" not in told
    assert "SCAN CONSTANT ROW" in told


@pytest.mark.parametrize(
    "load",
    [
        replace(LOAD, kinds=(kind("voice turn", p99=151.0), *LOAD.kinds[1:])),
        replace(LOAD, kinds=(kind("voice turn", p50=6.1), *LOAD.kinds[1:])),
        replace(LOAD, per_thousand=1.5),
        replace(LOAD, failed=("SMS webhook: it answered 500",)),
        replace(LOAD, kept=replace(KEPT, stored={"voice": 4, "sms": 3, "chat": 2})),
        replace(LOAD, kept=replace(KEPT, delivered={"sms": 3, "chat": 3})),
    ],
)
def test_each_aim_can_be_missed(load: Load) -> None:
    assert list(load.aims.values()).count(False) == 1
    assert "does not hold" in "\n".join(bench_load.table((load,), 60, 1))
    assert bench_load.as_json((load,))[0]["aims"] == load.aims


@pytest.mark.parametrize(
    ("stored", "delivered", "lost", "doubled"),
    [
        ({"voice": 5, "sms": 3}, {"sms": 3, "chat": 2}, 2, 0),
        ({"voice": 6, "sms": 3, "chat": 2}, {"sms": 3, "chat": 2}, 0, 1),
        ({"voice": 5, "sms": 3, "chat": 2}, {"sms": 4, "chat": 1}, 1, 1),
    ],
)
def test_what_is_lost_does_not_make_up_for_what_is_doubled(
    stored: dict[str, int], delivered: dict[str, int], lost: int, doubled: int
) -> None:
    kept = replace(KEPT, stored=stored, delivered=delivered)
    assert (kept.lost, kept.doubled) == (lost, doubled)


class Quick:
    """Somebody who is answered at once, unless told otherwise."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.rested = 0

    def ask(self) -> float:
        if self.fault:
            raise self.fault
        return 0.001

    def rest(self) -> None:
        self.rested += 1


def side(*, pace: float, fault: Exception | None = None) -> tuple[bench_load._Side, Quick]:
    one = Quick(fault)
    return bench_load._Side({name: [one] for name in bench_load.KINDS}, pace), one


def test_everybody_asks_again_and_again_at_their_pace() -> None:
    quick, _ = side(pace=0.002)
    quick.live(0.3)
    counts = {name: len(one.times) for name, one in quick.rounds.items()}
    assert min(counts.values()) > 3
    slow, _ = side(pace=100.0)
    slow.live(0.1)
    assert slow.answered <= 3


def test_warming_is_not_counted_but_not_forgotten() -> None:
    quick, _ = side(pace=0.002)
    quick.warm(0.1)
    assert quick.answered == 0
    assert min(quick.uncounted.values()) > 0


@pytest.mark.parametrize("fault", [StoreUnavailable("answered 500"), ConnectionResetError(), TimeoutError()])
def test_what_fails_is_noted_and_tried_again(fault: Exception) -> None:
    one_side, person = side(pace=0.01, fault=fault)
    one_side.live(1.0)  # time enough on a busy machine
    assert one_side.answered == 0
    assert len(one_side.failed) > 1
    assert type(fault).__name__ in one_side.failed[0]
    assert person.rested > 1


def test_a_round_without_answers_has_no_figures() -> None:
    with pytest.raises(Exception, match="median"):
        Round(passed=1.0).cell("SQLite", "voice turn")


def test_the_size_of_this_process_is_told() -> None:
    kept = bytearray(os.urandom(128 * 2**20))  # so much that the allocator gives it back
    held = bench_load.megabytes(os.getpid())
    assert held > 32
    del kept
    assert bench_load.megabytes(os.getpid()) < held


def steps(caller: Callable[[], float], count: int) -> None:
    for _ in range(count):
        caller()


def test_a_caller_hangs_up_after_their_keys_and_calls_again() -> None:
    posted: list[tuple[str, str]] = []

    class Heard(bench_load.Caller):
        def _post(self, path: str, body: str, headers: dict[str, str]) -> str:
            posted.append((path, body))
            return f'<Gather action="/voice/turn?turn={len(posted)}">'

    caller = Heard(port=1, calls=iter(range(1, 9)))
    steps(caller.ask, 2 * (len(bench_load.CALL) + 2))
    paths = [path.partition("?")[0] for path, _ in posted]
    call = ["/voice", *["/voice/turn"] * (len(bench_load.CALL) + 1)]
    assert paths == [*call, "/voice/status", *call]
    assert caller.hung_up == 1
    assert len({body.partition("CallSid=")[2][:34] for _, body in posted}) == 2
