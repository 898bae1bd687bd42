"""Telegram's updates into `Inbound`. What is none of a resident's doings in a private chat is `Ignored`."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from pydantic import ValidationError

from bot.channel import NAME
from core.ports import Received
from core.types import Address, Inbound, Kind, Medium, Pick

LONGEST = 10_000
"""Characters of one message that are looked at."""

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that Telegram is asked for. We get no others, and need none."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DATA = re.compile(r"^(?P<turn>[0-9]{1,9}):(?P<choice>.+)$", re.DOTALL)
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
_NO_TURN = -1
_RECORDINGS = ("voice", "audio", "video_note")
_PICTURES = ("photo", "video", "animation", "sticker", "document", "live_photo", "paid_media", "story")
_PLACES = ("location", "venue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """An update that needs no turn, and why. `group`: the chat to leave, where we were added to one; 0 for none."""

    why: str
    group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapper:
    """What the mapping needs to know: the town's languages, and the secret that keeps chat ids out of ours."""

    languages: Collection[str]
    secret: str

    def read(self, received: Received) -> Inbound | Ignored:
        """What the resident did."""
        try:
            update = Update.model_validate(json.loads(received.payload))
        except (ValidationError, ValueError):
            return Ignored(why="unreadable")
        if update.message:
            return self._message(update.message, received)
        if update.callback_query:
            return self._pressed(update.callback_query, received)
        if update.my_chat_member:
            return self._member(update.my_chat_member, received)
        return Ignored(why="edited" if update.edited_message else "kind")

    def conversation(self, chat: int) -> str:
        """The id of the conversation in a chat: a keyed hash, so that our ids hold none of Telegram's."""
        return "chat-" + hmac.new(self.secret.encode(), str(chat).encode(), hashlib.sha256).hexdigest()[:32]

    def conversation_in(self, update: Mapping[str, Any]) -> str:
        """The conversation that an update belongs to, read from its JSON: what one does comes in order. "" for none."""
        inner = [value for value in update.values() if isinstance(value, dict)]
        owners = [about[name] for name in ("chat", "from") for about in inner if isinstance(about.get(name), dict)]
        numbers = [owner["id"] for owner in owners if isinstance(owner.get("id"), int)]
        return self.conversation(numbers[0]) if numbers else ""

    def query(self, received: Received) -> str:
        """The id by which a pressed button is confirmed, "" for any other update."""
        pressed = json.loads(received.payload).get("callback_query")
        return str(pressed.get("id", "")) if isinstance(pressed, dict) else ""

    def _message(self, message: Message, received: Received) -> Inbound | Ignored:
        if not _private(message.chat):
            return Ignored(why="group")
        kind, text = _content(message)
        if kind is None:
            return Ignored(why="service_message")
        return self._inbound(message.chat.id, message.from_user, received, f"message:{message.message_id}", kind, text)

    def _pressed(self, query: CallbackQuery, received: Received) -> Inbound | Ignored:
        """A button: anything may come back in its data, and what is not ours is a button of no question."""
        if query.message and not _private(query.message.chat):
            return Ignored(why="group")
        found = _DATA.match(query.data or "")
        pick = Pick(choice=found["choice"], turn=int(found["turn"])) if found else Pick(choice="", turn=_NO_TURN)
        name = f"button:{query.id}"
        return self._inbound(query.from_user.id, query.from_user, received, name, Kind.PICK, "", pick)

    def _member(self, change: ChatMemberUpdated, received: Received) -> Inbound | Ignored:
        """Blocked: as if STOP came from outside. Whoever lets us write again begins with /start."""
        status = change.new_chat_member.status
        if not _private(change.chat):
            ours = status in (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
            return Ignored(why="group", group=change.chat.id if ours else 0)
        if status != ChatMemberStatus.KICKED:
            return Ignored(why="unblocked")
        return self._inbound(change.chat.id, change.from_user, received, f"blocked:{received.id}", Kind.STOP, "")

    def _inbound(
        self,
        chat: int,
        person: User | None,
        received: Received,
        message_id: str,
        kind: Kind,
        text: str,
        pick: Pick | None = None,
    ) -> Inbound:
        return Inbound(
            conversation=self.conversation(chat),
            medium=Medium.CHAT,
            address=Address(channel=NAME, value=str(chat)),
            message_id=message_id,
            kind=kind,
            text=text,
            pick=pick,
            language_hint=hinted(person.language_code or "" if person else "", self.languages),
            at=received.came,
        )


def hinted(code: str, languages: Collection[str]) -> str:
    """The town's language for a telephone's language code ("es-MX", "zh-hans"), "" if it has none: then it is asked.

    Who reads traditional Chinese characters is asked too, where the town has simplified ones.
    """
    parts = code.lower().replace("_", "-").split("-")
    for language in languages:
        own, *script = language.lower().split("_")
        if own == parts[0] and not ("hans" in script and _TRADITIONAL & set(parts)):
            return language
    return ""


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, cut at `LONGEST` characters."""
    return _CONTROL.sub(" ", text[:LONGEST]).encode("utf-8", "replace").decode("utf-8")


def _private(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE


def _content(message: Message) -> tuple[Kind | None, str]:
    """What was sent, and its words. A telephone number that is shared is taken for one that was typed."""
    written = message.text or message.caption or (message.contact.phone_number if message.contact else "")
    if written:
        return _words(clean(written))
    kinds = ((Kind.RECORDING, _RECORDINGS), (Kind.PICTURE, _PICTURES), (Kind.PLACE, _PLACES))
    sent = (kind for kind, names in kinds if any(getattr(message, name, None) for name in names))
    return next(sent, None), ""


def _words(text: str) -> tuple[Kind, str]:
    """Words, or a command ("/help", "/help@our_bot"), which is a word. What follows /start, a code, is words too."""
    if not text.startswith("/"):
        return Kind.TEXT, text
    command, _, rest = text[1:].partition(" ")
    word = command.partition("@")[0]
    if word == "start" and not rest.strip():
        return Kind.START, ""
    return Kind.TEXT, rest.strip() if word == "start" else f"{word} {rest}".strip()
