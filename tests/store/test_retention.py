from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.retention import RATINGS_KEPT, RULES, sweep
from core.delivery import Lost, Report
from core.mandates import Mandate
from core.ports import Received, Text
from core.staff import Staff
from core.types import (
    CaseStatus,
    CountPinTry,
    CountTry,
    KeepCode,
    KeepPin,
    KeepRating,
    KeepRecording,
    OpenCase,
    RecordConsent,
    Recording,
    RequestHandoff,
    SettleHandoff,
    TakeRecording,
    Times,
    WantNews,
    WhyPerson,
)
from core.usage import Amount, Contacts, Paid, Used
from store import schema
from store.desk_store import SqlDesk
from store.inbox_store import SqlInbox
from store.outbox_store import SqlOutbox
from store.retention_store import STEP, SqlRetention
from store.ring_store import SqlRings
from store.staff_store import SqlStaff
from store.unit_of_work import SqlStorage
from store.usage_store import SqlUsage
from tests.store.opened import ANA, BEN, NOON, new, rows, save

MINUTE = timedelta(minutes=1)
LATER = {
    "codes": timedelta(minutes=15),
    "mandates": timedelta(minutes=15),
    "ratings": timedelta(days=5, hours=12),
}
"""How long after noon the time begins to run: a code is of use for a while, and a rating is of a whole month."""


def sweep_at(storage: SqlStorage, now: datetime) -> dict[str, int]:
    return sweep(SqlRetention(storage.database), now)


def queue(storage: SqlStorage, nonce: str, at: datetime = NOON) -> None:
    with storage.writing() as work:
        work.enqueue(Text(nonce=nonce, channel="sms", to=BEN.value, body="words", conversation="CA1"), at)
        work.commit()


def everything(storage: SqlStorage) -> None:
    """One row of each kind, all at noon, and nothing still to be done."""
    save(
        storage,
        new(answers={"name": "José"}),
        KeepCode(code="12345678", service="x", starting=False, language="en"),
        CountTry(),
        RequestHandoff(why=WhyPerson.ASKED, language="en", words="words", callback="+14155550103", live=True),
        SettleHandoff(reached=True),
        OpenCase(reference="123456785", service="x", answers={"name": "José"}),
        WantNews(reference="of a case that is done", to=BEN, times=Times.DAY),
        KeepPin(reference="123456785", sealed="a hash"),
        KeepRating(service="x", got=True, month=NOON.date().replace(day=1)),
        CountPinTry(reference="123456785"),
        RecordConsent(address=BEN, allowed=False),
        TakeRecording(recording=Recording(id="RE1", seconds=7)),
        TakeRecording(recording=Recording(id="RE2", seconds=7)),
        KeepRecording(id="RE1"),
    )
    queue(storage, "CA1:1")
    outbox = SqlOutbox(storage.database)
    taken = outbox.take(["sms"], NOON, MINUTE)
    assert taken
    outbox.sent(taken, "SM1", Used(kind=Paid.TEXT_OUT, provider_id="SM1", at=NOON, conversation="CA1", reckoned=2))
    lost = Report(provider_id="SM1", status="undelivered", to=ANA, code="30006", why=Lost.NO_TEXTS)
    outbox.reported(lost, 4, NOON)
    staff = SqlStaff(storage.database)
    staff.add(Staff(id=0, login="ines", name="Ines"), "a hash", NOON)
    staff.open_session("a hash", 1, NOON)
    staff.failed("a hash", NOON)
    with SqlDesk(storage.database).acting() as desk:
        desk.note(1, 1, "words", "a nonce", NOON)
        desk.correct("CA1", "1", "service_x", 1, "a nonce", NOON)
        assert desk.transcribe("RE1", "CA1", "", "words", 1)
        until = NOON + timedelta(minutes=15)
        desk.make_mandate(
            Mandate(resident=ANA.value, helper=BEN.value, services=(), until=until, staff=1), "a hash", NOON
        )
        desk.unit.commit()
    SqlRings(storage.database, each=1, in_all=1, open_for=MINUTE).keep("CA9", "+14155550103", NOON)
    inbox = SqlInbox(storage.database)
    inbox.keep([Received(id=7, conversation="chat-1", payload="words", came=NOON)])
    inbox.done(7, NOON)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_thing_is_kept_as_long_as_its_rule_says_and_no_longer(storage: SqlStorage, rule: object) -> None:
    everything(storage)
    one = next(known for known in RULES if known is rule)
    due = NOON + one.keep + LATER.get(one.name, timedelta())
    assert sweep_at(storage, due - MINUTE)[one.name] == 0
    assert sweep_at(storage, due)[one.name] > 0
    assert sweep_at(storage, due)[one.name] == 0


def test_after_all_rules_no_words_and_no_numbers_are_left_but_in_cases_and_consents(storage: SqlStorage) -> None:
    everything(storage)
    sweep_at(storage, NOON + timedelta(days=365))
    gone = (
        schema.no_texts,
        schema.rings,
        schema.news,
        schema.turns,
        schema.conversations,
        schema.codes,
        schema.tries,
        schema.receipts,
    )
    for table in (*gone, schema.corrections, schema.notes, schema.sessions, schema.failed_sign_ins):
        assert rows(storage, select(table)) == []
    for table in (schema.outbox, schema.handoffs, schema.audit, schema.recordings):
        [*left] = rows(storage, select(table))
        assert left
        for personal in ("words'", ANA.value, BEN.value, "+14155550103"):
            assert personal not in repr(left)
    with storage.reading() as work:
        assert work.case_status("123456785")
        assert not work.allowed(BEN)
    assert "José" in repr(rows(storage, select(schema.cases)))


