"""PO files, read strictly and written so that the same content gives the same file.

They are read at start-up and kept in memory; there are no .mo files. Written files hold no dates and no line
numbers of sources, so that a change shows only what changed. Plural rules are Babel's, never a file's own.
"""

from __future__ import annotations

import importlib.resources
import io
import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from app.mistakes import Mistake
from core.errors import Misconfigured

SOURCE = "en"
"""The language of message ids."""

_LINE = re.compile(r'(?:#~ *)?(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[[0-5]\])?) )?"(?:[^"\\]|\\[\\"ntr])*"')
_FORMS = re.compile(r'"Plural-Forms: *nplurals *= *(\d+)')


class PoCatalog(Catalog):
    """Babel's catalogue, which also remembers the lines of messages that stand in a file twice."""

    def __init__(self, language: str | None = None) -> None:
        super().__init__(locale=language, charset="utf-8")
        self.repeated: list[int] = []
        self.header_comment = f"# Plainline in {Locale.parse(language).english_name}." if language else ""

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:
        if id and self.get(message.id, message.context) is not None:
            self.repeated.append(message.lineno or 1)
        super().__setitem__(id, message)


def ids_of(message: Message) -> tuple[str, ...]:
    """The message id, and its plural if there is one."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> tuple[str, ...]:
    """The translation in all its forms; "" for one that is not there."""
    found = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return tuple(string or "" for string in found)


def path_of(language: str) -> str:
    """Where a language's messages stand in the folder of locales."""
    return f"{language}/LC_MESSAGES/messages.po"


def locales(folder: Path | None) -> Traversable:
    """The folder of locales; by default the one that travels with Plainline."""
    return folder if folder is not None else importlib.resources.files("locales")


def read_po(folder: Traversable, language: str) -> PoCatalog | None:
    """A language's messages, None if it has no file. Raises `Misconfigured` with file and line."""
    entry, shown = folder.joinpath(path_of(language)), f"{folder.name}/{path_of(language)}"
    if not entry.is_file():
        return None
    content = entry.read_bytes()
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise _broken(shown, content.count(b"\n", 0, error.start) + 1, "text saved as UTF-8 expected") from error
    return _parsed(lines, language, shown)


def _parsed(lines: list[str], language: str, shown: str) -> PoCatalog:
    """What Babel makes of the lines. It forgives much, so each line is looked at before it sees it."""
    catalog, reached, forms = PoCatalog(language), 0, get_plural(language).num_plurals

    def strict() -> Iterator[str]:
        nonlocal reached
        for reached, line in enumerate(lines, start=1):
            text = line.strip()
            if text and not text.startswith("#") and not _LINE.fullmatch(text):
                raise _broken(shown, reached, 'msgid, msgstr, msgctxt or a text in "quotes" expected')
            if (named := _FORMS.match(text)) and named[1] != str(forms):
                raise _broken(shown, reached, f"nplurals={forms} expected; {get_plural(language)}")
            yield line

    try:
        PoFileParser(catalog, abort_invalid=True).parse(strict())
    except PoFileError as error:
        raise _broken(shown, reached, f"this cannot be read as a PO file ({error})") from error
    except (ValueError, IndexError, AttributeError, TypeError, AssertionError) as error:
        raise _broken(shown, reached, "this cannot be read as a PO file") from error
    return catalog


def _broken(shown: str, line: int, expected: str) -> Misconfigured:
    return Misconfigured([str(Mistake(file=shown, line=line, field="", expected=expected))])


def written_po(catalog: Catalog, language: str) -> str:
    """The catalogue as the text of a PO file ("" as language: of a template)."""
    body = io.BytesIO()
    write_po(body, catalog, omit_header=True, include_lineno=False, width=0)
    return f"{_header(catalog, language)}{body.getvalue().decode('utf-8').rstrip()}\n"


def _header(catalog: Catalog, language: str) -> str:
    lines = [
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        *([f"Plural-Forms: {get_plural(language)}"] if language else []),
    ]
    quoted = "".join(f'"{line}\\n"\n' for line in lines)
    return f'{catalog.header_comment}\nmsgid ""\nmsgstr ""\n{quoted}\n'
