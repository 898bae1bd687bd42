"""Telegram's description of the methods and types that this exchange serves, and whether something keeps to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from simulator.exchange.bot_errors import bad

_PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
}
_ARRAY = "Array of "


class Spec:
    """The trimmed extract in `specs/telegram_bot.json`."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._methods = described["methods"]
        self._types = described["types"]

    @property
    def methods(self) -> frozenset[str]:
        """The names of all methods that are served."""
        return frozenset(self._methods)

    def parameters(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        """The parameters of a request as typed values. Raises `BotError` (400) for what Telegram would not take, and
        for parameters that the extract does not hold: a misspelt one must not pass unseen."""
        fields = {field["name"]: field for field in self._methods[method].get("fields", ())}
        for name in given.keys() - fields.keys():
            raise bad(f"parameter {name} is not known here")
        for name, field in fields.items():
            if field["required"] and not given.get(name):
                raise bad(f"parameter {name} is required" if name != "text" else "message text is empty")
        return {name: self._value(name, fields[name]["types"], text) for name, text in given.items()}

    def _value(self, name: str, types: list[str], text: str) -> Any:
        for kind in types:
            found = _read(kind, text)
            if found is not None and not list(self.mistakes(found, [kind], name)):
                return found
        raise bad(f"can't parse {name}")

    def result(self, method: str, value: Any) -> Any:
        """The answer, if it is what the method returns."""
        return self.held(value, self._methods[method]["returns"], method)

    def held(self, value: Any, types: list[str], where: str) -> Any:
        """The value, if it is of one of these types. What is not would be a mistake in this exchange."""
        wrong = list(self.mistakes(value, types, where))
        if wrong:
            raise AssertionError("; ".join(wrong))
        return value

    def mistakes(self, value: Any, types: list[str], where: str) -> Iterator[str]:
        """How a value differs from all of these types; nothing if it is of one of them."""
        found = [list(self._of(value, kind, where)) for kind in types]
        if all(found):
            yield from found[0]

    def _of(self, value: Any, kind: str, where: str) -> Iterator[str]:
        if kind in _PLAIN:
            right = isinstance(value, _PLAIN[kind]) and (kind == "Boolean" or not isinstance(value, bool))
            if not right:
                yield f"{where}: {value!r} is no {kind}"
        elif kind.startswith(_ARRAY):
            yield from self._array(value, kind.removeprefix(_ARRAY), where)
        elif "subtypes" in self._types[kind]:
            yield from self.mistakes(value, self._types[kind]["subtypes"], where)
        else:
            yield from self._object(value, kind, where)

    def _array(self, value: Any, kind: str, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: not an array"
            return
        for n, one in enumerate(value):
            yield from self._of(one, kind, f"{where}[{n}]")

    def _object(self, value: Any, kind: str, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: no {kind}"
            return
        fields = {field["name"]: field for field in self._types[kind]["fields"]}
        yield from (f"{where}.{name}: {kind} has no such field" for name in value.keys() - fields.keys())
        for name, field in fields.items():
            if name in value:
                yield from self.mistakes(value[name], field["types"], f"{where}.{name}")
            elif field["required"]:
                yield f"{where}.{name}: missing"


def read_spec() -> Spec:
    """The extract that comes with this exchange."""
    file = resources.files("simulator.exchange") / "specs" / "telegram_bot.json"
    return Spec(json.loads(file.read_text("utf-8")))


def _read(kind: str, text: str) -> Any:
    """A form's field as this type, None if it is none: numbers and JSON travel as text."""
    if kind == "String":
        return text
    try:
        return json.loads(text if kind != "Boolean" else text.lower())
    except ValueError:
        return None
