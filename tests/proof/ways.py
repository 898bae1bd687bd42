"""Residents who do the same things by different ways: by key, by button, by number or in words.

What they do enters through each channel's own mapping and `Assistant.handle` (`here`), or goes the whole way over HTTP
through the exchange (`over_http`). Both look the same to a story that is told with them.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Protocol

from sqlalchemy import select

from app.bootstrap import Plainline
from app.channels import Channel
from bot.inbound import Ignored, Mapper
from core import state
from core.ports import Received
from core.render import Message
from core.types import Answer, Conversation, Inbound, Medium
from ivr import inbound, twiml
from ivr.voices import heard_languages
from store import schema
from store.database import Database
from tests.bot.line import Line as BotLine
from tests.calls.line import ON_WHATSAPP, OURS, SECRET
from tests.calls.line import Caller as HttpCaller
from tests.calls.line import Line as CallLine


class Way(StrEnum):
    """How a resident tells us what they choose."""

    KEYS = "voice by keys"
    SPEECH = "voice by speech"
    NUMBERS = "SMS by numbers"
    WORDS = "SMS by words"
    BUTTONS = "chat by buttons"
    CHAT_WORDS = "chat by words"
    WHATSAPP = "WhatsApp by numbers"

    @property
    def medium(self) -> Medium:
        """What it is done on."""
        return _MEDIUM[self]

    @property
    def in_words(self) -> bool:
        """Whether choices are named, rather than their keys or buttons pressed."""
        return self in (Way.SPEECH, Way.WORDS, Way.CHAT_WORDS)


_MEDIUM = {
    Way.KEYS: Medium.VOICE,
    Way.SPEECH: Medium.VOICE,
    Way.NUMBERS: Medium.SMS,
    Way.WORDS: Medium.SMS,
    Way.BUTTONS: Medium.CHAT,
    Way.CHAT_WORDS: Medium.CHAT,
    Way.WHATSAPP: Medium.CHAT,
}
LATER_BY_KEY = "words by key on the telephone"
TYPED = "what is no choice, by button"
ON_PURPOSE = {
    LATER_BY_KEY: "a keypad has no letters: the answer is left for the person who calls back, and the case is opened",
    TYPED: "a button stands for a choice: a number, a day, a name or an address is typed",
}
"""Where one way answers otherwise than the others on purpose, and why."""


def ways(language: str) -> tuple[Way, ...]:
    """The ways that there are in a language: speech only where the telephone recognises it."""
    return tuple(way for way in Way if way is not Way.SPEECH or language in heard_languages())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database knows of conversations: the truth that a story is held against."""

    database: Database

    def latest(self, conversation: str) -> tuple[Conversation, tuple[Message, ...]]:
        """A conversation as it stands, and its last answer."""
        rows, turns = schema.conversations, schema.turns
        query = select(rows.c.state, turns.c.messages).join(turns, turns.c.conversation == rows.c.id)
        mine = query.where(rows.c.id == conversation).order_by(turns.c.version.desc()).limit(1)
        with self.database.reading() as connection:
            found = connection.execute(mine).one()
        return state.read_conversation(found.state), state.read_messages(found.messages)

    def cases(self, conversation: str) -> list[tuple[str, dict[str, Answer]]]:
        """The cases that came of it: the service, and the answers."""
        table = schema.cases
        with self.database.reading() as connection:
            rows = connection.execute(select(table).where(table.c.conversation == conversation)).all()
        return [(row.service, dict(state.read_answers(row.answers))) for row in rows]


class Hand(Protocol):
    """What a resident does things with. `heard` is what they got for the last thing, `number` their telephone's."""

    conversation: str
    number: str

    @property
    def heard(self) -> str: ...
    def begin(self) -> None:
        """Call, write something, or press "start"."""
        ...

    def type(self, digits: str) -> None:
        """Press keys, on the telephone; elsewhere write them."""
        ...

    def press(self, data: str) -> None:
        """Press a button of the chat."""
        ...

    def say(self, words: str) -> None:
        """Say or write it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A state in which something is to be chosen, and the message that asks."""

    now: Conversation
    last: Message


