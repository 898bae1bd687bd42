"""The conversation: `needs` says what must be looked up for a message, `advance` decides what it changes.

Both are pure. The order of the decisions in `advance` is the policy: danger, then commands, then the person who has
the conversation, then the place where the resident stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from core import codes, correcting, forms, handoffs, pins, ratings, recording
from core import phrases as say
from core.answers import read_as
from core.asking import (
    NO_TEXT,
    OTHER,
    OTHER_WISH,
    THAT_WAS_ALL,
    TOLD,
    how_far,
    informs,
    next_wish,
    offer,
    reference_text,
    show,
    summary_text,
    text_address,
    titled,
)
from core.catalog import Catalog
from core.commands import WISHES, fold
from core.danger import answer_danger, in_danger, warn
from core.desk import by_staff
from core.explaining import forgetting, heard_as
from core.news import answer_news
from core.obeying import AFTER_STOP, ask_language, ask_number, command_of, current, held_back, more, obey, person, stop
from core.places import Moment, at_service, calm, go, offered, pop, push, subject, swap, telling
from core.trouble import missed, silent
from core.types import (
    BY_STAFF,
    NEAREST,
    SECRET,
    Act,
    Command,
    Conversation,
    CountTry,
    Digits,
    Expect,
    FindCase,
    FindChoice,
    FindCode,
    FindConsent,
    FindSpoken,
    FindUnfinished,
    FindWindows,
    FreshNumbers,
    Inbound,
    KeepCode,
    Kind,
    Known,
    LanguageName,
    Medium,
    Mode,
    Need,
    Needs,
    Phrase,
    Place,
    Read,
    ReadKind,
    Scene,
    SendText,
    SpendCode,
    Turn,
    Understanding,
    WhyPerson,
)

UNSURE_SPEECH = 0.4
"""A service named in speech that was recognised with less confidence is asked back, not opened."""

NEAR = 0.2
"""The least confidence in a service that is offered as the nearest to what we do not have. Chosen by nlu/calibration:
of what is offered from here on half is sensible, of what lies below a fifth (docs/decisions/why.md)."""

MOST_NEAREST = 2
"""So many of those are offered."""

_LONGEST_KEY = 3
"""Words, or Chinese characters, in which the number of a choice is said."""

_HAN = re.compile("[\u3400-\u9fff]")


def fresh(said: Inbound) -> Conversation:
    """The state of a conversation before its first message."""
    hint = said.language_hint
    place = Place(scene=Scene.HOME) if hint else Place(scene=Scene.LANGUAGE)
    return Conversation(
        id=said.conversation,
        medium=said.medium,
        address=said.address,
        language=hint,
        guessed=bool(hint) and said.medium is Medium.CHAT,
        place=(place,),
        barred=said.barred,
        placed=said.placed,
    )


def needs(was: Conversation, said: Inbound, meant: Understanding, catalog: Catalog) -> Needs:
    """What must be looked up before `advance` can decide."""
    moment = Moment(was=was, said=said, meant=meant, known=_NOTHING, catalog=catalog)
    if said.kind is Kind.START and moment.voice and was.address and moment.top.scene is Scene.LANGUAGE:
        return (FindSpoken(address=was.address),)
    if said.kind is Kind.SILENCE and _spoken_before(moment):
        return tuple(_needs_of_call(was))
    if said.kind not in (Kind.KEYS, Kind.TEXT, Kind.PICK):
        return ()
    return tuple(_needs(moment))


def _spoken_before(moment: Moment) -> str:
    """Where a caller is asked for the language: the one of their last call, "" if there was none. In a call of ours
    silence may be a voicemail, and chooses nothing."""
    return moment.top.value if moment.top.scene is Scene.LANGUAGE and not moment.was.placed else ""


def _needs_of_call(was: Conversation) -> Iterator[Need]:
    """What is looked up when the language of a call is known."""
    if was.address:
        yield FindUnfinished(address=was.address)
    if texts := text_address(was):
        yield FindConsent(address=texts)


def _needs(moment: Moment) -> Iterator[Need]:
    was, said, top = moment.was, moment.said, moment.top
    if correcting.corrects(moment):
        yield from correcting.needs(moment)
        return
    digits = _typed_number(moment)
    if len(digits) == codes.REFERENCE_DIGITS and codes.holds(digits):
        yield FindCase(reference=digits)
    elif len(digits) == codes.CODE_DIGITS and codes.holds(digits):
        yield FindCode(code=digits)
    elif kind := _reads(moment):
        yield Read(kind=kind, text=said.keys or said.text, language=was.language, on=said.at)
    if handoffs.times_matter(was):
        yield FindWindows(service=subject(was))
    if (was.offered or was.expect is Expect.CHOICE) and said.kind is Kind.TEXT:
        yield FindChoice(text=said.text)
    begins = top.scene is Scene.LANGUAGE and was.medium is Medium.VOICE
    asked_who_began = top.scene is Scene.WHO and not top.value
    if begins:
        yield from _needs_of_call(was)
    elif was.address and (asked_who_began or top.scene is Scene.UNFINISHED):
        yield FindUnfinished(address=was.address)
    if _means_start(moment) and was.address:
        yield FindConsent(address=was.address)
    texts = text_address(was)
    sends = top.scene in (Scene.NEWS, Scene.CALLBACK_TIME) or (top.scene is Scene.CONFIRM and top.value == "text")
    if texts and sends:
        yield FindConsent(address=texts)
    yield from recording.needs(moment)
    yield from pins.needs(moment)
    yield from ratings.needs(moment)
    if top.scene is Scene.CONFIRM or any(offer.endswith("=code") for offer in was.offered):
        yield FreshNumbers()


def _means_start(moment: Moment) -> bool:
    """Whether START is written: someone may have stopped the texts elsewhere, or long before this thread began."""
    return moment.meant.command is Command.START and not moment.voice


def _reads(moment: Moment) -> ReadKind | None:
    """What the message is to be read as here, None where no typed value is expected."""
    if moment.top.scene is Scene.CALLBACK_NUMBER:
        return ReadKind.PHONE
    if forms.waits_for_value(moment):
        return read_as(forms.step_of(moment.was, moment).kind)
    if moment.was.expect is Expect.CHOICE and moment.said.kind is Kind.TEXT and _may_be_key(moment):
        return ReadKind.NUMBER
    return None


def _may_be_key(moment: Moment) -> bool:
    """Whether words may be the number of a choice: "two", or "number two" if they do not name a service. A number
    within a sentence ("my two children need lunch") is none."""
    folded = fold(moment.said.text)
    size = sum(len(word) if _HAN.search(word) else 1 for word in folded.split())
    understood = moment.meant.service or moment.meant.alternatives
    return not folded.isdigit() and (size == 1 or (size <= _LONGEST_KEY and not understood))


def advance(was: Conversation, said: Inbound, meant: Understanding, known: Known, catalog: Catalog) -> Turn:
    """Decide what one inbound message changes, says and causes. No I/O, no clock, no randomness."""
    moment = Moment(was=was, said=said, meant=meant, known=known, catalog=catalog)
    turn = _decide(moment)
    turn = replace(turn, conversation=ratings.dropped(pins.dropped(forgetting(turn.conversation))))
    return _counted(moment, recording.tidied(moment, turn))


def _counted(moment: Moment, turn: Turn) -> Turn:
    """What the resident did spends the turn it answers; callbacks, relayed words, STOP and old buttons do not."""
    spoken = moment.said.kind is Kind.RECORDING and (moment.voice or moment.said.recording is not None)
    answers = spoken or moment.said.kind in (Kind.START, Kind.KEYS, Kind.TEXT, Kind.PICK, Kind.SILENCE)
    if not answers or turn.reason in ("relayed", "stopped") or _stale(moment):
        return turn
    return replace(turn, conversation=replace(turn.conversation, turn=moment.was.turn + 1))


def _decide(moment: Moment) -> Turn:
    said = moment.said
    if said.kind in BY_STAFF:
        return by_staff(moment)
    if said.kind is Kind.HANG_UP:
        return _hung_up(moment)
    if said.kind is Kind.DIAL:
        return handoffs.after_dial(moment)
    if said.kind is Kind.RECORDING and moment.voice:
        return recording.recorded(moment)
    if said.kind is Kind.STOP:
        return stop(moment, reply=False)
    if said.kind in (Kind.RESUME, Kind.FAULT):
        return current(moment.was, said, moment.known, moment.catalog)
    if in_danger(moment):
        return warn(moment)
    command = command_of(moment)
    if moment.was.stopped and command not in AFTER_STOP:
        return held_back(moment, command)
    if moment.top.scene is Scene.RATE and command in (None, Command.MORE) and _chosen(moment) is None:
        if said.kind is Kind.SILENCE:
            return ratings.goodbye(moment)
        moment = ratings.put_aside(moment)
    if command:
        return obey(command, moment)
    if _stale(moment):
        return current(moment.was, said, moment.known, moment.catalog)
    if said.recording and not moment.voice:
        return recording.sent(moment, said.recording)
    if moment.was.mode is not Mode.BOT:
        return handoffs.leave_to_person(moment)
    if said.kind is Kind.START:
        return _begun(moment)
    if said.kind in (Kind.PICTURE, Kind.PLACE, Kind.RECORDING):
        return missed(moment, say.NOT_WRITTEN)
    return _answered(moment)


def _begun(moment: Moment) -> Turn:
    """The beginning. Where the language is asked, that of the last call comes first, with the key it always has."""
    now = calm(moment.was)
    if moment.known.spoken in moment.catalog.town.languages:
        now = swap(now, replace(moment.top, value=moment.known.spoken))
    return show(moment, now)


# --- answers -------------------------------------------------------------------------------------------------


def _answered(moment: Moment) -> Turn:
    if moment.said.kind is Kind.SILENCE:
        before = _spoken_before(moment)
        return _choose_language(moment, before) if before else silent(moment)
    if correcting.corrects(moment):
        return correcting.correct(moment)
    choice = _chosen(moment)
    if choice is not None:
        return _ANSWERS[moment.top.scene](moment, choice)
    if moment.top.scene is Scene.STEP:
        return forms.answer_step(moment, "")
    if moment.top.scene is Scene.CALLBACK_NUMBER:
        return forms.answer_callback_number(moment)
    if moment.top.scene in SECRET:
        return pins.keyed(moment)
    digits = _typed_number(moment)
    if digits and (moment.was.language or moment.known.code):
        return _dialled(moment, digits)
    if moment.said.kind is Kind.TEXT and moment.top.scene is Scene.DANGER:
        return answer_danger(moment, "no")
    if moment.said.kind is Kind.TEXT and _free(moment):
        return _heard(moment)
    return missed(moment, say.NOT_A_CHOICE)


def _stale(moment: Moment) -> bool:
    """A button of another question than the one now asked, or of none of ours: what is asked is said again."""
    return moment.said.kind is Kind.PICK and _chosen(moment) is None


def _chosen(moment: Moment) -> str | None:
    """The choice that a key, a button, a typed number or plain words stand for."""
    was, said = moment.was, moment.said
    if said.kind is Kind.PICK and said.pick:
        ids = [offer.partition("=")[2] for offer in was.offered]
        return said.pick.choice if said.pick.choice in ids and said.pick.turn == was.turn else None
    if said.kind is Kind.KEYS:
        return offered(was, said.keys)
    if moment.known.choice:
        return moment.known.choice
    if was.expect is not Expect.CHOICE:
        return None
    typed = fold(said.text)
    yes_no = {Act.YES: "yes", Act.NO: "no"}.get(moment.meant.act) if moment.meant.act else None
    if yes_no and any(offer.endswith("=" + yes_no) for offer in was.offered):
        return yes_no
    value = moment.known.reading.value if moment.known.reading else None
    spoken = str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    return offered(was, typed) or (offered(was, spoken) if spoken else None)


def _typed_number(moment: Moment) -> str:
    """Digits that may be a service, a code or a case: in the number place, or typed where a choice is asked."""
    said = moment.said
    digits = said.keys if said.kind is Kind.KEYS else fold(said.text).replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if moment.top.scene is Scene.NUMBER:
        return digits
    long_enough = len(digits) in (codes.SERVICE_DIGITS, codes.CODE_DIGITS, codes.REFERENCE_DIGITS)
    return digits if moment.was.expect is Expect.CHOICE and long_enough else ""


def _dialled(moment: Moment, digits: str) -> Turn:
    service = moment.catalog.numbered(digits)
    if service:
        return _open(moment, service.slug, "")
    if len(digits) == codes.SERVICE_DIGITS:
        return missed(moment, say.phrase(say.NO_SUCH_SERVICE.id, number=Digits(text=digits)))
    if moment.known.attempts_left <= 0:
        return handoffs.ask_for_person(moment, WhyPerson.STUCK, "", say.TOO_MANY_TRIES)
    if moment.known.code:
        return _go_on(moment, digits)
    if moment.known.case:
        return pins.tell_how_far(moment, digits)
    turn = missed(moment, say.NO_SUCH_NUMBER)
    return replace(turn, effects=(*turn.effects, CountTry()))


def _go_on(moment: Moment, code: str) -> Turn:
    """A continuation code brings back the place in the dialogue, in its language, and is spent."""
    found = moment.known.code
    assert found is not None
    now = replace(calm(moment.was), language=found.language or moment.was.language)
    if found.case:  # it is not spent: whoever doubts may ask twice
        asked = now.place[-1].scene in (Scene.NUMBER, Scene.LANGUAGE)
        return show(moment, pop(now) if asked else now, say.THAT_WAS_US, how_far(found.case))
    here = replace(moment, was=now)
    turn = forms.begin(here, found.service) if found.starting else _open(here, found.service, "")
    return replace(turn, effects=(*turn.effects, SpendCode(code=code)))


def _free(moment: Moment) -> bool:
    """Whether free words are listened to here: not inside a form, where an answer is an answer."""
    return moment.top.scene in WISHES


def _heard(moment: Moment) -> Turn:
    """Free words: what is wanted, about which service; when unsure ask, and never guess."""
    if not moment.was.language:
        return _first_words(moment)
    moment = _understood(_in_their_language(moment))
    meant, here = moment.meant, _service_here(moment)
    if meant.act is Act.PERSON:
        return person(moment)
    if meant.act is Act.OTHER_LANGUAGE:
        return ask_language(moment)
    if meant.service:
        return _named(moment, meant.service)
    if meant.alternatives:
        return offer(moment, tuple(a.service for a in meant.alternatives[:3]))
    if meant.denied:
        title = say.text(moment.catalog.services[meant.denied].title)
        return show(moment, go(calm(moment.was)), say.phrase(say.NOT_THAT.id, title=title))
    if here and (informs(meant.act) or meant.act is Act.START):
        return _open(moment, here, informs(meant.act))
    if meant.act is Act.STATUS:
        return ask_number(moment)
    if meant.act is Act.THANKS:
        return ratings.thanked(moment)
    if meant.act is Act.NO and moment.top.scene in ratings.HELPED:
        return ratings.ended(moment)
    if meant.act is Act.GREET:
        return show(moment, calm(moment.was), say.GREETING)
    if meant.foreign:
        return _foreign(moment)
    return _not_ours(moment) if meant.act is Act.OUT_OF_SCOPE else missed(moment, say.NOT_UNDERSTOOD)


def _in_their_language(moment: Moment) -> Moment:
    """A telephone's language is a guess: words that are clearly in another of ours set that one. One that the resident
    chose stays (docs/decisions/language.md)."""
    was, theirs = moment.was, moment.meant.language
    if not was.guessed or theirs not in moment.catalog.town.languages:
        return moment
    return replace(moment, was=replace(was, language=theirs, guessed=False))


def _not_ours(moment: Moment) -> Turn:
    """Nothing that we have: it is said, with what comes nearest where anything is near."""
    if moment.top.about == NEAREST:
        return missed(moment, say.NOT_OURS)  # said twice: the help that leads to a person, not the same again
    here = _service_here(moment)
    near = [one.service for one in moment.meant.considered if one.confidence >= NEAR and one.service != here]
    return offer(moment, tuple(near[:MOST_NEAREST]), NEAREST) if near else missed(moment, say.NOT_OURS)


def _understood(moment: Moment) -> Moment:
    """What is not meant is no wish any more, and who is understood speaks no language that we do not have."""
    was, meant = moment.was, moment.meant
    wishes = tuple(wish for wish in was.wishes if wish != meant.denied)
    here = not meant.foreign and bool(meant.service or meant.alternatives or meant.act)
    return replace(moment, was=replace(was, wishes=wishes, foreign="" if here else was.foreign))


def _foreign(moment: Moment) -> Turn:
    """Words in a language that we do not have, from someone who has chosen one of ours: a person and an interpreter
    are one choice away."""
    now = replace(moment.was, foreign=moment.meant.foreign)
    if moment.top.scene is not Scene.LANGUAGE:
        now = push(now, Place(scene=Scene.LANGUAGE))
    named = LanguageName(code=moment.meant.foreign)
    told = say.phrase(say.FOREIGN.id, language=named, choice=say.OTHER_LANGUAGE)
    return missed(replace(moment, was=now), told)


def _first_words(moment: Moment) -> Turn:
    """The first words of someone whose language we do not know yet: the words may tell."""
    language = moment.meant.language
    if language not in moment.catalog.town.languages:
        return show(moment, replace(moment.was, foreign=moment.meant.foreign or moment.was.foreign))
    now = replace(go(moment.was), language=language, foreign="")
    return _heard(replace(moment, was=now))


def _service_here(moment: Moment) -> str:
    return moment.top.about if moment.top.scene in (Scene.SERVICE, Scene.DONE) else ""


def _named(moment: Moment, slug: str) -> Turn:
    confidence = moment.said.confidence
    if confidence is not None and confidence < UNSURE_SPEECH:
        return offer(moment, (slug, *moment.meant.also)[:3])
    moment = replace(moment, was=replace(moment.was, heard=heard_as(moment.meant, slug)))
    return _open(_wishing(moment), slug, informs(moment.meant.act))


def _wishing(moment: Moment) -> Moment:
    """What else is asked for in the same breath is kept for afterwards."""
    also = moment.meant.also
    return replace(moment, was=replace(moment.was, wishes=also)) if also else moment


def _open(moment: Moment, slug: str, told: str) -> Turn:
    """The answer about a service; a wish to start it begins its form, which opens nothing unread."""
    service = moment.catalog.services[slug]
    if moment.meant.act is Act.START and service.steps and moment.said.kind is Kind.TEXT:
        turn = forms.begin(moment, slug)
        return replace(turn, prompts=telling(*_in_turn(moment, slug)) + turn.prompts)
    now = at_service(calm(moment.was), slug, moment.catalog, told)
    if in_turn := _in_turn(moment, slug):
        return show(moment, now, *in_turn)
    return show(moment, now, *(_confirmed(moment, slug) if told or moment.voice else ()))


def _confirmed(moment: Moment, slug: str) -> tuple[Phrase, ...]:
    """The title of a service that was reached by words or number: so it is heard what was understood."""
    return () if moment.top.about == slug else (titled(moment.catalog.services[slug]),)


def _in_turn(moment: Moment, slug: str) -> tuple[Phrase, ...]:
    """Of two things asked for in one breath: which is told first."""
    also = [one for one in moment.meant.also if one in moment.was.wishes]
    titles = [say.text(moment.catalog.services[one].title) for one in (slug, *also)]
    return (say.phrase(say.TWO_WISHES.id, first=titles[0], second=titles[1]),) if also else ()


# --- choices -------------------------------------------------------------------------------------------------


def _choose_language(moment: Moment, choice: str) -> Turn:
    if choice == OTHER:
        return handoffs.ask_interpreter(moment)
    now = replace(calm(moment.was), language=choice, guessed=False, foreign="")
    now = pop(now)
    now = now if moment.known.texts_arrive else replace(now, textless=True)
    if len(moment.was.place) == 1 and moment.known.unfinished:
        now = push(now, Place(scene=Scene.UNFINISHED))
    return show(moment, now)


def _choose_category(moment: Moment, choice: str) -> Turn:
    return show(moment, push(calm(moment.was), Place(scene=Scene.CATEGORY, about=choice)))


def _choose_service(moment: Moment, choice: str) -> Turn:
    if choice == "more":
        return more(moment)
    now = push(calm(moment.was), Place(scene=Scene.SERVICE, about=choice))
    if moment.voice and moment.said.kind is Kind.TEXT:
        return show(moment, now, *_confirmed(moment, choice))
    turn = show(moment, now)
    return _titled_last(moment, turn, choice) if moment.voice else turn


def _titled_last(moment: Moment, turn: Turn, slug: str) -> Turn:
    """With the title between the answer and the question, and how to go back: whoever hit another key than they meant
    hears it, and the answer itself is not kept waiting for that."""
    *told, asked = turn.prompts
    title = telling(titled(moment.catalog.services[slug]))
    return replace(turn, prompts=(*told, *title, replace(asked, back=True)))


def _choose_about_service(moment: Moment, choice: str) -> Turn:
    slug, now = moment.top.about, calm(moment.was)
    if choice == OTHER_WISH:
        return _open(moment, next_wish(now, moment.catalog), "")
    if choice == NO_TEXT:
        return show(moment, now, say.NO_TEXTS_THERE)
    if choice == "start":
        return forms.begin(moment, slug)
    if choice == "text":
        return show(moment, push(now, Place(scene=Scene.CONFIRM, value="text")))
    if choice == "code":
        code = moment.known.fresh_code
        turn = show(moment, swap(now, replace(moment.top, value=code)))
        keep = KeepCode(code=code, service=slug, starting=False, language=now.language)
        return replace(turn, effects=(keep,))
    if choice == THAT_WAS_ALL:
        return ratings.ended(moment)
    return show(moment, swap(now, replace(moment.top, value=choice)))


def _choose_offer(moment: Moment, choice: str) -> Turn:
    if choice == "none":
        return show(moment, forms.put_back(replace(moment, was=pop(calm(moment.was)))))
    # The words that led to the nearest spoke against all that we have, for none of these.
    heard = None if moment.top.about == NEAREST else moment.was.heard
    moment = replace(moment, was=replace(moment.was, held="", heard=heard))
    return _open(moment, choice, informs(moment.meant.act))


def _choose_confirm(moment: Moment, choice: str) -> Turn:
    if moment.top.value == "text":
        return _confirm_text(moment, choice)
    return forms.answer_confirm(moment, choice)


def _confirm_text(moment: Moment, choice: str) -> Turn:
    now = pop(calm(moment.was))
    texts, beneath = text_address(now), now.place[-1]
    if beneath.scene is Scene.SERVICE:
        now = swap(now, replace(beneath, value=TOLD))
    if choice == "no" or texts is None:
        return show(moment, now)
    if not moment.known.texts_arrive:
        return show(moment, replace(now, textless=True), say.NO_TEXTS_THERE)
    if not moment.known.texts_allowed:
        return show(moment, now, say.TEXT_NOT_ALLOWED)
    if moment.known.texts_held:
        return show(moment, now, say.TEXT_HELD)
    if beneath.scene is Scene.DONE:
        words = reference_text(beneath, moment.catalog)
    else:
        words = summary_text(moment.catalog.services[beneath.about], moment.catalog)
    text = SendText(address=texts, language=now.language, prompts=words)
    return replace(show(moment, now, say.TEXT_SENT), effects=(text,))


def _choose_done(moment: Moment, choice: str) -> Turn:
    now = calm(moment.was)
    if choice == "text":
        return show(moment, push(now, Place(scene=Scene.CONFIRM, value="text")))
    if choice == NO_TEXT:
        return show(moment, now, say.NO_TEXTS_THERE)
    if choice == OTHER_WISH:
        return _open(moment, next_wish(now, moment.catalog), "")
    if choice == "news":
        return show(moment, push(now, Place(scene=Scene.NEWS, value=moment.top.value)))
    if choice == THAT_WAS_ALL:
        return ratings.ended(moment)
    return pins.ask_new(moment) if choice == "pin" else show(moment, go(now))


def _choose_unfinished(moment: Moment, choice: str) -> Turn:
    left = moment.known.unfinished
    if choice == "go_on" and left:
        age = moment.said.at - left.at
        return pins.ask_who_began(moment) if forms.tells(left, age) else forms.take_up(moment, left, age)
    return show(moment, go(calm(moment.was)))


def _choose_zero(moment: Moment, _choice: str) -> Turn:
    return forms.answer_zero(moment)


_ANSWERS: dict[Scene, Callable[[Moment, str], Turn]] = {
    Scene.LANGUAGE: _choose_language,
    Scene.HOME: _choose_category,
    Scene.CATEGORY: _choose_service,
    Scene.SERVICE: _choose_about_service,
    Scene.OFFER: _choose_offer,
    Scene.STEP: forms.answer_step,
    Scene.CHECK: forms.answer_check,
    Scene.CONFIRM: _choose_confirm,
    Scene.REDO: forms.answer_redo,
    Scene.RECORD: recording.answer_record,
    Scene.RECORDED: recording.answer_recorded,
    Scene.ZERO: _choose_zero,
    Scene.DANGER: answer_danger,
    Scene.CALLBACK: handoffs.answer_callback,
    Scene.CALLBACK_TIME: handoffs.answer_callback_time,
    Scene.REMIND: handoffs.answer_remind,
    Scene.UNFINISHED: _choose_unfinished,
    Scene.DONE: _choose_done,
    Scene.NEWS: answer_news,
    Scene.RATE: ratings.answer,
    Scene.CASE: pins.answer_case,
    Scene.WHO: pins.answer_who,
    Scene.DETAILS: pins.answer_details,
}
_NOTHING = Known(emergency="", offices={}, today=datetime(1970, 1, 1, tzinfo=UTC).date())


def _hung_up(moment: Moment) -> Turn:
    """The call is over. A form stays for the next call; a request for a person, and a recording, stay for staff."""
    return Turn(conversation=replace(moment.was, ended=True), reason="hung_up")
