"""What works everywhere, by word: exact commands and the words of danger, in every language at once.

The words are data (`Lexicon`, one per language, read from nlu/data). Matching is exact on folded text, so that a
service sentence that merely contains "back" is not a command; danger is found inside longer sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from core.types import Command, Conversation, Mode, Scene

WISHES = frozenset(
    {Scene.LANGUAGE, Scene.HOME, Scene.CATEGORY, Scene.SERVICE, Scene.OFFER, Scene.NUMBER, Scene.DONE, Scene.UNFINISHED}
)
"""Where people say what they want: free words are listened to, and an engine may hear danger in them."""

_LONGEST_BEGINNING = 60
"""Characters within which a "no, I meant" ends."""

_POINTS = " \t\r\n,.:;!?-–—，。：；！？、،؛؟"
_IN_WORD = re.compile(r"[^\W\u2e80-\u9fff][^\W\u2e80-\u9fff]|\w['’]")
_DROPPED = re.compile(r"[\u0640\u064b-\u065f\u0670\u0610-\u061a\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_DIGIT = re.compile(r"(?![0-9])\d")
_NOT_WORD = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """Text made comparable: NFKC, lower case, no accents, Arabic letters and digits unified, single blanks.

    Full-width forms become ASCII (NFKC); Arabic-Indic and other decimal digits become 0 to 9; tatweel, vowel signs,
    zero-width and direction marks go; punctuation becomes a blank.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _DROPPED.sub("", text).translate(_ALIKE)
    if not text.isascii():
        text = "".join([c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)])
        text = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return _NOT_WORD.sub(" ", text).strip()


def is_answer(was: Conversation) -> bool:
    """Whether what is said next answers a question, so that exact words alone interrupt it: a name or a street is no
    sentence for an engine."""
    return was.mode is Mode.BOT and was.place[-1].scene not in WISHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language's words. A danger phrase may hold ` * ` for up to three words in between.

    `harmless` are phrases with danger words in them that tell of none ("fire station", "smoke alarm battery").
    `corrections` begin a sentence that takes something back ("no, I meant"), `denials` one about what is not meant
    ("not the"), and `joinings` lead to another wish ("and", "also"). `spaced` is False for a language written without
    blanks between words.
    """

    language: str
    commands: Mapping[Command, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    danger: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    joinings: tuple[str, ...] = ()
    spaced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotter:
    """Finds commands, corrections and danger in a text, over all languages; build it with `spotter`."""

    _commands: Mapping[str, Command] = field(repr=False)
    _yes_no: Mapping[str, bool] = field(repr=False)
    _danger: tuple[re.Pattern[str], ...] = field(repr=False)
    _harmless: tuple[re.Pattern[str], ...] = field(repr=False)
    _corrections: tuple[re.Pattern[str], ...] = field(default=(), repr=False)

    def command(self, text: str) -> Command | None:
        """The command that the whole text is, courtesy and punctuation aside; None if it is none."""
        return self._commands.get(fold(text))

    def yes_no(self, text: str) -> bool | None:
        """True or False if the whole text is a yes or a no, else None."""
        return self._yes_no.get(fold(text))

    def correction(self, text: str) -> str:
        """What follows "no, I meant", as it was written; "" if the text does not begin so."""
        beginning = text[:_LONGEST_BEGINNING]
        if not any(known.match(fold(beginning)) for known in self._corrections):
            return ""
        for end in _word_ends(beginning):
            if text[end:].strip(_POINTS) and any(known.fullmatch(fold(text[:end])) for known in self._corrections):
                return text[end:].strip(_POINTS)
        return ""

    def danger(self, text: str) -> str:
        """The words in the text that tell of danger, "" if none do."""
        folded = fold(text)
        for pattern in self._harmless:
            folded = pattern.sub(" ", folded)
        found = (pattern.search(folded) for pattern in self._danger)
        return next((match.group(0).strip() for match in found if match), "")


def spotter(lexicons: Iterable[Lexicon], emergencies: Iterable[str]) -> Spotter:
    """A spotter for these languages; the emergency numbers, said or typed alone, are danger too."""
    known = list(lexicons)
    yes_no = {fold(word): False for lex in known for word in lex.no}
    yes_no |= {fold(word): True for lex in known for word in lex.yes}
    alone = re.compile(rf"^(?:{'|'.join(re.escape(number) for number in emergencies)})$")
    return Spotter(
        _commands={fold(w): c for lex in known for c, words in lex.commands.items() for w in words},
        _yes_no=yes_no,
        _danger=(*_patterns((lex.spaced, lex.danger) for lex in known), alone),
        _harmless=tuple(_patterns((lex.spaced, lex.harmless) for lex in known)),
        _corrections=tuple(_patterns((lex.spaced, lex.corrections) for lex in known)),
    )


def _word_ends(text: str) -> list[int]:
    """Where words end, the last first; between Chinese characters a word may end anywhere."""
    ends = range(len(text), 0, -1)
    return [end for end in ends if not _IN_WORD.match(text[end - 1 : end + 1])]


def _patterns(phrases: Iterable[tuple[bool, tuple[str, ...]]]) -> Iterator[re.Pattern[str]]:
    """All phrases as one pattern for languages with blanks between words and one for those without.

    One pattern with thousands of branches is searched many times faster than thousands of patterns.
    """
    bodies: dict[bool, list[str]] = {True: [], False: []}
    for spaced, found in phrases:
        bodies[spaced] += (_body(phrase, spaced) for phrase in found)
    for spaced, some in bodies.items():
        if some:
            whole = "|".join(sorted(set(some), key=len, reverse=True))
            yield re.compile(rf"\b(?:{whole})\b" if spaced else whole)


def _body(phrase: str, spaced: bool) -> str:
    pieces = [re.escape(fold(piece)) for piece in phrase.split("*")]
    if spaced:
        return r"(?: \w+){0,3} ".join(pieces)
    return r".{0,6}?".join(piece.replace(r"\ ", " ?") for piece in pieces)