@dataclass(frozen=True, kw_only=True)
class Resident:
    """Somebody who keeps to one way. `differed` collects what only another way could do, `seen` what was asked."""

    way: Way
    language: str
    hand: Hand
    stored: Stored
    differed: set[str] = field(default_factory=set)
    seen: dict[object, Asked] = field(default_factory=dict)

    @property
    def now(self) -> Conversation:
        """Where they stand."""
        return self.stored.latest(self.hand.conversation)[0]

    @property
    def offered(self) -> dict[str, tuple[str, str]]:
        """What can be chosen now: each id, with its key and its words."""
        _, messages = self.stored.latest(self.hand.conversation)
        return {o.id: (o.key, o.label) for o in messages[-1].options if o.key}

    def choose(self, id: str) -> None:
        """Choose one of the choices by their way."""
        now, messages = self.stored.latest(self.hand.conversation)
        self.seen[(now.medium, now.language, now.place, now.offered)] = Asked(now=now, last=messages[-1])
        key, label = next((o.key, o.label) for o in messages[-1].options if o.id == id)
        if self.way.in_words:
            self.hand.say(label)
        elif self.way is Way.BUTTONS:
            self.hand.press(f"{now.turn}:{id}")
        else:
            self.hand.type(key)


# --- in this process -----------------------------------------------------------------------------------------------

_counter = itertools.count(1)


@dataclass(kw_only=True)
class _Here:
    """A hand whose doings go through the channel's mapping and the assistant, with no server in between."""

    plainline: Plainline
    conversation: str = ""
    number: str = ""
    said: tuple[Message, ...] = ()
    serial: int = field(default_factory=partial(next, _counter))

    @property
    def heard(self) -> str:
        return "\n".join(message.text for message in self.said)

    def handle(self, said: Inbound, channel: Channel) -> None:
        self.said = self.plainline.assistant.handle(said, channel.capabilities)

    def sid(self, kind: str) -> str:
        return f"{kind}{next(_counter):032x}"

    def press(self, data: str) -> None:
        raise AssertionError(f"there is no button here to send {data}")


class PhoneHere(_Here):
    """A telephone call."""

    def begin(self) -> None:
        self.conversation, self.number = self.sid("CA"), f"+1415555{self.serial % 10_000:04}"
        self.form = {"CallSid": self.conversation, "From": self.number}
        self.handle(inbound.call_began(self.form, self.plainline.clock()), self.plainline.channel("voice"))

    def type(self, digits: str) -> None:
        self._answer(Digits=digits)

    def say(self, words: str) -> None:
        spoken = twiml.answer(self.said, self.conversation, SECRET, OURS)
        assert 'input="dtmf speech"' in spoken, "nobody listens to words here"
        self._answer(SpeechResult=words, Confidence="0.9")

    def _answer(self, **parameters: str) -> None:
        turn = self.said[-1].turn
        said = inbound.call_answered(self.form | parameters, turn, self.plainline.clock())
        self.handle(said, self.plainline.channel("voice"))


class TextsHere(_Here):
    """Text messages, or with a prefix messages on WhatsApp."""

    prefix = ""

    def begin(self) -> None:
        self.number = f"+1415555{self.serial % 10_000:04}"
        self.conversation = inbound.thread(f"{self.prefix}{self.number}", OURS, SECRET)
        self.say("?")

    def type(self, digits: str) -> None:
        self.say(digits)

    def say(self, words: str) -> None:
        form = {"MessageSid": self.sid("SM"), "From": f"{self.prefix}{self.number}", "To": OURS, "Body": words}
        said = inbound.text_came(form, SECRET, self.plainline.clock())
        self.handle(said, self.plainline.channel(said.address.channel if said.address else "sms"))


class WhatsAppHere(TextsHere):
    """Messages on WhatsApp."""

    prefix = "whatsapp:"


