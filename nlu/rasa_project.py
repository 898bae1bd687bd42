"""A complete Rasa 3.6 project from what the embedded engine learns from: one model for all languages of the town.

What is fixed (how words become features, which classifier) stands in `nlu/rasa` as it is; the domain and the sentences
are made here, in Rasa's training data format 3.1 (rasa.com/docs/rasa/training-data-format). A sentence has one intent
there: `service_<slug>`, or `act_<name>` where it names no service, `danger_now` or `near_danger`. One that names a
service and an act stands under the service, with the act in its `metadata`. Sentences are written `plain`, since the
engine asks in the same way (`nlu.rasa_engine`); the look-ups are left out: exact rules know their words in every mode,
and Rasa would take them for entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from opencc import OpenCC

from core.catalog import Catalog
from core.commands import fold
from core.types import Act
from nlu.loader import DANGER, FORMAT, NEAR_DANGER, TrainingData

FIXED = ("config.yml", "credentials.yml", "endpoints.yml", "README.md")
"""The files of a project that are the same in every town."""

SERVICE, ACT = "service_", "act_"
"""What the names of intents begin with."""

_HAN = ("\u3400", "\u9fff")
"""The Chinese characters of Unicode's basic plane."""

_MADE = "# Made by `plainline nlu export rasa`: what is changed here is lost at the next export.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, `plain`, with its one intent, and the act that it names beside a service."""

    text: str
    intent: str
    act: Act | None = None


def plain(text: str) -> str:
    """The text made comparable, traditional Chinese characters as simplified ones."""
    return fold(_simplified().convert(text) if any(_HAN[0] <= sign <= _HAN[1] for sign in text) else text)


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def export(data: Sequence[TrainingData], folder: Path) -> dict[str, int]:
    """Write the project into the folder, over what is there; the number of sentences of each language."""
    sentences = {one.language: parted for one, parted in zip(data, parted_sentences(data), strict=True)}
    made = {f"data/nlu/{language}.yml": _nlu(those) for language, those in sentences.items()}
    _clear(folder / "data" / "nlu", keep={Path(name).name for name in made})
    for name, content in {**fixed(), "domain.yml": domain(data), **made}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return {language: len(those) for language, those in sentences.items()}


def parted_sentences(data: Sequence[TrainingData]) -> list[tuple[Sentence, ...]]:
    """The sentences of each language, each text once in all: of two intents nothing can be learnt."""
    seen: set[str] = set()
    parted = []
    for one in data:
        fresh = []
        for sentence in _sentences(one):
            if sentence.text and sentence.text not in seen:
                seen.add(sentence.text)
                fresh.append(sentence)
        parted.append(tuple(fresh))
    return parted


def known(catalog: Catalog) -> frozenset[str]:
    """Every intent that a model of this town may have."""
    return frozenset(
        {DANGER, NEAR_DANGER, *(f"{SERVICE}{slug}" for slug in catalog.services), *(f"{ACT}{act}" for act in Act)}
    )


def intents(data: Sequence[TrainingData]) -> tuple[str, ...]:
    """Every intent that has a sentence, sorted."""
    return tuple(sorted({sentence.intent for parted in parted_sentences(data) for sentence in parted}))


def fixed() -> dict[str, str]:
    """The files that are the same in every town, by their names."""
    return {name: (files("nlu") / "rasa" / name).read_text(encoding="utf-8") for name in FIXED}


def domain(data: Sequence[TrainingData]) -> str:
    """The domain: every intent. Rasa holds no conversations here, so there is nothing else in it."""
    listed = "".join(f"- {intent}\n" for intent in intents(data))
    return f'{_MADE}version: "{FORMAT}"\nintents:\n{listed}'


def _sentences(data: TrainingData) -> Iterator[Sentence]:
    """What names an act too comes first, so that it keeps it."""
    for text, slug, act in data.both:
        yield Sentence(text=plain(text), intent=f"{SERVICE}{slug}", act=act)
    for slug, texts in data.services.items():
        yield from (Sentence(text=plain(text), intent=f"{SERVICE}{slug}") for text in texts)
    for act, texts in data.acts.items():
        yield from (Sentence(text=plain(text), intent=f"{ACT}{act}") for text in texts)
    for intent, texts in ((DANGER, data.danger), (NEAR_DANGER, data.near_danger)):
        yield from (Sentence(text=plain(text), intent=intent) for text in texts)


def _nlu(sentences: Sequence[Sentence]) -> str:
    """The sentences, an entry for each intent, and one for each act beside it: an entry for every sentence would take
    Rasa minutes to read."""
    entries: dict[tuple[str, str], list[str]] = {}
    for one in sentences:
        entries.setdefault((one.intent, one.act or ""), []).append(f"    - {one.text}\n")
    return f'{_MADE}version: "{FORMAT}"\nnlu:\n' + "\n".join(_entry(*of, entries[of]) for of in sorted(entries))


def _entry(intent: str, act: str, lines: Sequence[str]) -> str:
    metadata = f"  metadata: {{act: {act}}}\n" if act else ""
    return f"- intent: {intent}\n{metadata}  examples: |\n{''.join(lines)}"


def _clear(folder: Path, keep: set[str]) -> None:
    """Take away the sentences of a language that the town no longer speaks."""
    for path in folder.glob("*.yml"):
        if path.name not in keep:
            path.unlink()
