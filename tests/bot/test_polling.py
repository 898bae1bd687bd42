"""What keeps updates from coming is told in the log, with what to do, and waited out; the process stays."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import cast

import pytest
from aiogram import Bot

from bot.polling import Poller
from core import phrases as say
from core.ports import Received
from simulator.exchange import Fault
from tests.bot.line import TOKEN, Line
from tests.calls.line import OPEN


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [record.__dict__["ids"] for record in caplog.records if record.message == "polling_failed"]


@pytest.fixture(autouse=True)
def _all_events(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "plainline")


def test_a_webhook_that_somebody_set_is_taken_away(line: Line) -> None:
    line.telegram.updates.webhook = "https://elsewhere.example"
    with line.bot():
        line.resident("en").write("/start").reads(say.WHAT_ABOUT)
    assert line.telegram.updates.webhook == ""


def test_two_pollers_with_one_token_are_told_and_answer_each_message_once(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    with line.bot(), line.bot():
        line.until(lambda: bool(told(caplog)))
        resident = line.resident("en").write("/start", "241")
    assert {one["reason"] for one in told(caplog)} == {"TelegramConflictError"}
    assert "only one may run" in str(told(caplog)[0]["cure"])
    assert len(resident.chat.received) == 2


def test_a_wrong_token_is_told_and_the_bot_begins_as_soon_as_it_is_right(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.telegram.token = "7000000001:another"
    resident = line.resident("en")
    with line.bot():
        line.until(lambda: bool(told(caplog)))
        line.telegram.token = TOKEN
        resident.write("/start").reads(say.WHAT_ABOUT)
    assert told(caplog)[0]["reason"] == "TelegramUnauthorizedError"
    assert "TELEGRAM_TOKEN" in str(told(caplog)[0]["cure"])
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.LOST_REQUEST, 0), (Fault.LOST_ANSWER, 0), (Fault.REFUSED, 502), (Fault.REFUSED, 429)]
)
def test_trouble_on_the_way_is_waited_out(
    line: Line, fault: Fault, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    resident = line.resident("en")
    resident.chat.send("/start")
    line.telegram.trouble.arrange(fault, "/getUpdates", status=status, seconds=1)
    with line.bot():
        line.settle()
    assert len(resident.chat.received) == 1
    assert len(told(caplog)) == 1


def test_a_menu_that_is_refused_keeps_nobody_waiting(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    line.telegram.trouble.arrange(Fault.REFUSED, "/setMyCommands", status=502)
    with line.bot():
        line.resident("en").write("/start").reads(say.WHAT_ABOUT)
    assert "menu_not_shown" in [record.message for record in caplog.records]


def test_logs_tell_no_words_names_or_chat_ids(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    with line.bot():
        line.resident("en", name="Guadalupe").write("/start", "my neighbour is too loud", "/language")
        line.telegram.updates.add_raw({"something_new": {"from": {"id": 5550123}, "text": "loud"}})
        line.settle()
    whole = " ".join(f"{record.message} {record.__dict__.get('ids', '')}" for record in caplog.records)
    assert "update_ignored" in whole
    for private in ("Guadalupe", "neighbour", "loud", "5550123", TOKEN):
        assert private not in whole


class Nonsense:
    """Telegram, or what answers in its place: updates without a number, and one that can be read."""

    async def __call__(self, _method: object, request_timeout: int) -> list[dict[str, object]]:
        assert request_timeout > 0
        return [{"message": {}}, {"update_id": "seven"}, {"update_id": None}, {"update_id": 5, "message": {}}]


def test_an_update_without_a_number_keeps_back_no_other() -> None:
    kept, stop = list[Received](), asyncio.Event()

    def keep(found: Collection[Received]) -> tuple[Received, ...]:
        kept.extend(found)
        stop.set()
        return tuple(found)

    async def nothing() -> None:
        pass

    poller = Poller(cast(Bot, Nonsense()), keep, lambda _: None, lambda _: "", lambda: OPEN)
    asyncio.run(asyncio.wait_for(poller.run(stop, nothing), 20))
    assert {one.id for one in kept} == {5}
