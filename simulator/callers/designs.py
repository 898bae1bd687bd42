"""Other designs over the same catalogue, to compare ours with.

`Classic` is a small line of its own, by keys alone: how large its menus are, in which order key and thing are said, and
what errors lead to are its parameters. `Rewritten` is our line with its sentences changed on their way to the caller.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from app.caller import Caller
from core import phrases as say
from core.errors import Misconfigured
from core.phrases import phrase
from core.staff import Case
from core.types import Phrase
from simulator.callers.sense import sense_of
from simulator.callers.sentences import language_of, without_for
from simulator.callers.tasks import ANSWER, COST, PAPERS
from simulator.callers.truth import Truth

VOICES = {
    "en": ("Polly.Joanna-Neural", "en-US"),
    "es": ("Polly.Lupe-Neural", "es-US"),
    "zh_Hans": ("Polly.Zhiyu-Neural", "cmn-CN"),
    "ar": ("Polly.Zeina", "arb"),
}
"""The same voices as ours, so that no design sounds better."""

OFFICE = "+14155550101"
MORE, PERSON = "more", "person"

_SAID = re.compile(r"(<prosody[^>]*>)([^<]+)(</prosody>)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classic:
    """A keypad line: `size` things in a menu at most; `flat` has no categories; `key_first` says "press 1 for ...";
    after `errors` errors in a row it hangs up, or with `ends` false puts through; `timeout` seconds until the first
    key."""

    size: int
    flat: bool = False
    key_first: bool = False
    person: bool = True
    ends: bool = False
    errors: int = 3
    timeout: int = 10


MENUS: dict[str, Classic] = {
    "classic": Classic(size=9, flat=True, key_first=True, ends=True, timeout=5),
    "menus of 3": Classic(size=3),
    "menus of 4": Classic(size=4),
    "menus of 6": Classic(size=6),
    "menus of 9": Classic(size=9, flat=True),
    "no person key": Classic(size=6, person=False),
    "worse on purpose": Classic(size=3, key_first=True, ends=True, timeout=5),
}
"""Lines of their own. The menus of 3 to 9 say the thing first, wait long and end with a person, as ours does; the
last is deep, says the key first and ends soon: a comparison that does not rank it below them measures nothing."""

OURS = ("shipped", "no service numbers", "not read back", "key first", "no person said", "number not said", "long")
"""Ours, and ours with leaflets that have no numbers, with nothing read back before it is sent, with the key said before
the thing, without a word about a person, without the key for numbers in the first menu, and with a sentence more before
each of its own."""


def names() -> tuple[str, ...]:
    """Every design."""
    return (*OURS, *MENUS)


@dataclass(slots=True, kw_only=True)
class _Call:
    """Where a call to a classic line stands. `menu` holds what each key is for."""

    language: str = ""
    group: str = ""
    service: str = ""
    page: int = 0
    errors: int = 0
    menu: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ClassicLine:
    """A `Design`: the same services, answers and words as ours, in another dialogue."""

    name: str
    of: Classic
    truth: Truth
    numbers: bool = False

    def fresh(self, _api_url: str, /) -> WSGIApplication:
        """A line on which nobody has called."""
        calls: dict[str, _Call] = {}

        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            form = Request(environ).form
            if environ.get("PATH_INFO", "") == "/voice/status":
                return Response(status=204)(environ, start_response)
            call = calls.setdefault(form["CallSid"], _Call())
            body = self._answer(call, form.get("Digits"), environ.get("PATH_INFO", ""))
            return Response(body, content_type="text/xml; charset=utf-8")(environ, start_response)

        return application

    def sent(self) -> tuple[Case, ...]:
        """It has no forms."""
        return ()

    @property
    def _caller(self) -> Caller:
        return self.truth.caller

    def _answer(self, call: _Call, keys: str | None, path: str) -> str:
        """What is said after these keys; none at the beginning, "" for silence."""
        if path == "/voice/dial":
            return _document(self._says(call, say.GOODBYE_HOURS), "<Hangup/>")
        told: tuple[str, ...] = ()
        if keys is not None:
            chosen = call.menu.get(keys[:1], "")
            if chosen == PERSON:
                return self._through(call)
            if not chosen:
                call.errors += 1
                if call.errors >= self.of.errors:
                    return self._gives_up(call)
                told = (self._words(call, say.NOT_A_CHOICE if keys else say.NO_ANSWER_HEARD),)
            else:
                call.errors = 0
                told = self._choose(call, chosen)
        return self._asks(call, told)

    def _choose(self, call: _Call, chosen: str) -> tuple[str, ...]:
        """Go on to what was chosen; what is told of it."""
        if chosen == MORE:
            call.page += 1
            return ()
        call.page = 0
        if not call.language:
            call.language = chosen
        elif call.service:
            return self.truth.answer(call.language, call.service, chosen)
        elif not self.of.flat and not call.group:
            call.group = chosen
        else:
            call.service = chosen
            return self.truth.answer(call.language, chosen, ANSWER)
        return ()

    def _things(self, call: _Call) -> list[tuple[str, str, str]]:
        """What is offered now: its id, its label and the label's language, the most wanted first."""
        catalog = self._caller.catalog
        if not call.language:
            names = {code: sense_of(code).concepts["language"][0] for code in catalog.town.languages}
            return [(code, name, code) for code, name in names.items()]
        if call.service:
            labels = ((PAPERS, say.ASK_PAPERS), (COST, say.ASK_COST))
            return [(id, self._words(call, label), call.language) for id, label in labels]
        if not self.of.flat and not call.group:
            ordered = sorted(catalog.categories, key=lambda one: one.key)
            return [(one.id, self._words(call, phrase(one.title)), call.language) for one in ordered]
        order = {one.id: one.key for one in catalog.categories}
        services = [one for one in catalog.services.values() if call.group in ("", one.category)]
        services.sort(key=lambda one: (order[one.category], one.key or 99))
        return [(one.slug, self._words(call, phrase(one.title)), call.language) for one in services]

    def _asks(self, call: _Call, told: Sequence[str]) -> str:
        """What is told, then a menu."""
        things = self._things(call)
        room = min(self.of.size, 8) if len(things) > self.of.size else self.of.size
        shown = things[call.page * room : (call.page + 1) * room]
        offered = [(str(key), *thing) for key, thing in enumerate(shown, start=1)]
        language = call.language or self._caller.catalog.town.languages[0]
        if len(things) > (call.page + 1) * room:
            offered.append((str(len(offered) + 1), MORE, self._more(language), language))
        call.menu = {key: id for key, id, _, _ in offered}
        parts = [_said(one, language) for one in told]
        parts += [_said(self._offer(key, label, code, key == "1"), code) for key, _, label, code in offered]
        if self.of.person:
            call.menu["0"] = PERSON
            parts.append(_said(self._person(language), language))
        gather = f'<Gather action="/voice/turn" numDigits="1" timeout="{self.of.timeout}" actionOnEmptyResult="true">'
        return _document(f"{gather}{''.join(parts)}</Gather>", '<Redirect method="POST">/voice/turn</Redirect>')

    def _offer(self, key: str, label: str, language: str, first: bool) -> str:
        if self.of.key_first:
            return sense_of(language).key_first.format(key=key, label=label)
        how = say.FOR_PRESS if first else say.AND_PRESS
        return self._caller.words.say(phrase(how.id, label=label, key=key), language, "voice")

    def _person(self, language: str) -> str:
        if self.of.key_first:
            return sense_of(language).key_first.format(key="0", label=sense_of(language).concepts["person"][0])
        return self._caller.words.say(say.FOR_PERSON, language, "voice")

    @staticmethod
    def _more(language: str) -> str:
        return sense_of(language).concepts["more"][0]

    def _gives_up(self, call: _Call) -> str:
        if self.of.ends:
            return _document(self._says(call, say.GOODBYE_HOURS), "<Hangup/>")
        return self._through(call)

    def _through(self, call: _Call) -> str:
        dial = f'<Dial action="/voice/dial" callerId="{_NUMBER}"><Number>{OFFICE}</Number></Dial>'
        return _document(self._says(call, say.PUTTING_THROUGH), dial)

    def _says(self, call: _Call, what: Phrase) -> str:
        language = call.language or self._caller.catalog.town.languages[0]
        return _said(self._caller.words.say(what, language, "voice"), language)

    def _words(self, call: _Call, what: Phrase) -> str:
        language = call.language or self._caller.catalog.town.languages[0]
        return self._caller.words.say(what, language, "voice")


