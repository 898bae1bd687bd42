"""Every update is stored before it is confirmed, and worked on once, in its chat's order, whatever happens between."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from bot.inbound import LONGEST
from core import phrases as say
from core.ports import Received
from core.types import Kind
from simulator.exchange import Fault
from store import schema
from tests.bot.line import ANA, BEN, Line
from tests.calls.storages import Trouble, Troubled


def turns(line: Line) -> int:
    """How many messages were answered by a turn."""
    return len(line.rows(schema.turns))


def left(line: Line) -> int:
    """How many updates are stored and not done."""
    return len(line.rows(schema.updates, schema.updates.c.done.is_(None)))


def message(id: int = 900, chat: int = ANA, **content: Any) -> dict[str, Any]:
    """A resident's message as Telegram describes it."""
    person = {"id": chat, "is_bot": False, "first_name": "Ana"}
    place = {"id": chat, "type": "private", "first_name": "Ana"}
    return {"message": {"message_id": id, "date": 1764000000, "chat": place, "from": person, **content}}


# --- once ---------------------------------------------------------------------------------------------------


def test_what_telegram_brings_twice_is_answered_once(each_line: Line) -> None:
    resident = each_line.resident("en")
    each_line.telegram.trouble.arrange(Fault.TWICE, "/updates")
    each_line.telegram.trouble.arrange(Fault.LOST_ANSWER, "/getUpdates")
    resident.chat.send("/start")
    with each_line.bot():
        each_line.settle()
    assert len(resident.chat.received) == turns(each_line) == 1


