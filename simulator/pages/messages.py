"""Text messages and the chat of a made-up resident: what they show, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping

from app.pages import Page
from core.phrases import phrase
from core.types import Phrase
from simulator.exchange import Exchange
from simulator.exchange.bot_chats import Chat
from simulator.exchange.texts import Text
from simulator.pages.people import Person

LONGEST_TEXT = 1600
"""Characters of one text message (Twilio docs, messaging/api/message-resource: Body)."""

LONGEST_CHAT = 10_000
"""Characters written at once; the exchange sends more than 4,096 in pieces, as a telephone does."""

SWITCHED_OFF = 30003
"""Twilio's error code for a telephone that is switched off."""

STATUSES: Mapping[str, Phrase] = {
    "queued": phrase("On its way"),
    "accepted": phrase("On its way"),
    "sent": phrase("On its way"),
    "delivered": phrase("Delivered"),
    "undelivered": phrase("Did not arrive: the telephone is switched off"),
    "failed": phrase("Could not be sent"),
}
"""What became of a text to them."""


class TextMessages:
    """Everyone's text messages."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def shows(self, who: Person, page: Page) -> dict[str, object]:
        """The thread with the office's number."""
        return {
            "messages": [_text(text, page) for text in self._thread(who)],
            "off": who.number in self.exchange.texts.fates,
        }

    def _thread(self, who: Person) -> list[Text]:
        return [text for text in list(self.exchange.texts.all) if who.number in (text.from_, text.to)]

    def send(self, who: Person, words: str) -> None:
        """Send a text to the office."""
        self.exchange.sms(who.number, "", words)

    def switch(self, who: Person, *, off: bool) -> None:
        """Switch the telephone off, so that texts do not arrive, or on again."""
        if off:
            self.exchange.texts.fate(who.number, "undelivered", SWITCHED_OFF)
        else:
            self.exchange.texts.fates.pop(who.number, None)


def _text(text: Text, page: Page) -> dict[str, object]:
    mine = text.direction == "inbound"
    status = None if mine else STATUSES.get(text.status)
    return {
        "id": text.sid,
        "mine": mine,
        "text": text.body,
        "status": page.say(status) if status else "",
        "bad": text.status in ("undelivered", "failed"),
        "buttons": [],
    }


class Chats:
    """Everyone's chat with the office."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def chat(self, who: Person) -> Chat:
        """Their chat. The telephone's language is what they speak; the name that of their profile."""
        return self.exchange.chat(who.chat, who.name, who.language.replace("_", "-").lower())

    def shows(self, who: Person, page: Page) -> dict[str, object]:  # noqa: ARG002 every device is given the page
        """The whole chat, and the last word that a pressed button was answered with."""
        chat = self.chat(who)
        return {
            "messages": [
                {
                    "id": str(one.id),
                    "mine": not one.ours,
                    "text": one.text,
                    "status": "",
                    "bad": False,
                    "buttons": [{"label": label, "data": data} for label, data in one.buttons],
                }
                for one in chat.messages
            ],
            "off": chat.blocked,
            "notice": (chat.notices or ("",))[-1],
        }

    def send(self, who: Person, words: str) -> None:
        """Write to the office."""
        self.chat(who).send(words)

    def press(self, who: Person, message: int, data: str) -> None:
        """Press a button under a message."""
        self.chat(who).press(message, data)

    def switch(self, who: Person, *, off: bool) -> None:
        """Block the office, or let it write again."""
        chat = self.chat(who)
        if off != chat.blocked:
            (chat.block if off else chat.unblock)()
