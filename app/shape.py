"""The shape of the catalogue's files as JSON Schema (draft 2020-12), and its mistakes in plain words.

Every part of a schema carries a `description`: an editor that completes fields shows it, a mistake says it.
Texts are held to what can be heard: the ear keeps about 12 seconds of one sentence, at a pace for older
listeners (`core.speech`) some 25 words.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency
from phonenumbers import SUPPORTED_REGIONS

from app.mistakes import Mistake
from app.yaml_lines import Document, FieldPath, spelled
from core.speech import listening_seconds
from core.usage import Paid

Schema = dict[str, Any]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STEP_KINDS = ("number", "date", "yes_no", "choice", "area", "words", "place", "phone")
FEWEST_PHRASES = 5

_SENTENCE_WORDS = 25
_SENTENCE_SECONDS = 12
_SENTENCE_LETTERS = 200
_TITLE_WORDS = 6
_PAPER_WORDS = 12
_SUMMARY_WORDS = 30
_TEXT_WORDS = 60
_ID = "^[a-z][a-z0-9_]*$"
_DAY = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"
_DAYS = f"^{_DAY}( to {_DAY})?$"
_HOURS = "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def schemas() -> Mapping[str, Schema]:
    """The schema of each file, by its name without .yml; `service` is that of all other files."""
    return {
        "town": _town(),
        "categories": _listed(_fields("a category", id=_id(), key=_key(), title=_title())),
        "areas": _listed(_fields("a part of town", id=_id(), key=_key(), title=_title())),
        "papers": _listed(_fields("a paper", id=_id(), title=_text("a paper, in at most 12 words", format="paper"))),
        "offices": _listed(_office()),
        "special_days": _special_days(),
        "rota": _rota(),
        "service": _service(),
    }


def prices() -> Schema:
    """The schema of the file with prices: what each kind of use costs, and where a country's price is another."""
    kinds = tuple(kind.value for kind in Paid)
    price = {"type": "number", "minimum": 0, "maximum": 1_000, "description": "a price of 0 or more, as in 0.0085"}
    each = _fields("prices of a country", may_lack=kinds, **dict.fromkeys(kinds, price))
    countries = {
        "type": "object",
        "description": "countries by their two letters, each with its prices",
        "propertyNames": _text("a country's two capital letters, as in US", format="region"),
        "additionalProperties": each,
    }
    return _fields("prices", may_lack=(*kinds, "countries"), **dict.fromkeys(kinds, price), countries=countries)


