"""What came of contacts, ratings, forms and cases is counted as it happens, and nothing of who it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.ports import Answered
from core.reporting import Counted, Fact
from core.types import (
    NO_ENGINE,
    Address,
    Effect,
    Forget,
    KeepRating,
    Kind,
    Medium,
    Mode,
    NoteAsked,
    OpenCase,
    Place,
    RequestHandoff,
    Scene,
    SettleHandoff,
    Turn,
    Understanding,
    WhyPerson,
)
from store import schema
from store.desk_store import SqlDesk
from store.rating_store import NOT_AGAIN
from store.report_store import SqlReport
from store.unit_of_work import SqlStorage
from tests.store.opened import ANA, BEN, NOON, answered, change, new, rows, save

DAY = timedelta(days=1)
HOME, ANSWER = Place(scene=Scene.HOME), Place(scene=Scene.SERVICE, about="noise")
STEP = Place(scene=Scene.STEP, about="noise", step=1)
WITHHELD = {"address": None}


def counts(storage: SqlStorage) -> dict[Fact, int]:
    """How many of each kind."""
    found: Counter[Fact] = Counter()
    for one in told(storage):
        found[one.fact] += one.count
    return dict(+found)


def told(storage: SqlStorage) -> tuple[Counted, ...]:
    span = (NOON - DAY, NOON + 40 * DAY)
    return SqlReport(storage.database).counted(*span, "2026-11")


def wants(callback: str = ANA.value) -> RequestHandoff:
    return RequestHandoff(why=WhyPerson.ASKED, language="en", callback=callback, live=True)


def says(storage: SqlStorage, words: str, *, misses: int = 0, kind: Kind = Kind.TEXT, **fields: Any) -> None:
    """A turn with words."""
    with storage.writing() as work:
        was = work.conversation("CA1") or new()
        now = replace(was, misses=misses)
        work.save(was, Turn(conversation=now), replace(answered(words), said=words, kind=kind, **fields), "s")
        work.commit()


def test_who_hears_an_answer_has_finished_alone(storage: SqlStorage) -> None:
    save(storage, new(place=(HOME,)))
    assert counts(storage) == {Fact.GAVE_UP: 1}
    save(storage, new(place=(HOME, ANSWER)))
    [one] = [one for one in told(storage) if one.count]
    assert one == Counted(fact=Fact.ALONE, service="noise", language="en", channel="voice", count=1)


@pytest.mark.parametrize(
    ("effects", "fields", "fact"),
    [
        ((wants(),), {}, Fact.CALL_BACK),
        ((wants(""),), WITHHELD, Fact.GAVE_UP),
        ((wants(), SettleHandoff(reached=True)), {}, Fact.PERSON),
        ((wants(""), SettleHandoff(reached=True)), WITHHELD, Fact.PERSON),
        ((wants(), SettleHandoff(reached=False, callback=ANA.value)), {}, Fact.CALL_BACK),
        ((wants(""),), {"medium": Medium.SMS, "address": BEN}, Fact.CALL_BACK),
    ],
)
def test_a_person_counts_before_all_else(
    storage: SqlStorage, effects: tuple[Effect, ...], fields: dict[str, Any], fact: Fact
) -> None:
    if fact is not Fact.GAVE_UP:
        save(storage, new(place=(HOME, ANSWER), **fields))
    for effect in effects:
        save(storage, new(place=(HOME,), **fields), effect)
    save(storage, new(place=(HOME,), **fields))
    assert counts(storage) == {fact: 1}


def test_what_was_not_understood_is_counted_and_who_gave_up_after_it_is_lost(storage: SqlStorage) -> None:
    says(storage, "my thing", misses=1)
    says(storage, "999", misses=2)  # digits are no words
    says(storage, "my other thing", misses=3)
    assert counts(storage) == {Fact.LOST: 1, Fact.UNCLEAR: 1}


def test_staff_who_write_are_a_person_and_count_nobody(storage: SqlStorage) -> None:
    save(storage, new(place=(HOME,)))
    says(storage, "We come.", kind=Kind.REPLY, staff=7)
    assert counts(storage) == {Fact.PERSON: 1}
    assert "staff" not in schema.contacts.c
    assert "staff" not in schema.ratings.c


@pytest.mark.parametrize(
    ("outcome", "later", "fact"),
    [
        ("answered", DAY, Fact.PERSON),
        ("done", DAY, Fact.PERSON),
        ("not_reached", DAY, Fact.CALL_BACK),
        ("not_ours", DAY, Fact.CALL_BACK),
        ("answered", 8 * DAY, Fact.CALL_BACK),  # nothing changes any more
    ],
)
def test_a_request_that_staff_were_able_to_help_with_is_with_a_person(
    storage: SqlStorage, outcome: str, later: timedelta, fact: Fact
) -> None:
    save(storage, new(), wants())
    with SqlDesk(storage.database).acting() as desk:
        desk.settle(1, outcome, NOON + later)
        desk.unit.commit()
    assert counts(storage) == {fact: 1}


@pytest.mark.parametrize(("result", "fact"), [("completed", Fact.PERSON), ("no-answer", Fact.CALL_BACK)])
def test_who_is_called_back_and_joined_is_with_a_person(storage: SqlStorage, result: str, fact: Fact) -> None:
    save(storage, new(), wants())
    with SqlDesk(storage.database).acting() as desk:
        call = desk.place_call(1, 7, "a nonce", NOON)
        assert call is not None
        assert desk.call_ended(call, result, ("placing",), NOON + DAY) == NOON
        desk.unit.commit()
    assert counts(storage) == {fact: 1}


def test_a_form_is_left_at_its_step_until_it_is_sent(storage: SqlStorage) -> None:
    save(storage, new(place=(HOME, ANSWER, STEP), form="noise", answers={"place": "x"}))
    left = [one for one in told(storage) if one.fact is Fact.LEFT]
    assert [(one.service, one.step, one.count) for one in left] == [("noise", 2, 1)]
    save(storage, new(place=(HOME,), form="noise", answers={"place": "x"}))
    assert counts(storage)[Fact.LEFT] == 1
    done = Place(scene=Scene.DONE, about="noise", value="123456785")
    save(storage, new(place=(HOME, done)), OpenCase(reference="123456785", service="noise", answers={}))
    assert counts(storage) == {Fact.ALONE: 1, Fact.SENT: 1}


def test_a_form_that_is_taken_up_in_another_call_is_not_left(storage: SqlStorage) -> None:
    save(storage, new(place=(HOME, STEP), form="noise", answers={"place": "x"}))
    save(storage, new("CA2", place=(HOME, STEP), form="noise"), Forget(conversation="CA1"), at=NOON + DAY)
    assert counts(storage)[Fact.LEFT] == 1
    assert [row.form for row in rows(storage, select(schema.contacts).order_by(schema.contacts.c.id))] == ["", "noise"]


def test_a_form_of_a_thread_is_left_once_though_it_took_two_days(storage: SqlStorage) -> None:
    for days in range(2):
        with storage.writing() as work:
            was = work.conversation("T") or new("T", BEN, Medium.SMS)
            turn = Turn(conversation=replace(was, place=(HOME, STEP), form="noise"))
            at = NOON + days * DAY
            work.save(was, turn, Answered(key=str(days), content="", messages=(), at=at, day=f"{at.date()}"), "s")
            work.commit()
    assert counts(storage)[Fact.LEFT] == 1


def test_ratings_are_counts_of_a_month(storage: SqlStorage) -> None:
    for got in (True, True, False):
        save(storage, new(), KeepRating(service="noise", got=got, month=date(2026, 11, 1)))
    assert [tuple(row) for row in rows(storage, select(schema.ratings).order_by(schema.ratings.c.got))] == [
        ("2026-11", "noise", "en", "voice", False, 1),
        ("2026-11", "noise", "en", "voice", True, 2),
    ]
    assert counts(storage)[Fact.GOT] == 2


@pytest.mark.parametrize(
    ("channel", "told_as"),
    [(None, "voice"), ("voice", "voice"), ("sms", "sms"), ("whatsapp", "whatsapp"), ("telegram", "chat")],
)
def test_a_case_is_counted_on_the_channel_of_its_contact(
    storage: SqlStorage, channel: str | None, told_as: str
) -> None:
    address = Address(channel=channel, value="+14155550109") if channel else None
    save(storage, new(address=address), OpenCase(reference="123456785", service="noise", answers={}))
    assert [one.channel for one in told(storage) if one.fact is Fact.SENT] == [told_as]


def test_what_was_kept_before_it_was_counted_is_no_failure(storage: SqlStorage) -> None:
    save(storage, new())
    report = SqlReport(storage.database)
    assert report.begun() == NOON
    change(storage, "UPDATE contacts SET result = NULL")
    assert counts(storage) == {}
    says(storage, "We come.", kind=Kind.REPLY, staff=7)
    assert report.begun() is None  # staff answered it, but that month was not counted
    assert counts(storage) == {}


# --- who is not asked ------------------------------------------------------------------------------------------------


def asked(storage: SqlStorage, conversation: str = "CA1", address: Address | None = ANA, **later: float) -> bool:
    with storage.reading() as work:
        return work.asked(conversation, address, NOON + timedelta(**later))


def test_nobody_is_asked_twice_in_a_month_on_whatever_channel(storage: SqlStorage) -> None:
    save(storage, new())
    assert not asked(storage)
    save(storage, new(), NoteAsked())
    assert asked(storage)
    assert asked(storage, "T", Address(channel="sms", value=ANA.value))
    assert not asked(storage, "T", BEN)
    assert not asked(storage, "T", None)
    assert not asked(storage, days=NOT_AGAIN.days, minutes=1)


def test_who_withholds_their_number_is_asked_once_a_call(storage: SqlStorage) -> None:
    save(storage, new(address=None), NoteAsked())
    assert asked(storage, "CA1", None)
    assert not asked(storage, "CA2", None)


def test_nobody_is_asked_after_danger_nor_in_the_next_call(storage: SqlStorage) -> None:
    says(storage, "fire", meant=Understanding(danger="fire"))
    assert asked(storage)
    assert asked(storage, "CA2")
    assert not asked(storage, "CA2", BEN)
    assert not asked(storage, "CA2", Address(channel="sms", value=ANA.value))
    assert not asked(storage, "CA2", None)


def test_nobody_is_asked_after_a_wish_for_a_person_nor_in_the_next_call(storage: SqlStorage) -> None:
    save(storage, new(), wants())
    for call in ("CA1", "CA2"):
        assert asked(storage, call, days=3)  # they wait
    save(storage, new(), SettleHandoff(reached=True), at=NOON + 3 * DAY)
    for call in ("CA1", "CA2"):
        assert asked(storage, call, days=3, hours=20)
        assert not asked(storage, call, days=5)
    assert not asked(storage, "CA2", BEN, days=3, hours=20)


IN_A_FORM = {"place": (HOME, STEP), "form": "noise"}


@pytest.mark.parametrize(
    ("fields", "meant", "told"),
    [
        ({}, Understanding(engine="embedded"), ["something odd"]),
        ({}, Understanding(engine="embedded", danger="fire"), []),
        ({}, Understanding(engine=NO_ENGINE), []),
        ({"misses": 1}, Understanding(engine="embedded"), []),  # it was understood: nothing was missed
        (IN_A_FORM, Understanding(engine="embedded"), []),
        ({"mode": Mode.WAITING}, Understanding(engine="embedded"), []),
        ({"mode": Mode.HUMAN}, Understanding(engine="embedded"), []),
    ],
)
def test_only_wishes_that_were_not_understood_are_told(
    storage: SqlStorage, fields: dict[str, Any], meant: Understanding, told: list[str]
) -> None:
    save(storage, new(**{"place": (HOME,), **fields}))
    says(storage, "something odd", misses=1, meant=meant)
    assert [one.words for one in SqlReport(storage.database).unclear()] == told
