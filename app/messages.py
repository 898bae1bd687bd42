"""What there is to translate: found in the catalogue and the sources, merged into PO files, and checked.

This is the work of `plainline services messages` and of the test that holds every language to the same rules.
"""

from __future__ import annotations

import importlib.resources
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from jinja2 import Environment
from jinja2.nodes import Call, Const, Getattr

from app.mistakes import Mistake
from app.po import SOURCE, PoCatalog, ids_of, locales, path_of, read_po, strings_of, written_po
from core.catalog import Catalog, Service

CONTEXTS = ("voice", "sms", "chat")
"""What `msgctxt` may be: the channel that a second wording is for."""

_PACKAGES = ("core", "app", "bot", "front", "handoff", "simulator.pages")
_KEYWORDS: Mapping[str, tuple[int, ...]] = {"phrase": (1,), "counted": (1, 2)}
_IN_PAGES: Mapping[str, int] = {"say": 1, "several": 2}
"""How many texts each begins with."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COUNT = "count"
_ENOUGH_NUMBERS = range(201)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One English text to translate, where it stands, and what a translator should know of it."""

    id: str
    where: str
    plural: str = ""
    note: str = ""


def messages(catalog: Catalog) -> Iterator[Source]:
    """Every text to translate: the system's own sentences, then those of the catalogue. Some come twice."""
    for package in _PACKAGES:
        yield from _in_sources(package)
    yield from _in_lists(catalog)
    for service in catalog.services.values():
        yield from _in_service(service)


def update(catalog: Catalog, folder: Path) -> Mapping[str, int]:
    """Write the template and bring each language's file up to date; how many messages each still lacks.

    Translations stay; new messages are empty; those no longer used move to the end, marked obsolete, and return
    if their text does. Raises `core.errors.Misconfigured` for a broken file, before anything is written.
    """
    languages = [code for code in catalog.town.languages if code != SOURCE or (folder / path_of(code)).is_file()]
    files = {code: read_po(folder, code) or PoCatalog(code) for code in languages}
    template = _template(catalog)
    _write(folder / "messages.pot", written_po(template, ""))
    for code, po in files.items():
        _merge(po, template, code)
        _write(folder / path_of(code), written_po(po, code))
    return {code: sum(not all(strings_of(m)) for m in po if m.id) for code, po in files.items()}


def check(catalog: Catalog, folder: Path | None = None, languages: Iterable[str] = ()) -> list[Mistake]:
    """What is not right in the town's languages (or those given), by file and line; empty if all is well.

    Raises `core.errors.Misconfigured` for a file that cannot be read.
    """
    template = _template(catalog)
    wanted = list(languages) or list(catalog.town.languages)
    return sorted({mistake for code in wanted for mistake in _checked(locales(folder), code, template)})


# --- where texts are found -------------------------------------------------------------------------------------


@cache
def _in_sources(package: str) -> tuple[Source, ...]:
    """The sentences in a package's own files, which do not change while it runs."""
    if not find_spec(package.partition(".")[0]) or not find_spec(package):
        return ()
    folder = importlib.resources.files(package)
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".py")), key=_name)
    pages = sorted(folder.joinpath("templates").iterdir(), key=_name) if folder.joinpath("templates").is_dir() else []
    return tuple(source for file in (*files, *pages) for source in _in_source(package, file))


def _name(entry: Traversable) -> str:
    return entry.name


def _in_source(package: str, file: Traversable) -> Iterator[Source]:
    if not file.name.endswith(".py"):
        yield from _in_page(package, file)
        return
    found = extract("python", io.BytesIO(file.read_bytes()), _KEYWORDS, ["Translators:"], None, True)
    for _, ids, notes, _ in found:
        id, plural = (ids, "") if isinstance(ids, str) else (ids[0], ids[1])
        yield Source(id=id, plural=plural, where=f"{package}/{file.name}", note=" ".join(notes))


def _in_page(package: str, file: Traversable) -> Iterator[Source]:
    """What a template says: `page.say("...")` and `page.several("...", "...", count)`."""
    for call in Environment().parse(file.read_text("utf-8")).find_all(Call):
        taken = _IN_PAGES.get(call.node.attr, 0) if isinstance(call.node, Getattr) else 0
        ids = [part.value for part in call.args[:taken] if isinstance(part, Const) and isinstance(part.value, str)]
        if ids and len(ids) == taken:
            yield Source(id=ids[0], plural=ids[1] if taken > 1 else "", where=f"{package}/{file.name}")


def _in_lists(catalog: Catalog) -> Iterator[Source]:
    for category in catalog.categories:
        yield Source(id=category.title, where="services/categories.yml", note="a line of the first menu")
    for area in catalog.areas:
        yield Source(id=area.title, where="services/areas.yml", note="a part of town")
    for paper in catalog.papers.values():
        yield Source(id=paper.title, where="services/papers.yml", note="heard in a list, after: Bring")
    for office in catalog.offices.values():
        yield Source(id=office.title, where="services/offices.yml", note="the name of an office")
    for department in catalog.departments.values():
        yield Source(id=department.title, where="services/town.yml", note="the name of a department")


def _in_service(service: Service) -> Iterator[Source]:
    texts = {"title": service.title, "summary": service.summary, "who it is for": service.who, "cost": service.cost}
    if isinstance(service.time, str):
        texts["time"] = service.time
    texts |= {f"question {n}": step.ask for n, step in enumerate(service.steps, start=1)}
    texts |= {f"answer {o.id} to {s.name}": o.label for s in service.steps for o in s.options}
    texts["what happens next"] = service.done
    for note, text in texts.items():
        if text:
            yield Source(id=text, where=f"services/{service.slug}.yml", note=f"{service.slug}: {note}")


