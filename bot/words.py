"""The commands that Telegram shows in its menu, in each of the town's languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiogram.types import BotCommand

from core.phrases import phrase
from core.ports import Words

COMMANDS = {
    "menu": phrase("the first menu"),
    "person": phrase("a person who answers you"),
    "language": phrase("another language"),
    "back": phrase("one step back"),
    "again": phrase("the question again"),
    "help": phrase("what you can write here"),
    "stop": phrase("no more messages from us"),
}
"""Words that work everywhere (`core.types.Command`), most wanted first."""


def menus(words: Words, languages: Iterable[str]) -> Mapping[str, list[BotCommand]]:
    """The menu for each two-letter language code of Telegram's; "" is for every language that the town has not."""
    known = list(languages)
    made = {language.partition("_")[0]: _menu(words, language) for language in known}
    return {"": _menu(words, known[0]), **made}


def _menu(words: Words, language: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=words.say(told, language, "chat")) for name, told in COMMANDS.items()]
