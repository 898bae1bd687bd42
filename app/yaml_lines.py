"""YAML read strictly, with the line of every field.

Only what a service file needs is read: mappings with text keys, lists, texts, whole and decimal numbers, yes
and no. Aliases, tags of one's own, a field given twice and keys that YAML takes for something else than text
are mistakes. Dates and times stay texts: YAML 1.1 would make 12:30 the number 750.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import yaml

from app.mistakes import Mistake

FieldPath = tuple[str | int, ...]
"""Where a value stands: names of fields and places in lists (from 0)."""

_DEEPEST = 12
_LARGEST = 200_000
_BOOL, _INT, _FLOAT, _NULL = (f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "null"))
_TEXT = "tag:yaml.org,2002:str"
_TRUE = frozenset({"yes", "true", "on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as plain data (None if it could not be read), the line of each field, and its mistakes."""

    name: str
    data: object
    lines: Mapping[FieldPath, int]
    mistakes: tuple[Mistake, ...] = ()

    def line(self, path: FieldPath) -> int:
        """The line of a field, or of the nearest thing around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(name: str, content: bytes) -> Document:
    """The file's content as a `Document`; never raises for any content."""
    try:
        root = _compose(content)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _unreadable(name, mark.line + 1 if mark else 1, f"{error.problem or error.context}{_hint(error)}")
    except yaml.reader.ReaderError as error:
        return _unreadable(name, _line_at(content, error.position), "characters that can be printed")
    except UnicodeDecodeError as error:
        return _unreadable(name, content.count(b"\n", 0, error.start) + 1, "text saved as UTF-8")
    except (ValueError, OverflowError):
        return _unreadable(name, 1, "escapes (\\u, \\U) of characters that exist")
    builder = _Builder(name)
    data = builder.build(root, ()) if root is not None else None
    return Document(name=name, data=data, lines=builder.lines, mistakes=tuple(builder.mistakes))


def _hint(error: yaml.MarkedYAMLError) -> str:
    marks = isinstance(error, yaml.parser.ParserError | yaml.scanner.ScannerError)
    return "; put quotes round a text with any of : ? # , { [ in it" if marks else ""


def _compose(content: bytes) -> yaml.Node | None:
    if len(content) > _LARGEST:
        raise yaml.MarkedYAMLError(problem=f"a file of at most {_LARGEST:,} bytes")
    loader = _Loader(content.decode("utf-8-sig"))
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _line_at(content: bytes, position: int) -> int:
    return content.decode("utf-8-sig").count("\n", 0, position) + 1


def _unreadable(name: str, line: int, problem: str) -> Document:
    mistake = Mistake(file=name, line=line, field="", expected=f"this cannot be read as YAML: {problem}")
    return Document(name=name, data=None, lines={}, mistakes=(mistake,))


class _Loader(yaml.SafeLoader):
    """Composes nodes, knows only the kinds of value named above, and stops at aliases and great depth."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 (PyYAML's name for it)
    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise self._refused("no aliases (*)")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._refused("lists inside lists too deep")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _refused(self, problem: str) -> yaml.MarkedYAMLError:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # types-PyYAML leaves this one out
        return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


_WHOLE = re.compile(r"^-?(?:0|[1-9][0-9]{0,11})$")
_DECIMAL = re.compile(r"^-?(?:0|[1-9][0-9]{0,11})\.[0-9]{1,6}$")
_YES_NO = re.compile(r"^(?:yes|no|true|false|on|off)$", re.IGNORECASE)
_NOTHING = re.compile(r"^(?:~|null|)$", re.IGNORECASE)

for _tag, _pattern, _first in (
    (_INT, _WHOLE, "-0123456789"),
    (_FLOAT, _DECIMAL, "-0123456789"),
    (_BOOL, _YES_NO, "yYnNtTfFoO"),
    (_NULL, _NOTHING, ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(_tag, _pattern, list(_first))


class _Builder:
    """Turns composed nodes into plain data, noting lines and mistakes on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[FieldPath, int] = {}
        self.mistakes: list[Mistake] = []

    def build(self, node: yaml.Node, path: FieldPath) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._mistake(line, path, "the name of a field before the colon")
                continue
            key = key_node.value
            here = (*path, key)
            if key_node.tag != _TEXT:
                self._mistake(line, here, f'put quotes round {key}, or YAML takes it for something else: "{key}"')
            if key in found:
                self._mistake(line, here, f"each field once; {key!r} is here again (first in line {self.lines[here]})")
                continue
            self.lines[here] = line
            found[key] = self.build(value_node, here)
        return found

    def _scalar(self, node: yaml.Node, path: FieldPath) -> object:
        text = str(node.value)
        if node.tag == _TEXT:
            return text
        if node.tag == _INT and _WHOLE.match(text):
            return int(text)
        if node.tag == _FLOAT and _DECIMAL.match(text):
            return Decimal(text)
        if node.tag == _BOOL:
            return text.lower() in _TRUE
        if node.tag != _NULL:
            self._mistake(node.start_mark.line + 1, path, f"a plain value without the tag {node.tag}")
            return text
        return None

    def _mistake(self, line: int, path: FieldPath, expected: str) -> None:
        self.mistakes.append(Mistake(file=self.name, line=line, field=spelled(path), expected=expected))


def spelled(path: FieldPath) -> str:
    """A field's path as an editor reads it: `steps 1, ask` counts from 1."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] = f"{words[-1]} {part + 1}"
        else:
            words.append(f"entry {part + 1}" if isinstance(part, int) else part)
    return ", ".join(words)
