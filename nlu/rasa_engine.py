"""The engine that asks a Rasa 3.6 server what words mean: POST /model/parse (rasa.com/docs/rasa/pages/http-api).

One model knows all languages and ranks all intents of `nlu.rasa_project` together; the best service and the best act
are read out of the ranking. A server that fails, or says what makes no sense, raises `NoAnswer`:
`nlu.fallback` then lets the embedded engine answer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import requests
from requests.adapters import HTTPAdapter

from core.ports import Recognizer
from core.types import Act, Alternative, Evidence, Limits, Understanding
from nlu.deciding import ASK, MOST_ALTERNATIVES, NOTHING, decided
from nlu.embedded import READ
from nlu.fallback import AT_ONCE, BUDGET
from nlu.rasa_project import ACT, SERVICE, plain

ENGINE = "rasa"

LARGEST = 65_536
"""Bytes of an answer that are read. One about 50 intents has 5,000."""

_PIECE = 8192
_SUM = 1.01
"""What the confidences of all intents add up to at most, with what is lost by rounding."""

Ranking = Mapping[str, float]
"""How sure the server is of each intent."""


class NoAnswer(Exception):
    """The server gave no answer, or none that makes sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The least confidences that are believed: in a service, in an act where no service is likely, and in one beside a
    service. An act's is its share of what all acts have."""

    service: float
    act: float
    beside: float


OTHERWISE = Least(service=0.955, act=0.2, beside=0.95)
LEAST: Mapping[str, Least] = {
    "en": Least(service=0.985, act=0.3, beside=0.9),
    "es": Least(service=0.99, act=0.2, beside=0.95),
    "zh_Hans": Least(service=0.755, act=0.2, beside=0.4),
    "ar": Least(service=0.925, act=0.2, beside=0.95),
}
"""Chosen on nlu/calibration for each language, `OTHERWISE` for all together, by `plainline nlu calibrate rasa`; see
docs/decisions/rasa.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rasa:
    """Asks the server at `url`. `core.ports.Recognizer`, but that it raises `NoAnswer`.

    The engine `within` tells the language, which Rasa does not, and danger, which it tells better. `intents` are those
    that the server may name.
    """

    url: str
    within: Recognizer
    intents: Collection[str]
    least: Mapping[str, Least] = field(default_factory=lambda: LEAST)
    timeout: float = BUDGET
    _session: requests.Session = field(default_factory=lambda: _session())

    def parse(self, text: str, language: str) -> Understanding:
        """What the server believes; text without a word in it is not sent."""
        here = self.within.parse(text, language)
        words = plain(text[:READ])
        return believed(self.ranking(words), here, self.least.get(here.language, OTHERWISE)) if words else here

    def ranking(self, words: str) -> Ranking:
        """How sure the server is of each intent. Raises `NoAnswer`."""
        return checked(self._answer(words), self.intents)

    def _answer(self, words: str) -> object:
        try:
            with self._session.post(
                f"{self.url}/model/parse",
                json={"text": words},
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise NoAnswer(f"status {response.status_code}")
                return json.loads(_body(response))
        except (requests.RequestException, ValueError, RecursionError) as fault:
            raise NoAnswer(type(fault).__name__) from fault


def _session() -> requests.Session:
    """Connections that are kept, as many as there are questions at once; proxies of the environment are not used."""
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", HTTPAdapter(pool_maxsize=AT_ONCE))
    made.mount("https://", HTTPAdapter(pool_maxsize=AT_ONCE))
    return made


def _body(response: requests.Response) -> bytes:
    body = b""
    for piece in response.iter_content(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise NoAnswer("too long an answer")
    return body


def checked(answer: object, intents: Collection[str]) -> Ranking:
    """The ranking in an answer, if it is one: every intent once, all known, with confidences that can be."""
    rows = answer.get("intent_ranking") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not rows:
        raise NoAnswer("no ranking")
    ranking = {name: sure for row in rows for name, sure in [_row(row)]}
    if len(ranking) != len(rows) or not set(ranking) <= set(intents):
        raise NoAnswer("intents of another model")
    if not sum(ranking.values()) <= _SUM:
        raise NoAnswer("confidences that cannot be")
    return ranking


def _row(row: object) -> tuple[str, float]:
    name, sure = (row.get("name"), row.get("confidence")) if isinstance(row, dict) else (None, None)
    if not isinstance(name, str) or isinstance(sure, bool) or not isinstance(sure, int | float):
        raise NoAnswer("no intent with its confidence")
    if not math.isfinite(sure) or sure < 0:
        raise NoAnswer("confidences that cannot be")
    return name, float(sure)


def believed(ranking: Ranking, here: Understanding, least: Least) -> Understanding:
    """What the ranking says, with the language and the danger that the engine in this process tells."""
    services = group(ranking, SERVICE)
    likeliest = tuple(Alternative(service=slug, confidence=sure) for slug, sure in services[:MOST_ALTERNATIVES])
    nothing = max(0.0, 1.0 - sum(sure for _, sure in services))
    service, confidence, alternatives = decided(likeliest, nothing, least.service)
    about_service = bool(service or alternatives)
    enough = least.beside if about_service else least.act
    act, act_confidence = act_of(ranking, enough, about_service)
    limits = Limits(answer=least.service, ask=ASK, nothing=NOTHING, act=enough)
    return replace(
        here,
        act=act,
        act_confidence=act_confidence,
        service=service,
        confidence=confidence,
        alternatives=() if here.foreign else alternatives,
        considered=likeliest,
        because=Evidence(nothing=nothing, limits=limits),  # which words counted Rasa does not tell
        engine=ENGINE,
    )


def group(ranking: Ranking, prefix: str) -> list[tuple[str, float]]:
    """The intents that begin so, without their beginning, the likeliest first."""
    named = [(intent.removeprefix(prefix), sure) for intent, sure in ranking.items() if intent.startswith(prefix)]
    return sorted(named, key=lambda one: -one[1])


def act_of(ranking: Ranking, least: float, about_service: bool) -> tuple[Act | None, float]:
    """The best act, by its share of what all acts have; what names a service is never out of scope."""
    acts = [(Act(name), sure) for name, sure in group(ranking, ACT)]
    whole = sum(sure for _, sure in acts)
    if not acts or not whole:
        return None, 0.0
    act, sure = acts[0]
    if sure / whole < least or (about_service and act is Act.OUT_OF_SCOPE):
        return None, 0.0
    return act, sure / whole
