"""The Bot API through aiogram, over HTTP, and against Telegram's own description of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from simulator.exchange import BotApi, Exchange, Fault

TOKEN = "7000000001:exchange-token"
RESIDENT = 5
T = TypeVar("T")


@asynccontextmanager
async def bot_of(exchange: Exchange, token: str = TOKEN) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(exchange.bot_url))
    async with Bot(token, session=session) as bot:
        yield bot


def ask(job: Callable[[Bot], Awaitable[T]], exchange: Exchange, token: str = TOKEN) -> T:
    async def asked() -> T:
        async with bot_of(exchange, token) as bot:
            return await job(bot)

    return asyncio.run(asked())


def telegram(exchange: Exchange) -> BotApi:
    assert exchange.bot is not None
    return exchange.bot


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=one, callback_data=one)] for one in data])


def test_what_a_resident_does_is_fetched_and_confirmed_by_a_higher_offset() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        chat = exchange.chat(RESIDENT, "Ana", "es-MX")
        chat.send("/start")
        chat.send("hola <b>")

        async def fetch(bot: Bot) -> list[str | None]:
            first = await bot.get_updates()
            again = await bot.get_updates()
            assert [u.update_id for u in first] == [u.update_id for u in again]
            assert await bot.get_updates(offset=first[-1].update_id + 1) == []
            assert first[0].message is not None
            assert first[0].message.from_user is not None
            assert first[0].message.from_user.language_code == "es-MX"
            return [u.message.text for u in first if u.message]

        assert ask(fetch, exchange) == ["/start", "hola <b>"]
        assert telegram(exchange).updates.waiting == 0


def test_a_long_poll_ends_as_soon_as_something_happens() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        chat = exchange.chat(RESIDENT, "Ana")

        async def wait(bot: Bot) -> int:
            poll = asyncio.create_task(bot.get_updates(timeout=30))
            await asyncio.sleep(0.2)
            await asyncio.to_thread(chat.send, "hello")
            return len(await asyncio.wait_for(poll, 5))

        assert ask(wait, exchange) == 1


def test_a_second_poller_ends_the_first_with_a_conflict() -> None:
    with Exchange(bot_token=TOKEN) as exchange:

        async def two(bot: Bot) -> None:
            first = asyncio.create_task(bot.get_updates(timeout=20))
            await asyncio.sleep(0.2)
            second = asyncio.create_task(bot.get_updates(timeout=1))
            with pytest.raises(TelegramConflictError):
                await asyncio.wait_for(first, 5)
            assert await second == []

        ask(two, exchange)


def test_a_webhook_keeps_updates_from_a_poller_until_it_is_deleted() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        telegram(exchange).updates.webhook = "https://elsewhere.example"

        async def poll(bot: Bot) -> None:
            with pytest.raises(TelegramConflictError):
                await bot.get_updates()
            assert await bot.delete_webhook()
            assert await bot.get_updates() == []

        ask(poll, exchange)


def test_a_button_comes_back_with_the_message_it_stood_under_and_is_answered_once() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        chat = exchange.chat(RESIDENT, "Ana")
        chat.send("/start")

        async def press(bot: Bot) -> None:
            sent = await bot.send_message(RESIDENT, "1 Yes & no", reply_markup=keyboard("4:yes"))
            chat.press(sent.message_id, "4:yes")
            (update,) = [u for u in await bot.get_updates() if u.callback_query]
            query = update.callback_query
            assert query is not None
            assert query.data == "4:yes"
            assert query.message is not None
            assert query.message.message_id == sent.message_id
            assert await bot.answer_callback_query(query.id)
            with pytest.raises(TelegramBadRequest, match="query is too old"):
                await bot.answer_callback_query(query.id)

        ask(press, exchange)
        assert chat.notices == ("",)
        assert chat.received[0].buttons == (("4:yes", "4:yes"),)


@pytest.mark.parametrize(
    ("chat_id", "text", "data", "refusal", "words"),
    [
        (RESIDENT, "x" * 4097, "1:a", TelegramBadRequest, "message is too long"),
        (RESIDENT, "x", "y" * 65, TelegramBadRequest, "BUTTON_DATA_INVALID"),
        (99, "x", "1:a", TelegramBadRequest, "chat not found"),
        (6, "x", "1:a", TelegramForbiddenError, "initiate"),
        (8, "x", "1:a", TelegramForbiddenError, "blocked by the user"),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(
    chat_id: int, text: str, data: str, refusal: type[TelegramAPIError], words: str
) -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        exchange.chat(RESIDENT, "Ana").send("/start")
        exchange.chat(6, "Nobody yet")
        blocking = exchange.chat(8, "Bo")
        blocking.send("/start")
        blocking.block()
        with pytest.raises(refusal, match=words):
            ask(lambda bot: bot.send_message(chat_id, text, reply_markup=keyboard(data)), exchange)


def test_a_wrong_or_revoked_token_is_refused() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        assert ask(lambda bot: bot.get_me(), exchange).is_bot
        telegram(exchange).token = "7000000001:another"
        with pytest.raises(TelegramUnauthorizedError):
            ask(lambda bot: bot.get_me(), exchange)


def test_a_limit_says_how_long_to_wait() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        exchange.chat(RESIDENT, "Ana").send("/start")
        telegram(exchange).trouble.arrange(Fault.REFUSED, "/sendMessage", status=429, seconds=7)
        with pytest.raises(TelegramRetryAfter) as raised:
            ask(lambda bot: bot.send_message(RESIDENT, "x"), exchange)
        assert raised.value.retry_after == 7


@pytest.mark.parametrize(("fault", "sent"), [(Fault.LOST_REQUEST, 0), (Fault.LOST_ANSWER, 1)])
def test_a_lost_answer_was_sent_and_a_lost_request_was_not(fault: Fault, sent: int) -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        chat = exchange.chat(RESIDENT, "Ana")
        chat.send("/start")
        telegram(exchange).trouble.arrange(fault, "/sendMessage")
        with pytest.raises(TelegramNetworkError):
            ask(lambda bot: bot.send_message(RESIDENT, "x"), exchange)
        assert len(chat.received) == sent


def test_updates_come_twice_or_in_the_wrong_order_on_request() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        chat = exchange.chat(RESIDENT, "Ana")
        chat.send("a")
        telegram(exchange).updates.skip(10)
        chat.send("b")
        telegram(exchange).trouble.arrange(Fault.REVERSED, "/updates")
        telegram(exchange).trouble.arrange(Fault.TWICE, "/updates")
        found = ask(lambda bot: bot.get_updates(), exchange)
        assert [u.message.text for u in found if u.message] == ["b", "a", "b", "a"]
        assert found[0].update_id - found[1].update_id == 11


def test_commands_are_kept_by_language_and_checked() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        named = [BotCommand(command="help", description="Ayuda")]
        assert ask(lambda bot: bot.set_my_commands(named, language_code="es"), exchange)
        assert telegram(exchange).commands == {"es": (("help", "Ayuda"),)}
        wrong = [BotCommand(command="Ayuda!", description="Ayuda")]
        with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
            ask(lambda bot: bot.set_my_commands(wrong), exchange)


def test_a_parameter_that_nobody_knows_is_refused() -> None:
    with Exchange(bot_token=TOKEN) as exchange:
        exchange.chat(RESIDENT, "Ana").send("/start")
        status, body = telegram(exchange).answer(TOKEN, "sendMessage", {"chat_id": "5", "text": "x", "markup": "{}"})
        assert status == 400
        assert "markup" in str(body["description"])


def test_what_a_resident_sends_is_held_to_telegrams_description() -> None:
    with Exchange(bot_token=TOKEN) as exchange, pytest.raises(AssertionError, match=r"voice\.duration: missing"):
        exchange.chat(RESIDENT, "Ana").share("a voice message", voice={"file_id": "f", "file_unique_id": "u"})
