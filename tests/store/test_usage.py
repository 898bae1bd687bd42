"""What is used is counted once, in whatever order and however often it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.types import Conversation, Medium, Place, Scene, Turn
from core.usage import Amount, Contacts, Paid, Used
from store import migrate, schema
from store.unit_of_work import SqlStorage
from store.usage_store import SqlUsage
from tests.store.opened import BEN, NOON, answered, change, new, opened, rows, save

SPAN = (NOON - timedelta(hours=1), NOON + timedelta(hours=1))
HOME = Place(scene=Scene.HOME)
THREAD = "sms-1"


@pytest.fixture
def usage(storage: SqlStorage) -> SqlUsage:
    return SqlUsage(storage.database)


def at(*places: Place, **fields: Any) -> Conversation:
    return new(place=(HOME, *places), **fields)


def about(service: str, scene: Scene = Scene.SERVICE) -> Place:
    return Place(scene=scene, about=service)


def call(told: int | None = None, *, kind: Paid = Paid.CALL_IN, id: str = "CA1", country: str = "US") -> Used:
    return Used(kind=kind, provider_id=id, at=NOON, conversation="CA1", country=country, told=told)


def text(reckoned: int | None = None, told: int | None = None, **fields: str) -> Used:
    return Used(kind=Paid.TEXT_OUT, provider_id="SM1", at=NOON, told=told, reckoned=reckoned, **fields)


def units(usage: SqlUsage) -> dict[Paid, int]:
    return {one.kind: one.units for one in usage.amounts(*SPAN)}


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (1, 1), (59, 1), (60, 1), (61, 2), (120, 2), (121, 3), (14_400, 240)]
)
def test_a_minute_that_began_counts(usage: SqlUsage, seconds: int, minutes: int) -> None:
    usage.keep(call(seconds))
    assert units(usage) == {Paid.CALL_IN: minutes}


def test_each_leg_is_rounded_up_for_itself(storage: SqlStorage, usage: SqlUsage) -> None:
    save(storage, new())
    usage.keep(call(61))
    usage.keep(call(61, kind=Paid.CALL_OUT, id="CA2"))
    assert units(usage) == {Paid.CALL_IN: 2, Paid.CALL_OUT: 2}


def test_the_length_of_a_call_is_the_longest_told(storage: SqlStorage, usage: SqlUsage) -> None:
    for order in permutations([call(None), call(61), call(61), call(0)]):
        change(storage, "DELETE FROM usage")
        for used in order:
            usage.keep(used)
        assert units(usage) == {Paid.CALL_IN: 2}


def test_the_providers_segments_go_before_ours(storage: SqlStorage, usage: SqlUsage) -> None:
    save(storage, at(about("noise")))
    ours = text(3, conversation="CA1", country="US")
    for order in permutations([ours, text(told=2), text(told=1), text(told=2)]):
        change(storage, "DELETE FROM usage")
        for used in order:
            usage.keep(used)
        assert usage.amounts(*SPAN) == (
            Amount(channel="voice", service="noise", kind=Paid.TEXT_OUT, country="US", units=2),
        )


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStorage]:
    url = f"sqlite:///{tmp_path_factory.mktemp('usage') / 'plainline.db'}"
    migrate.upgrade(url)
    with opened(url) as storage:
        yield storage


@given(st.lists(st.tuples(st.none() | st.integers(0, 500), st.none() | st.integers(1, 9)), min_size=1))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_told_the_order_of_it_changes_nothing(
    emptied: SqlStorage, figures: list[tuple[int | None, int | None]]
) -> None:
    heard, usage = [text(reckoned, told) for told, reckoned in figures], SqlUsage(emptied.database)
    found = []
    for order in (heard, [*reversed(heard), *heard]):
        change(emptied, "DELETE FROM usage")
        for used in order:
            usage.keep(used)
        found.append(usage.amounts(*SPAN))
    assert found[0] == found[1]
    told = [one for one, _ in figures if one is not None]
    reckoned = [one for _, one in figures if one is not None]
    assert found[0][0].units == max(told, default=max(reckoned, default=0))


def test_what_is_told_before_the_text_is_marked_as_sent_is_joined_with_it(storage: SqlStorage, usage: SqlUsage) -> None:
    save(storage, at(about("noise"), id=THREAD, address=BEN, medium=Medium.SMS))
    usage.keep(text(told=4))
    assert [(one.channel, one.service) for one in usage.amounts(*SPAN)] == [("sms", "")]
    usage.keep(text(3, conversation=THREAD))
    assert [(one.channel, one.service, one.units) for one in usage.amounts(*SPAN)] == [("sms", "noise", 4)]


@pytest.mark.parametrize(
    ("places", "service"),
    [
        ([()], ""),
        ([(about("noise"),)], "noise"),
        ([(about("noise"),), ()], "noise"),
        ([(about("noise"),), (), (about("library_card"),)], "library_card"),
        ([(about("noise"),), (about("library_card"),), (about("noise"),)], "noise"),
        ([(about("noise", Scene.STEP), Place(scene=Scene.DANGER))], "noise"),
        ([(about("noise", Scene.DONE),)], "noise"),
        ([(about("travel", Scene.CATEGORY),)], ""),
    ],
)
def test_a_contact_is_about_the_service_that_its_resident_came_to_last(
    storage: SqlStorage, usage: SqlUsage, places: list[tuple[Place, ...]], service: str
) -> None:
    for each in places:
        save(storage, at(*each))
    assert usage.contacts(*SPAN) == (Contacts(channel="voice", service=service, count=1),)


def write(storage: SqlStorage, day: str, hours: int, *places: Place, staff: int | None = None) -> None:
    """A turn in the thread."""
    now = at(*places, id=THREAD, address=BEN, medium=Medium.SMS)
    with storage.writing() as work:
        was = work.conversation(THREAD) or replace(now, version=0)
        moment = NOON + timedelta(hours=hours)
        said = replace(answered(str(hours), moment), day=day, staff=staff)
        work.save(was, Turn(conversation=now), said, "source")
        work.commit()


def test_a_thread_is_a_contact_each_day_that_its_resident_writes(storage: SqlStorage, usage: SqlUsage) -> None:
    write(storage, "2026-11-25", 0, about("noise"))
    write(storage, "2026-11-25", 1)
    write(storage, "2026-11-26", 24, about("library_card"))
    write(storage, "2026-11-27", 48, staff=1)
    everything = usage.contacts(NOON, NOON + timedelta(days=9))
    assert sorted((one.service, one.count) for one in everything) == [("library_card", 1), ("noise", 1)]
    late = Used(kind=Paid.TEXT_OUT, provider_id="SM1", at=NOON + timedelta(hours=48), conversation=THREAD, reckoned=1)
    usage.keep(late)
    [answer] = usage.amounts(NOON, NOON + timedelta(days=9))
    assert answer.service == "library_card"


def test_a_call_whose_end_is_not_told_is_named(storage: SqlStorage, usage: SqlUsage) -> None:
    save(storage, new())
    assert usage.untold(*SPAN) == 1
    usage.keep(call(None, kind=Paid.CALL_OUT, id="CA2"))
    assert usage.untold(*SPAN) == 2
    usage.keep(call(0))
    usage.keep(call(5, kind=Paid.CALL_OUT, id="CA2"))
    assert usage.untold(*SPAN) == 0


def test_a_span_begins_and_ends(storage: SqlStorage, usage: SqlUsage) -> None:
    save(storage, new())
    usage.keep(call(5))
    assert usage.amounts(NOON, NOON + timedelta(seconds=1))
    assert usage.contacts(NOON, NOON + timedelta(seconds=1))
    for span in ((NOON - timedelta(days=1), NOON), (NOON + timedelta(seconds=1), NOON + timedelta(days=1))):
        assert usage.amounts(*span) == ()
        assert usage.contacts(*span) == ()
        assert usage.untold(*span) == 0


def test_no_word_and_no_number_is_kept(storage: SqlStorage, usage: SqlUsage) -> None:
    save(storage, at(about("noise"), answers={"name": "José"}))
    usage.keep(call(5))
    kept = repr([rows(storage, schema.contacts.select()), rows(storage, schema.usage.select())])
    assert "José" not in kept
    assert "+1" not in kept
