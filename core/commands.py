"""What works everywhere, by word: exact commands and the words of danger, in every language at once.

The words are data (`Lexicon`, one per language, read from nlu/data). Matching is exact on the whole folded text,
courtesy aside, so that a service sentence that merely contains "back" is not a command; a phrase may hold ` * ` where
people put words of their own ("stop * texts"). Danger is found inside longer sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from core.types import Command, Conversation, Mode, Scene

WISHES = frozenset(
    {
        Scene.LANGUAGE,
        Scene.HOME,
        Scene.CATEGORY,
        Scene.SERVICE,
        Scene.OFFER,
        Scene.NUMBER,
        Scene.DONE,
        Scene.UNFINISHED,
        Scene.RATE,
    }
)
"""Where people say what they want: free words are listened to, and an engine may hear danger in them."""

_LONGEST_BEGINNING = 60
"""Characters within which a "no, I meant" ends."""

_LONGEST_COMMAND = 120
"""Characters within which a command is looked for in a sentence."""

_POINTS = " \t\r\n,.:;!?-–—，。：；！？、،؛؟"
_IN_WORD = re.compile(r"[^\W\u2e80-\u9fff][^\W\u2e80-\u9fff]|\w['’]")
_DROPPED = re.compile(r"[\u0640\u064b-\u065f\u0670\u0610-\u061a\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_DIGIT = re.compile(r"(?![0-9])\d")
_NOT_WORD = re.compile(r"[^\w]+")
_UNIT = {True: re.compile(r"\w+"), False: re.compile(r"\w")}


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
    """One language's words. A danger phrase or a command may hold ` * ` for up to three words in between.

    `courtesies` ("please", "can you") may stand before and after a command. `harmless` are phrases with danger words
    in them that tell of none ("fire station", "smoke alarm battery"). `corrections` begin a sentence that takes
    something back ("no, I meant"), `denials` one about what is not meant ("not the"), and `joinings` lead to another
    wish ("and", "also"). `spaced` is False for a language written without blanks between words.
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
    courtesies: tuple[str, ...] = ()
    spaced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    """Thousands of phrases, by what they begin with: the first word, or the first character without blanks between.

    Only what begins like some phrase is looked at further, and only its pattern is ever made: a process starts at
    once, and a text is searched in time that does not grow with the phrases.
    """

    spaced: bool
    bodies: Mapping[str, str]

    def found(self, folded: str) -> Iterator[re.Match[str]]:
        """Each phrase in the text, from the left, none within another."""
        free = 0
        for unit in _UNIT[self.spaced].finditer(folded):
            if unit.start() >= free and (pattern := self._pattern(unit[0])):
                match = pattern.match(folded, unit.start())
                if match:
                    free = match.end()
                    yield match

    def without(self, folded: str) -> str:
        """The text with a blank in place of each phrase."""
        left, at = [], 0
        for match in self.found(folded):
            left.append(folded[at : match.start()])
            at = match.end()
        return " ".join((*left, folded[at:]))

    def beginning(self, folded: str) -> re.Pattern[str] | None:
        """The pattern of the phrases that begin as the text does, None if none does."""
        unit = _UNIT[self.spaced].match(folded)
        return self._pattern(unit[0]) if unit else None

    def _pattern(self, first: str) -> re.Pattern[str] | None:
        body = self.bodies.get(first)
        return _compiled(body, self.spaced) if body else None


