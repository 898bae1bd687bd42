"""The Bot API's methods, as far as we use them: what each does, and how Telegram refuses.

Requests and answers are held to Telegram's description (`specs/telegram_bot.json`). The limits that are played: length
of a text and of a button's data, age of a button's answer, one poller, a bot that was blocked or never written to.
Not played: how many messages a second Telegram takes, for it does not publish that; arrange 429 in `trouble`.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.exchange.bot_chats import Buttons, Chat
from simulator.exchange.bot_errors import BotError, bad, unauthorized
from simulator.exchange.bot_spec import Spec
from simulator.exchange.bot_updates import Updates
from simulator.exchange.trouble import Line as TroubledLine

Fields = dict[str, Any]

QUERY_LIVES = 15.0
"""Seconds in which a pressed button can be answered (u)."""

MOST_BUTTONS = 100
DATA_BYTES = 64
NOTICE_CHARACTERS = 200
MOST_COMMANDS = 100
_COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")
_SENDABLE = frozenset({"chat_id", "text", "reply_markup", "disable_notification", "protect_content"})


@dataclass(slots=True, kw_only=True)
class Query:
    """A button that was pressed: when, in which chat, and what it was answered with."""

    chat: int
    at: float
    answer: str | None = None


class BotApi:
    """One bot at Telegram: its chats, its updates, its commands. Safe to use from several threads."""

    def __init__(self, token: str, spec: Spec, first: int = 1) -> None:
        self.token = token
        self.trouble = TroubledLine()
        self.updates = Updates(self.trouble, first)
        self.first = first
        self.bot: Fields = {"id": 7_000_000_001, "is_bot": True, "first_name": "Plainline", "username": "plainline_bot"}
        self.commands: dict[str, tuple[tuple[str, str], ...]] = {}
        self.left: list[int] = []
        self.sent: list[tuple[float, int]] = []
        self.query_lives = QUERY_LIVES
        self._spec = spec
        self._chats: dict[int, Chat] = {}
        self._queries: dict[str, Query] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._methods: dict[str, Callable[[Fields], Any]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_my_commands,
            "sendMessage": self._send_message,
            "answerCallbackQuery": self._answer_callback_query,
            "leaveChat": self._leave_chat,
        }

    def chat(self, id: int, name: str, language_code: str) -> Chat:
        """The private chat of the resident with this id; made at the first call."""
        with self._lock:
            if id not in self._chats:
                self._chats[id] = Chat(self, id, name, language_code)
            return self._chats[id]

    # --- requests ----------------------------------------------------------------------------------------------

    def answer(self, token: str, method: str, given: dict[str, str]) -> tuple[int, Fields]:
        """Status and JSON for one request; a refusal is an answer too."""
        try:
            if token != self.token:
                raise unauthorized() if re.fullmatch(r"\d+:[\w-]+", token) else BotError(404, "Not Found")
            if method not in self._methods:
                raise BotError(404, "Not Found")
            result = self._methods[method](self._spec.parameters(method, given))
        except BotError as refusal:
            return refusal.status, refusal.body
        if method != "getUpdates":  # a test may add updates of kinds that nobody knows; ours are held when they happen
            self._spec.result(method, result)
        return 200, {"ok": True, "result": result}

    def _get_me(self, _fields: Fields) -> Fields:
        return self.bot

    def _get_updates(self, fields: Fields) -> list[Fields]:
        allowed = fields.get("allowed_updates")
        found = self.updates.fetch(fields.get("offset", 0), fields.get("limit", 100), fields.get("timeout", 0), allowed)
        return list(found)

    def _delete_webhook(self, _fields: Fields) -> bool:
        self.updates.webhook = ""
        return True

    def _set_my_commands(self, fields: Fields) -> bool:
        named = tuple((one["command"], one["description"]) for one in fields["commands"])
        if len(named) > MOST_COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command, description in named:
            if not _COMMAND.match(command):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(description) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        language = fields.get("language_code", "")
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad("LANG_CODE_INVALID")
        self.commands[language] = named
        return True

    def _send_message(self, fields: Fields) -> Fields:
        for name in fields.keys() - _SENDABLE:
            raise bad(f"{name} is not played by this exchange")
        chat = self._chats.get(int(fields["chat_id"]))
        if chat is None:
            raise bad("chat not found")
        message = chat.receive(fields["text"], _buttons(fields.get("reply_markup") or {}))
        with self._lock:
            self.sent.append((time.monotonic(), chat.id))
        return chat.described(message)

    def _answer_callback_query(self, fields: Fields) -> bool:
        query = self._queries.get(fields["callback_query_id"])
        if query is None or query.answer is not None or time.monotonic() - query.at > self.query_lives:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        text = fields.get("text", "")
        if len(text) > NOTICE_CHARACTERS:
            raise bad("MESSAGE_TOO_LONG")
        query.answer = text
        return True

    def _leave_chat(self, fields: Fields) -> bool:
        self.left.append(int(fields["chat_id"]))
        return True

    # --- what chats need ---------------------------------------------------------------------------------------

    def happened(self, kind: str, about: Fields) -> int:
        """A resident did something."""
        self._spec.held({"update_id": 1, kind: about}, ["Update"], "update")
        return self.updates.add(kind, about)

    def asked(self, chat: int) -> str:
        """A fresh id for a pressed button."""
        with self._lock:
            id = f"{next(self._numbers):018d}"
            self._queries[id] = Query(chat=chat, at=time.monotonic())
            return id

    def notices(self, chat: int) -> tuple[str, ...]:
        """What this chat's pressed buttons were answered with."""
        with self._lock:
            return tuple(q.answer for q in self._queries.values() if q.chat == chat and q.answer is not None)


def _buttons(markup: Fields) -> Buttons:
    """The buttons of an inline keyboard. Raises `BotError` where Telegram refuses one."""
    buttons = [button for row in markup.get("inline_keyboard", ()) for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        if not button["text"].strip():
            raise bad("inline keyboard button text is empty")
        if not 1 <= len(button.get("callback_data", "").encode()) <= DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    return tuple((button["text"], button["callback_data"]) for button in buttons)
