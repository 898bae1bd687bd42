from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

from sqlalchemy import select

from core.errors import GuardFailed, Raced
from core.types import KeepCode, OpenCase, RecordConsent, SpendCode, Turn
from store import schema
from store.unit_of_work import SqlStorage
from tests.store.opened import BEN, answered, new, opened, rows, save

THREADS = 8


def at_once(what: Callable[[int], object], times: int = THREADS) -> list[object]:
    """Call it in as many threads at the same moment, with a number each; what came of each call."""
    together = Barrier(times)

    def one(number: int) -> object:
        together.wait()
        try:
            return what(number)
        except (Raced, GuardFailed) as lost:
            return type(lost)

    with ThreadPoolExecutor(max_workers=times) as pool:
        return list(pool.map(one, range(times)))


def test_one_message_that_comes_eight_times_at_once_is_applied_once(storage: SqlStorage) -> None:
    def turn(number: int) -> str:
        decided = Turn(conversation=new(), effects=(OpenCase(reference=f"ref{number}", service="x", answers={}),))
        with storage.writing() as work:
            work.save(new(), decided, answered("1"), "")
            work.commit()
        return "saved"

    outcomes = at_once(turn)
    assert sorted(map(str, outcomes)) == sorted(["saved", *[str(Raced)] * (THREADS - 1)])
    assert len(rows(storage, select(schema.cases))) == 1


def test_of_eight_turns_decided_on_the_same_state_one_is_saved(storage: SqlStorage) -> None:
    was = save(storage, new())

    def turn(number: int) -> str:
        with storage.writing() as work:
            work.save(was, Turn(conversation=replace(was, turn=number)), answered(f"key{number}"), "")
            work.commit()
        return "saved"

    assert at_once(turn).count("saved") == 1
    [row] = rows(storage, select(schema.conversations.c.version))
    assert row.version == 2


def test_turns_that_read_under_the_lock_never_lose(storage: SqlStorage) -> None:
    def turn(number: int) -> str:
        with storage.writing() as work:
            work.lock("CA1")
            was = work.conversation("CA1") or new()
            work.save(was, Turn(conversation=replace(was, turn=was.turn + 1)), answered(f"key{number}"), "")
            work.commit()
        return "saved"

    assert at_once(turn) == ["saved"] * THREADS
    with storage.reading() as work:
        assert work.conversation("CA1") == new(turn=THREADS, version=THREADS)


def test_who_holds_the_lock_is_not_overtaken_by_who_just_saves(storage: SqlStorage) -> None:
    old = save(storage, new())

    def overtake() -> str:
        with storage.writing() as work:
            work.save(old, Turn(conversation=replace(old, turn=9)), answered("theirs"), "")
            work.commit()
        return "saved"

    with ThreadPoolExecutor(max_workers=1) as pool:
        with storage.writing() as work:
            work.lock("CA1")
            theirs = pool.submit(overtake)
            time.sleep(0.2)
            work.save(old, Turn(conversation=replace(old, turn=1)), answered("ours"), "")
            work.commit()
        assert isinstance(theirs.exception(), Raced)


def test_one_code_is_spent_by_one_of_eight(storage: SqlStorage) -> None:
    save(storage, new(), KeepCode(code="12345678", service="home_help", starting=False, language="en"))

    def turn(number: int) -> str:
        mine = new(f"CA{number + 10}")
        with storage.writing() as work:
            work.save(mine, Turn(conversation=mine, effects=(SpendCode(code="12345678"),)), answered(), "")
            work.commit()
        return "saved"

    outcomes = at_once(turn)
    assert (outcomes.count("saved"), outcomes.count(GuardFailed)) == (1, THREADS - 1)


def test_stop_and_start_from_many_conversations_at_once_leave_one_row(storage: SqlStorage) -> None:
    def turn(number: int) -> str:
        mine = new(f"CA{number}")
        said = RecordConsent(address=BEN, allowed=number % 2 == 0)
        with storage.writing() as work:
            work.save(mine, Turn(conversation=mine, effects=(said,)), answered(), "")
            work.commit()
        return "saved"

    assert at_once(turn) == ["saved"] * THREADS
    assert len(rows(storage, select(schema.consents))) == 1
    assert len(rows(storage, select(schema.consent_history))) == THREADS


def test_a_reader_waits_for_no_writer(storage: SqlStorage) -> None:
    save(storage, new())
    reads, done = Event(), Event()

    def read() -> int:
        assert reads.wait(10)
        with storage.reading() as work:
            found = work.conversation("CA1")
        done.set()
        return found.turn if found else -1

    with ThreadPoolExecutor(max_workers=1) as pool:
        seen = pool.submit(read)
        with storage.writing() as work:
            was = work.conversation("CA1") or new()
            work.save(was, Turn(conversation=replace(was, turn=5)), answered("2"), "")
            reads.set()
            assert done.wait(10)
        assert seen.result() == 0


HOLD_THE_LOCK = """
import sys
from store.database import open_database
with open_database(sys.argv[1]).exclusive():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_on_sqlite_one_process_writes_while_the_others_wait(sqlite_url: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, sqlite_url],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder, opened(sqlite_url) as storage, ThreadPoolExecutor(max_workers=1) as pool:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        saved = pool.submit(save, storage, new())
        time.sleep(0.2)
        waited = not saved.done()
        holder.communicate()
        assert saved.result().version == 1
        assert waited
