"""Answers on their way to Telegram: limits are kept, refusals obeyed, and what is in doubt is not sent again."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from app.outbox import LEASE
from bot.sending import Pace
from core import phrases as say
from core.ports import Text
from simulator.exchange import Fault
from store import schema
from store.outbox_store import SqlOutbox
from tests.bot.line import ANA, BEN, Line
from tests.store.opened import Clock


def statuses(line: Line) -> list[tuple[str, str]]:
    """What became of each text, with the last code."""
    return [(row.status, row.last_code) for row in line.rows(schema.outbox)]


def owe(line: Line, *bodies: str, to: int = ANA, channel: str = "telegram", forced: bool = False) -> None:
    """Somebody at the desk writes."""
    with line.plainline.storage.writing() as unit:
        for body in bodies:
            text = Text(nonce=body, channel=channel, to=str(to), body=body, conversation="c", forced=forced)
            unit.enqueue(text, line.clock())
        unit.commit()


def test_a_limit_is_waited_out_and_nothing_overtakes(each_line: Line) -> None:
    with each_line.bot():
        resident = each_line.resident("en").write("/start")
        each_line.telegram.trouble.arrange(Fault.REFUSED, "/sendMessage", status=429, seconds=40)
        resident.chat.send("241")
        resident.chat.send("1")
        each_line.until(lambda: statuses(each_line)[1:] == [("pending", "429"), ("pending", "")])
        each_line.clock.later(seconds=39)
        each_line.resident("en", BEN, "Ben").write("/start").reads(say.WHAT_ABOUT)
        assert [message.ours for message in resident.chat.messages] == [False, True, False, False]
        each_line.clock.later(seconds=2)
        each_line.settle()
    late = [message.text.splitlines()[0] for message in resident.chat.received[1:]]
    assert late == ["Senior transport card.", "Residents of 65 and over."]


def test_a_resident_who_blocked_us_unnoticed_is_noted_when_telegram_says_so(each_line: Line) -> None:
    with each_line.bot():
        resident = each_line.resident("en").write("/start")
        resident.chat.blocked = True  # Telegram did not tell: the update was lost in a pause of more than a day
        resident.does(lambda: owe(each_line, "from the desk", "and more"))
        assert statuses(each_line)[1:] == [("failed", "403"), ("refused", "")]
        assert [row.allowed for row in each_line.rows(schema.consents)] == [False]
        resident.chat.blocked = False
        resident.write("/start")
    assert resident.got


@pytest.mark.parametrize(
    ("fault", "status", "became"),
    [
        (Fault.LOST_ANSWER, 0, ("unknown", "TelegramNetworkError")),
        (Fault.LOST_REQUEST, 0, ("unknown", "TelegramNetworkError")),
        (Fault.REFUSED, 502, ("unknown", "ClientDecodeError")),
    ],
)
def test_what_may_have_been_sent_is_left_to_staff_and_never_sent_again(
    line: Line, fault: Fault, status: int, became: tuple[str, str]
) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
        line.telegram.trouble.arrange(fault, "/sendMessage", status=status)
        resident.write("241")
        assert statuses(line)[1:] == [became]
        for _ in range(5):
            line.clock.later(minutes=20)
            resident.write("/menu")
        line.until(lambda: line.rows(schema.outbox)[1].due is None)
    assert statuses(line)[1] == became
    assert [row.event for row in line.rows(schema.audit) if row.event == "text_unknown"] == ["text_unknown"]
    cards = [m for m in resident.chat.received if m.text.startswith("Senior transport card.")]
    assert len(cards) == (fault is Fault.LOST_ANSWER)


def test_while_telegram_is_out_of_reach_answers_wait(line: Line) -> None:
    resident = line.resident("en")
    with line.bot():
        resident.write("/start")
    owe(line, "from the desk")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert line.plainline.settings.telegram is not None
        away = replace(line.plainline.settings.telegram, api_url=nowhere)
        settings = replace(line.plainline.settings, telegram=away)
        lost = replace(line, plainline=replace(line.plainline, settings=settings))
        with lost.bot():
            line.until(lambda: statuses(line)[1:] == [("pending", "connect")])
    line.clock.later(seconds=10)
    with line.bot():
        line.settle()
    assert resident.chat.received[-1].text == "from the desk"


def test_a_revoked_token_is_told_and_nothing_is_given_up(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "plainline")
    with line.bot():
        resident = line.resident("en").write("/start")
        line.telegram.token = "7000000001:another"
        owe(line, "from the desk")
        line.until(lambda: statuses(line)[1:] == [("pending", "401")])
        line.telegram.token = "7000000001:a-token-for-tests"
        line.clock.later(seconds=10)
        line.settle()
    assert resident.chat.received[-1].text == "from the desk"
    told = [record.__dict__["ids"]["cure"] for record in caplog.records if record.message == "telegram_refuses_token"]
    assert told
    assert all("TELEGRAM_TOKEN" in cure for cure in told)
    assert "a-token-for-tests" not in caplog.text


def test_what_telegram_will_never_take_is_given_up(line: Line) -> None:
    with line.bot():
        line.resident("en").write("/start")
        owe(line, "x" * 5000)
        owe(line, "to a stranger", to=99)
        line.settle()
    assert statuses(line)[1:] == [("failed", "400"), ("failed", "400")]


def test_the_worker_sends_no_chat_and_the_bot_no_text_message(line: Line) -> None:
    line.resident("en").chat.send("/start")
    owe(line, "chat")
    owe(line, "text message", channel="sms")
    assert line.plainline.outbox.deliver_once(line.clock()) == 0
    with line.bot():
        line.settle()
    assert [row.status for row in line.rows(schema.outbox, schema.outbox.c.channel == "sms")] == ["pending"]
    assert "chat" in [m.text for m in line.exchange.chat(ANA, "Ana").received]


def test_a_warning_goes_out_past_the_queue_and_in_spite_of_stop(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start", "stop", "my house is on fire")
    emergency = line.words(say.EMERGENCY).partition("{")[0]
    assert emergency in resident.answer


def test_a_message_that_was_under_way_when_the_bot_was_killed_is_in_doubt_not_sent_twice(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
    owe(line, "from the desk")
    taken = SqlOutbox(line.database).take(["telegram"], line.clock(), LEASE)
    assert taken is not None
    line.clock.later(minutes=3)
    with line.bot():
        line.until(lambda: statuses(line)[1][0] == "unknown")
    assert [m.text for m in resident.chat.received if m.text == "from the desk"] == []


# --- pace ---------------------------------------------------------------------------------------------------


def test_a_chat_gets_a_few_messages_at_once_and_then_one_a_second() -> None:
    clock = Clock()
    pace = Pace(clock=lambda: clock.now.timestamp(), all=0.0)
    assert [round(pace.wait("a"), 3) for _ in range(5)] == [0.0, 0.0, 0.0, 1.0, 2.0]
    assert pace.wait("b") == 0.0
    clock.now += timedelta(seconds=60)
    assert [round(pace.wait("a"), 3) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]


def test_all_chats_together_get_thirty_messages_a_second() -> None:
    clock = Clock()
    pace = Pace(clock=lambda: clock.now.timestamp())
    waits = [pace.wait(str(chat)) for chat in range(61)]
    assert waits[0] == 0.0
    assert waits[60] == pytest.approx(2.0, abs=0.01)


def test_the_pace_is_kept_on_the_wire(line: Line) -> None:
    with line.bot(pace=Pace(each=0.3, burst=1, all=0.0)):
        resident = line.resident("en")
        for text in ("/start", "241", "1"):
            resident.chat.send(text)
        line.settle()
    times = [at for at, _ in line.telegram.sent]
    # Seen at the other end, where a busy machine brings them nearer together; without a pace it is some 0.01 s.
    assert all(after - before >= 0.15 for before, after in pairwise(times))
