from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import Row, select

from app.outbox import BACK_OFF, LEASE, LOOKS, RANKS, RESEND, Outbox
from core.delivery import LOST, NOT_BY_TEXT, Lost, Report
from core.errors import SendError, SendLater, SendNever, SendUnknown
from core.ports import Text
from core.types import Address, RecordConsent
from store import schema
from store.outbox_store import SqlOutbox
from store.unit_of_work import SqlStorage
from tests.store.opened import BEN, NOON, Clock, new, rows, save

SECOND = timedelta(seconds=1)

TO_BEN = Address(channel="sms", value=BEN.value)


@dataclass
class Provider:
    """Plays a provider: `plans` are what becomes of the next texts, None that it is taken."""

    plans: list[SendError | None] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    asked: list[tuple[str, datetime]] = field(default_factory=list)

    def send(self, text: Text) -> str:
        plan = self.plans.pop(0) if self.plans else None
        if plan is not None:
            raise plan
        self.sent.append(text.body)
        return f"SM{len(self.sent)}"

    def find(self, text: Text, since: datetime) -> str:
        self.asked.append((text.body, since))
        if self.broken:
            raise SendLater("503")
        return self.listed.get(text.body, "")


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def outbox(storage: SqlStorage, provider: Provider, clock: Clock) -> Outbox:
    return Outbox(SqlOutbox(storage.database), {"sms": provider}, clock)


def queue(storage: SqlStorage, *bodies: str, to: str = BEN.value, channel: str = "sms", forced: bool = False) -> None:
    with storage.writing() as work:
        for body in bodies:
            nonce = f"{to}:{body}"
            text = Text(nonce=nonce, channel=channel, to=to, body=body, conversation="CA1", forced=forced)
            work.enqueue(text, NOON)
        work.commit()


def row(storage: SqlStorage, body: str = "hello") -> Row[tuple[object, ...]]:
    [found] = rows(storage, select(schema.outbox).where(schema.outbox.c.body == body))
    return found


def audited(storage: SqlStorage) -> list[tuple[str, dict[str, object]]]:
    found = rows(storage, select(schema.audit).order_by(schema.audit.c.id))
    return [(entry.event, json.loads(entry.detail)) for entry in found]


# --- sending --------------------------------------------------------------------------------------------------


def test_what_is_owed_is_sent_once(storage: SqlStorage, outbox: Outbox, provider: Provider) -> None:
    queue(storage, "hello")
    assert outbox.deliver_once(NOON) == 1
    assert outbox.deliver_once(NOON + LEASE * 2) == 0
    assert provider.sent == ["hello"]
    assert (row(storage).status, row(storage).provider_id, row(storage).attempts) == ("sent", "SM1", 1)


def test_a_text_is_marked_as_being_sent_before_the_provider_hears_of_it(storage: SqlStorage) -> None:
    seen = []

    class Watching(Provider):
        def send(self, text: Text) -> str:
            seen.append((row(storage).status, row(storage).lease_until))
            return "SM1"

    queue(storage, "hello")
    Outbox(SqlOutbox(storage.database), {"sms": Watching()}).deliver_once(NOON)
    [(status, lease_until)] = seen
    assert status == "sending"
    assert NOON + LEASE <= lease_until <= NOON + LEASE + 60 * SECOND


