"""Residents' private chats with the bot: what they write and press, and what the bot wrote to them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from simulator.exchange.bot_errors import BotError, bad, blocked, never_met

LONGEST = 4096
"""Characters in one message; a resident's telephone sends a longer text in pieces."""

Buttons = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of a chat. `ours`: the bot wrote it. `buttons` are (label, data), top to bottom."""

    id: int
    ours: bool
    text: str
    buttons: Buttons = ()
    at: datetime


class Telegram(Protocol):
    """What a chat needs of the Bot API behind it."""

    bot: dict[str, Any]
    first: int

    def happened(self, kind: str, about: dict[str, Any]) -> int: ...
    def asked(self, chat: int) -> str: ...
    def notices(self, chat: int) -> tuple[str, ...]: ...


class Chat:
    """One resident's chat with the bot. Several threads may use it."""

    def __init__(self, telegram: Telegram, id: int, name: str, language_code: str) -> None:
        self.id = id
        self.name = name
        self.language_code = language_code
        self.blocked = False
        self.started = False
        self._telegram = telegram
        self._messages: list[ChatMessage] = []
        self._changed = threading.Condition()

    @property
    def messages(self) -> tuple[ChatMessage, ...]:
        """The whole chat, first to last."""
        with self._changed:
            return tuple(self._messages)

    @property
    def received(self) -> tuple[ChatMessage, ...]:
        """What the bot wrote, first to last."""
        return tuple(message for message in self.messages if message.ours)

    @property
    def notices(self) -> tuple[str, ...]:
        """What pressed buttons were answered with: "" where they only stopped turning."""
        return self._telegram.notices(self.id)

    def wait(self, count: int, seconds: float = 10.0) -> tuple[ChatMessage, ...]:
        """What the bot wrote, as soon as that is `count` messages. Raises TimeoutError with the chat."""
        with self._changed:
            if self._changed.wait_for(lambda: len([m for m in self._messages if m.ours]) >= count, seconds):
                return tuple(message for message in self._messages if message.ours)
        raise TimeoutError(f"the bot has not written {count} messages:\n{self.transcript()}")

    def transcript(self) -> str:
        """The chat, a line for everything that was written."""
        return "\n".join(f"{'bot' if m.ours else self.name}: {m.text}" for m in self.messages)

    # --- what a resident does ----------------------------------------------------------------------------------

    def send(self, text: str) -> int:
        """The resident writes `text`; the number of the (last) message. Too long a text goes in pieces."""
        pieces = [text[n : n + LONGEST] for n in range(0, len(text), LONGEST)]
        return [self.share(piece, text=piece, **_entities(piece)) for piece in pieces][-1]

    def share(self, shown: str, **content: Any) -> int:
        """The resident sends something else: `voice`, `photo`, `location`, `document` ... as Telegram describes it."""
        self._started()
        message = self._append(ours=False, text=shown)
        self._telegram.happened("message", {**self.described(message), **content})
        return message.id

    def edit(self, message_id: int, text: str) -> None:
        """The resident changes what they wrote."""
        message = self._change(message_id, text)
        changed = {**self.described(message), "text": text, "edit_date": _seconds(datetime.now(UTC))}
        self._telegram.happened("edited_message", changed)

    def press(self, message_id: int, data: str) -> None:
        """The resident presses an inline button. Any data can come back: a changed telephone may send what it likes."""
        self._started()
        message = next((m for m in self.messages if m.id == message_id), None)
        pressed = {
            "id": self._telegram.asked(self.id),
            "from": self.person(),
            "chat_instance": str(self.id * 31),
            "data": data,
        }
        if message:
            pressed["message"] = self.described(message)
        self._telegram.happened("callback_query", pressed)

    def block(self) -> None:
        """The resident blocks the bot."""
        self._member("member", "kicked", blocked_now=True)

    def unblock(self) -> None:
        """The resident lets the bot write again."""
        self._member("kicked", "member", blocked_now=False)

    def _member(self, before: str, after: str, *, blocked_now: bool) -> None:
        self.blocked = blocked_now
        about = {"chat": self.place(), "from": self.person(), "date": _seconds(datetime.now(UTC))}
        members = {"old_chat_member": self._standing(before), "new_chat_member": self._standing(after)}
        self._telegram.happened("my_chat_member", {**about, **members})

    def _standing(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": self._telegram.bot, **until}

    def _started(self) -> None:
        self.started = True

    # --- what the bot does -------------------------------------------------------------------------------------

    def receive(self, text: str, buttons: Buttons) -> ChatMessage:
        """The bot writes. Raises `BotError` as Telegram does."""
        if refusal := self._refusal(text):
            raise refusal
        return self._append(ours=True, text=text.strip(), buttons=buttons)

    def _refusal(self, text: str) -> BotError | None:
        if not self.started:
            return never_met()
        if self.blocked:
            return blocked()
        if not text.strip():
            return bad("message text is empty")
        return bad("message is too long") if len(text.strip()) > LONGEST else None

    # --- how Telegram describes it -----------------------------------------------------------------------------

    def described(self, message: ChatMessage) -> dict[str, Any]:
        """A message as JSON."""
        keyboard = [[{"text": label, "callback_data": data}] for label, data in message.buttons]
        return {
            "message_id": message.id,
            "from": self._telegram.bot if message.ours else self.person(),
            "chat": self.place(),
            "date": _seconds(message.at),
            **({"text": message.text} if message.ours else {}),
            **({"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}),
        }

    def person(self) -> dict[str, Any]:
        """The resident as JSON."""
        code = {"language_code": self.language_code} if self.language_code else {}
        return {"id": self.id, "is_bot": False, "first_name": self.name, **code}

    def place(self) -> dict[str, Any]:
        """The chat as JSON."""
        return {"id": self.id, "type": "private", "first_name": self.name}

    def _append(self, *, ours: bool, text: str, buttons: Buttons = ()) -> ChatMessage:
        with self._changed:
            made = ChatMessage(
                id=len(self._messages) + self._telegram.first,
                ours=ours,
                text=text,
                buttons=buttons,
                at=datetime.now(UTC),
            )
            self._messages.append(made)
            self._changed.notify_all()
            return made

    def _change(self, message_id: int, text: str) -> ChatMessage:
        with self._changed:
            (place,) = [n for n, message in enumerate(self._messages) if message.id == message_id]
            self._messages[place] = replace(self._messages[place], text=text)
            return self._messages[place]


def _entities(text: str) -> dict[str, Any]:
    """Telegram marks a command at the beginning of a text."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if not (text.startswith("/") and len(word) > 1):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(word)}]}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
