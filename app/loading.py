"""The catalogue's YAML files into a `core.catalog.Catalog`, with every mistake of every file at once.

A folder holds town.yml, categories.yml, offices.yml, areas.yml, papers.yml, if need be special_days.yml and rota.yml,
and one file per service, named by its slug. Three looks are taken: each file on its own (YAML, `app.yaml_lines`), its
shape and what can be heard (`app.shape`), and what must hold between the files (`core.catalog.Catalog.faults`).
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import phonenumbers

from app.mistakes import Mistake
from app.public_holidays import regions
from app.shape import DAYS, Schema, first_and_last, schemas, shape_mistakes
from app.yaml_lines import Document, FieldPath, read_document, spelled
from core.catalog import (
    Area,
    Catalog,
    Category,
    Department,
    Duration,
    Fault,
    Hours,
    Office,
    Option,
    Paper,
    Rota,
    Service,
    SpecialDays,
    Step,
    StepKind,
    Town,
    When,
)
from core.errors import Misconfigured

TOWN, CATEGORIES, OFFICES, AREAS, PAPERS = "town", "categories", "offices", "areas", "papers"
SPECIAL_DAYS, ROTA = "special_days", "rota"
MAY_LACK = (SPECIAL_DAYS, ROTA)
LISTS = (TOWN, CATEGORIES, OFFICES, AREAS, PAPERS, *MAY_LACK)
"""The files beside the services, without .yml. Every catalogue has them, but for those that it may lack."""

_SLUG = re.compile(r"^[a-z][a-z0-9_]*$")
_READS = {
    "category": CATEGORIES,
    "department": TOWN,
    "papers": PAPERS,
    "where": OFFICES,
    "main_office": OFFICES,
    "office": OFFICES,
    "offices": OFFICES,
    "departments": TOWN,
}
"""Fields that name an entry of another file: nothing is said of them while that file has its own mistakes."""

_RESTS_ON = {"amount": "cost", "report": "steps", "done": "steps"}
"""Fields that are judged by another field: nothing is said of them while that one is a mistake."""

Fields = Mapping[str, Any]


def load(folder: Path | None = None) -> Catalog:
    """The catalogue in a folder; by default the one that travels with Plainline.

    Raises `core.errors.Misconfigured` with every mistake of every file.
    """
    catalog, mistakes = _look(folder)
    if mistakes:
        raise Misconfigured([str(mistake) for mistake in mistakes])
    return catalog


def lint(folder: Path | None = None) -> list[Mistake]:
    """Every mistake in a folder, by file and line; empty if it can be loaded."""
    return _look(folder)[1]


def schema(file: str = "service") -> Schema:
    """The JSON Schema of a service file, or of another file by its name, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schemas()[file]}


def _look(folder: Path | None) -> tuple[Catalog, list[Mistake]]:
    source = folder if folder is not None else importlib.resources.files("services")
    files, names = _read(source)
    catalog = _catalog(files)
    between = (m for fault in catalog.faults() if (m := _located(fault, files, source.name)))
    return catalog, sorted({*names, *between, *(m for file in files.values() for m in file.mistakes)})


# --- files ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file that was read and looked at on its own."""

    document: Document
    mistakes: tuple[Mistake, ...]

    def broken(self, field: str) -> bool:
        """Whether this top-level field, or the whole file, has a mistake."""
        tops = {mistake.field.partition(",")[0].partition(" ")[0] for mistake in self.mistakes}
        return field in tops or "" in tops

    def fields(self) -> Fields:
        """The top-level fields without a mistake."""
        data = self.document.data
        return {k: v for k, v in data.items() if not self.broken(k)} if isinstance(data, dict) else {}

    def entries(self) -> list[Fields]:
        """The entries of a list; none while there is a mistake in it."""
        data = self.document.data
        return data if isinstance(data, list) and not self.mistakes else []