_NUMBER = "+14155550100"


def _said(text: str, language: str) -> str:
    voice, code = VOICES[language]
    said = f'<prosody rate="100%">{html.escape(text, quote=False)}</prosody><break time="400ms"/>'
    return f'<Say voice="{voice}" language="{code}">{said}</Say>'


def _document(*verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'


# --- ours, in other words ----------------------------------------------------------------------------------------

Change = Callable[[str], str]
"""Another sentence for one; "" where it is left out."""


def rewritten(application: WSGIApplication, change: Change) -> WSGIApplication:
    """The same application, each of its sentences changed on its way to the caller."""

    def changed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = Response.from_app(application, environ)
        if "xml" in (answer.content_type or ""):
            answer.set_data(_SAID.sub(lambda found: _other(found, change), answer.get_data(as_text=True)))
        return answer(environ, start_response)

    return changed


def _other(found: re.Match[str], change: Change) -> str:
    said = change(html.unescape(found[2]))
    return f"{found[1]}{html.escape(said, quote=False)}{found[3]}" if said else ""


def key_first(sentence: str) -> str:
    """The key before the thing."""
    language = language_of(sentence)
    sense = sense_of(language)
    offers = sense.talk.offers(sentence)
    if len(offers) != 1 or offers[0].key_first:
        return sentence
    return sense.key_first.format(key=offers[0].key, label=without_for(offers[0].thing))


def no_person_said(sentence: str) -> str:
    """Nothing about a person's key."""
    sense = sense_of(language_of(sentence))
    offers = sense.talk.offers(sentence)
    return "" if len(offers) == 1 and offers[0].key == "0" else sentence


def long(sentence: str) -> str:
    """Something polite and needless before each sentence."""
    return f"{_NEEDLESS[language_of(sentence)]} {sentence}"


_NEEDLESS = {
    "en": "Thank you for your patience, and please listen carefully because our options may have changed.",
    "es": "Gracias por su paciencia, y por favor escuche con atención porque las opciones pueden haber cambiado.",
    "zh_Hans": "感谢您的耐心等待，请仔细听，因为我们的选项可能已经更改。",
    "ar": "شكرا لصبرك، ونرجو الاستماع جيدا لأن الخيارات ربما تغيرت عن السابق.",
}


def number_not_said(sentence: str) -> str:
    """Nothing about the key for a number."""
    sense = sense_of(language_of(sentence))
    offers = sense.talk.offers(sentence)
    return "" if len(offers) == 1 and offers[0].key == "8" else sentence


CHANGES: dict[str, Change] = {
    "key first": key_first,
    "no person said": no_person_said,
    "number not said": number_not_said,
    "long": long,
}


def variant(name: str) -> Classic:
    """The parameters of a line of its own. Raises Misconfigured for a name that there is not."""
    if name not in MENUS:
        raise Misconfigured([f"{name} is no design. There are {', '.join(names())}."])
    return MENUS[name]