class ChatHere(_Here):
    """A chat with the bot."""

    def begin(self) -> None:
        self.mapper = Mapper(languages=self.plainline.catalog.town.languages, secret=SECRET)
        self.conversation = self.mapper.conversation(self.serial)
        self.say("/start")

    def type(self, digits: str) -> None:
        self.say(digits)

    def say(self, words: str) -> None:
        place = {"id": self.serial, "type": "private", "first_name": "Ana"}
        self._update(message={"message_id": next(_counter), "date": 1, "chat": place, "from": self._me, "text": words})

    def press(self, data: str) -> None:
        asked = {"id": str(next(_counter)), "from": self._me, "chat_instance": "1", "data": data}
        self._update(callback_query=asked)

    @property
    def _me(self) -> dict[str, object]:
        return {"id": self.serial, "is_bot": False, "first_name": "Ana"}

    def _update(self, **about: object) -> None:
        id = next(_counter)
        payload = json.dumps({"update_id": id, **about})
        came = Received(id=id, conversation=self.conversation, payload=payload, came=self.plainline.clock())
        said = self.mapper.read(came)
        assert not isinstance(said, Ignored), said
        self.handle(said, self.plainline.channel("telegram"))


def here(plainline: Plainline, way: Way) -> Hand:
    """A new resident's hand, in this process."""
    if way.medium is Medium.VOICE:
        return PhoneHere(plainline=plainline)
    if way is Way.WHATSAPP:
        return WhatsAppHere(plainline=plainline)
    return TextsHere(plainline=plainline) if way.medium is Medium.SMS else ChatHere(plainline=plainline)


# --- over HTTP -----------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class PhoneOverHttp:
    """A call through the exchange."""

    line: CallLine
    number: str
    conversation: str = ""

    def begin(self) -> None:
        self.caller: HttpCaller = self.line.caller(from_=self.number)
        self.conversation = self.caller.call.sid

    @property
    def heard(self) -> str:
        return self.caller.heard

    def type(self, digits: str) -> None:
        gather = self.caller.call.gather
        assert gather is not None, self.caller.call.transcript()
        self.caller.press(digits if gather.num_digits == 1 else f"{digits}#")

    def press(self, data: str) -> None:
        raise AssertionError(f"a telephone has no button to send {data}")

    def say(self, words: str) -> None:
        self.caller.say(words)


@dataclass(kw_only=True)
class TextsOverHttp:
    """Texts, or messages on WhatsApp, through the exchange; the worker sends the answers."""

    line: CallLine
    number: str
    conversation: str = ""
    on_whatsapp: bool = False

    def begin(self) -> None:
        self.texter = (self.line.on_whatsapp if self.on_whatsapp else self.line.texter)(number=self.number)
        ours = f"whatsapp:{ON_WHATSAPP}" if self.on_whatsapp else OURS
        self.conversation = inbound.thread(self.texter.number, ours, SECRET)
        self.say("?")

    @property
    def heard(self) -> str:
        return self.texter.answer

    def type(self, digits: str) -> None:
        self.say(digits)

    def say(self, words: str) -> None:
        self.texter.write(words)

    def press(self, data: str) -> None:
        raise AssertionError(f"a text has no button to send {data}")


@dataclass(kw_only=True)
class ChatOverHttp:
    """A chat through the exchange, answered by a bot that runs."""

    line: BotLine
    id: int
    number: str = ""
    conversation: str = ""

    def begin(self) -> None:
        town = self.line.plainline.catalog.town
        self.resident = self.line.resident(id=self.id)
        self.conversation = Mapper(languages=town.languages, secret=SECRET).conversation(self.id)
        self.say("/start")

    @property
    def heard(self) -> str:
        return self.resident.answer

    def type(self, digits: str) -> None:
        self.say(digits)

    def say(self, words: str) -> None:
        self.resident.write(words)

    def press(self, data: str) -> None:
        shown = (m for m in reversed(self.resident.chat.received) if data in [sent for _, sent in m.buttons])
        message = next(shown)  # what is not shown cannot be pressed
        self.resident.does(partial(self.resident.chat.press, message.id, data))


def over_http(calls: CallLine, chats: BotLine, way: Way) -> Hand:
    """A new resident's hand, whose doings go the whole way."""
    serial = next(_counter)
    number = f"+1415555{serial % 10_000:04}"
    if way.medium is Medium.VOICE:
        return PhoneOverHttp(line=calls, number=number)
    if way.medium is Medium.SMS or way is Way.WHATSAPP:
        return TextsOverHttp(line=calls, number=number, on_whatsapp=way is Way.WHATSAPP)
    return ChatOverHttp(line=chats, id=serial)