def _read(source: Traversable) -> tuple[dict[str, _File], list[Mistake]]:
    """The files by name without .yml, and what is wrong with names."""
    if not source.is_dir():
        raise Misconfigured([f"{source}: a folder with the catalogue's YAML files expected; see PLAINLINE_CATALOGUE"])
    shapes, files, names = schemas(), {}, []
    found = {entry.name: entry for entry in source.iterdir() if entry.name.endswith((".yml", ".yaml"))}
    for name in sorted({*found, *(f"{stem}.yml" for stem in LISTS)}):
        shown, stem = f"{source.name}/{name}", name.rpartition(".")[0]
        if not (name.endswith(".yml") and _SLUG.match(stem)):
            expected = "a file name of small letters, digits and _ that ends in .yml"
            names.append(Mistake(file=shown, line=1, field="", expected=expected))
            continue
        document = _document(shown, found.get(name), needed=stem not in MAY_LACK)
        files[stem] = _File(document=document, mistakes=tuple(_alone(document, stem, shapes)))
    return files, names


def _document(shown: str, entry: Traversable | None, *, needed: bool) -> Document:
    problem = "this file is missing"
    if entry is None and not needed:
        return Document(name=shown, data=None, lines={})
    if entry is not None:
        try:
            return read_document(shown, entry.read_bytes())
        except OSError as error:
            problem = f"this file cannot be read ({error.strerror})"
    return Document(
        name=shown, data=None, lines={}, mistakes=(Mistake(file=shown, line=1, field="", expected=problem),)
    )


def _alone(document: Document, stem: str, shapes: Mapping[str, Schema]) -> Iterator[Mistake]:
    """What is wrong with one file by itself."""
    yield from document.mistakes
    if document.data is None and document.mistakes:
        return
    found = list(shape_mistakes(document, shapes.get(stem, shapes["service"])))
    yield from found
    if not (found or document.mistakes):
        for path, expected in _MEANING.get(stem, _service_meaning)(document.data):
            yield Mistake(file=document.name, line=document.line(path), field=spelled(path), expected=expected)


# --- what a schema does not say ---------------------------------------------------------------------------

Finding = tuple[FieldPath, str]


def _town_meaning(town: Any) -> Iterator[Finding]:
    numbers = [str(number) for number in town["emergency"]["all"]]
    if str(town["emergency"]["number"]) not in numbers:
        yield ("emergency", "all"), "a list with the emergency number itself in it"
    if len(set(town["languages"])) < len(town["languages"]):
        yield ("languages",), "each language once"
    for path, expected in _ids_once(town["departments"]):
        yield ("departments", *path), expected
    yield from _holidays_meaning(town["country"], town.get("region", ""))


def _holidays_meaning(country: str, region: str) -> Iterator[Finding]:
    known = regions(country)
    if known is None:
        yield ("country",), "a country whose public holidays are known; for a small territory, the one it belongs to"
    elif region and not known:
        yield ("region",), f"nothing here: all of {country} has the same public holidays"
    elif region and region not in known:
        yield ("region",), f"a part of {country}: one of {', '.join(known)}; or leave it out"


def _ids_once(entries: Any) -> Iterator[Finding]:
    ids = [entry["id"] for entry in entries]
    for place, id in enumerate(ids):
        if id in ids[:place]:
            yield (place, "id"), f"an id of its own; {id} is used twice"


def _offices_meaning(offices: Any) -> Iterator[Finding]:
    yield from _ids_once(offices)
    for place, office in enumerate(offices):
        if not _phone(office["phone"]):
            yield (place, "phone"), "a telephone number with + and country code"
        if not any(office["hours"].values()):
            yield (place, "hours"), "hours on at least one day of the week"
        for day, spans in office["hours"].items():
            for expected in _hours_meaning(spans):
                yield (place, "hours", day), expected


def _special_days_meaning(entries: Any) -> Iterator[Finding]:
    for place, entry in enumerate(entries or ()):
        if isinstance(entry["hours"], list):
            for expected in _hours_meaning(entry["hours"]):
                yield (place, "hours"), expected


