"""What all our web pages share: their language, their words, and the headers that keep a browser safe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time

from core.phrases import counted, phrase, text
from core.ports import Words
from core.types import Param, Phrase

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every page (OWASP ASVS 5.0, V3.4). Scripts and styles are files of our own, so none stands in a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The words of one page in one language; templates call `say` and `several`, which `services messages` reads."""

    words: Words
    language: str

    @property
    def tag(self) -> str:
        """The language for HTML's lang attribute (BCP 47): zh-Hans."""
        return self.language.replace("_", "-")

    @property
    def direction(self) -> str:
        """The direction of writing for HTML's dir attribute."""
        return Locale.parse(self.language).text_direction

    def say(self, msgid: str | Phrase, /, **params: Param) -> str:
        """A sentence. A parameter that is a str is neither translated nor altered."""
        return self.words.say(msgid if isinstance(msgid, Phrase) else phrase(msgid, **params), self.language)

    def several(self, one: str, many: str, count: int, /, **params: Param) -> str:
        """A sentence whose form depends on `count`."""
        return self.words.say(counted(one, many, count, **params), self.language)

    def name(self, code: str) -> str:
        """A language, named in itself."""
        return str(Locale.parse(code).get_language_name(code) or code)

    def language_name(self, code: str) -> str:
        """A language, named in the language of the page; the code itself where that has no name."""
        page = Locale.parse(self.language)
        with suppress(UnknownLocaleError):
            return str(Locale.parse(code, resolve_likely_subtags=False).get_display_name(page) or code)
        return str(page.languages.get(code, code))

    def clock(self, at: datetime) -> str:
        """The time of day, as the language writes it. `at` is in the zone it is to be shown in."""
        return str(format_time(at, "short", locale=Locale.parse(self.language)))

    def month(self, first: date) -> str:
        """The month and the year of a day, as the language writes them."""
        return str(format_skeleton("yMMMM", first, locale=Locale.parse(self.language)))

    def moment(self, at: datetime) -> str:
        """Day and time, as the language writes them. `at` is in the zone it is to be shown in."""
        return self.words.say(text("{at}", at=at), self.language)


def pick_language(wanted: str, accepted: Iterable[str], offered: tuple[str, ...]) -> str:
    """The language of a page: what was asked for, else what the browser accepts (best first), else the first."""
    if wanted in offered:
        return wanted
    sought = [code.replace("-", "_") for code in accepted]
    sought += [code.partition("_")[0] for code in sought]
    short = {code.partition("_")[0]: code for code in reversed(offered)}
    return next((short.get(code, code) for code in sought if code in short or code in offered), offered[0])