def test_the_same_message_under_another_number_is_answered_once(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
        line.telegram.updates.add_raw(message(7, text="meals at home"))
        line.telegram.updates.skip(1000)
        line.telegram.updates.add_raw(message(7, text="meals at home"))
        line.settle()
    assert len(resident.chat.received) == 2


def test_what_comes_in_the_wrong_order_and_with_gaps_is_answered_in_the_right_one(each_line: Line) -> None:
    resident = each_line.resident()
    each_line.telegram.trouble.arrange(Fault.REVERSED, "/updates")
    resident.chat.send("/start")
    each_line.telegram.updates.skip(40)
    resident.chat.send("2")
    each_line.telegram.updates.skip(3)
    resident.chat.send("241")
    with each_line.bot():
        each_line.settle()
    first, second, third = [m.text for m in resident.chat.received]
    assert "español" in first
    assert each_line.words(say.WHAT_ABOUT, "es") in second
    assert third.startswith("Tarjeta")


def test_many_chats_at_once_each_keep_their_order(line: Line) -> None:
    residents = [line.resident("en", id, f"R{id}") for id in range(1, 9)]
    for text in ("/start", "241", "back", "241", "1"):
        for resident in residents:
            resident.chat.send(text)
    with line.bot():
        line.settle()
    chats = [[m.text for m in resident.chat.received] for resident in residents]
    assert all(len(chat) == 5 for chat in chats)
    assert all(chat == chats[0] for chat in chats)


# --- kept ---------------------------------------------------------------------------------------------------


def test_what_was_stored_and_not_worked_on_is_worked_on_at_the_next_start(each_line: Line) -> None:
    gone = Troubled(each_line.plainline.storage)
    gone.gone = True
    resident = each_line.resident("en")
    with each_line.bot(gone):
        resident.chat.send("/start")
        resident.chat.send("241")
        each_line.until(lambda: left(each_line) == 2 and each_line.telegram.updates.waiting == 0)
    assert resident.chat.received == ()
    with each_line.bot():
        each_line.settle()
    assert len(resident.chat.received) == turns(each_line) == 2
    assert resident.chat.received[1].text.startswith("Senior transport card")


def test_a_turn_whose_update_was_not_marked_as_done_is_not_taken_twice(each_line: Line) -> None:
    resident = each_line.resident("en")
    with each_line.bot():
        resident.write("/start", "241")
    with each_line.database.writing() as connection:
        connection.execute(schema.updates.delete())
        connection.commit()
    said = resident.chat.messages[-2]
    again = {"update_id": 1, **message(said.id, text=said.text)}
    conversation = each_line.rows(schema.conversations)[0].id
    kept = Received(id=1, conversation=conversation, payload=json.dumps(again), came=each_line.clock())
    each_line.plainline.inbox.keep([kept])
    with each_line.bot():
        each_line.settle()
    assert len(resident.chat.received) == turns(each_line) == 2


@pytest.mark.parametrize("trouble", [Trouble.GONE, Trouble.SAVED, Trouble.NOT_SAVED, Trouble.MISTAKE])
def test_a_database_on_a_bad_day_costs_time_and_no_message(line: Line, trouble: Trouble) -> None:
    bad = Troubled(line.plainline.storage)
    bad.ahead = [trouble]
    resident = line.resident("en")
    with line.bot(bad):
        resident.write("/start")
    assert bad.ahead == []
    assert len(resident.chat.received) == turns(line) == 1


def test_while_the_updates_can_not_be_stored_telegram_keeps_them(line: Line) -> None:
    resident = line.resident("en")
    with line.database.writing() as held, line.bot():
        resident.chat.send("/start")
        line.until(lambda: line.telegram.updates.polls >= 1)
        assert line.telegram.updates.waiting == 1
        held.rollback()
    with line.bot():
        line.settle()
    assert len(resident.chat.received) == 1


def test_what_was_said_is_not_kept_twice(line: Line) -> None:
    with line.bot():
        line.resident("en").write("/start", "my neighbour is far too loud")
    assert [row.payload for row in line.rows(schema.updates)] == ["", ""]


def test_a_mistake_of_ours_is_told_and_holds_nobody_else_up(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    mistaken = Troubled(line.plainline.storage)
    mistaken.mistaken = True
    resident = line.resident("en")
    with line.bot(mistaken):
        resident.write("/start")
    resident.reads(say.TROUBLE)
    assert left(line) == 0
    assert [record.levelname for record in caplog.records if record.message == "bot_fault"] == ["ERROR"] * 3


# --- what needs no turn -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("update", "why"),
    [
        ({"chat_boost": {"chat": {"id": -5, "type": "channel"}, "boost": {}}}, "unreadable"),
        ({"something_new": {"from": {"id": ANA}}}, "kind"),
        ({"message": {"message_id": "not a number"}}, "unreadable"),
        (
            message(pinned_message={"message_id": 1, "date": 0, "chat": {"id": ANA, "type": "private"}}),
            "service_message",
        ),
        ({"message": {**message(text="hi")["message"], "chat": {"id": -7, "type": "group", "title": "G"}}}, "group"),
        ({"channel_post": {**message(text="hi")["message"], "chat": {"id": -7, "type": "channel"}}}, "kind"),
    ],
)
def test_an_update_that_is_none_of_a_residents_doings_is_stored_done_and_logged(
    line: Line, update: dict[str, Any], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "plainline")
    with line.bot():
        number = line.telegram.updates.add_raw(update)
        line.settle()
        line.resident("en").write("/start").reads(say.WHAT_ABOUT)
    [ignored] = [record.__dict__["ids"] for record in caplog.records if record.message == "update_ignored"]
    assert ignored == {"update": number, "reason": why}
    assert left(line) == 0


def test_a_message_that_is_changed_afterwards_is_not_answered_again(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start", "241")
        resident.does(lambda: resident.chat.edit(3, "242"))
    assert resident.got == ()


def test_a_group_that_adds_us_is_left(line: Line) -> None:
    ours = {"user": line.telegram.bot}
    change = {
        "chat": {"id": -77, "type": "supergroup", "title": "Neighbours"},
        "from": {"id": BEN, "is_bot": False, "first_name": "Ben"},
        "date": 1764000000,
        "old_chat_member": {"status": "left", **ours},
        "new_chat_member": {"status": "member", **ours},
    }
    with line.bot():
        line.telegram.updates.add_raw({"my_chat_member": change})
        line.settle()
        line.until(lambda: line.telegram.left == [-77])
    assert line.rows(schema.turns) == []


# --- what residents send ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 4}},
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]},
        {"document": {"file_id": "f", "file_unique_id": "u"}},
        {"location": {"latitude": 37.7, "longitude": -122.4}},
    ],
)
def test_what_is_not_written_is_answered_kindly_and_leads_to_a_person_in_the_end(
    line: Line, content: dict[str, Any]
) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
        resident.does(lambda: resident.chat.share("(sent)", **content)).reads(say.NOT_WRITTEN, say.WHAT_ABOUT)
        resident.does(lambda: resident.chat.share("(sent)", **content))
        resident.does(lambda: resident.chat.share("(sent)", **content)).reads(say.WAITING_TEXT)


def test_the_words_under_a_picture_are_read(line: Line) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    with line.bot():
        resident = line.resident("en").write("/start")
        resident.does(lambda: resident.chat.share("x", photo=photo, caption="meals at home"))
    assert resident.answer.startswith("Meals at home.")