def _template(catalog: Catalog) -> PoCatalog:
    template = PoCatalog()
    template.header_comment = "# Made by `plainline services messages`. Texts are changed where they stand."
    for source in messages(catalog):
        id = (source.id, source.plural) if source.plural else source.id
        notes = [source.note] if source.note else []
        template.add(id, locations=[(source.where, 0)], auto_comments=notes)
    return template


# --- merging ---------------------------------------------------------------------------------------------------


def _merge(po: PoCatalog, template: PoCatalog, language: str) -> None:
    for message in po.obsolete.values():
        if any(strings_of(message)) and po.get(message.id, message.context) is None:
            po[message.id] = message
    po.obsolete.clear()
    wanted = PoCatalog()
    for message in template:
        if message.id and language != SOURCE:
            wanted[message.id] = message
    for message in po:
        if message.id and message.context and template.get(message.id) is not None:
            wanted[message.id] = Message(message.id, context=message.context)
    po.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    for key in [key for key, message in po.obsolete.items() if not any(strings_of(message))]:
        del po.obsolete[key]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


# --- checking --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What a language's messages are held to. `alone` are the forms that stand for one single number."""

    forms: int
    alone: frozenset[int]
    same: frozenset[str]


def _rules(folder: Traversable, language: str) -> _Rules:
    plural: Callable[[int], int] = c2py(get_plural(language).plural_expr)
    used = [plural(number) for number in _ENOUGH_NUMBERS]
    forms = get_plural(language).num_plurals
    alone = frozenset(form for form in range(forms) if used.count(form) == 1)
    return _Rules(forms=forms, alone=alone, same=frozenset(_same(folder, language)))


def _same(folder: Traversable, language: str) -> list[str]:
    """The texts that are rightly the same in a language as in English: names, and words both have."""
    entry = folder.joinpath(f"{language}/same.txt")
    lines = entry.read_text(encoding="utf-8").splitlines() if entry.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _checked(folder: Traversable, language: str, template: PoCatalog) -> Iterator[Mistake]:
    po, shown = read_po(folder, language), f"{folder.name}/{path_of(language)}"
    if po is None:
        if language != SOURCE:
            yield Mistake(file=shown, line=1, field="", expected="missing; `plainline services messages` makes it")
        return
    rules = _rules(folder, language)
    for line, id, expected in _found(po, template, rules, language):
        yield Mistake(file=shown, line=line, field=_short(id), expected=expected)
    for text in rules.same:
        if not _is_same(po.get(text)):
            expected = "a text that is the same here as in English; this one is not"
            yield Mistake(file=f"{folder.name}/{language}/same.txt", line=1, field=_short(text), expected=expected)


Finding = tuple[int, str, str]


def _found(po: PoCatalog, template: PoCatalog, rules: _Rules, language: str) -> Iterator[Finding]:
    for line in po.repeated:
        yield line, "", "each message once; this one is here again"
    for message in po.obsolete.values():
        yield message.lineno or 1, ids_of(message)[0], "a message still in use; delete this one"
    if language != SOURCE:
        for source in template:
            if source.id and po.get(source.id) is None:
                yield 1, ids_of(source)[0], "missing; `plainline services messages` adds it"
    for message in po:
        if message.id:
            line, id = message.lineno or 1, ids_of(message)[0]
            for expected in _unfit(message, template.get(message.id), rules, language):
                yield line, id, expected


def _unfit(message: Message, source: Message | None, rules: _Rules, language: str) -> Iterator[str]:
    """What one translation lacks."""
    if source is None:
        yield "a message still in use; delete this one"
        return
    if ids_of(message) != ids_of(source):
        yield f"the same plural as in the source: {ids_of(source)[-1]!r}"
        return
    if message.context and message.context not in CONTEXTS:
        yield f"msgctxt that is one of {', '.join(CONTEXTS)}"
    if language == SOURCE and not message.context:
        yield "msgctxt; other English is changed where the text stands"
    if message.fuzzy:
        yield "a translation that was looked at; mend it and take the word fuzzy away"
    if not all(strings_of(message)):
        yield "a translation" if len(ids_of(message)) == 1 else f"a translation in all {rules.forms} forms"
        return
    yield from _unfit_words(message, rules, language)


def _unfit_words(message: Message, rules: _Rules, language: str) -> Iterator[str]:
    ids = ids_of(message)
    needed = {name for id in ids for name in _PLACEHOLDER.findall(id)}
    for form, string in enumerate(strings_of(message)):
        names = set(_PLACEHOLDER.findall(string))
        spared = {_COUNT} if len(ids) > 1 and form in rules.alone else set[str]()
        if lost := sorted(needed - names - spared):
            yield f"{{{lost[0]}}} as in the source"
        if new := sorted(names - needed):
            yield f"no {{{new[0]}}}, which the source does not have"
        if set("{}") & set(_PLACEHOLDER.sub("", string)) or string != string.strip():
            yield "no blanks at the ends and no { or } of its own"
        if any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in string):
            yield "no control characters"
    if language != SOURCE and _is_same(message) and ids[0] not in rules.same:
        yield "a translation, not the English; or add the text to same.txt beside the folder"


def _is_same(message: Message | None) -> bool:
    """Whether a translation is the English, and there are words in it."""
    if message is None:
        return False
    ids, strings = ids_of(message), strings_of(message)
    return any(string in ids and any(map(str.isalpha, _PLACEHOLDER.sub("", string))) for string in strings)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
