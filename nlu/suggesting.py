"""Proposals for nlu/data out of what staff corrected: a person puts them there or not, and nothing is learnt here.

Personal words are taken out first (`nlu.personal`). What is nearly learnt already, or nearly a sentence that is kept
apart, is left out: it would teach nothing, or spoil what is measured.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.commands import fold
from core.staff import Corrected
from nlu import apart
from nlu.apart import CALIBRATION, TEST, near_copies
from nlu.loader import FORMAT, TrainingData
from nlu.personal import says_enough, without_personal

COMMON = 2
"""Sentences that a word has to stand in to count as an ordinary one, which is no name."""

UNDERSTOOD = "understood as they were meant"
ELSEWHERE = "in a language that the town does not have"
TOO_LITTLE = "with too little left beside personal words"
LEARNT = "nearly learnt already"
APART = "nearly kept apart to measure by"

REMINDER = "Nothing is learnt from these until a person puts them into nlu/data/<language>.yml."
FIRST = (
    "Read them first: put something made up for what stands in [brackets], and take out what still tells of somebody."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A sentence that may be learnt under an intent; `times` it was corrected so, and what it was `taken_for` ("" for
    nothing), the most frequent first."""

    language: str
    intent: str
    text: str
    times: int
    taken_for: tuple[str, ...]

    @property
    def why(self) -> str:
        """How often, and instead of what."""
        often = "once" if self.times == 1 else f"{self.times} times"
        return f"{often}, taken for {', '.join(name or 'nothing' for name in self.taken_for)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """All of them, by language and intent, and how many corrections were left out, by reason."""

    each: tuple[Proposal, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    def languages(self) -> tuple[str, ...]:
        """The languages that there are any in."""
        return tuple(dict.fromkeys(one.language for one in self.each))

    def values(self) -> Mapping[str, object]:
        """Everything, for JSON."""
        each = [
            {"language": o.language, "intent": o.intent, "text": o.text, "times": o.times, "taken_for": o.taken_for}
            for o in self.each
        ]
        return {"proposals": each, "left_out": dict(self.left_out), "note": REMINDER}

    def yaml(self, language: str) -> str:
        """One language's in the form of nlu/data/<language>.yml."""
        mine = [one for one in self.each if one.language == language]
        intents = dict.fromkeys(one.intent for one in mine)
        blocks = ["\n".join(_block(name, [one for one in mine if one.intent == name])) for name in intents]
        head = [f"# Proposals for nlu/data/{language}.yml.", f"# {REMINDER}", f"# {FIRST}"]
        return "\n".join([*head, f'version: "{FORMAT}"', "nlu:", "", "\n\n".join(blocks), ""])


def proposed(corrected: Iterable[Corrected], loaded: Sequence[TrainingData]) -> Proposals:
    """The proposals out of these corrections, for the languages whose examples are loaded."""
    by_language = {data.language: data for data in loaded}
    left_out: Counter[str] = Counter()
    each: list[Proposal] = []
    told = [_Told(said=one, reason=_at_once(one, by_language)) for one in corrected]
    left_out.update(one.reason for one in told if one.reason)
    for language, data in by_language.items():
        mine = [one.said for one in told if not one.reason and one.said.language == language]
        if mine:
            each += _of_language(mine, data, left_out)
    return Proposals(each=tuple(each), left_out=dict(left_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A correction, and why it is left out before anybody reads it ("" if it is not)."""

    said: Corrected
    reason: str


def _at_once(one: Corrected, languages: Iterable[str]) -> str:
    if one.language not in languages:
        return ELSEWHERE
    return UNDERSTOOD if one.believed == one.meant else ""


def _of_language(corrected: Sequence[Corrected], data: TrainingData, left_out: Counter[str]) -> Iterator[Proposal]:
    known = ordinary(data)
    grouped: dict[tuple[str, str], list[tuple[str, Corrected]]] = {}
    for one in corrected:
        text = without_personal(one.words, known)
        if says_enough(text):
            grouped.setdefault((one.meant, fold(text)), []).append((text, one))
        else:
            left_out[TOO_LITTLE] += 1
    texts = [same[0][0] for same in grouped.values()]
    learnt_already = _nearly(texts, learnt(data))
    kept_apart = _nearly(texts, _apart(data.language))
    for (intent, _), same in sorted(grouped.items(), key=lambda item: (item[0][0], -len(item[1]))):
        text = same[0][0]
        if text in learnt_already or text in kept_apart:
            left_out[LEARNT if text in learnt_already else APART] += len(same)
            continue
        taken = Counter(one.believed for _, one in same)
        names = tuple(name for name, _ in taken.most_common())
        yield Proposal(language=data.language, intent=intent, text=text, times=len(same), taken_for=names)


def _nearly(texts: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    return frozenset(text for text, _ in near_copies(texts, others))


def learnt(data: TrainingData) -> tuple[str, ...]:
    """Every sentence of a language that is learnt from."""
    both = [text for text, _, _ in data.both]
    own = [text for block in (*data.services.values(), *data.acts.values()) for text in block]
    return (*own, *both, *data.danger, *data.near_danger)


def ordinary(data: TrainingData) -> frozenset[str]:
    """The words that stand in several of a language's sentences: what is none of them may be a name."""
    counted = Counter(word for text in learnt(data) for word in set(fold(text).split()))
    return frozenset(word for word, count in counted.items() if count >= COMMON)


def _apart(language: str) -> tuple[str, ...]:
    """The sentences kept apart in a language, if any are."""
    sets = [apart.read(path) for folder in (CALIBRATION, TEST) if (path := folder / f"{language}.yml").exists()]
    return tuple(text for one in sets for text in one.texts())


def _block(intent: str, proposals: Sequence[Proposal]) -> Iterator[str]:
    """One intent with its examples. A service's are a list; any other's are lines, which cannot hold remarks."""
    listed = intent.startswith("service_")
    if not listed:
        yield from (f"# {one.text}: {one.why}" for one in proposals)
    yield f"- intent: {intent}"
    yield "  examples:" if listed else "  examples: |"
    for one in proposals:
        text = json.dumps(one.text, ensure_ascii=False)
        yield f"  - {{text: {text}}}  # {one.why}" if listed else f"    - {one.text}"
