"""Reads what the recognisers learn from: nlu/data/<language>.yml, and the English phrases of the catalogue.

The files are in Rasa's training data format 3.1 (rasa.com/docs/rasa/training-data-format), so that Rasa trains on
them unchanged: intents `service_<slug>`, `act_<act>`, `danger_now` and `near_danger`, and look-ups for what is matched
by exact rules (`command_<command>`, `yes`, `no`, `danger`, `harmless`, `correction`, `denial`, `joining`,
`courtesy`; see `core.commands.Lexicon`). A sentence that names a service and an act stands under the service, with
`metadata: {act: cost}`. English phrases of a service stand in its own file; those in `nlu/data/en.yml` are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml
from opencc import OpenCC

from core.catalog import Catalog
from core.commands import Lexicon, fold
from core.errors import Misconfigured
from core.types import Act, Command
from nlu import apart
from nlu.apart import CALIBRATION, READER, Apart

FORMAT = "3.1"
"""The version of Rasa's training data format that is read."""

SOURCE_LANGUAGE = "en"
"""The language whose service phrases are in the catalogue (services/<slug>.yml)."""

DANGER = "danger_now"
"""The intent of sentences that somebody in danger says, without the words that the exact rules know."""

NEAR_DANGER = "near_danger"
"""The intent of sentences that only sound like danger: "my back is killing me". A file may leave it out."""

FEWEST_PHRASES = 5
"""Phrases each service should have in each language; `gaps` tells where there are fewer."""

_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
"""Languages written without blanks between words (ISO 639-1 codes)."""

_folded = cache(fold)
"""Each phrase is folded once for all that is asked of it while files are read."""

_LEARNT_ACTS = tuple(act for act in Act if act not in (Act.YES, Act.NO))
_LOOKUPS = ("yes", "no", "danger", "harmless")
_MAY_LACK = ("correction", "denial", "joining", "courtesy", f"command_{Command.WHY}", f"command_{Command.SPELL}")
"""Look-ups that a file may leave out: then nothing is taken back, denied, wished for besides or explained, and
a command stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """One language's examples: phrases for each service slug and act, sentences that name both (with slug and act),
    sentences of somebody in danger and some that only sound like it, and the words of the exact rules. `apart` are
    sentences that nothing is learnt from, to choose by how sure is sure enough."""

    language: str
    services: Mapping[str, tuple[str, ...]]
    acts: Mapping[Act, tuple[str, ...]]
    lexicon: Lexicon
    both: tuple[tuple[str, str, Act], ...] = ()
    danger: tuple[str, ...] = ()
    near_danger: tuple[str, ...] = ()
    apart: Apart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A service that people cannot yet name in their own words in a language, for want of phrases."""

    language: str
    service: str
    phrases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where examples come from: a folder of files, and the town's catalogue. `whole` as in `load`."""

    folder: Path
    catalog: Catalog
    whole: bool = True

    def read(self) -> tuple[TrainingData, ...]:
        """The examples. Raises `Misconfigured` as `load` does."""
        return load(self.folder, self.catalog, whole=self.whole)

    def size(self) -> int:
        """Bytes of the files that are read."""
        return sum(path.stat().st_size for path in self._files() if path.is_file())

    def mark(self) -> bytes:
        """Changes whenever the examples may: the files as they are, and what is taken from the catalogue. It takes a
        hundredth of the time that reading them does."""
        files = [sha256(path.read_bytes()).digest() if path.is_file() else None for path in self._files()]
        services = [(one.slug, one.title, one.phrases) for one in self.catalog.services.values()]
        return repr((self.whole, self.catalog.town.languages, services, files)).encode()

    def _files(self) -> list[Path]:
        names = [f"{language}.yml" for language in self.catalog.town.languages]
        return [folder / name for folder in (self.folder, CALIBRATION) for name in names]


