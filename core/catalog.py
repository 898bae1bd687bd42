"""The service catalogue: what the town offers, and what must hold between its parts.

Texts are English sentences used as message ids. `Catalog.faults()` lists everything that does not hold, so that an
editor mends all of it in one go; `app.loading` adds the file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

MOST_CHOICES = 6
"""Choices in one spoken menu (ISO/IEC 13714 advises 4, not counting help, repeat and back)."""

MOST_CALLBACK_BYTES = 48
"""Room for a choice id in Telegram's 64 bytes of `callback_data`, beside the turn it belongs to."""


Hours = tuple[tuple[int, int], ...]
"""When an office is open on one day: spans of minutes after midnight, local time, in order."""


class StepKind(StrEnum):
    """What kind of answer a step asks for."""

    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    AREA = "area"
    WORDS = "words"
    PLACE = "place"
    PHONE = "phone"


class When(StrEnum):
    """Which dates a date step takes."""

    ANY = "any"
    PAST = "past"
    FUTURE = "future"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice step."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of a form. `least` and `most` bound a number, both ends included."""

    name: str
    ask: str
    kind: StepKind
    options: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    when: When = When.ANY
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long something takes: a unit (working_days, days or weeks) and how many."""

    unit: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service. `key` is its key in its category's menu, 0 when it is reached by number and words only."""

    slug: str
    number: str
    category: str
    department: str
    title: str
    summary: str
    who: str
    cost: str
    time: str | Duration
    key: int = 0
    amount: Decimal | None = None
    papers: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    report: bool = False
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One line of the first menu."""

    id: str
    key: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One part of town."""

    id: str
    key: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One thing to bring: the same thing wherever it is asked for."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A place where people are served. `hours` are those of its usual week, Monday first."""

    id: str
    title: str
    address: str
    phone: str
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDays:
    """Days from `first` to `last`, both included, on which offices keep other hours, whether it is a holiday or not.

    `hours` is empty when they are closed, and None for the hours of their usual week. No `offices` means all of them.
    `note` tells staff why.
    """

    first: date
    last: date
    hours: Hours | None
    offices: tuple[str, ...] = ()
    note: str = ""

    def concern(self, office: str) -> bool:
        """Whether these are days of this office."""
        return not self.offices or office in self.offices

    def have(self, day: date) -> bool:
        """Whether this is one of the days."""
        return self.first <= day <= self.last

    def meet(self, other: SpecialDays) -> bool:
        """Whether both speak of the same office on the same day."""
        same_office = not (self.offices and other.offices) or bool({*self.offices} & {*other.offices})
        return same_office and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Who is in charge, and at which office they answer."""

    id: str
    title: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """How many people call residents back at every hour that their office is open: those of each department, and
    `others` for what belongs to none. `minutes` is what one call back takes, until enough of them were measured."""

    minutes: int = 10
    departments: Mapping[str, int] = field(default_factory=dict)
    others: int = 0

    def people(self, department: str) -> int:
        """How many there are for a department, "" for none in particular."""
        return self.departments.get(department, 0) if department else self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What is true for the whole town. `emergencies` are all numbers that mean danger when typed.

    `country` and `region` (the part of an ISO 3166-2 code after the country, "" for none) say which public holidays
    its offices keep.
    """

    name: str
    country: str
    phone_region: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    emergency: str
    emergencies: tuple[str, ...]
    main_office: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not hold. `about` names the part ("services/senior_transport_card"), `field` the field."""

    about: str
    field: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything the town offers, in the order of its keys."""

    town: Town
    categories: tuple[Category, ...]
    services: Mapping[str, Service]
    offices: Mapping[str, Office] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)
    departments: Mapping[str, Department] = field(default_factory=dict)
    special_days: tuple[SpecialDays, ...] = ()
    rota: Rota = field(default_factory=Rota)

    def menu(self, category: str) -> tuple[Service, ...]:
        """The services a category's menu offers, by key."""
        found = [s for s in self.services.values() if s.category == category and s.key]
        return tuple(sorted(found, key=lambda s: s.key))

    def numbered(self, number: str) -> Service | None:
        """The service with this three-digit number, or None."""
        return next((s for s in self.services.values() if s.number == number), None)

    def office_for(self, service: str) -> Office:
        """Where the people in charge of a service answer; the main office for anything else."""
        found = self.services.get(service)
        department = self.departments.get(found.department) if found else None
        return self.offices[department.office if department else self.town.main_office]

    def department_of(self, service: str) -> str:
        """The id of the department in charge of a service, "" for anything else."""
        found = self.services.get(service)
        return found.department if found else ""

    def faults(self) -> tuple[Fault, ...]:
        """Everything that does not hold between the parts, all at once."""
        services = (fault for service in self.services.values() for fault in _service_faults(service, self))
        return (*_menu_faults(self), *_special_faults(self), *_rota_faults(self), *services)