def test_a_shared_telephone_number_is_a_typed_one(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start", "241", "4", "78", "no")
        contact = {"phone_number": "+14155550123", "first_name": "Ana"}
        resident.does(lambda: resident.chat.share("x", contact=contact))
    assert "(415) 555-0123" in resident.answer


def test_a_text_of_ten_thousand_characters_is_read_and_answered(line: Line) -> None:
    long = "please help my mother with her meals " * 300
    with line.bot():
        resident = line.resident("en").write("/start")
        resident.does(lambda: resident.chat.send(long[:10_000]))
        line.telegram.updates.add_raw(message(5000, text=long))
        line.settle()
    pieces = 1 + 3 + 1
    assert turns(line) == pieces
    assert len(resident.chat.received) == pieces
    assert len(long) > LONGEST


@pytest.mark.parametrize("text", ["<b>bold</b> & <script>alert(1)</script>", "*_[`", "&lt;", "\u202eabc", "\ud83d x"])
def test_markup_in_words_is_words(line: Line, text: str) -> None:
    with line.bot():
        resident = line.resident("en", name="<b>A & B</b>").write("/start", "211", "4", "2", "yes")
        line.telegram.updates.add_raw(message(text=text))
        line.settle()
    assert len(resident.chat.received) == turns(line)


def test_a_name_with_markup_harms_nothing_and_is_not_kept(line: Line) -> None:
    with line.bot():
        line.resident("en", name="<i>Mallory & Co</i>").write("/start")
    everything = [row for table in schema.metadata.sorted_tables for row in line.rows(table)]
    assert "Mallory" not in repr(everything)


# --- languages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "language"),
    [("es-MX", "es"), ("zh-hans", "zh_Hans"), ("zh-CN", "zh_Hans"), ("ar", "ar"), ("en-GB", "en")],
)
def test_the_telephones_language_is_taken_where_the_town_has_it(line: Line, code: str, language: str) -> None:
    with line.bot():
        line.resident(code).write("/start").reads(say.WHAT_ABOUT, language=language)


@pytest.mark.parametrize("code", ["", "fr", "zh-hant", "zh-TW", "x"])
def test_where_the_town_has_it_not_the_language_is_asked(line: Line, code: str) -> None:
    with line.bot():
        resident = line.resident(code).write("/start")
        assert "1 English\n2 español\n3 简体中文\n4 العربية" in resident.answer
        resident.press("3 ").reads(say.WHAT_ABOUT, language="zh_Hans")


def test_the_hint_gives_way_to_a_word_and_to_the_command(line: Line) -> None:
    with line.bot():
        resident = line.resident("es").write("/start", "/language").press("1 English").reads(say.WHAT_ABOUT)
        resident.write("idioma", "4").reads(say.WHAT_ABOUT, language="ar")


@pytest.mark.parametrize("digit", ["2", "２", "٢", "۲", "२"])
def test_digits_of_every_script_choose(line: Line, digit: str) -> None:
    with line.bot():
        line.resident().write("/start", digit).reads(say.WHAT_ABOUT, language="es")


# --- commands -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/help", say.HELP_TEXT),
        ("/help@plainline_bot", say.HELP_TEXT),
        ("/person", say.WAITING_TEXT),
        ("/menu", say.WHAT_ABOUT),
        ("/ayuda", say.HELP_TEXT),
        ("/stop", say.STOPPED),
        ("/qqqq", say.NOT_UNDERSTOOD),
    ],
)
def test_a_command_is_the_word_that_works_everywhere(line: Line, typed: str, wanted: Any) -> None:
    with line.bot():
        resident = line.resident("en").write("/start", "241", typed)
    known = line.words(wanted).partition("{")[0] or "services."
    assert known in resident.answer


def test_a_code_from_the_telephone_goes_on_in_the_chat(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start", "/start 241")
    assert resident.answer.startswith("Senior transport card.")


def test_the_menu_of_commands_is_shown_in_each_language(line: Line) -> None:
    with line.bot():
        line.resident("en").write("/start")
    shown = line.telegram.commands
    assert set(shown) == {"", "en", "es", "zh", "ar"}
    assert dict(shown["es"])["language"] == "otro idioma"
    assert dict(shown["zh"])["person"] == "请工作人员回答您"
    assert len({tuple(command for command, _ in menu) for menu in shown.values()}) == 1


# --- blocked ------------------------------------------------------------------------------------------------


def test_whoever_blocks_us_is_not_written_to_until_they_begin_again(each_line: Line) -> None:
    with each_line.bot():
        resident = each_line.resident("en").write("/start")
        resident.does(resident.chat.block)
        assert [row.allowed for row in each_line.rows(schema.consents)] == [False]
        resident.does(resident.chat.unblock)
        assert resident.got == ()
        resident.write("/start").reads(say.STARTED, say.WHAT_ABOUT)
        assert [row.allowed for row in each_line.rows(schema.consents)] == [True]


def test_kinds_that_are_no_doings_of_a_resident_spend_no_turn(line: Line) -> None:
    with line.bot():
        resident = line.resident("en").write("/start")
        resident.does(resident.chat.block)
    kinds = [row.kind for row in line.rows(schema.turns)]
    assert sorted(kinds) == sorted([Kind.START, Kind.STOP])