def load(folder: Path, catalog: Catalog, *, whole: bool = True) -> tuple[TrainingData, ...]:
    """The examples for each of the town's languages, in their order.

    Raises `Misconfigured` with every mistake in every file. A service without phrases in some language is no
    mistake, since menu and number still lead to it: see `gaps`. With `whole` False, phrases for services that the
    catalogue does not offer are passed over: our examples with a town's own catalogue.
    """
    languages = catalog.town.languages
    files = [_File(folder / f"{language}.yml", language, catalog, whole) for language in languages]
    mistakes = [mistake for file in files for mistake in file.mistakes]
    loaded = [] if mistakes else [file.training_data() for file in files]
    _folded.cache_clear()
    mistakes += _clashes(data.lexicon for data in loaded)
    if mistakes:
        raise Misconfigured(mistakes)
    return tuple(loaded)


def gaps(loaded: Sequence[TrainingData], catalog: Catalog) -> tuple[Gap, ...]:
    """Every service and language with fewer than `FEWEST_PHRASES` phrases."""
    counted = [
        Gap(language=data.language, service=slug, phrases=len(data.services.get(slug, ())))
        for data in loaded
        for slug in catalog.services
    ]
    return tuple(gap for gap in counted if gap.phrases < FEWEST_PHRASES)


def is_chinese(language: str) -> bool:
    """Whether a language is written in Chinese characters, simplified or traditional."""
    return language.split("_")[0] == "zh"


