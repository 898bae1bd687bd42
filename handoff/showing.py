"""Requests and conversations as a page shows them: in the clerk's language, with the town's time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.desk_calls import RESULTS
from app.pages import Page
from core.asking import answer_param, pages, when
from core.callbacks import Promise
from core.catalog import Catalog
from core.labels import Label, Urgency
from core.mandates import Mandate
from core.meanings import service_of
from core.news import Wanted
from core.phrases import LATER, YOUR_RECORDING, counted, phrase, text
from core.render import Message, Option
from core.staff import Case, Consent, Correction, Line, Recorded, Request, Sent, Staff, Thread
from core.types import (
    BY_STAFF,
    WHATSAPP,
    Answer,
    Digits,
    Expect,
    Kind,
    Later,
    Limits,
    Medium,
    Param,
    Phone,
    Quote,
    Recording,
    Understanding,
)
from handoff import words

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words in one language (a code of the town's, "" if it is not known)."""

    text: str
    language: str

    @property
    def tag(self) -> str:
        """The language for HTML's lang attribute."""
        return self.language.replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What the machine made of words, and why. All numbers are per cent: `words` with their part of what spoke for it,
    `others` that were considered with how sure of each it was, `answer` and `ask` from which on it would have answered
    at once or asked (0: no such limit). `rules` are told in words; `engine` and `version` are names."""

    service: str
    act: str
    sure: int
    act_sure: int
    words: tuple[tuple[str, int], ...]
    like: str
    found: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, int], ...]
    nothing: int
    rules: tuple[str, ...]
    answer: int
    ask: int
    engine: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a conversation. `by`: "resident", "machine", or "desk" for what staff did or wrote; then `name`
    names them. `what` is told in the clerk's language, `said` in its own. `ill`: the text did not surely arrive.
    `turn` is 0 unless staff can say what was meant; then `meant` is what they said (`core.meanings`) and `corrected`
    tells it."""

    id: str
    by: str
    at: datetime
    time: str
    name: str = ""
    what: str = ""
    said: tuple[Said, ...] = ()
    danger: bool = False
    belief: Belief | None = None
    turn: int = 0
    meant: str = ""
    corrected: str = ""
    fate: str = ""
    ill: bool = False

    @property
    def state(self) -> str:
        """Changes when what is shown does."""
        return state_of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What words are about, as a page tells it: `words` is "" where only danger is known, and `department` is what
    staff said."""

    words: str
    danger: bool
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case on the list. `reference` is its digits, `number` the same in groups."""

    reference: str
    number: str
    topic: str
    language: str
    department: str
    status: str
    age: str
    label: Tag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Somebody who may act for a resident: their number in groups, for what, until when, and whether they called."""

    id: int
    number: str
    services: str
    until: str
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request on the list."""

    id: int
    topic: str
    words: Said | None
    language: str
    waits: str
    medium: str
    why: str
    danger: bool
    interpreter: bool
    live: bool
    department: str
    has_it: str
    group: str
    label: Tag | None
    promise: str
    late: bool

    @property
    def state(self) -> str:
        """Changes when what is shown does."""
        return state_of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Makes them, for one clerk and one moment."""

    page: Page
    catalog: Catalog
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The town's."""
        return ZoneInfo(self.catalog.town.timezone)

    @property
    def clock(self) -> str:
        """The time of day now."""
        return self.page.clock(self.now.astimezone(self.zone))

    def time(self, at: datetime) -> str:
        """When something was: the time of day, and the day unless it is today."""
        there = at.astimezone(self.zone)
        today = there.date() == self.now.astimezone(self.zone).date()
        return self.page.clock(there) if today else self.page.moment(there)

    def service(self, slug: str) -> str:
        """A service's title, "" for none."""
        found = self.catalog.services.get(slug)
        return self.page.say(text(found.title)) if found else ""

    def department(self, id: str) -> str:
        """A department's title, "" for none in particular."""
        found = self.catalog.departments.get(id)
        return self.page.say(text(found.title)) if found else ""

    def services(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """All services by category, in the order of the menus: the category's title, and slugs with titles."""
        return [
            (
                self.page.say(text(group.title)),
                [(one.slug, self.service(one.slug)) for page in pages(group.id, self.catalog) for one in page],
            )
            for group in self.catalog.categories
        ]

    def number(self, e164: str) -> str:
        """A telephone number as it is dialled here."""
        return self.page.say(text("{number}", number=Digits(text=e164)))

    def reference(self, digits: str) -> str:
        """A case reference in groups."""
        return self.page.say(text("{number}", number=Digits(text=digits)))

    def waits(self, since: datetime) -> str:
        """How long somebody waits."""
        seconds = max(0, int((self.now - since).total_seconds()))
        if seconds < MINUTE:
            return self.page.say(phrase("Has just come"))
        if seconds < HOUR:
            return self.page.say(counted("Waits {count} minute", "Waits {count} minutes", seconds // MINUTE))
        if seconds < 2 * DAY:
            return self.page.say(counted("Waits {count} hour", "Waits {count} hours", seconds // HOUR))
        return self.page.say(counted("Waits {count} day", "Waits {count} days", seconds // DAY))

    def row(self, request: Request, staff: Staff) -> Row:
        """One request on the list."""
        mine, free = request.claimed_by == staff.id, request.claimed_by is None
        return Row(
            id=request.id,
            topic=self.service(request.service),
            words=Said(text=request.words, language=request.language) if request.words else None,
            language=self.page.language_name(request.language) if request.language else "",
            waits=self.waits(request.created),
            medium=self._way(request),
            why=self.page.say(words.WHY[request.why]),
            danger=request.danger,
            interpreter=request.why.value == "interpreter_needed",
            live=request.live,
            department=self.department(request.department),
            has_it=request.claimed_name,
            group="mine" if mine else "waiting" if free else "others",
            label=self.label(request.label),
            promise=self.promise(request.promise) if request.promise else "",
            late=request.promise is not None and request.promise.overdue(self.now),
        )

    def _way(self, request: Request) -> str:
        """How they write or call."""
        on_whatsapp = request.address is not None and request.address.channel == WHATSAPP
        return words.ON_WHATSAPP if on_whatsapp else self.page.say(words.MEDIA[request.medium])

    def promise(self, owed: Promise) -> str:
        """When a call was promised, and how often it was tried."""
        start, end = owed.starts.astimezone(self.zone), owed.ends.astimezone(self.zone)
        time = when(start, end, self.now.astimezone(self.zone).date())
        if not owed.tries:
            return self.page.say(phrase("Call promised: {when}", when=time))
        tried = counted("tried {count} time", "tried {count} times", owed.tries)
        return self.page.say(phrase("Call promised: {when}, {tried}", when=time, tried=tried))

    def case(self, case: Case) -> CaseRow:
        """One case on the list."""
        return CaseRow(
            reference=case.reference,
            number=self.reference(case.reference),
            topic=self.service(case.service) or self.page.say(phrase("Case")),
            language=self.page.language_name(case.language) if case.language else "",
            department=self.department(self.catalog.department_of(case.service)),
            status=self.page.say(words.STATUS[case.status]),
            age=self.page.say(phrase("Opened: {when}", when=self.time(case.opened))),
            label=self.label(case.label),
        )

    def mandate(self, mandate: Mandate) -> Helper:
        """One who may act for a resident."""
        titles = [self.service(slug) or slug for slug in mandate.services]
        day = (mandate.until.astimezone(self._zone) - timedelta(seconds=1)).date()
        called = phrase("Has a secret number") if mandate.called else phrase("Has not called yet")
        return Helper(
            id=mandate.id,
            number=self.reference(mandate.helper),
            services=", ".join(titles) or self.page.say(phrase("All services")),
            until=self.page.say(phrase("Until {day}", day=day)),
            called=self.page.say(called),
        )

    def days(self, longest: timedelta) -> tuple[str, str]:
        """The first and the last day until which somebody may act for a resident, as a form takes them."""
        today = self.now.astimezone(self._zone).date()
        return today.isoformat(), (today + longest - timedelta(days=1)).isoformat()

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.catalog.town.timezone)

    def state(self, shown: object) -> str:
        """Changes when what is shown does."""
        return state_of(shown)

    def label(self, label: Label | None) -> Tag | None:
        """What words are about; None where nothing is known of it."""
        if label is None:
            return None
        about, danger = self._label(label), label.urgency is Urgency.DANGER
        return Tag(words=about, danger=danger, department=label.department) if about or danger else None

    def _label(self, label: Label) -> str:
        if label.by or label.department:
            said = phrase("{name} says: for {department}", name=label.by, department=self.department(label.department))
            return self.page.say(said)
        if not self.service(label.service):
            return ""
        about = phrase(
            "Words about: {service} ({category}, {department}), {percent} % sure",
            service=self.service(label.service),
            category=self._category(label.service),
            department=self.department(self.catalog.department_of(label.service)),
            percent=percent(label.confidence),
        )
        return self.page.say(about)

    def _category(self, service: str) -> str:
        id = self.catalog.services[service].category
        return next(self.page.say(text(group.title)) for group in self.catalog.categories if group.id == id)

    def answers(self, thread: Thread) -> list[tuple[str, str]]:
        """The questions of the form that have an answer so far, with it."""
        return self.given(thread.form, thread.answers)

    def given(self, slug: str, answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
        """The questions of a service that have an answer, with it; then what was asked before the service changed."""
        service = self.catalog.services.get(slug)
        steps = {step.name: step for step in (service.steps if service else ())}
        asked = [
            (self.page.say(text(step.ask)), self._answer(answer_param(step, answers[name], self.catalog)))
            for name, step in steps.items()
            if name in answers
        ]
        return asked + [(name, self._answer(_bare(value))) for name, value in answers.items() if name not in steps]

    def _answer(self, value: Param) -> str:
        return self.page.say(text("{value}", value=value))

    def entries(self, thread: Thread) -> list[Entry]:
        """The conversation, oldest first. After a call, what staff wrote stands among the texts that were sent."""
        told = list(self._lines(thread))
        if thread.request.medium is Medium.VOICE:
            told += [self._text(number, sent) for number, sent in enumerate(thread.texts)]
        return sorted(told, key=lambda entry: entry.at)

    def troubled(self, texts: Iterable[Sent]) -> list[Entry]:
        """The texts that did not surely arrive."""
        shown = (self._text(number, sent) for number, sent in enumerate(texts))
        return [entry for entry in shown if entry.ill]

    def news(self, wanted: Wanted | None, call: str) -> list[str]:
        """Whether they are told of a case, and that calls with news were in vain."""
        if wanted is None:
            return []
        how = words.NEWS_BY_CALL if wanted.to.channel == Medium.VOICE else words.NEWS_BY_TEXT
        told = phrase(how.id, times=words.TIMES[wanted.times])
        return [self.page.say(one) for one in (told, *([words.NEWS_IN_VAIN] if call == "in_vain" else []))]

    def recording(self, one: Recorded) -> str:
        """When something was recorded, and how long it is if that is known."""
        if not one.seconds:
            return self.time(one.made)
        told = counted("{when}, {count} second", "{when}, {count} seconds", one.seconds, when=self.time(one.made))
        return self.page.say(told)

    def amiss(self, one: Recorded) -> str:
        """What is wrong with a recording, "" if nothing is."""
        if one.status == "here" and one.silent:
            return self.page.say(words.SILENT)
        if one.status == "fetched" and one.code:
            return self.page.say(words.NOT_DELETED)
        return self.page.say(words.NO_SOUND[one.status]) if one.status in words.NO_SOUND else ""

    def call(self, result: str) -> str:
        """What became of a call that staff placed."""
        return self.page.say(RESULTS.get(result, RESULTS["failed"]))

    def _lines(self, thread: Thread) -> Iterator[Entry]:
        offered: tuple[Option, ...] = ()
        chosen = False
        for line in thread.lines:
            yield self._theirs(line, thread.request.language, offered, chosen)
            if line.messages and line.kind is not Kind.REPLY:
                yield self._machine(line)
            if line.messages:
                offered, chosen = line.messages[-1].options, line.messages[-1].expect is Expect.CHOICE

    def _theirs(self, line: Line, language: str, offered: tuple[Option, ...], chosen: bool) -> Entry:
        if line.kind in BY_STAFF:
            return self._staff(line)
        return Entry(
            id=f"line-{line.version}",
            by="resident",
            at=line.at,
            time=self.time(line.at),
            what=self._what(line, offered, chosen),
            said=(Said(text=line.said, language=line.meant.language or language),) if _in_words(line) else (),
            danger=line.danger,
            belief=self._belief(line.meant),
            turn=line.version if line.free else 0,
            meant=line.correction.meant if line.correction else "",
            corrected=self._corrected(line.correction) if line.correction else "",
        )

    def _corrected(self, said: Correction) -> str:
        other = words.MEANINGS.get(said.meant)
        meaning = self.page.say(other) if other else self.service(service_of(said.meant))
        return self.page.say(phrase("{name} says it meant: {meaning}", name=said.by, meaning=meaning))

    def _staff(self, line: Line) -> Entry:
        wrote = _said(line.messages) if line.kind is Kind.REPLY else ()
        return Entry(
            id=f"line-{line.version}",
            by="desk",
            at=line.at,
            time=self.time(line.at),
            name=line.by,
            what="" if wrote else self.page.say(phrase(words.DID[line.kind].id, name=line.by)),
            said=wrote,
        )

    def _machine(self, line: Line) -> Entry:
        return Entry(
            id=f"answer-{line.version}",
            by="machine",
            at=line.at,
            time=self.time(line.at),
            said=_said(line.messages),
        )

    def _text(self, number: int, sent: Sent) -> Entry:
        return Entry(
            id=f"text-{number}",
            by="text",
            at=sent.at,
            time=self.time(sent.at),
            said=(Said(text=sent.body, language=""),),
            fate=self._fate(sent),
            ill=sent.again is not None or sent.status in words.UNWELL,
        )

    def _fate(self, sent: Sent) -> str:
        """What became of a text, and why; where it failed for a reason that staff can act on, that."""
        if sent.status == "failed" and sent.code in words.NOT_SENT:
            return self.page.say(words.NOT_SENT[sent.code])
        told = words.FATES.get(sent.status, words.FATES["unknown"])
        if sent.again:
            later = words.FATES["again"]
            told = phrase(later.id, when=self.time(sent.again))
        return " ".join(self.page.say(one) for one in (told, words.LOST[sent.why] if sent.why else None) if one)

    def consent(self, consent: Consent) -> str:
        """That texts were stopped or allowed, and where we have it from."""
        told = words.CONSENTS[consent.allowed, consent.source]
        return self.page.say(phrase(told.id, name=consent.by) if consent.by else told)

    def _what(self, line: Line, offered: tuple[Option, ...], chosen: bool) -> str:
        """What they did, where words do not tell it: a key with what it stood for, silence, hanging up ..."""
        label = next((option.label for option in offered if option.key and option.key == line.said.strip()), "")
        if label:
            return self.page.say(phrase("Chose {key}: {label}", key=line.said.strip(), label=label))
        if line.kind in (Kind.KEYS, Kind.PICK) and chosen and line.said in words.KEYS:
            return self.page.say(phrase("Pressed {key}: {label}", key=line.said, label=words.KEYS[line.said]))
        if line.kind in (Kind.KEYS, Kind.PICK) and line.said:
            return self.page.say(phrase(words.PRESSED.id, key=line.said))
        return self.page.say(words.HAPPENED[line.kind]) if line.kind in words.HAPPENED else ""

    def _belief(self, meant: Understanding) -> Belief | None:
        why = meant.because
        if not (meant.service or meant.act or meant.considered or why.rules):
            return None
        limits = why.limits or Limits()
        others = ((self.service(one.service), percent(one.confidence)) for one in meant.considered)
        return Belief(
            service=self.service(meant.service),
            act=self.page.say(words.ACTS[meant.act]) if meant.act else "",
            sure=percent(meant.confidence),
            act_sure=percent(meant.act_confidence),
            words=tuple((one.words, percent(one.share)) for one in why.words),
            like=why.like,
            found=tuple((self.service(one.service), ", ".join(one.words)) for one in why.found),
            others=tuple(
                (title, sure) for title, sure in others if title and sure and title != self.service(meant.service)
            ),
            nothing=percent(why.nothing),
            rules=tuple(self.page.say(words.RULES[rule]) for rule in why.rules),
            answer=percent(limits.answer),
            ask=percent(limits.ask),
            engine=meant.engine,
            version=why.version,
        )


def percent(share: float) -> int:
    """A share of 1 as people say it."""
    return round(share * 100)


def _in_words(line: Line) -> bool:
    return bool(line.said) and line.kind not in (Kind.KEYS, Kind.PICK, Kind.DIAL)


def _said(messages: tuple[Message, ...]) -> tuple[Said, ...]:
    """Messages, each stretch with its own language."""
    parts = [part for message in messages for part in (message.parts or (message,))]
    return tuple(Said(text=part.text, language=part.language) for part in parts)


def state_of(shown: object) -> str:
    """A short name for what is shown, another one when that changes."""
    return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _bare(value: Answer) -> Param:
    """An answer as it is shown where its question is not known any more."""
    if isinstance(value, Later | Recording):
        return LATER if isinstance(value, Later) else YOUR_RECORDING
    return Digits(text=value.e164) if isinstance(value, Phone) else Quote(text=str(value))