@cache
def _compiled(body: str, spaced: bool) -> re.Pattern[str]:
    return re.compile(rf"(?:{body})\b" if spaced else body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loose:
    """What one language says beside and within a command: `phrases` has a group for each command."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    phrases: re.Pattern[str]

    def bare(self, folded: str) -> Iterator[str]:
        """The text without courtesy before it, after it ("again" may belong to it) and around it; a single word that
        is said again and again stands once."""
        begun, ended = self.before.sub("", folded), self.after.sub("", folded)
        around = self.after.sub("", begun)
        words = set(around.split())
        yield from dict.fromkeys((begun, ended, words.pop() if len(words) == 1 else around))

    def command(self, bare: str) -> Command | None:
        """The command of the phrase with ` * ` that the whole text is."""
        found = self.phrases.fullmatch(" " + bare)
        return Command[found.lastgroup] if found and found.lastgroup else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotter:
    """Finds commands, corrections and danger in a text, over all languages; build it with `spotter`."""

    _commands: Mapping[str, Command] = field(repr=False)
    _loose: tuple[_Loose, ...] = field(repr=False)
    _yes_no: Mapping[str, bool] = field(repr=False)
    _danger: tuple[_Phrases, ...] = field(repr=False)
    _harmless: tuple[_Phrases, ...] = field(repr=False)
    _corrections: tuple[_Phrases, ...] = field(default=(), repr=False)
    _emergencies: frozenset[str] = field(default=frozenset(), repr=False)

    def command(self, text: str) -> Command | None:
        """The command that the whole text is, courtesy, punctuation and repetition aside; None if it is none."""
        folded = fold(text)
        found = self._commands.get(folded)
        if found or len(folded) > _LONGEST_COMMAND:
            return found
        each = ((known, bare) for known in self._loose for bare in known.bare(folded))
        heard = (self._commands.get(bare) or self._joined(bare) or known.command(bare) for known, bare in each)
        return next((command for command in heard if command), None)

    def _joined(self, bare: str) -> Command | None:
        """The command that is written with a comma or blanks where Chinese has none."""
        return None if bare.isascii() else self._commands.get(bare.replace(" ", ""))

    def yes_no(self, text: str) -> bool | None:
        """True or False if the whole text is a yes or a no, else None."""
        return self._yes_no.get(fold(text))

    def correction(self, text: str) -> str:
        """What follows "no, I meant", as it was written; "" if the text does not begin so."""
        beginning = text[:_LONGEST_BEGINNING]
        folded = fold(beginning)
        begun = [pattern for known in self._corrections if (pattern := known.beginning(folded))]
        if not any(pattern.match(folded) for pattern in begun):
            return ""
        for end in _word_ends(beginning):
            if text[end:].strip(_POINTS) and any(pattern.fullmatch(fold(text[:end])) for pattern in begun):
                return text[end:].strip(_POINTS)
        return ""

    def danger(self, text: str) -> str:
        """The words in the text that tell of danger, "" if none do."""
        folded = fold(text)
        if folded in self._emergencies:
            return folded
        for known in self._harmless:
            folded = known.without(folded)
        return next((match[0] for known in self._danger for match in known.found(folded)), "")


def spotter(lexicons: Iterable[Lexicon], emergencies: Iterable[str]) -> Spotter:
    """A spotter for these languages; the emergency numbers, said or typed alone, are danger too."""
    known = list(lexicons)
    yes_no = {fold(word): False for lex in known for word in lex.no}
    yes_no |= {fold(word): True for lex in known for word in lex.yes}
    return Spotter(
        _commands={fold(w): c for lex in known for c, words in lex.commands.items() for w in words if "*" not in w},
        _loose=tuple(map(_loose, known)),
        _yes_no=yes_no,
        _danger=_phrases((lex.spaced, lex.danger) for lex in known),
        _harmless=_phrases((lex.spaced, lex.harmless) for lex in known),
        _corrections=_phrases((lex.spaced, lex.corrections) for lex in known),
        _emergencies=frozenset(emergencies),
    )


def _loose(lexicon: Lexicon) -> _Loose:
    courtesies = sorted(map(fold, lexicon.courtesies), key=len, reverse=True)
    either = "|".join(map(re.escape, courtesies)) or "(?!)"
    edge, gap = (r"\b", " ?") if lexicon.spaced else ("", " ?")
    return _Loose(
        before=re.compile(rf"^(?:(?:{either}){edge}{gap})++(?=.)"),
        after=re.compile(rf"(?<=.)(?:{gap}{edge}(?:{either}))++$"),
        phrases=re.compile("|".join(_loose_phrases(lexicon)) or "(?!)"),
    )


def _loose_phrases(lexicon: Lexicon) -> Iterator[str]:
    """For each command the phrases with ` * `: all in one pattern, since every text is held against them."""
    for command, phrases in lexicon.commands.items():
        if bodies := [_loosely(phrase, lexicon.spaced) for phrase in phrases if "*" in phrase]:
            yield f"(?P<{command.name}>{'|'.join(bodies)})"


def _loosely(phrase: str, spaced: bool) -> str:
    """The pattern of a command with ` * `, for a text with a blank before it."""
    pieces = [re.escape(fold(piece)) for piece in phrase.split("*")]
    if not spaced:
        return " ?" + r".{0,6}?".join(piece.replace(r"\ ", " ?") for piece in pieces)
    return r"(?: \w+){0,3}".join(f" {piece}" if piece else "" for piece in pieces)


def _word_ends(text: str) -> list[int]:
    """Where words end, the last first; between Chinese characters a word may end anywhere."""
    ends = range(len(text), 0, -1)
    return [end for end in ends if not _IN_WORD.match(text[end - 1 : end + 1])]


def _phrases(each: Iterable[tuple[bool, tuple[str, ...]]]) -> tuple[_Phrases, ...]:
    """All phrases of languages with blanks between words together, and all of those without."""
    bodies: dict[bool, dict[str, set[str]]] = {True: defaultdict(set), False: defaultdict(set)}
    for spaced, phrases in each:
        for phrase in phrases:
            begins = _UNIT[spaced].match(fold(phrase))
            if begins:
                bodies[spaced][begins[0]].add(_body(phrase, spaced))
    return tuple(
        _Phrases(spaced=spaced, bodies={first: _either(some) for first, some in found.items()})
        for spaced, found in bodies.items()
    )


def _either(bodies: Iterable[str]) -> str:
    """One pattern for all these, the longest tried first."""
    return "|".join(sorted(bodies, key=lambda body: (-len(body), body)))


def _body(phrase: str, spaced: bool) -> str:
    pieces = [re.escape(fold(piece)) for piece in phrase.split("*")]
    if spaced:
        return r"(?: \w+){0,3} ".join(pieces)
    return r".{0,6}?".join(piece.replace(r"\ ", " ?") for piece in pieces)
