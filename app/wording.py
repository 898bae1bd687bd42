"""Phrases into words: `core.ports.Words` on Babel.

A wording is looked for in the language for the channel (`msgctxt`), then in the language, then in English. Digits
are 0 to 9 in every language: they are what the keys of a telephone in the town show, what voices read best, and
what Babel takes for Arabic without a country. Blanks that do not break and narrow blanks become plain ones, since
a single one would make an SMS hold 70 instead of 160 characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from gettext import c2py
from pathlib import Path

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_period_names, match_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from app.po import SOURCE, ids_of, locales, read_po, strings_of
from core.catalog import Town
from core.errors import Misconfigured
from core.phrases import phrase
from core.speech import groups
from core.types import Day, Digits, LanguageName, Listing, Money, Param, Phrase, Quote, Spelled

VOICE = "voice"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BLANKS = re.compile(r"[\u00a0\u202f\u2009]")
_DIRECTION_MARKS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NAMES = re.compile("'[^']*'|E+|c+|MMM+|LLL+")
_JOINERS = "\u200c\u200d"
_FIRST_STRONG, _LEFT_TO_RIGHT, _POP = "\u2068", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language: how it formats, its plural rule, and its messages by context and id."""

    code: str
    locale: Locale
    plural: Callable[[int], int]
    forms: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return self.locale.text_direction == "rtl"


class Wording:
    """Puts phrases into the town's languages; build it with `read_wording`."""

    def __init__(self, tongues: Mapping[str, Tongue], *, currency: str, region: str) -> None:
        self._tongues = tongues
        self._currency = currency
        self._region = region

    def say(self, phrase: Phrase, language: str, context: str = "") -> str:
        tongue = self._tongues.get(language, self._tongues[SOURCE])
        template = self._template(phrase, tongue, context)
        params = {"count": phrase.count, **phrase.params} if phrase.count is not None else phrase.params

        def worded(match: re.Match[str]) -> str:
            value = params.get(match[1])
            return match[0] if value is None else self._param(value, tongue, context)

        return _PLACEHOLDER.sub(worded, template)

    def _template(self, phrase: Phrase, tongue: Tongue, context: str) -> str:
        for spoken in (tongue, self._tongues[SOURCE]):
            for key in ((context, phrase.id), ("", phrase.id)):
                if forms := spoken.forms.get(key):
                    return forms[spoken.plural(abs(phrase.count or 0)) if len(forms) > 1 else 0]
        return phrase.plural if phrase.count not in (None, 1) else phrase.id

    def _param(self, value: Param, tongue: Tongue, context: str) -> str:
        match value:
            case str():
                return value
            case Phrase():
                return self.say(value, tongue.code, context)
            case Listing():
                items = [self.say(item, tongue.code, context) for item in value.items]
                return format_list(items, locale=tongue.locale)
            case Digits():
                return self._digits(value.text, tongue, context)
            case Spelled():
                return self._letters(value.text, tongue, context)
            case Money():
                return _plain(_money(value.amount, self._currency, tongue.locale, context), context)
            case Quote():
                return _quote(value.text, tongue, context)
            case LanguageName():
                return _language_name(value.code, context)
            case datetime():
                day, clock = _day(value, tongue.locale), _time(value.time(), tongue.locale, context)
                moment = phrase("{day} at {time}", day=_plain(day, context), time=_plain(clock, context))
                return self.say(moment, tongue.code, context)
            case time():
                return _plain(_time(value, tongue.locale, context), context)
            case Day():
                return _plain(_day(value.on, tongue.locale), context)
            case date():
                return _plain(format_date(value, "long", locale=tongue.locale), context)
            case int():
                return _plain(format_decimal(value, locale=tongue.locale), context)

    def _letters(self, text: str, tongue: Tongue, context: str) -> str:
        """Each letter or digit by itself with a pause after it; in what is read it stays as it is."""
        if context != VOICE:
            return text
        pause = "، " if tongue.rtl else ", "
        words = (pause.join(c for c in word if c.isalnum()) for word in text.replace("+", "").split())
        return f"{pause.strip()} ".join(word for word in words if word)

    def _digits(self, digits: str, tongue: Tongue, context: str) -> str:
        grouped = self._phone_groups(digits) if digits.startswith("+") else groups(digits)
        if context == VOICE:
            return ", ".join(" ".join(group) for group in grouped)
        text = self._phone(digits) if digits.startswith("+") else " ".join(grouped)
        # Right to left, groups of digits would change places: 123 456 would read 456 123 (Unicode, UAX #9).
        return f"{_LEFT_TO_RIGHT}{text}{_POP}" if tongue.rtl and len(grouped) > 1 else text

    def _phone(self, e164: str) -> str:
        """A telephone number as it is dialled here: without the country's code when it is the town's own."""
        try:
            number = phonenumbers.parse(e164)
        except phonenumbers.NumberParseException:
            return e164
        here = phonenumbers.country_code_for_region(self._region) == number.country_code
        form = phonenumbers.PhoneNumberFormat.NATIONAL if here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, form)

    def _phone_groups(self, e164: str) -> tuple[str, ...]:
        return tuple(re.findall("[0-9]+", self._phone(e164)))