def _menu_faults(catalog: Catalog) -> Iterator[Fault]:
    if not 2 <= len(catalog.categories) <= MOST_CHOICES:
        yield Fault(about="categories", field="id", expected=f"2 to {MOST_CHOICES} categories")
    yield from _key_faults("categories", [c.key for c in catalog.categories])
    yield from _key_faults("areas", [a.key for a in catalog.areas])
    for category in catalog.categories:
        keys = [s.key for s in catalog.menu(category.id)]
        yield from _key_faults(f"categories/{category.id}", keys)
    if catalog.town.main_office not in catalog.offices:
        yield Fault(about="town", field="main_office", expected="the id of an office in offices.yml")
    for department in catalog.departments.values():
        if department.office not in catalog.offices:
            yield Fault(about=f"town/{department.id}", field="office", expected="the id of an office in offices.yml")


def _key_faults(about: str, keys: list[int]) -> Iterator[Fault]:
    if sorted(keys) != list(range(1, len(keys) + 1)) or len(keys) > MOST_CHOICES:
        expected = f"keys 1, 2, 3 ... each once, at most {MOST_CHOICES} (found {sorted(keys)})"
        yield Fault(about=about, field="key", expected=expected)


def _special_faults(catalog: Catalog) -> Iterator[Fault]:
    for place, days in enumerate(catalog.special_days):
        about = f"special_days/{place}"
        for office in days.offices:
            if office not in catalog.offices:
                expected = f"ids of offices in offices.yml ({office!r} is not one)"
                yield Fault(about=about, field="offices", expected=expected)
        for earlier, other in enumerate(catalog.special_days[:place]):
            if days.meet(other):
                expected = f"days that no other entry has for the same office (entry {earlier + 1} has some of them)"
                yield Fault(about=about, field="days", expected=expected)


def _rota_faults(catalog: Catalog) -> Iterator[Fault]:
    for department in catalog.rota.departments:
        if department not in catalog.departments:
            expected = f"ids of departments in town.yml ({department!r} is not one)"
            yield Fault(about="rota", field="departments", expected=expected)


def _service_faults(service: Service, catalog: Catalog) -> Iterator[Fault]:
    about = f"services/{service.slug}"
    emergencies = catalog.town.emergencies
    if not (service.number.isascii() and service.number.isdigit() and len(service.number) == 3):
        yield Fault(about=about, field="number", expected="three digits")
    elif service.number[0] in "01" or service.number in emergencies or service.number.endswith("11"):
        # N11 codes (211, 311, 711 ...) are telephone services of their own in the North American Numbering Plan.
        yield Fault(about=about, field="number", expected="200 to 999, no emergency number, not ending in 11")
    elif sum(s.number == service.number for s in catalog.services.values()) > 1:
        yield Fault(about=about, field="number", expected=f"a number of its own; {service.number} is used twice")
    if service.category not in {c.id for c in catalog.categories}:
        yield Fault(about=about, field="category", expected="the id of a category in categories.yml")
    if service.department not in catalog.departments:
        yield Fault(about=about, field="department", expected="the id of a department in town.yml")
    for paper in service.papers:
        if paper not in catalog.papers:
            yield Fault(about=about, field="papers", expected=f"ids of papers in papers.yml ({paper!r} is not one)")
    for office in service.where:
        if office not in catalog.offices:
            yield Fault(about=about, field="where", expected=f"ids of offices in offices.yml ({office!r} is not one)")
    if ("{amount}" in service.cost) != (service.amount is not None):
        yield Fault(about=about, field="amount", expected="a sum exactly when cost says {amount}")
    yield from _step_faults(service)


def _step_faults(service: Service) -> Iterator[Fault]:
    about = f"services/{service.slug}"
    names = [step.name for step in service.steps]
    if len(names) != len(set(names)):
        yield Fault(about=about, field="steps", expected="a different name for each step")
    if service.steps and not service.done:
        yield Fault(about=about, field="done", expected="a sentence that says what happens next")
    if service.report and not any(s.kind in (StepKind.PLACE, StepKind.AREA) for s in service.steps):
        yield Fault(about=about, field="report", expected="a step that asks for the place")
    for step in service.steps:
        where = f"steps/{step.name}"
        if (step.kind is StepKind.CHOICE) != bool(step.options) or len(step.options) > MOST_CHOICES:
            expected = f"1 to {MOST_CHOICES} options, for a choice alone"
            yield Fault(about=about, field=f"{where}/options", expected=expected)
        for option in step.options:
            if len(option.id.encode()) > MOST_CALLBACK_BYTES:
                expected = f"option ids of at most {MOST_CALLBACK_BYTES} bytes"
                yield Fault(about=about, field=f"{where}/options", expected=expected)
        if step.least is not None and step.most is not None and step.least > step.most:
            yield Fault(about=about, field=f"{where}/min", expected="min that is not more than max")
