"""The default engine: trained in seconds on this machine, nothing to download (`nlu.learning` says how it learns)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from core.commands import Lexicon, fold
from core.types import Act, Alternative, Counted, Evidence, Limits, Understanding
from nlu.cache import fingerprint, keep, kept, one_at_a_time
from nlu.deciding import ASK, MOST_ALTERNATIVES, NOTHING, decided
from nlu.encoder import Encoder
from nlu.features import Row
from nlu.languages import FEW_WORDS, Languages, languages, words
from nlu.learning import NONE, Expert, Learnt, Linear, experts, script, whole
from nlu.loader import DANGER, Source, TrainingData
from nlu.sharing import learn

ENGINE = "embedded"
SEMANTIC = "semantic"
"""The same engine with what an encoder tells beside the words."""

ACT_SURE = 0.4
"""The least confidence in an act that is taken as meant. With it the act of 82, 87, 84 and 84 of a hundred sentences in
nlu/calibration is right (en, es, zh, ar), that of sentences that name none too. With 0.5 half a sentence more is, but
one or two of a hundred that name an act lose it; with 0.3 it is the other way round."""

SURE_TO_LEAVE = {Act.PERSON: 0.85, Act.OTHER_LANGUAGE: 0.85, Act.START: 0.5}
"""The least confidence in acts that lead away from an answer. With 0.65 for a start 3 to 14 more of a hundred wishes to
start are lost, to keep two wrong ones of a hundred away."""

_NAME = 3
"""Up to so many words in the same script must mean something in another language: they may be a name."""

SENTENCE, SIGNS = 3, 5
"""The fewest different words, or characters where words are not parted, of which danger is believed. Fewer are a name,
a number or an answer; the words that tell danger by themselves are exact rules."""

READ = 1000
"""Characters of a text that are read, to bound the time of a parse. Danger is looked for in all of it, elsewhere."""

_VERSION = 8
"""Characters of the name of what was learnt that are told."""

_SHOWN, _LIGHT = 4, 0.2
"""Words named as evidence, at most; and the share of what the heaviest told that a word must have told."""

_LOUD = 0.35
"""The share of what the loudest character told that one beside it must have told, to be of the same stretch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The engine behind `core.ports.Recognizer`. Parsing changes nothing, so threads may share one.

    `act` is None when the words name none ("my mother cannot cook any more"): then they ask what there is for them.
    `language` is the one of the town's that the words are clearly in, else the given one; `foreign` is a clear language
    that the town does not have. The words that `because` holds are folded. `version` names what was learnt.
    """

    _learnt: Learnt
    _languages: Languages
    name: str = ENGINE
    version: str = ""

    @property
    def lexicons(self) -> tuple[Lexicon, ...]:
        """The words of the exact rules, a lexicon a language."""
        return self._learnt.lexicons

    @property
    def phrases(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Some of the phrases of each language that services were learnt by, with the service of each."""
        return {language: expert.phrases for language, expert in self._learnt.experts.items()}

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many phrases each service was learnt by, in each language."""
        return {language: expert.counts for language, expert in self._learnt.experts.items()}

    def plain(self, text: str) -> str:
        """The text as it is compared: folded, in simplified characters where it is Chinese."""
        return fold(text.translate(self._learnt.simpler))

    def parse(self, text: str, language: str) -> Understanding:
        meant = self._parse(text, language)
        return replace(meant, engine=self.name, because=replace(meant.because, version=self.version))

    def _parse(self, text: str, language: str) -> Understanding:
        experts, read = self._learnt.experts, text[:READ]
        folded = self.plain(read)
        given, said = experts.get(language), _Said(folded=folded, written=read)
        if given and folded in given.exact:
            return _understand(given, said, language)
        told, written = self._languages.told(read), script(folded)
        if not written:
            return Understanding(engine=ENGINE, language=language)  # a number is a choice, or the answer to a form
        strange = written not in {"", *(expert.script for expert in experts.values())}
        if foreign := told.foreign or (self._languages.likeliest_foreign(read) if strange else ""):
            return replace(_abroad(given, said, language), foreign=foreign)
        ours = told.ours or (_only(experts, folded) if given is None else "")
        there = _elsewhere(experts[ours], given, said, ours, language) if ours else None
        return there or _here(given, said, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What somebody said, made comparable, and as it was written."""

    folded: str
    written: str