def read_wording(town: Town, folder: Path | None = None) -> Wording:
    """The town's languages from a folder of locales; by default the one that travels with Plainline.

    A language without a file speaks English. Raises `core.errors.Misconfigured` with every file that is broken.
    """
    tongues: dict[str, Tongue] = {}
    mistakes: list[str] = []
    for language in dict.fromkeys((SOURCE, *town.languages)):
        try:
            tongues[language] = _tongue(language, read_po(locales(folder), language), town.phone_region)
        except Misconfigured as broken:
            mistakes += broken.mistakes
    if mistakes:
        raise Misconfigured(mistakes)
    return Wording(tongues, currency=town.currency, region=town.phone_region)


def _tongue(language: str, catalog: Catalog | None, region: str) -> Tongue:
    plural = c2py(get_plural(language).plural_expr)
    return Tongue(code=language, locale=_locale(language, region), plural=plural, forms=dict(_forms(catalog)))


def _locale(language: str, region: str) -> Locale:
    """How the language formats in this region: Spanish in the US writes $12.50, in Spain 12,50 US$."""
    try:
        return Locale.parse(f"{language}_{region}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


def _forms(catalog: Catalog | None) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Finished messages by context and id: neither fuzzy nor with a form left empty."""
    for message in catalog or ():
        strings = strings_of(message)
        if message.id and all(strings) and not message.fuzzy:
            yield (message.context or "", ids_of(message)[0]), strings


def _plain(text: str, context: str) -> str:
    """What Babel made, with plain blanks, and for a voice without marks of direction."""
    text = _BLANKS.sub(" ", text)
    return _DIRECTION_MARKS.sub("", text) if context == VOICE else text


def _money(amount: Decimal, currency: str, locale: Locale, context: str) -> str:
    """A sum without .00. Voices read "$5" well where $ means the town's money, elsewhere they are given words."""
    whole = amount == amount.to_integral_value()
    if context == VOICE and len(get_currency_symbol(currency, locale)) > 1:
        amount = amount.quantize(Decimal(1)) if whole else amount
        return format_currency(amount, currency, locale=locale, format_type="name", currency_digits=not whole)
    pattern = locale.currency_formats["standard"].pattern
    shown = pattern.replace(".00", "") if whole else pattern
    return format_currency(amount, currency, shown, locale=locale, currency_digits=not whole)


def _day(day: date, locale: Locale) -> str:
    """The weekday in full, day and month. CLDR has this only with the names cut short."""
    skeletons = locale.datetime_skeletons
    pattern = skeletons[match_skeleton("MMMMEEEEd", skeletons)].pattern
    return format_date(day, _NAMES.sub(_in_full, pattern), locale=locale)


def _time(clock: time, locale: Locale, context: str) -> str:
    """The time of day; voices are given the half of the day in full (صباحًا, not ص)."""
    pattern = locale.time_formats["short"].pattern
    half = get_period_names("wide", "stand-alone", locale).get("am" if clock.hour < 12 else "pm")
    if context == VOICE and half:
        pattern = re.sub("a+", f"'{half}'", pattern)
    return format_time(clock, pattern, locale=locale)


def _in_full(match: re.Match[str]) -> str:
    """A pattern's letters for weekday or month, asking for the whole name (quoted words stay)."""
    return {"E": "EEEE", "c": "EEEE", "M": "MMMM", "L": "MMMM"}.get(match[0][0], match[0])


def _quote(text: str, tongue: Tongue, context: str) -> str:
    """Someone's words without control characters, kept from turning round the sentence that they stand in."""
    kept = "".join(_kept(c) for c in text).strip()
    if context == VOICE or not kept:
        return kept
    strong = next((d for d in map(unicodedata.bidirectional, kept) if d in ("L", "R", "AL")), "")
    runs_along = strong != "" and (strong != "L") == tongue.rtl
    return kept if runs_along or not (tongue.rtl or strong) else f"{_FIRST_STRONG}{kept}{_POP}"


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in ("Zl", "Zp"):
        return " "
    return "" if category in ("Cc", "Cf", "Cs") and character not in _JOINERS else character


def _language_name(code: str, context: str) -> str:
    """A language named in itself; its script is for the eye alone (中文, not 简体中文)."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return code
    named = locale.languages.get(code) if context != VOICE else None
    return str(named or locale.get_language_name() or code)
