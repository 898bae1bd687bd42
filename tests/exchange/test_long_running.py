"""An exchange that runs all day, as behind the simulator's pages: known addresses, fresh ids, and no more memory."""

from __future__ import annotations

import socket

from simulator.exchange import Exchange
from tests.exchange.application import TOKEN, Application
from tests.exchange.documents import DONE, MENU

CALLER = "+14155550123"


def test_old_calls_and_requests_are_forgotten_but_no_call_that_goes_on(application: Application) -> None:
    application.answers |= {"/voice": MENU, "/turn": DONE}
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN, keep=5) as exchange:
        goes_on = exchange.call("+14155550124")
        for _ in range(20):
            exchange.call(CALLER).hang_up()
        assert len(exchange.calls) == 5
        assert exchange.calls[0] is goes_on
        assert len(exchange.attempts) == 5
        assert not goes_on.over


def test_all_is_remembered_unless_a_number_is_given(application: Application) -> None:
    application.answers["/voice"] = MENU
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN) as exchange:
        for _ in range(20):
            exchange.call(CALLER).hang_up()
        assert (len(exchange.calls), len(exchange.attempts)) == (20, 20)


def test_ids_count_from_where_they_are_told_to(application: Application) -> None:
    application.answers["/voice"] = MENU
    with Exchange(voice_url=application.public + "/voice", auth_token=TOKEN, bot_token="1:a", first=1000) as exchange:
        call, chat = exchange.call(CALLER), exchange.chat(7, "Ana")
        assert int(call.sid.removeprefix("CA"), 16) >= 1000
        assert chat.send("hello") == 1000
        assert exchange.bot is not None
        assert [update["update_id"] for update in exchange.bot.updates.fetch()] == [1000]


def test_the_providers_are_played_on_the_ports_that_were_asked_for() -> None:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        api, bot = one.getsockname()[1], two.getsockname()[1]
    with Exchange(bot_token="1:a", api_port=api, bot_port=bot) as exchange:
        assert exchange.api_url == f"http://127.0.0.1:{api}"
        assert exchange.bot_url == f"http://127.0.0.1:{bot}"
