"""Updates of a provider: kept once, given back until they are done, then emptied."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.ports import Received, Text
from core.render import Option
from store import schema
from store.inbox_store import SqlInbox
from store.outbox_store import SqlOutbox
from store.retention_store import SqlRetention
from store.unit_of_work import SqlStorage
from tests.store.opened import NOON, rows


def update(id: int, payload: str = '{"text": "hello"}', conversation: str = "chat-1") -> Received:
    return Received(id=id, conversation=conversation, payload=payload, came=NOON)


@pytest.fixture
def inbox(storage: SqlStorage) -> SqlInbox:
    return SqlInbox(storage.database)


def test_what_came_is_given_back_in_its_order_until_it_is_done(inbox: SqlInbox) -> None:
    assert inbox.keep([update(9), update(4), update(6)]) == (update(9), update(4), update(6))
    inbox.done(6, NOON)
    assert inbox.undone() == (update(4), update(9))


def test_an_update_that_comes_again_is_not_new_whether_done_or_not(inbox: SqlInbox) -> None:
    inbox.keep([update(4), update(5)])
    inbox.done(4, NOON)
    assert inbox.keep([update(4), update(5), update(6)]) == (update(6),)
    assert [one.id for one in inbox.undone()] == [5, 6]


def test_two_programs_that_store_the_same_update_store_it_once(inbox: SqlInbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _: inbox.keep([update(n) for n in range(20)]), range(4)))
    assert sorted(one.id for new in kept for one in new) == list(range(20))


def test_words_are_gone_as_soon_as_the_update_is_done(storage: SqlStorage, inbox: SqlInbox) -> None:
    inbox.keep([update(4, '{"text": "my secret"}')])
    inbox.done(4, NOON)
    [row] = rows(storage, select(schema.updates))
    assert (row.payload, row.done) == ("", NOON)


def test_an_update_that_nobody_worked_on_is_never_forgotten(storage: SqlStorage, inbox: SqlInbox) -> None:
    inbox.keep([update(4)])
    assert SqlRetention(storage.database).drop_updates(NOON + timedelta(days=365)) == 0
    assert inbox.undone() == (update(4),)


def test_a_number_of_52_bits_and_any_text_at_all_are_kept(inbox: SqlInbox) -> None:
    odd = update(2**52 - 1, '{"text": "\\ud83d \\u0000 \U0001f44b"}')
    inbox.keep([odd])
    assert inbox.undone() == (odd,)


def test_the_choices_of_a_text_come_back_from_the_outbox(storage: SqlStorage) -> None:
    options = (Option(key="1", id="yes", label="نعم"), Option(key="2", id="no", label="لا"))
    text = Text(nonce="n", channel="telegram", to="5", body="?", conversation="chat-1", options=options, turn=7)
    with storage.writing() as work:
        work.enqueue(text, NOON)
        work.commit()
    taken = SqlOutbox(storage.database).take(["telegram"], NOON, timedelta(minutes=1))
    assert taken is not None
    assert taken.text == text
