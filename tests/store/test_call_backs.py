"""The ledger of promised calls: full is full, whoever comes at the same moment; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core.errors import GuardFailed
from core.types import PromiseCall, RequestHandoff, SettleHandoff, Turn, WhyPerson, Window
from store import schema
from store.unit_of_work import SqlStorage
from tests.store.opened import NOON, answered, new, rows, save
from tests.store.test_races import THREADS, at_once

START = (NOON + timedelta(hours=2)).astimezone(ZoneInfo("America/New_York"))
ROOM_FOR_THREE = Window(start=START, end=START + timedelta(hours=1), most=3)
WANTED = RequestHandoff(why=WhyPerson.ASKED, language="en", department="streets", callback="+14155550101")


def promise(window: Window = ROOM_FOR_THREE, department: str = "streets") -> PromiseCall:
    return PromiseCall(window=window, department=department, callback="+14155550101")


def test_of_eight_who_choose_a_window_at_once_as_many_get_it_as_can_be_called(storage: SqlStorage) -> None:
    def turn(number: int) -> str:
        mine = new(f"CA{number}")
        with storage.writing() as work:
            work.save(mine, Turn(conversation=mine, effects=(WANTED, promise())), answered(), "")
            work.commit()
        return "saved"

    outcomes = at_once(turn)
    assert (outcomes.count("saved"), outcomes.count(GuardFailed)) == (3, THREADS - 3)
    assert len(rows(storage, select(schema.call_backs))) == 3
    with storage.reading() as work:
        assert work.promised("streets") == {NOON + timedelta(hours=2): 3}
        assert work.promised("") == {}


def test_a_full_window_is_full_for_its_own_department_alone(storage: SqlStorage) -> None:
    one = Window(start=ROOM_FOR_THREE.start, end=ROOM_FOR_THREE.end, most=1)
    save(storage, new("CA1"), WANTED, promise(one))
    save(storage, new("CA2"), WANTED, promise(one, "parks"))


def test_a_second_choice_takes_the_place_of_the_first_and_frees_it(storage: SqlStorage) -> None:
    now = save(storage, new(), WANTED, promise())
    later = Window(start=START + timedelta(hours=1), end=START + timedelta(hours=2), most=1)
    now = save(storage, now, promise(later), key="2")
    save(storage, now, promise(later), key="3")  # the same once more, though it is full
    [row] = rows(storage, select(schema.call_backs))
    assert (row.starts, row.state, row.tries) == (NOON + timedelta(hours=3), "booked", 0)


def test_a_promise_needs_no_request_that_is_still_open(storage: SqlStorage) -> None:
    """Staff may be done with it while the caller still chooses: then it is asked for anew."""
    now = save(storage, new(), WANTED)
    save(storage, now, SettleHandoff(reached=True), promise(), key="2")
    requests = rows(storage, select(schema.handoffs).order_by(schema.handoffs.c.id))
    assert [(row.status, row.callback) for row in requests] == [
        ("reached", "+14155550101"),
        ("waiting", "+14155550101"),
    ]
    [row] = rows(storage, select(schema.call_backs))
    assert row.handoff == requests[1].id


def test_what_was_settled_takes_no_room(storage: SqlStorage) -> None:
    one = Window(start=ROOM_FOR_THREE.start, end=ROOM_FOR_THREE.end, most=1)
    save(storage, new("CA1"), WANTED, promise(one))
    with storage.database.writing() as connection:
        connection.execute(update(schema.call_backs).values(settled=NOON, state="kept", why="talked"))
        connection.commit()
    save(storage, new("CA2"), WANTED, promise(one))


def test_how_long_call_backs_took_is_measured_on_those_that_were_talked_to(storage: SqlStorage) -> None:
    for number, result in enumerate(("completed", "no-answer")):
        save(storage, new(f"CA{number}"), WANTED)
        with storage.database.writing() as connection:
            id = connection.scalar(select(schema.handoffs.c.id).where(schema.handoffs.c.conversation == f"CA{number}"))
            taken = {"claimed": NOON, "settled": NOON + timedelta(minutes=9), "status": "closed"}
            connection.execute(update(schema.handoffs).where(schema.handoffs.c.id == id).values(taken))
            call = {"handoff": id, "staff": 1, "nonce": str(number), "result": result, "created": NOON}
            connection.execute(schema.phone_calls.insert(), call)
            connection.commit()
    with storage.reading() as work:
        assert work.call_backs_took("streets", NOON - timedelta(days=1)) == (540.0,)
        assert work.call_backs_took("parks", NOON - timedelta(days=1)) == ()
        assert work.call_backs_took("streets", NOON) == ()