def shape_mistakes(document: Document, schema: Schema) -> Iterator[Mistake]:
    """What does not fit the schema, each with its line."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=_hearing())
    for error in validator.iter_errors(document.data):
        yield from _mistakes(document, error)


# --- parts of schemas -------------------------------------------------------------------------------------


def _fields(what: str, *, may_lack: tuple[str, ...] = (), **fields: Schema) -> Schema:
    return {
        "type": "object",
        "description": what,
        "properties": fields,
        "required": [name for name in fields if name not in may_lack],
        "additionalProperties": False,
    }


def _listed(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 1, "description": "a list with at least one entry"}


def _id() -> Schema:
    return _text("an id of small letters, digits and _", pattern=_ID)


def _ids(what: str) -> Schema:
    return {
        "type": "array",
        "items": _id(),
        "uniqueItems": True,
        "description": f"a list of {what}, each once",
    }


def _text(what: str, **rules: object) -> Schema:
    return {"type": "string", "minLength": 1, "description": what, **rules}


def _title() -> Schema:
    return _text(f"a title of 1 to {_TITLE_WORDS} words", format="title")


def _sentences(what: str) -> Schema:
    return _text(f"{what}, in sentences of at most {_SENTENCE_WORDS} words", format="sentences")


def _key() -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": 6, "description": "a key from 1 to 6"}


def _number(what: str, pattern: str) -> Schema:
    return {"type": ["integer", "string"], "pattern": pattern, "description": what}


def _town() -> Schema:
    number = _number("a telephone number of 3 digits", "^[0-9]{3}$")
    emergency = _fields(
        "the emergency number",
        number=number,
        all={"type": "array", "items": number, "minItems": 1, "description": "all numbers that mean danger"},
    )
    department = _fields("a department", id=_id(), title=_title(), office=_id())
    return _fields(
        "what is true for the whole town",
        may_lack=("region",),
        name=_text("the town's name", format="title"),
        country=_text("the country's two letters, as in US", format="region"),
        region=_text("a region's code in quotes, as in NY"),
        phone_region=_text("the country's two letters, as in US", format="region"),
        currency=_text("a currency's three letters, as in USD", format="currency"),
        timezone=_text("a time zone, as in America/New_York", format="timezone"),
        languages=_listed(_text("a language, as in es or zh_Hans", format="language")),
        emergency=emergency,
        main_office=_id(),
        departments=_listed(department),
    )


def _span() -> Schema:
    return _text('hours as in "09:00-17:00", in quotes', pattern=_HOURS)


def _office() -> Schema:
    day = {"type": "array", "items": _span(), "maxItems": 4, "description": "a list of hours, empty when closed"}
    hours = _fields("hours by day, mon to sun", may_lack=DAYS, **dict.fromkeys(DAYS, day))
    return _fields(
        "an office",
        id=_id(),
        title=_title(),
        address=_text("an address of at most 12 words", format="address"),
        phone=_text("a telephone number in quotes", pattern="^[0-9+() .-]+$"),
        hours=hours | {"minProperties": 1},
    )


def _special_days() -> Schema:
    hours = {
        "type": ["array", "string"],
        "pattern": "^(closed|usual)$",
        "items": _span(),
        "minItems": 1,
        "maxItems": 4,
        "description": 'closed, usual, or a list of hours as in ["09:00-12:30"]',
    }
    entry = _fields(
        "days with hours",
        may_lack=("offices", "note"),
        days=_text(
            "a day as in 2026-12-24, or two as in 2026-12-24 to 2027-01-02",
            pattern=_DAYS,
            format="days",
        ),
        offices=_ids("offices") | {"minItems": 1},
        hours=hours,
        note=_text("a note for staff of at most 12 words", format="note"),
    )
    return {"type": ["array", "null"], "items": entry, "description": "a list of days with their hours"}


def _rota() -> Schema:
    people = {"type": "integer", "minimum": 0, "maximum": 500, "description": "a whole number of people, 0 or more"}
    departments = {
        "type": "object",
        "description": "departments, each with how many of its people call back at a time",
        "propertyNames": _id(),
        "additionalProperties": people,
    }
    minutes = {"type": "integer", "minimum": 1, "maximum": 60, "description": "minutes from 1 to 60"}
    rota = _fields(
        "a rota", may_lack=("departments", "others"), minutes=minutes, departments=departments, others=people
    )
    return rota | {"type": ["object", "null"]}


def _service() -> Schema:
    count = {"type": "integer", "minimum": 1, "maximum": 400, "description": "a whole number of 1 or more"}
    time = _fields("", may_lack=("days", "working_days", "weeks"), days=count, working_days=count, weeks=count) | {
        "type": ["string", "object"],
        "description": "a sentence, or one of working_days, days, weeks with a number",
        "minLength": 1,
        "minProperties": 1,
        "maxProperties": 1,
        "format": "sentences",
    }
    amount = {
        "type": "number",
        "minimum": 0,
        "maximum": 1_000_000,
        "description": "a sum of 0 or more, as in 12.50",
    }
    phrases = {
        "type": "array",
        "items": _text("what a resident might say, at most 25 words", format="phrase"),
        "minItems": FEWEST_PHRASES,
        "uniqueItems": True,
        "description": f"at least {FEWEST_PHRASES} different things a resident might say",
    }
    return _fields(
        "a service",
        may_lack=("key", "papers", "amount", "where", "steps", "report", "done"),
        number=_number("three digits", "^[0-9]{3}$") | {"minimum": 0, "maximum": 999},
        category=_id(),
        key=_key(),
        department=_id(),
        title=_title(),
        summary=_text(f"a summary of at most {_SUMMARY_WORDS} words", format="summary"),
        phrases=phrases,
        who=_sentences("who it is for"),
        papers=_ids("papers"),
        cost=_text("what it costs; {amount} stands for the sum", format="cost"),
        amount=amount,
        time=time,
        where=_ids("offices"),
        steps={
            "type": "array",
            "items": _step(),
            "maxItems": 12,
            "description": "a list of at most 12 questions",
        },
        report={"type": "boolean", "description": "true or false"},
        done=_sentences("what happens next"),
    )


def _step() -> Schema:
    bound = {"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000, "description": "a whole number"}
    options = {
        "type": "object",
        "description": "answers to choose from, id: label",
        "minProperties": 1,
        "propertyNames": {"pattern": _ID, "description": "an id of small letters, digits and _"},
        "additionalProperties": _title(),
    }
    return _fields(
        "a question",
        may_lack=("expect", "options", "min", "max", "when", "optional"),
        name=_id(),
        ask=_text("a question, in sentences of at most 25 words", format="sentences"),
        expect={"enum": list(STEP_KINDS), "description": f"one of {', '.join(STEP_KINDS)}"},
        options=options,
        min=bound,
        max=bound,
        when={"enum": ["past", "future"], "description": "past or future"},
        optional={"type": "boolean", "description": "true or false"},
    )


# --- what can be heard ------------------------------------------------------------------------------------


def _hearing() -> jsonschema.FormatChecker:
    """The text rules, as formats that a validator asks."""
    checker = jsonschema.FormatChecker(formats=())
    rules: Mapping[str, Callable[[str], None]] = {
        "title": lambda text: _plain(text, _TITLE_WORDS),
        "summary": lambda text: _plain(text, _SUMMARY_WORDS),
        "sentences": lambda text: _plain(text, _TEXT_WORDS),
        "cost": lambda text: _plain(text.replace("{amount}", "0"), _TEXT_WORDS),
        "phrase": lambda text: _plain(text, _SENTENCE_WORDS),
        "paper": lambda text: _plain(text, _PAPER_WORDS),
        "address": lambda text: _plain(text, _PAPER_WORDS),
        "note": lambda text: _plain(text, _PAPER_WORDS),
        "days": _days,
        "region": _region,
        "currency": _currency,
        "timezone": _timezone,
        "language": _language,
    }
    for name, rule in rules.items():
        checker.checks(name, raises=ValueError)(_on_text(rule))
    return checker


def _on_text(rule: Callable[[str], None]) -> Callable[[object], bool]:
    def holds(value: object) -> bool:
        if isinstance(value, str) and value:
            rule(value)
        return True

    return holds


def _plain(text: str, most_words: int) -> None:
    odd = next((c for c in text if unicodedata.category(c)[0] == "C" and c != "\n"), "")
    if odd:
        raise ValueError(f"text without control characters (found U+{ord(odd):04X})")
    if "{" in text or "}" in text:
        raise ValueError("text without { and }; only cost may say {amount}")
    if not any(c.isalnum() for c in text):
        raise ValueError("words")
    words = len(text.split())
    if words > most_words:
        raise ValueError(f"at most {most_words} words (found {words})")
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        _heard(sentence)


def _heard(sentence: str) -> None:
    words, seconds = len(sentence.split()), listening_seconds(sentence, "en")
    if words > _SENTENCE_WORDS or seconds > _SENTENCE_SECONDS or len(sentence) > _SENTENCE_LETTERS:
        begins = " ".join(sentence.split()[:4])[:40]
        raise ValueError(
            f"sentences of at most {_SENTENCE_WORDS} words and {_SENTENCE_SECONDS} seconds of listening "
            f'(the one that begins "{begins}" has {words} words and takes {seconds:.0f} seconds)'
        )


def _days(text: str) -> None:
    if not re.search(_DAYS, text):
        return  # the pattern says so already
    try:
        first, last = first_and_last(text)
    except ValueError:
        raise ValueError("days that are in the calendar") from None
    if first > last:
        raise ValueError("the first day before the last")


def first_and_last(text: str) -> tuple[date, date]:
    """The days that 2026-12-24 to 2027-01-02 names; a day alone is both. Raises ValueError if there is no such day."""
    words = text.split()
    return date.fromisoformat(words[0]), date.fromisoformat(words[-1])


def _region(text: str) -> None:
    if text not in SUPPORTED_REGIONS:
        raise ValueError("a country's two capital letters, as in US")


def _currency(text: str) -> None:
    if not is_currency(text):
        raise ValueError("a currency's three capital letters, as in USD")


def _timezone(text: str) -> None:
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):  # an unknown name, a folder's name, a name that is no path
        raise ValueError("a time zone of the IANA list, as in America/New_York") from None


def _language(text: str) -> None:
    try:
        Locale.parse(text)
    except (UnknownLocaleError, ValueError, TypeError):
        raise ValueError("a language that Babel knows, as in es or zh_Hans") from None


# --- plain words for what a validator found ---------------------------------------------------------------


def _mistakes(document: Document, error: jsonschema.ValidationError) -> Iterator[Mistake]:
    path: FieldPath = tuple(error.absolute_path)
    schema: Any = error.schema
    if error.validator == "required":
        for name in _missing(error):
            described = schema["properties"][name]["description"]
            yield _mistake(document, (*path, name), f"missing; {described} expected")
    elif error.validator == "additionalProperties":
        for name in _unknown(error.instance, schema["properties"]):
            yield _mistake(document, (*path, name), _meant(name, schema["properties"]))
    elif error.validator == "format":
        yield _mistake(document, path, f"{error.cause} expected")
    else:
        yield _mistake(document, path, _described(error, schema["description"]))


def _missing(error: jsonschema.ValidationError) -> list[str]:
    # Each missing name is reported in an error of its own, and named only in its message.
    required: Any = error.validator_value
    return [name for name in required if error.message.startswith(f"{name!r} ")]


def _unknown(instance: Any, known: Mapping[str, object]) -> list[str]:
    return [name for name in instance if name not in known]


def _meant(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"there is no such field; did you mean {near[0]}?" if near else f"one of the fields {', '.join(known)}"


def _described(error: jsonschema.ValidationError, described: str) -> str:
    expected, value = f"{described} expected", error.instance
    if error.validator == "type" and "string" in str(error.validator_value):
        if isinstance(value, bool):
            return f"{expected}; put quotes round yes, no, true, false, on and off"
        if isinstance(value, int | Decimal):
            return f"{expected}; put quotes round {value}"
    if error.validator == "enum":
        choices: Any = error.validator_value
        near = difflib.get_close_matches(str(value), choices, n=1)
        return f"{expected}; did you mean {near[0]}?" if near else expected
    return expected


def _mistake(document: Document, path: FieldPath, expected: str) -> Mistake:
    return Mistake(file=document.name, line=document.line(path), field=spelled(path), expected=expected)