def _only(experts: Mapping[str, Expert], folded: str) -> str:
    """The one language that knows all of a few first words, "" if none or several do: "hola" is too short for any
    library."""
    if not 0 < words(folded) <= FEW_WORDS:
        return ""
    said = set(folded.split())
    know = [language for language, expert in experts.items() if expert.features.named(folded).keys() >= said]
    return know[0] if len(know) == 1 else ""


def _here(given: Expert | None, said: _Said, language: str) -> Understanding:
    return _understand(given, said, language) if given else Understanding(engine=ENGINE, language=language)


def _abroad(given: Expert | None, said: _Said, language: str) -> Understanding:
    """What words of a language that the town does not have mean in the given one, if both are written alike: a service
    may have a name that they share. Guesses are not asked between, in a language that is not the resident's."""
    alike = given if given and given.script == script(said.folded) else None
    return replace(_here(alike, said, language), alternatives=())


def _elsewhere(other: Expert, given: Expert | None, said: _Said, language: str, was: str) -> Understanding | None:
    """What the words mean in another language than the given one, None if they are to be read in that. A few words
    may be a name: they must mean something, and do not change the language."""
    if other is given:
        return None
    meant = _understand(other, said, language)
    if given is None:
        return meant
    understood = meant.service or meant.alternatives or meant.act not in (None, Act.OUT_OF_SCOPE)
    count = words(said.folded)
    if count <= FEW_WORDS:
        return replace(meant, language=was) if understood else None
    return meant if understood or given.script != other.script or count > _NAME else None


def train(data: Sequence[TrainingData]) -> Embedded:
    """Learn from these examples. Deterministic: the same data give the same engine."""
    learnt = whole(data, experts(data))
    return Embedded(_learnt=learnt, _languages=languages(learnt.experts))


def train_or_load(source: Source, cache_folder: Path, encoder: Encoder | None = None) -> Embedded:
    """The engine for these examples: from the cache if it was trained before, else trained and put there.

    The file is named by everything that decides what is learnt: the examples, our code, the libraries, the encoder.
    Raises `Misconfigured` where there is no such encoder.
    """
    engine = ENGINE if encoder is None else SEMANTIC
    name = fingerprint(source.mark() + (encoder.version().encode() if encoder else b""))
    path = cache_folder / f"{engine}-{name}.model"
    with one_at_a_time(cache_folder):
        learnt = kept(path)
        if learnt is None:
            learnt = learn(source, encoder)
            keep(learnt, path)
        spoken = languages(learnt.experts, cache_folder)
        return Embedded(_learnt=learnt, _languages=spoken, name=engine, version=name[:_VERSION])


def _understand(expert: Expert, said: _Said, language: str) -> Understanding:
    words, row = said.folded, expert.features.row(said.folded, said.written)
    likeliest, nothing = _likeliest(expert.service, row)
    service, confidence, alternatives = decided(likeliest, nothing, expert.least.service)
    considered = service or (alternatives[0].service if alternatives else NONE)
    act, act_confidence = _act(expert, words, row, about_service=bool(considered))
    return Understanding(
        act=act,
        act_confidence=act_confidence,
        service=service,
        confidence=confidence,
        alternatives=alternatives,
        considered=likeliest,
        danger=_danger(expert, words, row) if _is_sentence(expert, words) else "",
        because=_because(expert, words, row, considered, act, nothing),
        engine=ENGINE,
        language=language,
    )


def _likeliest(known: Linear, row: Row) -> tuple[tuple[Alternative, ...], float]:
    """The likeliest services, and how sure it is that none is meant."""
    sure = dict(zip(known.classes, map(float, known.confidences(row)), strict=True))
    nothing = sure.pop(NONE, 0.0)
    if row.empty:
        return (), 1.0
    named = sorted(sure.items(), key=lambda item: -item[1])[:MOST_ALTERNATIVES]
    return tuple(Alternative(service=slug, confidence=value) for slug, value in named), nothing


def _is_sentence(expert: Expert, words: str) -> bool:
    if not expert.spaced:
        return len({sign for sign in words if sign.isalpha()}) >= SIGNS
    return len({word for word in words.split() if len(word) > 1 and word[0].isalpha()}) >= SENTENCE


def _danger(expert: Expert, words: str, row: Row) -> str:
    """The words that spoke most for danger, "" if none is told of."""
    known = expert.danger
    if row.empty or DANGER not in known.classes:
        return ""
    at = known.classes.index(DANGER)
    told = known.confidences(row)[at] >= expert.least.danger
    return " ".join(one.words for one in _heaviest(expert, words, row, known, at)) if told else ""


