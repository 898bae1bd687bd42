"""What is said and asked in each place: everything follows from the state, so that "again" needs no memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from core import phrases as say
from core.answers import CHOSEN, entry, expect
from core.catalog import MOST_CHOICES, Catalog, Duration, Service, Step, StepKind
from core.codes import CODE_DIGITS
from core.explaining import heard_as
from core.places import Moment, calm, office, pop, push, settled, telling
from core.types import (
    AGREED,
    IN_VAIN,
    NEAREST,
    Act,
    Address,
    Answer,
    CaseDetails,
    CaseStatus,
    Choice,
    Conversation,
    Day,
    Digits,
    Entry,
    Expect,
    Known,
    LanguageName,
    Later,
    Listing,
    Medium,
    Money,
    Param,
    Phone,
    Phrase,
    Place,
    Prompt,
    Quote,
    Recording,
    Scene,
    Times,
    Turn,
    Window,
)

OTHER = "other"
"""The choice of none of the languages."""

OTHER_WISH = "other_wish"
"""The choice of what was asked for in the same breath."""

NO_TEXT = "no_text"
"""What is chosen by who asks for a text though their number gets none: it is not offered, only answered."""

THAT_WAS_ALL = "all"
"""The choice of whoever is done."""

TOLD = "told"
"""A place's value once its answer was heard, so that it is not said again after something in between."""

MOST_OFFICES = 2
"""Offices named in one SMS, the first with its opening time: more would cost a fourth segment."""

Ask = Callable[[Conversation, Known, Catalog], tuple[Prompt, ...]]


