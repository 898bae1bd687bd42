"""The central values as JSON text and back, exactly: conversations, answers and messages.

The stored form is meant to be read in a log or a database shell. A field is left out when it is empty and
empty is its default; a string, a number, true and false stand for themselves; a date, a telephone number
and "later" are objects of one field. A field that a newer version added takes its default, one that an
older version had is passed over, so that a conversation begun before an update goes on after it.

Text comes back exactly as long as it is Unicode; half a surrogate pair, which no encoding can carry,
becomes "?".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.render import Message, Option
from core.types import Answer, Conversation, Later, Phone, Recording, Understanding

Json = Any
"""What the json module writes and reads: str, int, float, bool, None, list, dict."""


def write_conversation(conversation: Conversation) -> str:
    """The conversation as JSON text."""
    return _text(conversation)


def read_conversation(text: str) -> Conversation:
    """The conversation that was written as `text`. Raises ValueError or TypeError if none was."""
    read: Callable[[Json], Conversation] = _reader(Conversation)
    return read(json.loads(text))


def write_answers(answers: Mapping[str, Answer]) -> str:
    """The answers of a form as JSON text, in their order."""
    return _text(answers)


def read_answers(text: str) -> dict[str, Answer]:
    """The answers that were written as `text`. Raises ValueError or TypeError if none were."""
    return {name: _answer(value) for name, value in json.loads(text).items()}


def write_messages(messages: tuple[Message, ...]) -> str:
    """Messages as JSON text."""
    return _text(messages)


def read_messages(text: str) -> tuple[Message, ...]:
    """The messages that were written as `text`. Raises ValueError or TypeError if none were."""
    return tuple(_reader(Message)(message) for message in json.loads(text))


def write_options(turn: int, options: tuple[Option, ...]) -> str:
    """The choices of a text with the turn they belong to, as JSON text; "" for none."""
    return _text({"turn": turn, "options": options}) if options else ""


def read_options(text: str) -> tuple[int, tuple[Option, ...]]:
    """The turn and the choices that were written as `text`. Raises ValueError or TypeError if none were."""
    if not text:
        return 0, ()
    read = json.loads(text)
    return read["turn"], tuple(_reader(Option)(option) for option in read["options"])


def write_understanding(meant: Understanding) -> str:
    """What was believed, as JSON text; "" where nothing had to be understood."""
    return _text(meant) if meant != Understanding() else ""


def read_understanding(text: str) -> Understanding:
    """What was believed. Raises ValueError or TypeError if `text` holds nothing of the kind."""
    read: Callable[[Json], Understanding] = _reader(Understanding)
    return read(json.loads(text)) if text else Understanding()


def _told(value: object) -> Json:
    """What stands in JSON for a value that the json module does not know."""
    match value:
        case Phone():
            return {"phone": value.e164}
        case Later():
            return {"later": True}
        case Recording():
            return {"recording": value.id, "seconds": value.seconds}
        case datetime():
            raise TypeError("a moment is no answer; a day is")
        case date():
            return {"date": value.isoformat()}
        case _:
            kind: Any = type(value)
            return {name: told for name, empty in _columns(kind) if (told := getattr(value, name)) or told != empty}


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_told)


def _text(value: object) -> str:
    return _ENCODER.encode(value).encode("utf-8", "replace").decode("utf-8")


@cache
def _columns(kind: Any) -> tuple[tuple[str, object], ...]:
    """A record's fields, each with the empty value that is left out (a value of its own if none is)."""
    defaults = ((f.name, f.default if f.default_factory is MISSING else f.default_factory()) for f in fields(kind))
    return tuple((name, MISSING if default else default) for name, default in defaults)


def _answer(value: Json) -> Answer:
    match value:
        case {"phone": str(e164)}:
            return Phone(e164=e164)
        case {"later": True}:
            return Later()
        case {"recording": str(id), "seconds": int(seconds)}:
            return Recording(id=id, seconds=seconds)
        case {"date": str(day)}:
            return date.fromisoformat(day)
        case str() | int():
            return value
        case _:
            raise TypeError(f"{type(value).__name__} is no answer")


Reads = Callable[[Json], Any]


@cache
def _reader(kind: Any) -> Reads:
    """How a value of this type is made from its JSON."""
    if kind == Answer:
        return _answer
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType) and NoneType in inner:
        return _optional(_reader(reduce(or_, (part for part in inner if part is not NoneType))))
    if origin is tuple:
        return _several(_reader(inner[0]))
    if origin is Mapping:
        return _named(_reader(inner[1]))
    if is_dataclass(kind):
        return _record(kind)
    return kind if issubclass(kind, Enum) else _plain(kind)


def _optional(read: Reads) -> Reads:
    return lambda value: None if value is None else read(value)


def _several(read: Reads) -> Reads:
    return lambda value: tuple(read(item) for item in value)


def _named(read: Reads) -> Reads:
    return lambda value: {name: read(item) for name, item in value.items()}


def _record(kind: Any) -> Reads:
    hints = get_type_hints(kind)
    readers = {f.name: _reader(hints[f.name]) for f in fields(kind)}

    def read(value: Json) -> Any:
        return kind(**{name: readers[name](item) for name, item in value.items() if name in readers})

    return read


def _plain(kind: type) -> Reads:
    def read(value: Json) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
        return value

    return read