@dataclass(slots=True)
class _File:
    """One language's file as read, with everything that is wrong in it."""

    path: Path
    language: str
    catalog: Catalog
    whole: bool
    mistakes: list[str] = field(default_factory=list)
    blocks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    both: list[tuple[str, str, Act]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for position, block in enumerate(self._block_list(), start=1):
            self._add(position, block)
        if not self.mistakes:
            self.mistakes += [self._says(mistake) for mistake in self._incomplete()]
        self._give_way()
        self.mistakes += [self._says(mistake) for mistake in _repeated(self._intents())]

    def _give_way(self) -> None:
        """What a town offers is not out of scope there, whatever our examples say."""
        outside = f"act_{Act.OUT_OF_SCOPE}"
        offered = {_folded(phrase) for phrases in self._services().values() for phrase in phrases}
        left = tuple(phrase for phrase in self.blocks.get(outside, ()) if _folded(phrase) not in offered)
        self.blocks |= {outside: left} if left else {}

    def training_data(self) -> TrainingData:
        acts: dict[Act, tuple[str, ...]] = {act: self.blocks[f"act_{act}"] for act in _LEARNT_ACTS}
        return TrainingData(
            language=self.language,
            services=self._services(),
            acts=acts,
            lexicon=self._lexicon(),
            both=tuple(self.both),
            danger=self.blocks.get(DANGER, ()),
            near_danger=self.blocks.get(NEAR_DANGER, ()),
            apart=_apart(self.language, self.catalog),
        )

    def _services(self) -> dict[str, tuple[str, ...]]:
        known = {slug: self.blocks.get(f"service_{slug}", ()) for slug in self.catalog.services}
        if self.language == SOURCE_LANGUAGE:
            services = self.catalog.services.values()
            known = {s.slug: tuple(dict.fromkeys((*s.phrases, *known[s.slug], s.title))) for s in services}
        return {slug: phrases for slug, phrases in known.items() if phrases}

    def _lexicon(self) -> Lexicon:
        words = _written(self.language)
        return Lexicon(
            language=self.language,
            commands={command: words(self.blocks.get(f"command_{command}", ())) for command in Command},
            yes=words(self.blocks["yes"]),
            no=words(self.blocks["no"]),
            danger=words(self.blocks["danger"]),
            harmless=words(self.blocks["harmless"]),
            corrections=words(self.blocks.get("correction", ())),
            denials=words(self.blocks.get("denial", ())),
            joinings=words(self.blocks.get("joining", ())),
            courtesies=words(self.blocks.get("courtesy", ())),
            spaced=self.language.split("_")[0] not in _UNSPACED,
        )

    def _intents(self) -> dict[str, tuple[str, ...]]:
        acts = {name: phrases for name, phrases in self.blocks.items() if name.startswith("act_")}
        return {**{f"service_{slug}": phrases for slug, phrases in self._services().items()}, **acts}

    def _says(self, mistake: str) -> str:
        return f"{self.path}: {mistake}"

    def _block_list(self) -> list[object]:
        try:
            content = yaml.load(self.path.read_text(encoding="utf-8"), Loader=READER)
        except FileNotFoundError:
            self.mistakes.append(self._says(f"this file is missing; the town speaks {self.language}."))
            return []
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as trouble:
            said = " ".join(str(trouble).split())
            self.mistakes.append(self._says(f"expected YAML in UTF-8, but reading it said: {said}"))
            return []
        return self._checked_top(content)

    def _checked_top(self, content: object) -> list[object]:
        top = content if isinstance(content, dict) else {}
        if top.get("version") != FORMAT:
            found = top.get("version")
            self.mistakes.append(self._says(f'expected version: "{FORMAT}" (in quotes), found {found!r}.'))
        for name in set(top) - {"version", "nlu"}:
            self.mistakes.append(self._says(f"expected only version and nlu at the top, found {name!r}."))
        blocks = top.get("nlu")
        if not isinstance(blocks, list) or not blocks:
            self.mistakes.append(self._says("expected nlu: with a list of intents and lookups."))
            return []
        return blocks

    def _add(self, position: int, block: object) -> None:
        known = self._known()
        kind, name = _named(block)
        if isinstance(block, dict) and isinstance(block.get("lookup"), bool):
            expected = f'block {position}: write "yes" and "no" in quotes; YAML reads them as true and false.'
        elif not isinstance(block, dict) or set(block) != {kind, "examples"} or not name:
            expected = f"block {position}: expected one intent: or lookup: with examples:, and nothing else."
        elif not self.whole and name.startswith("service_") and name not in known[kind]:
            return
        elif name not in known[kind]:
            expected = f"{kind} {name}: expected one of {', '.join(sorted(known[kind]))}."
        elif name in self.blocks:
            expected = f"{kind} {name}: expected once, found twice; put all examples into one block."
        else:
            expected = self._keep(name, block["examples"])
            expected = expected and f"{kind} {name}: {expected}"
        if expected:
            self.mistakes.append(self._says(expected))

    def _keep(self, name: str, examples: object) -> str:
        """Keep a block's examples; what was expected if they cannot be read."""
        if not isinstance(examples, list):
            self.blocks[name], expected = _lines(examples)
            return expected
        sentences, expected = _sentences(examples)
        plain = tuple(text for text, act in sentences if act is None)
        self.blocks[name] = plain
        self.both += [(text, name.removeprefix("service_"), act) for text, act in sentences if act is not None]
        return expected or ("" if name.startswith("service_") else "expected examples: |, a list is for services.")

    def _known(self) -> dict[str, set[str]]:
        intents = {f"act_{act}" for act in _LEARNT_ACTS} | {f"service_{slug}" for slug in self.catalog.services}
        intents |= {DANGER, NEAR_DANGER}
        return {"intent": intents, "lookup": {*_LOOKUPS, *_MAY_LACK, *(f"command_{command}" for command in Command)}}

    def _incomplete(self) -> Iterator[str]:
        for kind, name in _required():
            if name not in self.blocks:
                yield f"expected {kind} {name} with at least one example; it is missing."


def _apart(language: str, catalog: Catalog) -> Apart | None:
    """Our sentences to calibrate by, as far as they mean services of this town; None in a language without any."""
    path = CALIBRATION / f"{language}.yml"
    if not path.exists():
        return None
    ours = apart.read(path)
    return replace(ours, examples=tuple(one for one in ours.examples if one.service in ("", *catalog.services)))


def _required() -> Iterator[tuple[str, str]]:
    yield from (("intent", f"act_{act}") for act in _LEARNT_ACTS)
    yield from (("lookup", f"command_{command}") for command in Command if f"command_{command}" not in _MAY_LACK)
    yield from (("lookup", name) for name in _LOOKUPS)


def _named(block: object) -> tuple[str, str]:
    if isinstance(block, dict):
        for kind in ("intent", "lookup"):
            if isinstance(block.get(kind), str):
                return kind, str(block[kind])
    return "intent", ""


def _lines(examples: object) -> tuple[tuple[str, ...], str]:
    """The examples, and what was expected if they cannot be read."""
    if not isinstance(examples, str) or not examples.strip():
        return (), "expected at least one example, written as in `examples: |`, then `- ...` lines."
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    unread = [line for line in lines if not line.startswith("- ") or not fold(line)]
    if unread:
        return (), f"expected each line to be `- ` and words, found {unread[0]!r}."
    return tuple(line[2:].strip() for line in lines), ""


def _sentences(examples: list[object]) -> tuple[list[tuple[str, Act | None]], str]:
    """Sentences of a service, each with the act that it names too, and what was expected if they cannot be read."""
    acts = {str(act): act for act in _LEARNT_ACTS}
    found: list[tuple[str, Act | None]] = []
    for example in examples:
        entry = example if isinstance(example, dict) else {}
        text, metadata = entry.get("text"), entry.get("metadata", {})
        act = metadata.get("act") if isinstance(metadata, dict) else metadata
        if not isinstance(text, str) or not _folded(text.strip()) or set(entry) - {"text", "metadata"}:
            return found, f"expected each example to be {{text: ..., metadata: {{act: ...}}}}, found {example!r}."
        if act is not None and act not in acts:
            return found, f"{text!r}: expected one of {', '.join(sorted(acts))} as its act, found {act!r}."
        found.append((text.strip(), acts[act] if act is not None else None))
    return found, ""


def _repeated(blocks: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Phrases that are examples of two intents: nothing can be learnt from them."""
    seen: dict[str, str] = {}
    for name, phrases in blocks.items():
        for phrase in phrases:
            first = seen.setdefault(_folded(phrase), name)
            if first != name:
                yield f"{phrase!r} is an example of {first} and of {name}; expected it in one of them."


def _clashes(lexicons: Iterator[Lexicon]) -> list[str]:
    """Words with two meanings: between commands in all languages, since all are always active, and within one
    language between a command, yes and no."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    clashes = []
    for language, name, word in (found for lexicon in lexicons for found in _meanings(lexicon)):
        scope = "" if name.startswith("command_") else language
        for known in {"", language}:
            first, where = seen.get((known, fold(word)), (name, language))
            if first != name:
                clashes.append(
                    f"{language}.yml: lookup {name}: {word!r} already means {first} in {where}.yml; "
                    "expected a word with one meaning."
                )
        seen.setdefault((scope, fold(word)), (name, language))
    return clashes


def _meanings(lexicon: Lexicon) -> Iterator[tuple[str, str, str]]:
    for command, words in lexicon.commands.items():
        yield from ((lexicon.language, f"command_{command}", word) for word in words)
    yield from ((lexicon.language, "yes", word) for word in lexicon.yes)
    yield from ((lexicon.language, "no", word) for word in lexicon.no)


def _written(language: str) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """A function that adds how else phrases are written: Chinese in the traditional characters of the mainland,
    Taiwan and Hong Kong too, for the exact rules compare characters and people of one town write all of them."""
    if not is_chinese(language):
        return lambda phrases: phrases
    converters = [OpenCC(standard) for standard in ("s2t", "s2tw", "s2hk")]
    return lambda phrases: tuple(
        dict.fromkeys([*phrases, *(str(c.convert(phrase)) for c in converters for phrase in phrases)])
    )