def test_texts_of_a_channel_without_a_sender_here_are_left_to_others(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    queue(storage, "hello", channel="telegram")
    assert outbox.deliver_once(NOON) == 0
    assert row(storage).status == "pending"


def test_a_text_that_is_not_due_yet_waits(storage: SqlStorage, outbox: Outbox) -> None:
    queue(storage, "hello")
    assert outbox.deliver_once(NOON - SECOND * 10) == 0


# --- refusals and giving up -----------------------------------------------------------------------------------


def test_a_refused_text_is_tried_again_after_longer_and_longer_waits_and_then_given_up_visibly(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendLater("429") for _ in range(len(BACK_OFF) + 1)]
    queue(storage, "hello")
    now = NOON
    for attempt, wait in enumerate(BACK_OFF, start=1):
        assert outbox.deliver_once(now) == 1
        assert (row(storage).status, row(storage).attempts, row(storage).last_code) == ("pending", attempt, "429")
        assert row(storage).due - now - wait < 30 * SECOND
        assert outbox.deliver_once(now + wait - SECOND) == 0
        now = row(storage).due
    assert outbox.deliver_once(now) == 1
    assert row(storage).status == "failed"
    assert outbox.deliver_once(now + timedelta(days=1)) == 0
    assert provider.sent == []
    assert audited(storage) == [
        ("text_failed", {"outbox": row(storage).id, "attempts": len(BACK_OFF) + 1, "code": "429"})
    ]


def test_a_provider_that_asks_for_a_longer_wait_gets_it(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendLater("429", wait=90)]
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    assert outbox.deliver_once(NOON + 89 * SECOND) == 0
    assert outbox.deliver_once(row(storage).due) == 1
    assert provider.sent == ["hello"]


def test_what_can_never_be_sent_is_given_up_at_once(storage: SqlStorage, outbox: Outbox, provider: Provider) -> None:
    provider.plans = [SendNever("21610")]
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    assert (row(storage).status, row(storage).last_code) == ("failed", "21610")
    assert [event for event, _ in audited(storage)] == ["text_failed"]


# --- order ----------------------------------------------------------------------------------------------------


def test_texts_to_one_address_arrive_in_order_even_if_the_first_is_refused_for_a_while(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendLater("503")]
    queue(storage, "one", "two", "three")
    assert outbox.deliver_once(NOON) == 1
    assert provider.sent == []
    assert outbox.deliver_once(row(storage, "one").due) == 3
    assert provider.sent == ["one", "two", "three"]


def test_a_text_that_is_under_way_holds_back_the_next_one_to_that_address(storage: SqlStorage) -> None:
    store = SqlOutbox(storage.database)
    queue(storage, "one", "two")
    queue(storage, "elsewhere", to="+14155550109")
    taken = [store.take(["sms"], NOON, LEASE) for _ in range(3)]
    assert [queued.text.body for queued in taken if queued] == ["one", "elsewhere"]


def test_one_that_was_given_up_holds_nothing_back(storage: SqlStorage, outbox: Outbox, provider: Provider) -> None:
    provider.plans = [SendNever("30006")]
    queue(storage, "one", "two")
    outbox.deliver_once(NOON)
    assert provider.sent == ["two"]


def test_the_answer_to_danger_does_not_stand_in_a_queue(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendLater("503")]
    queue(storage, "one")
    outbox.deliver_once(NOON)
    queue(storage, "Call 911 now.", forced=True)
    outbox.deliver_once(NOON + SECOND)
    assert provider.sent == ["Call 911 now."]


# --- STOP -----------------------------------------------------------------------------------------------------


def stop(storage: SqlStorage) -> None:
    save(storage, new(), RecordConsent(address=Address(channel="sms", value=BEN.value), allowed=False))


def test_after_stop_what_was_already_queued_is_not_sent(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    queue(storage, "hello")
    stop(storage)
    assert outbox.deliver_once(NOON) == 1
    assert (provider.sent, row(storage).status) == ([], "refused")
    assert [event for event, _ in audited(storage)] == ["text_refused"]


def test_stop_does_not_hold_back_the_answer_to_danger(storage: SqlStorage, outbox: Outbox, provider: Provider) -> None:
    stop(storage)
    queue(storage, "Call 911 now.", forced=True)
    outbox.deliver_once(NOON)
    assert provider.sent == ["Call 911 now."]


# --- sent or not: unknown -------------------------------------------------------------------------------------


def test_a_text_that_may_have_been_sent_and_is_in_the_providers_list_was_sent(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendUnknown("timeout")]
    provider.listed = {"hello": "SM77"}
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    assert (row(storage).status, row(storage).last_code) == ("unknown", "timeout")
    outbox.deliver_once(row(storage).due)
    assert (row(storage).status, row(storage).provider_id) == ("sent", "SM77")
    assert provider.sent == []
    [(_, since)] = provider.asked
    assert since < NOON


def test_one_that_is_not_in_the_list_is_looked_for_a_few_times_and_never_sent_again(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendUnknown("timeout")]
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    for _ in LOOKS:
        assert audited(storage) == []
        assert outbox.deliver_once(row(storage).due) == 1
    assert (row(storage).status, row(storage).due, len(provider.asked)) == ("unknown", None, len(LOOKS))
    assert audited(storage) == [("text_unknown", {"outbox": row(storage).id, "attempts": 1, "code": ""})]
    assert outbox.deliver_once(NOON + timedelta(days=30)) == 0
    assert provider.sent == []


def test_it_holds_nothing_back(storage: SqlStorage, outbox: Outbox, provider: Provider) -> None:
    provider.plans = [SendUnknown("timeout")]
    queue(storage, "one", "two")
    outbox.deliver_once(NOON)
    assert provider.sent == ["two"]


def test_a_provider_that_does_not_answer_proves_nothing(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendUnknown("timeout")]
    provider.broken = True
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    for _ in range(len(LOOKS) * 2):
        outbox.deliver_once(row(storage).due)
    assert (row(storage).status, audited(storage)) == ("unknown", [])
    provider.broken, provider.listed = False, {"hello": "SM1"}
    outbox.deliver_once(row(storage).due)
    assert row(storage).status == "sent"


def test_a_text_with_the_same_words_is_not_taken_for_the_one_that_is_looked_for(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    provider.plans, provider.listed = [SendUnknown("timeout")], {"hello": "SM1"}
    with storage.writing() as work:
        again = Text(nonce="second", channel="sms", to=BEN.value, body="hello", conversation="CA1")
        work.enqueue(again, NOON)
        work.commit()
    outbox.deliver_once(NOON)
    outbox.deliver_once(NOON + timedelta(minutes=1))
    found = rows(storage, select(schema.outbox.c.status).order_by(schema.outbox.c.id))
    assert [one.status for one in found] == ["sent", "unknown"]


SEND_AND_DIE = """
import os, sys
from datetime import datetime
from app.outbox import Outbox
from store.database import open_database
from store.outbox_store import SqlOutbox

class Dies:
    def send(self, text):
        with open(sys.argv[2], "a") as provider:
            provider.write(text.body + "\\n")
        os.kill(os.getpid(), 9)

Outbox(SqlOutbox(open_database(sys.argv[1])), {"sms": Dies()}).deliver_once(datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("listed", [True, False])
def test_a_worker_that_is_killed_while_it_sends_leads_to_no_second_text(
    storage: SqlStorage, migrated_url: str, tmp_path: Path, outbox: Outbox, provider: Provider, listed: bool
) -> None:
    queue(storage, "hello", "next")
    heard = tmp_path / "provider.txt"
    killed = subprocess.run(
        [sys.executable, "-c", SEND_AND_DIE, migrated_url, heard, NOON.isoformat()],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert killed.returncode == -9
    assert heard.read_text() == "hello\n"
    assert row(storage).status == "sending"

    provider.listed = {"hello": "SM99"} if listed else {}
    assert outbox.deliver_once(NOON + SECOND) == 0  # its lease still runs: it may be alive
    outbox.deliver_once(NOON + LEASE + 60 * SECOND)
    assert row(storage).status == ("sent" if listed else "unknown")
    assert provider.sent == ["next"]


def test_a_worker_that_was_only_slow_still_tells_what_became_of_its_text(storage: SqlStorage) -> None:
    store = SqlOutbox(storage.database)
    queue(storage, "hello")
    slow = store.take(["sms"], NOON, LEASE)
    assert slow
    store.expire(["sms"], NOON + LEASE)
    assert row(storage).status == "unknown"
    store.sent(slow, "SM1")
    assert row(storage).status == "sent"


def test_what_an_earlier_attempt_tells_late_changes_nothing(storage: SqlStorage) -> None:
    store = SqlOutbox(storage.database)
    queue(storage, "hello")
    first = store.take(["sms"], NOON, LEASE)
    assert first
    store.later(first, "429", NOON)
    assert store.take(["sms"], NOON, LEASE)
    store.failed(first, "30006", Lost.NO_TEXTS, NOON)
    assert (row(storage).status, audited(storage)) == ("sending", [])
    assert rows(storage, select(schema.no_texts)) == []


def test_eight_workers_send_each_text_once(storage: SqlStorage, clock: Clock) -> None:
    bodies = [f"{number:02}" for number in range(24)]
    for number, body in enumerate(bodies):
        queue(storage, body, to=f"+1415555{number % 12:04}")
    together, provider = Barrier(8), Provider()

    def work(_: int) -> None:
        together.wait()
        for _ in range(6):
            Outbox(SqlOutbox(storage.database), {"sms": provider}, clock).deliver_once(NOON)

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(work, range(8)))
    assert sorted(provider.sent) == bodies
    for number in range(12):
        assert provider.sent.index(bodies[number]) < provider.sent.index(bodies[number + 12])


# --- the worker's loop ----------------------------------------------------------------------------------------


def test_the_loop_goes_on_after_a_text_that_made_the_sender_stumble(
    storage: SqlStorage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()

    class Stumbles(Provider):
        def send(self, text: Text) -> str:
            if text.body == "secret words":
                raise KeyError(text.body)
            stop.set()
            return super().send(text)

    provider = Stumbles()
    queue(storage, "secret words")
    queue(storage, "hello", to="+14155550109")
    Outbox(SqlOutbox(storage.database), {"sms": provider}, clock).run(stop)
    assert provider.sent == ["hello"]
    assert row(storage, "secret words").status == "sending"
    assert [record.__dict__["ids"] for record in caplog.records] == [{"fault": "KeyError"}]
    assert "secret" not in caplog.text


def test_the_loop_ends_when_it_is_told_to(outbox: Outbox, provider: Provider, storage: SqlStorage) -> None:
    stop = Event()
    stop.set()
    queue(storage, "hello")
    outbox.run(stop)
    assert provider.sent == []


# --- reports of what became of it -----------------------------------------------------------------------------


@pytest.fixture
def sent(storage: SqlStorage, outbox: Outbox) -> Outbox:
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    return outbox


def told(outbox: Outbox, status: str, code: str = "", why: Lost | None = None, id: str = "SM1") -> bool:
    """The provider reports on a text to Ben."""
    lost = (why or Lost.OTHER) if status in LOST else None
    return outbox.receipt(Report(provider_id=id, status=status, to=TO_BEN, code=code, why=lost))


def reported(storage: SqlStorage) -> list[tuple[str, str]]:
    return [(found.status, found.code) for found in rows(storage, select(schema.receipts))]


def test_reports_are_noted_in_the_order_of_their_rank_however_they_arrive(storage: SqlStorage, sent: Outbox) -> None:
    came = [(status, told(sent, status)) for status in ("queued", "sent", "queued", "sent", "delivered")]
    assert came == [("queued", True), ("sent", True), ("queued", False), ("sent", False), ("delivered", True)]
    assert reported(storage) == [("delivered", "")]


@pytest.mark.parametrize("last", [status for status, rank in RANKS.items() if rank == max(RANKS.values())])
def test_nothing_follows_a_last_report(storage: SqlStorage, sent: Outbox, last: str) -> None:
    told(sent, last, "30003")
    for status in RANKS:
        assert not told(sent, status)
    assert reported(storage) == [(last, "30003")]


def test_a_report_may_come_before_the_text_is_marked_as_sent(storage: SqlStorage, outbox: Outbox) -> None:
    queue(storage, "hello")
    assert told(outbox, "delivered")
    outbox.deliver_once(NOON)
    known = schema.outbox.join(schema.receipts, schema.outbox.c.provider_id == schema.receipts.c.provider_id)
    assert [found.status for found in rows(storage, select(schema.receipts.c.status).select_from(known))] == [
        "delivered"
    ]


def test_a_text_that_was_lost_on_its_way_stands_in_the_audit_once(storage: SqlStorage, sent: Outbox) -> None:
    for _ in range(2):
        told(sent, "undelivered", "30003")
    [(event, detail)] = audited(storage)
    assert (event, detail) == ("text_lost", {"provider_id": "SM1", "status": "undelivered", "code": "30003"})
    assert [found.conversation for found in rows(storage, "SELECT conversation FROM audit")] == ["CA1"]


def test_a_report_of_a_loss_may_come_first_too_and_the_text_is_sent_again(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    queue(storage, "hello")
    assert told(outbox, "undelivered", "30003", Lost.OUT_OF_REACH)
    assert outbox.deliver_once(NOON) == 2
    assert (row(storage).status, row(storage).resends, row(storage).due) >= ("pending", 1, NOON + RESEND[0])
    outbox.deliver_once(NOON + RESEND[0] + SECOND * 30)
    assert provider.sent == ["hello", "hello"]
    assert not told(outbox, "delivered")  # of the first one: it is lost, whatever comes late
    assert told(outbox, "delivered", id="SM2")
    assert outbox.deliver_once(NOON + timedelta(days=1)) == 0


def test_what_waits_to_be_sent_again_holds_nothing_back(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    queue(storage, "one")
    outbox.deliver_once(NOON)
    told(outbox, "failed", "30008", Lost.BUSY)
    outbox.deliver_once(NOON)
    queue(storage, "two")
    outbox.deliver_once(NOON + SECOND)
    assert provider.sent == ["one", "two"]


def test_what_was_lost_is_not_found_for_what_is_sent_again(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    told(outbox, "undelivered", "30003", Lost.OUT_OF_REACH)
    outbox.deliver_once(NOON)
    provider.plans, provider.listed = [SendUnknown("timeout")], {"hello": "SM1"}
    outbox.deliver_once(NOON + RESEND[0] + SECOND * 30)
    outbox.deliver_once(NOON + timedelta(days=1))
    assert row(storage).status == "unknown"


@pytest.mark.parametrize("why", Lost)
def test_only_what_holds_for_every_text_is_remembered_of_a_number(
    storage: SqlStorage, outbox: Outbox, provider: Provider, why: Lost
) -> None:
    provider.plans = [SendNever("1", why=why)]
    queue(storage, "hello")
    outbox.deliver_once(NOON)
    assert bool(rows(storage, select(schema.no_texts))) is (why in NOT_BY_TEXT)
    assert bool(rows(storage, select(schema.consent_history))) is (why is Lost.STOPPED)
    outbox.reached(TO_BEN)
    assert rows(storage, select(schema.no_texts)) == []


def test_a_text_that_arrives_shows_that_the_number_gets_texts(
    storage: SqlStorage, outbox: Outbox, provider: Provider
) -> None:
    provider.plans = [SendNever("21614", why=Lost.NO_TEXTS)]
    queue(storage, "hello", "again")
    outbox.deliver_once(NOON)
    assert [found.address for found in rows(storage, select(schema.no_texts))] == [BEN.value]
    told(outbox, "sent")
    assert rows(storage, select(schema.no_texts))
    told(outbox, "delivered")
    assert rows(storage, select(schema.no_texts)) == []


def test_a_report_in_words_that_nobody_knows_is_passed_over(storage: SqlStorage, sent: Outbox) -> None:
    assert not told(sent, "teleported")
    assert reported(storage) == []