def _act(expert: Expert, words: str, row: Row, *, about_service: bool) -> tuple[Act | None, float]:
    """The likeliest act, if it is sure enough. What names a service is never out of scope."""
    if words in expert.yes:
        return Act.YES, 1.0
    if words in expert.no:
        return Act.NO, 1.0
    sure = dict(zip(expert.act.classes, map(float, expert.act.confidences(row)), strict=True))
    sure.pop(NONE, None)
    if about_service:
        sure.pop(Act.OUT_OF_SCOPE, None)
    name = max(sure, key=sure.__getitem__)
    least = SURE_TO_LEAVE.get(Act(name), ACT_SURE)
    return (Act(name), sure[name]) if _reads(expert, row) and sure[name] >= least else (None, 0.0)


def _reads(expert: Expert, row: Row) -> bool:
    """Whether a whole word of the text is known: of pieces of words alone nothing is believed."""
    return not row.empty and bool(row.indices[0] < expert.features.pieces)


def _because(expert: Expert, words: str, row: Row, service: str, act: Act | None, nothing: float) -> Evidence:
    """The words that spoke most for the service, or where none is believed for the act, and how sure it had to be."""
    known, name = (expert.service, service) if service else (expert.act, act or NONE)
    spoke = _heaviest(expert, words, row, known, known.classes.index(name)) if name in known.classes and name else ()
    return Evidence(
        words=spoke,
        like=_nearest(expert, row, service) if service else "",
        nothing=nothing,
        limits=Limits(
            answer=expert.least.service,
            ask=ASK,
            nothing=NOTHING,
            act=SURE_TO_LEAVE.get(act, ACT_SURE) if act else ACT_SURE,
            danger=expert.least.danger,
        ),
    )


def _heaviest(expert: Expert, words: str, row: Row, known: Linear, at: int) -> tuple[Counted, ...]:
    """The words that spoke most for a class against the one that comes next, heaviest first; where words are not
    parted, the stretches of characters."""
    rivals = known.confidences(row)
    rivals[at] = -1.0
    told = known.against(row, at, int(rivals.argmax()))
    spoke = dict(zip(row.indices.tolist(), told.tolist(), strict=True))
    if expert.spaced:
        within = expert.features.within(words.split())
        heavy = {word: sum(spoke.get(place, 0.0) for place in places) for word, places in within.items()}
        each = list(heavy.values())
    else:
        each = _each(words, {term: spoke[place] for term, place in expert.features.named(words).items()})
        heavy = _stretches(words, each)
    whole = sum(value for value in each if value > 0)
    ordered = sorted(heavy, key=lambda term: -heavy[term])[:_SHOWN]
    heaviest = [term for term in ordered if heavy[term] > max(0.0, _LIGHT * heavy[ordered[0]])]
    return tuple(Counted(words=term, share=min(1.0, heavy[term] / whole)) for term in heaviest)


def _each(text: str, terms: Mapping[str, float]) -> list[float]:
    """How much each character of the text told: what a term told is parted among its characters."""
    told = [0.0] * len(text)
    for term, value in terms.items():
        starts = [at for at in range(len(text)) if text.startswith(term, at)]
        for place in (place for start in starts for place in range(start, start + len(term))):
            told[place] += value / (len(term) * len(starts))
    return told


def _stretches(text: str, told: Sequence[float]) -> dict[str, float]:
    """Neighbouring characters that all told much, with how much together."""
    least = max(0.0, _LOUD * max(told, default=0.0))
    heavy: dict[str, float] = {}
    for loud, places in groupby(range(len(text)), key=lambda place: told[place] > least and text[place] != " "):
        if loud:
            stretch = list(places)
            words = text[stretch[0] : stretch[-1] + 1]
            heavy[words] = heavy.get(words, 0.0) + sum(told[place] for place in stretch)
    return heavy


def _nearest(expert: Expert, row: Row, service: str) -> str:
    """The phrase of a service that is most alike, "" if none is at all."""
    first, last = expert.own.get(service, (0, 0))
    own = expert.phrase_rows.some(first, last)
    likeness = own.alike(row, len(expert.features))
    best = int(likeness.argmax()) if len(own) else 0
    return expert.phrases[first + best][0] if len(own) and likeness[best] > 0 else ""