def prompts(now: Conversation, known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    """What is said and asked where the conversation stands; the last prompt awaits the answer."""
    return _ASK[now.place[-1].scene](now, known, catalog)


def show(moment: Moment, now: Conversation, *first: Phrase) -> Turn:
    """Go on at `now`: the sentences first, then what is asked there."""
    asked = prompts(now, moment.known, moment.catalog)
    return settled(now, telling(*first) + asked, catalog=moment.catalog, reason=now.place[-1].scene.value)


def offer(moment: Moment, slugs: tuple[str, ...], about: str = "") -> Turn:
    """Ask which of these services is meant, if any; `about` says that they are only the `NEAREST`."""
    now = replace(calm(moment.was), heard=heard_as(moment.meant, slugs[0]))
    now = pop(now) if moment.top.scene is Scene.OFFER else now
    return show(moment, push(now, Place(scene=Scene.OFFER, about=about, value=",".join(slugs))))


def informs(act: Act | None) -> str:
    """Which part of a service's answer an act asks for; "" is the short answer."""
    return _TOLD.get(act, "") if act else ""


def next_wish(now: Conversation, catalog: Catalog) -> str:
    """The next service that was asked for besides, "" for none. One may have left the catalogue since."""
    return next((slug for slug in now.wishes if slug in catalog.services), "")


def how_far(status: CaseStatus) -> Phrase:
    """How far a case is."""
    return _STATUS[status]


def sealed_in(place: Place) -> tuple[str, str]:
    """The reference, and the number that is to be keyed once more, sealed."""
    reference, _, sealed = place.value.partition(" ")
    return reference, sealed


def titled(service: Service) -> Phrase:
    """A service's title as a sentence: which service is meant."""
    return say.phrase(say.TITLE.id, title=say.text(service.title))


def summary_text(service: Service, catalog: Catalog) -> tuple[Prompt, ...]:
    """What to take along, what it costs, how long it takes and where, for one text message of few segments."""
    facts = (_bring(service, catalog), *_cost_and_time(service))
    places = [_place_of(catalog, id) for id in service.where[:1]]
    return telling(titled(service), *facts, *places)


def reference_text(place: Place, catalog: Catalog) -> tuple[Prompt, ...]:
    """A case's reference, for a text message: no private words in it."""
    service = catalog.services[place.about]
    return telling(
        titled(service), say.phrase(say.OPENED.id, reference=Digits(text=place.value)), say.text(service.done)
    )


def helped(asked: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
    """The same, with the keys that work everywhere explained."""
    return (*asked[:-1], replace(asked[-1], helped=True))


def pages(category: str, catalog: Catalog) -> tuple[tuple[Service, ...], ...]:
    """A category's services as menus: those with keys first, then the rest by number, six at a time."""
    rest = [s for s in catalog.services.values() if s.category == category and not s.key]
    rest.sort(key=lambda s: s.number)
    more = (tuple(rest[i : i + MOST_CHOICES]) for i in range(0, len(rest), MOST_CHOICES))
    return (catalog.menu(category), *more)


def step_choices(step: Step, catalog: Catalog) -> tuple[Choice, ...]:
    """The choices of a step that is answered by choosing."""
    if step.kind is StepKind.YES_NO:
        return yes_no(say.YES, say.NO)
    if step.kind is StepKind.AREA:
        return tuple(Choice(key=str(a.key), id=a.id, label=say.text(a.title)) for a in catalog.areas)
    return numbered((option.id, say.text(option.label)) for option in step.options)


def yes_no(yes: Phrase, no: Phrase) -> tuple[Choice, ...]:
    """1 is yes, 2 is no (ISO/IEC 13714)."""
    return numbered((("yes", yes), ("no", no)))


def numbered(labels: Iterator[tuple[str, Phrase]] | tuple[tuple[str, Phrase], ...]) -> tuple[Choice, ...]:
    """Choices with the keys 1, 2, 3 ..."""
    return tuple(Choice(key=str(n), id=id, label=label) for n, (id, label) in enumerate(labels, 1))


def asks_first(step: Step, now: Conversation) -> bool:
    """Whether a step first asks whether, or with which number, to answer; then its answer follows."""
    if step.kind is StepKind.PHONE:
        return known_phone(now) != ""
    return step.optional and step.kind not in CHOSEN


def known_phone(now: Conversation) -> str:
    """The number the resident calls or texts from, as far as we ring and text it; "" if there is none."""
    return "" if now.barred else own_number(now)


def own_number(now: Conversation) -> str:
    """The number the resident calls or texts from, "" if there is none."""
    return now.address.value if now.address and now.address.value.startswith("+") else ""


def gets_texts(now: Conversation) -> bool:
    """Whether a caller can get a text: their number is known, and it is not known that it gets none."""
    return known_phone(now) != "" and not now.textless


def unoffered(now: Conversation) -> tuple[Choice, ...]:
    """What may be asked for in words though it is not offered, to be told that it can not be."""
    about = now.place[-1].scene in (Scene.SERVICE, Scene.DONE)
    return (Choice(key="", id=NO_TEXT, label=say.ASK_TEXT),) if about and now.textless else ()


def text_address(now: Conversation) -> Address | None:
    """Where a text message to this resident goes, None if their number is not known."""
    number = known_phone(now)
    return Address(channel="sms", value=number) if number else None


def write_times(number: str, windows: Iterable[Window]) -> str:
    """A telephone number and the windows that are offered for it, as the value of a place: they stay as they were
    heard, whatever others choose meanwhile."""
    return " ".join((number, *(f"{one.start.isoformat()}/{one.end.isoformat()}" for one in windows)))


def read_times(value: str) -> tuple[str, tuple[tuple[datetime, datetime], ...]]:
    """The number, and when each window begins and ends."""
    number, *times = value.split()
    ends = (time.partition("/") for time in times)
    return number, tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, _, end in ends)


def when(start: datetime, end: datetime, today: date) -> Phrase:
    """A time on one day as people say it."""
    hours = {"start": start.time(), "end": end.time()}
    if start.date() == today:
        return say.phrase(say.TODAY.id, **hours)
    if start.date() == today + timedelta(days=1):
        return say.phrase(say.TOMORROW.id, **hours)
    return say.phrase(say.ON_DAY.id, day=Day(on=start.date()), **hours)


def answer_param(step: Step, value: Answer, catalog: Catalog) -> Param:
    """An answer as it is read back."""
    if isinstance(value, Later):
        return say.LATER
    if isinstance(value, Recording):
        return say.YOUR_RECORDING
    if isinstance(value, bool):
        return say.YES if value else say.NO
    if isinstance(value, Phone):
        return Digits(text=value.e164)
    if isinstance(value, int | date):
        return value
    if step.kind in CHOSEN:
        # A case is kept longer than the choice it was made with.
        return next((c.label for c in step_choices(step, catalog) if c.id == value), Quote(text=str(value)))
    return Quote(text=value) if value else say.SKIPPED


# --- one function a place ------------------------------------------------------------------------------------


def _language(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    town = catalog.town
    choices = [
        Choice(key=str(n), id=code, label=say.text("{language}", language=LanguageName(code=code)), language=code)
        for n, code in enumerate(town.languages, 1)
    ]
    last = now.place[-1].value
    choices.sort(key=lambda choice: choice.id != last)  # each keeps its key
    choices.append(Choice(key=str(len(choices) + 1), id=OTHER, label=say.OTHER_LANGUAGE))
    welcome = say.phrase(say.WELCOME.id, town=town.name)
    return (Prompt(phrase=welcome, choices=tuple(choices), expect=Expect.CHOICE, language=last or town.languages[0]),)


def _home(_now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    ordered = sorted(catalog.categories, key=lambda c: c.key)
    choices = tuple(Choice(key=str(c.key), id=c.id, label=say.text(c.title)) for c in ordered)
    return (Prompt(phrase=say.WHAT_ABOUT, choices=choices, expect=Expect.CHOICE, open=True),)


def _category(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    place = now.place[-1]
    all_pages = pages(place.about, catalog)
    choices = numbered(tuple((s.slug, say.text(s.title)) for s in all_pages[place.step]))
    if place.step + 1 < len(all_pages):
        choices = (*choices, Choice(key="7", id="more", label=say.MORE))
    title = next(c.title for c in catalog.categories if c.id == place.about)
    # On the phone the caller has just heard the category's name.
    voice = now.medium is Medium.VOICE
    which = say.WHICH if voice else say.phrase(say.WHICH_ONE.id, category=say.text(title))
    return (Prompt(phrase=which, choices=choices, expect=Expect.CHOICE),)


def _service(now: Conversation, known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    place = now.place[-1]
    service = catalog.services[place.about]
    told = telling(*_told(now, service, known, catalog))
    choices = _service_choices(now, service, catalog)
    heard_before = bool(place.value) and calm(now) == now
    return (*told, Prompt(phrase=say.ANYTHING_ELSE, choices=choices, expect=Expect.CHOICE, brief=heard_before))


def _service_choices(now: Conversation, service: Service, catalog: Catalog) -> tuple[Choice, ...]:
    labels = [("papers", say.ASK_PAPERS), ("cost", say.ASK_COST), ("where", say.ASK_WHERE)]
    if service.steps:
        labels.append(("start", say.ASK_REPORT if service.report else say.ASK_START))
    if now.medium is Medium.VOICE:
        labels.append(("text", say.ASK_TEXT) if gets_texts(now) else ("code", say.ASK_CODE))
    told = now.place[-1].value != ""
    return numbered(_with_end(now, (*labels, *_other_wish(now, catalog)), there=told))


def _with_end(
    now: Conversation, labels: tuple[tuple[str, Phrase], ...], *, there: bool = True
) -> tuple[tuple[str, Phrase], ...]:
    """The choices, and last the one of whoever is done, so that no other has another key for it. In a text message it
    would cost every one of them letters: who is done says so."""
    ends = there and now.medium is not Medium.SMS and len(labels) < MOST_CHOICES
    return (*labels, (THAT_WAS_ALL, say.THAT_WAS_ALL)) if ends else labels


def _other_wish(now: Conversation, catalog: Catalog) -> tuple[tuple[str, Phrase], ...]:
    """What was asked for in the same breath, and is not told of yet."""
    slug = next_wish(now, catalog)
    title = say.text(catalog.services[slug].title) if slug else None
    return ((OTHER_WISH, say.phrase(say.OTHER_WISH.id, title=title)),) if title else ()


def _told(now: Conversation, service: Service, known: Known, catalog: Catalog) -> tuple[Phrase, ...]:
    place = now.place[-1]
    if place.value == TOLD:
        return ()
    if place.value == "papers":
        return _who_and_papers(service, catalog)
    if place.value == "cost":
        return _cost_and_time(service)
    if place.value == "where":
        return tuple(_where(now, service, known, catalog))
    if place.value.isdigit() and len(place.value) == CODE_DIGITS:
        return (say.phrase(say.CODE_IS.id, code=Digits(text=place.value)),)
    summary = say.text(service.summary)
    # On the phone the title is said once, by whatever led here.
    return (summary,) if now.medium is Medium.VOICE else (titled(service), summary)


def _who_and_papers(service: Service, catalog: Catalog) -> tuple[Phrase, ...]:
    return (say.text(service.who), _bring(service, catalog))


def _bring(service: Service, catalog: Catalog) -> Phrase:
    papers = tuple(say.text(catalog.papers[id].title) for id in service.papers)
    return say.phrase(say.BRING.id, papers=Listing(items=papers)) if papers else say.BRING_NOTHING


def _cost_and_time(service: Service) -> tuple[Phrase, ...]:
    params: dict[str, Param] = {} if service.amount is None else {"amount": Money(amount=service.amount)}
    time = service.time
    lasts = say.takes(time.unit, time.count) if isinstance(time, Duration) else say.text(time)
    return (say.text(service.cost, **params), lasts)


def _where(now: Conversation, service: Service, known: Known, catalog: Catalog) -> Iterator[Phrase]:
    if not service.where:
        yield say.NO_NEED_TO_COME
    short = now.medium is Medium.SMS
    for n, id in enumerate(service.where[: MOST_OFFICES if short else None]):
        yield _place_of(catalog, id)
        if short and n:
            continue
        state = known.offices[id]
        if state.open:
            yield say.OPEN_NOW
        elif state.opens:
            yield say.phrase(say.OPENS.id, time=state.opens)


def _place_of(catalog: Catalog, id: str) -> Phrase:
    found = catalog.offices[id]
    return say.phrase(say.GO_TO.id, office=say.text(found.title), address=found.address)


def _offer(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    place = now.place[-1]
    labels = [(slug, say.text(catalog.services[slug].title)) for slug in place.value.split(",")]
    choices = numbered((*labels, ("none", say.SOMETHING_ELSE)))
    if place.about != NEAREST:
        return (Prompt(phrase=say.UNSURE, choices=choices, expect=Expect.CHOICE),)
    # Open: in a text too it is told that a person can be asked for.
    nearest = Prompt(phrase=say.NEAREST, choices=choices, expect=Expect.CHOICE, open=True)
    return (*telling(say.NOT_OURS), nearest)


def _number(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    return (Prompt(phrase=say.ASK_NUMBER, expect=Expect.DIGITS, entry=Entry.CODE),)


def _step(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    place = now.place[-1]
    step = catalog.services[place.about].steps[place.step]
    ask = say.text(step.ask)
    if step.kind in CHOSEN:
        return (Prompt(phrase=ask, choices=step_choices(step, catalog), expect=Expect.CHOICE),)
    if asks_first(step, now) and not place.given:
        return (Prompt(phrase=ask, choices=_first_choices(step, now), expect=Expect.CHOICE),)
    kind = expect(step.kind)
    instead = numbered(_instead_of_words(place)) if _by_ear(kind, now) else ()
    return (Prompt(phrase=ask, choices=instead, expect=kind, entry=entry(step.kind)),)


def _instead_of_words(place: Place) -> tuple[tuple[str, Phrase], ...]:
    later = ("later", say.GIVE_LATER)
    return (later, ("record", say.ASK_RECORD)) if place.value == IN_VAIN else (later,)


def in_vain(now: Conversation) -> Conversation:
    """Words were asked for on the phone and not understood: from now on a recording is offered there too."""
    place = now.place[-1]
    words = place.scene is Scene.STEP and _by_ear(now.expect, now)
    return replace(now, place=(*now.place[:-1], replace(place, value=IN_VAIN))) if words else now


def _by_ear(kind: Expect, now: Conversation) -> bool:
    """Words on the phone may not be recognised, so they may always be left for the person who calls."""
    return kind is Expect.TEXT and now.medium is Medium.VOICE


def _first_choices(step: Step, now: Conversation) -> tuple[Choice, ...]:
    if step.kind is StepKind.PHONE:
        mine = say.phrase(say.THIS_NUMBER.id, number=Digits(text=known_phone(now)))
        return numbered((("mine", mine), ("give", say.OTHER_NUMBER)))
    return numbered((("give", say.GIVE_IT), ("skip", say.SKIP_IT)))


def _check(now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    first = now.candidates[0]
    if len(now.candidates) == 1 and isinstance(first, str):
        heard = say.phrase(say.DID_YOU_SAY.id, words=Quote(text=first))
        return (Prompt(phrase=heard, choices=yes_no(say.YES, say.NO), expect=Expect.CHOICE),)
    days = [(f"candidate_{n}", say.text("{day}", day=d)) for n, d in enumerate(now.candidates) if isinstance(d, date)]
    choices = numbered((*days, ("no", say.SOMETHING_ELSE)))
    return (Prompt(phrase=say.WHICH_DATE, choices=choices, expect=Expect.CHOICE),)


def _confirm(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    place = now.place[-1]
    if place.value == "text":
        to = say.phrase(say.TEXT_TO.id, number=Digits(text=known_phone(now)))
        return (Prompt(phrase=to, choices=yes_no(say.YES, say.NO), expect=Expect.CHOICE),)
    steps = catalog.services[place.about].steps
    read_back = telling(*(_read_back(s, now.answers[s.name], catalog) for s in steps if s.name in now.answers))
    choices = yes_no(say.SEND_IT, say.CHANGE_IT)
    return (*read_back, Prompt(phrase=say.ALL_RIGHT, choices=choices, expect=Expect.CHOICE))


def _read_back(step: Step, value: Answer, catalog: Catalog) -> Phrase:
    return say.phrase(say.READ_BACK.id, question=say.text(step.ask), answer=answer_param(step, value, catalog))


def _redo(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    steps = catalog.services[now.place[-1].about].steps
    choices = numbered(tuple((step.name, say.text(step.ask)) for step in steps))
    return (Prompt(phrase=say.CHANGE_WHICH, choices=choices, expect=Expect.CHOICE),)


def _zero(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    choices = numbered((("zero", say.ANSWER_ZERO),))
    return (Prompt(phrase=say.ZERO_OR_PERSON, choices=choices, expect=Expect.CHOICE),)


def _danger(_now: Conversation, known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    call = say.phrase(say.EMERGENCY.id, number=Digits(text=known.emergency))
    question = Prompt(phrase=say.IN_DANGER, choices=yes_no(say.YES, say.NO), expect=Expect.CHOICE)
    return (*telling(call), question)


def _callback(now: Conversation, known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    on = say.phrase(say.CALL_BACK.id, number=Digits(text=now.place[-1].value))
    choices = numbered((("yes", say.YES), ("no", say.OTHER_NUMBER), ("message", say.ASK_MESSAGE)))
    right = Prompt(phrase=say.CALL_BACK_RIGHT, choices=choices, expect=Expect.CHOICE)
    return (*telling(_why_not_now(now, known, catalog), on), right)


def _callback_number(now: Conversation, known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    ask = Prompt(phrase=say.ASK_CALLBACK, expect=Expect.DIGITS, entry=Entry.PHONE)
    return (*telling(_why_not_now(now, known, catalog)), ask)


def _callback_time(now: Conversation, known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    _, times = read_times(now.place[-1].value)
    labels = [(start.isoformat(), when(start, end, known.today)) for start, end in times]
    choices = numbered((*labels, ("none", say.NO_TIME_SUITS)))
    return (Prompt(phrase=say.CALL_BACK_WHEN, choices=choices, expect=Expect.CHOICE),)


def _remind(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    return (Prompt(phrase=say.REMIND_YOU, choices=yes_no(say.YES, say.NO), expect=Expect.CHOICE),)


def _why_not_now(now: Conversation, known: Known, catalog: Catalog) -> Phrase:
    state = office(now, known, catalog)
    if state.open or state.opens is None:
        return say.NOBODY_FREE
    return say.phrase(say.OFFICE_CLOSED.id, time=state.opens)


def _record(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    may = Prompt(phrase=say.MAY_WE_RECORD, choices=yes_no(say.YES, say.NO), expect=Expect.CHOICE)
    return (*telling(say.CONSENT), may)


def _recording(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    return (Prompt(phrase=say.SPEAK_NOW, expect=Expect.RECORDING),)


def _recorded(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    labels = (("keep", say.KEEP_IT), ("listen", say.LISTEN), ("again", say.RECORD_AGAIN), ("delete", say.DELETE_IT))
    return (Prompt(phrase=say.RECORDED, choices=numbered(labels), expect=Expect.CHOICE),)


def _unfinished(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    choices = numbered((("go_on", say.GO_ON), ("else", say.SOMETHING_ELSE)))
    return (Prompt(phrase=say.BEGUN, choices=choices, expect=Expect.CHOICE),)


def _done(now: Conversation, _known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    place = now.place[-1]
    opened = say.phrase(say.OPENED.id, reference=Digits(text=place.value))
    labels = [("else", say.SOMETHING_ELSE)]
    if now.medium is Medium.VOICE and gets_texts(now):
        labels.append(("text", say.ASK_TEXT))
    if place.step != AGREED and (known_phone(now) if now.medium is Medium.VOICE else now.address):
        labels.append(("news", say.ASK_NEWS))
    secret = (("pin", say.GET_PIN),) if now.medium is Medium.VOICE and not place.given else ()
    choices = numbered(_with_end(now, (*labels, *_other_wish(now, catalog), *secret)))
    question = Prompt(phrase=say.ASK_ELSE, choices=choices, expect=Expect.CHOICE)
    done = telling(say.text(catalog.services[place.about].done))
    return (Prompt(phrase=opened, pen=True), *done, question)


def _news(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    labels: tuple[tuple[str, Phrase], ...] = (
        (Times.DAY, say.NEWS_DAY),
        (Times.MORNING, say.NEWS_MORNING),
        (Times.AFTERNOON, say.NEWS_AFTERNOON),
        (Times.EVENING, say.NEWS_EVENING),
        ("no", say.NEWS_NO),
    )
    return (Prompt(phrase=say.NEWS_WHEN, choices=numbered(labels), expect=Expect.CHOICE),)


def _rate(_now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    return (Prompt(phrase=say.GOT_IT, choices=yes_no(say.YES, say.NO), expect=Expect.CHOICE),)


def _case(now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    choices = numbered((("all", say.HEAR_ALL), ("else", say.SOMETHING_ELSE)))
    status = CaseStatus(now.place[-1].about)
    return (*telling(how_far(status)), Prompt(phrase=say.ASK_ELSE, choices=choices, expect=Expect.CHOICE))


def _who(now: Conversation, _known: Known, _catalog: Catalog) -> tuple[Prompt, ...]:
    whose = (say.ABOUT_YOU, say.I_HELP) if now.place[-1].value else (say.BEGUN_BY_YOU, say.NOT_ME)
    return (Prompt(phrase=whose[0], choices=yes_no(say.YES, whose[1]), expect=Expect.CHOICE),)


def _secret(asked: Phrase) -> Ask:
    """A secret number is keyed: nothing else is asked or told there."""
    return lambda _now, _known, _catalog: (Prompt(phrase=asked, expect=Expect.DIGITS, entry=Entry.PIN),)


def _details(now: Conversation, known: Known, catalog: Catalog) -> tuple[Prompt, ...]:
    """What the case says, where it was looked up for who may hear it; what is asked afterwards."""
    place, details, labels = now.place[-1], known.details, [("else", say.SOMETHING_ELSE)]
    if place.about:
        labels.append(("end", say.STOP_HELPING))
    elif place.given:
        labels.append(("end", say.END_HELP))
    question = Prompt(phrase=say.ASK_ELSE, choices=numbered(tuple(labels)), expect=Expect.CHOICE)
    return (*telling(*(_case_in_full(details, catalog) if details else ())), question)


def _case_in_full(details: CaseDetails, catalog: Catalog) -> Iterator[Phrase]:
    service, day = catalog.services.get(details.service), details.opened.date()
    if service is None:
        yield say.phrase(say.CASE_WAS.id, day=day)
        return
    yield say.phrase(say.CASE_IS.id, title=say.text(service.title), day=day)
    answered = (step for step in service.steps if step.name in details.answers)
    yield from (_read_back(step, details.answers[step.name], catalog) for step in answered)


_STATUS = {
    CaseStatus.RECEIVED: say.CASE_RECEIVED,
    CaseStatus.IN_WORK: say.CASE_IN_WORK,
    CaseStatus.DONE: say.CASE_DONE,
}

_ASK: dict[Scene, Ask] = {
    Scene.LANGUAGE: _language,
    Scene.HOME: _home,
    Scene.CATEGORY: _category,
    Scene.SERVICE: _service,
    Scene.OFFER: _offer,
    Scene.NUMBER: _number,
    Scene.STEP: _step,
    Scene.CHECK: _check,
    Scene.CONFIRM: _confirm,
    Scene.REDO: _redo,
    Scene.RECORD: _record,
    Scene.RECORDING: _recording,
    Scene.RECORDED: _recorded,
    Scene.ZERO: _zero,
    Scene.DANGER: _danger,
    Scene.CALLBACK: _callback,
    Scene.CALLBACK_NUMBER: _callback_number,
    Scene.CALLBACK_TIME: _callback_time,
    Scene.REMIND: _remind,
    Scene.UNFINISHED: _unfinished,
    Scene.DONE: _done,
    Scene.NEWS: _news,
    Scene.RATE: _rate,
    Scene.CASE: _case,
    Scene.WHO: _who,
    Scene.PIN: _secret(say.WHICH_PIN),
    Scene.HELPER: _secret(say.HELPERS_PIN),
    Scene.PIN_NEW: _secret(say.NEW_PIN),
    Scene.PIN_SURE: _secret(say.PIN_AGAIN),
    Scene.DETAILS: _details,
}

_TOLD = {
    Act.WHO: "papers",
    Act.PAPERS: "papers",
    Act.COST: "cost",
    Act.TIME: "cost",
    Act.WHERE: "where",
}