def _hours_meaning(spans: list[str]) -> Iterator[str]:
    """What is expected of a day's hours, if they are not as they should be."""
    ends = [minute for span in spans for minute in _span(span)]
    if sorted(set(ends)) != ends:
        yield "hours in order that do not overlap, each from an earlier to a later time"


def _phone(text: str) -> str:
    """The number in E.164 form, "" if it is none that could be dialled."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else ""


def _span(text: str) -> tuple[int, int]:
    """Minutes after midnight at which a span such as 09:00-17:00 begins and ends."""
    begin, end = (60 * int(clock[:2]) + int(clock[3:]) for clock in text.split("-"))
    return begin, end


def _service_meaning(service: Any) -> Iterator[Finding]:
    if isinstance(amount := service.get("amount"), Decimal) and amount != round(amount, 2):
        yield ("amount",), "a sum with at most two digits after the point"
    for place, step in enumerate(service.get("steps", [])):
        kind = _kind(step)
        if kind is None:
            yield ("steps", place, "expect"), "missing; say what is asked for, or give options"
        for name in ("min", "max"):
            if name in step and kind != StepKind.NUMBER:
                yield ("steps", place, name), "nothing here: only a number has a least and a most"
        if "when" in step and kind != StepKind.DATE:
            yield ("steps", place, "when"), "nothing here: only a date is past or future"


_MEANING: Mapping[str, Callable[[Any], Iterator[Finding]]] = {
    TOWN: _town_meaning,
    OFFICES: _offices_meaning,
    CATEGORIES: _ids_once,
    AREAS: _ids_once,
    PAPERS: _ids_once,
    SPECIAL_DAYS: _special_days_meaning,
    ROTA: lambda _rota: iter(()),
}


# --- building ---------------------------------------------------------------------------------------------


def _catalog(files: Mapping[str, _File]) -> Catalog:
    """The catalogue from all fields without a mistake; the others are left empty."""
    town = files[TOWN].fields()
    services = {slug: _service(slug, file.fields()) for slug, file in files.items() if slug not in LISTS}
    return Catalog(
        town=_town(town),
        categories=tuple(Category(**entry) for entry in files[CATEGORIES].entries()),
        areas=tuple(Area(**entry) for entry in files[AREAS].entries()),
        papers={entry["id"]: Paper(**entry) for entry in files[PAPERS].entries()},
        offices={entry["id"]: _office(entry) for entry in files[OFFICES].entries()},
        departments={entry["id"]: Department(**entry) for entry in town.get("departments", [])},
        services=services,
        special_days=tuple(_special_days(entry) for entry in files[SPECIAL_DAYS].entries()),
        rota=_rota(files[ROTA].fields()),
    )


def _town(fields: Fields) -> Town:
    emergency = fields.get("emergency", {"number": "", "all": []})
    names = ("name", "country", "region", "phone_region", "currency", "timezone", "main_office")
    return Town(
        **{name: fields.get(name, "") for name in names},
        languages=tuple(fields.get("languages", ())),
        emergency=str(emergency["number"]),
        emergencies=tuple(str(number) for number in emergency["all"]),
    )


def _office(fields: Fields) -> Office:
    hours = fields["hours"]
    week = tuple(_hours(hours.get(day, [])) for day in DAYS)
    named = {name: fields[name] for name in ("id", "title", "address")}
    return Office(**named, phone=_phone(fields["phone"]), hours=week)


def _special_days(fields: Fields) -> SpecialDays:
    first, last = first_and_last(fields["days"])
    named: Mapping[str, Hours | None] = {"closed": (), "usual": None}
    hours = fields["hours"]  # as a text it may end with a line, which the schema's pattern lets pass
    return SpecialDays(
        first=first,
        last=last,
        hours=named[hours.strip()] if isinstance(hours, str) else _hours(hours),
        offices=tuple(fields.get("offices", ())),
        note=_one_line(fields.get("note", "")),
    )


def _rota(fields: Fields) -> Rota:
    return Rota(**{name: fields[name] for name in ("minutes", "departments", "others") if name in fields})


def _hours(spans: Iterable[str]) -> Hours:
    return tuple(_span(span) for span in spans)


def _service(slug: str, fields: Fields) -> Service:
    texts = ("category", "department", "title", "summary", "who", "cost", "done")
    amount = fields.get("amount")
    return Service(
        slug=slug,
        number=str(fields.get("number", "")),
        key=fields.get("key", 0),
        **{name: _one_line(fields.get(name, "")) for name in texts},
        time=_time(fields.get("time", "")),
        amount=None if amount is None else Decimal(amount),
        papers=tuple(fields.get("papers", ())),
        where=tuple(fields.get("where", ())),
        phrases=tuple(_one_line(text) for text in fields.get("phrases", ())),
        steps=tuple(_step(step) for step in fields.get("steps", ())),
        report=fields.get("report", False),
    )


def _one_line(text: str) -> str:
    """A text that was folded over several lines of a file."""
    return " ".join(text.split())


def _time(value: Any) -> str | Duration:
    if isinstance(value, str):
        return _one_line(value)
    ((unit, count),) = value.items()
    return Duration(unit=unit, count=count)


def _kind(step: Fields) -> StepKind | None:
    if "expect" in step:
        return StepKind(step["expect"])
    return StepKind.CHOICE if step.get("options") else None


def _step(fields: Fields) -> Step:
    return Step(
        name=fields["name"],
        ask=_one_line(fields["ask"]),
        kind=_kind(fields) or StepKind.WORDS,
        options=tuple(Option(id=id, label=label) for id, label in fields.get("options", {}).items()),
        least=fields.get("min"),
        most=fields.get("max"),
        when=When(fields.get("when", "any")),
        optional=fields.get("optional", False),
    )


# --- what does not hold between the files -----------------------------------------------------------------


def _located(fault: Fault, files: Mapping[str, _File], folder: str) -> Mistake | None:
    """The fault with its file and line; None if it only follows from a mistake that is reported already."""
    stem, path = _place(fault, files)
    top = fault.field.partition("/")[0]
    if _follows(stem, top, files):
        return None
    document = files[stem].document
    field = spelled(path)
    return Mistake(file=f"{folder}/{stem}.yml", line=document.line(path), field=field, expected=fault.expected)


def _follows(stem: str, top: str, files: Mapping[str, _File]) -> bool:
    file = files[stem]
    if file.broken(top) or file.broken(_RESTS_ON.get(top, top)):
        return True
    if stem in (CATEGORIES, AREAS) and file.mistakes:
        return True
    if stem == CATEGORIES:
        services = [file for slug, file in files.items() if slug not in LISTS]
        return any(service.broken("key") or service.broken("category") for service in services)
    return top in _READS and bool(files[_READS[top]].mistakes)


def _place(fault: Fault, files: Mapping[str, _File]) -> tuple[str, FieldPath]:
    """The file a fault is in, and where."""
    about, _, named = fault.about.partition("/")
    if about == "services":
        return named, _service_path(fault.field, files[named].fields())
    if about == TOWN and named:
        return TOWN, ("departments", _index(files[TOWN].fields()["departments"], "id", named), fault.field)
    if about == SPECIAL_DAYS:
        return about, (int(named), fault.field)
    if named:
        return about, (_index(files[about].entries(), "id", named), fault.field)
    return about, (fault.field,) if about in (TOWN, ROTA) else ()


def _service_path(field: str, service: Fields) -> FieldPath:
    parts = field.split("/")
    if parts[0] == "steps" and len(parts) == 3:
        return "steps", _index(service["steps"], "name", parts[1]), parts[2]
    return (field,)


def _index(entries: Iterable[Fields], name: str, value: str) -> int:
    return next(place for place, entry in enumerate(entries) if entry[name] == value)