def test_who_wants_news_of_an_open_case_is_kept_and_so_is_a_call_that_is_owed(storage: SqlStorage) -> None:
    case = OpenCase(reference="123456785", service="x", answers={})
    save(storage, new(), case, WantNews(reference="123456785", to=BEN, times=Times.DAY))
    with SqlDesk(storage.database).acting() as desk:
        wanted = desk.wanted("123456785")
        assert wanted is not None
        desk.owe_call(wanted, CaseStatus.IN_WORK, NOON)
        desk.unit.commit()
    sweep_at(storage, NOON + timedelta(days=365))
    assert len(rows(storage, select(schema.news))) == len(rows(storage, select(schema.rings))) == 1


def test_what_staff_say_was_meant_goes_with_the_words_it_is_about(storage: SqlStorage) -> None:
    everything(storage)
    desk = SqlDesk(storage.database)
    sweep_at(storage, NOON + timedelta(days=7) - MINUTE)
    assert [one.meant for one in desk.corrected()] == ["service_x"]
    sweep_at(storage, NOON + timedelta(days=7))
    assert desk.corrected() == ()
    assert rows(storage, select(schema.corrections)) == []


def test_ratings_are_forgotten_by_whole_months(storage: SqlStorage) -> None:
    for month in (date(2026, 10, 1), date(2026, 11, 1)):
        save(storage, new(), KeepRating(service="x", got=True, month=month))
    for day in (1, 15, 30):
        sweep_at(storage, datetime(2026, 11, day, 12, tzinfo=UTC) + RATINGS_KEPT)
        assert [row.month for row in rows(storage, select(schema.ratings))] == ["2026-11"]


def test_what_was_used_is_still_counted_when_nobody_can_tell_whose_it_was(storage: SqlStorage) -> None:
    everything(storage)
    span = (NOON - MINUTE, NOON + MINUTE)
    sweep_at(storage, NOON + timedelta(days=365))
    assert [row.conversation for row in rows(storage, select(schema.contacts))] == [None]
    assert [row.provider_id for row in rows(storage, select(schema.usage))] == [None]
    usage = SqlUsage(storage.database)
    assert usage.contacts(*span) == (Contacts(channel="voice", service="", count=1),)
    assert usage.amounts(*span) == (Amount(channel="voice", service="", kind=Paid.TEXT_OUT, country="", units=2),)


def test_nobody_who_waits_for_a_person_is_forgotten(storage: SqlStorage) -> None:
    save(storage, new(), RequestHandoff(why=WhyPerson.ASKED, language="en", words="words"))
    sweep_at(storage, NOON + timedelta(days=365))
    assert len(rows(storage, select(schema.conversations))) == 1
    assert len(rows(storage, select(schema.turns))) == 1
    assert [row.words for row in rows(storage, select(schema.handoffs))] == ["words"]


def test_a_conversation_that_changed_lately_is_kept_whole(storage: SqlStorage) -> None:
    save(storage, new(answers={"name": "José"}))
    save(storage, new(answers={"name": "José"}, turn=1), at=NOON + timedelta(days=29))
    sweep_at(storage, NOON + timedelta(days=31))
    with storage.reading() as work:
        found = work.conversation("CA1")
    assert found is not None
    assert found.answers == {"name": "José"}


@pytest.mark.parametrize("status", ["pending", "sending"])
def test_a_text_that_is_still_to_be_sent_keeps_its_words(storage: SqlStorage, status: str) -> None:
    queue(storage, "CA1:1")
    with storage.database.writing() as connection:
        connection.execute(update(schema.outbox).values(status=status))
        connection.commit()
    sweep_at(storage, NOON + timedelta(days=365))
    assert [row.body for row in rows(storage, select(schema.outbox))] == ["words"]


def test_many_rows_are_forgotten_in_steps(storage: SqlStorage) -> None:
    many = STEP * 2 + 1
    save(storage, new(), *(CountTry() for _ in range(many)))
    assert sweep_at(storage, NOON + timedelta(days=2))["tries"] == many


def test_the_audit_keeps_how_many_rows_were_forgotten(storage: SqlStorage) -> None:
    everything(storage)
    counts = sweep_at(storage, NOON + timedelta(days=8))
    [row] = rows(storage, select(schema.audit).where(schema.audit.c.event == "retention"))
    assert json.loads(row.detail) == counts
    assert counts == {
        "turns": 1,
        "conversations": 0,
        "handoffs": 0,
        "texts": 0,
        "receipts": 0,
        "no_texts": 0,
        "rings": 1,
        "news": 0,
        "codes": 1,
        "tries": 1,
        "pin_tries": 1,
        "mandates": 1,
        "sessions": 2,
        "updates": 1,
        "unkept_recordings": 1,
        "recordings": 0,
        "contacts": 0,
        "ratings": 0,
    }
