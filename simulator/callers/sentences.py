"""What a caller can take from words in a language: sentences, the words in them, and keys that are offered for things.

Nothing here knows our menus. That a key is offered is told by how such sentences are made in any line: a word for
pressing, or a comma or colon, then the key, at the end; or pressing first, then the key, then the thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

CHINESE = "zh_Hans"

_SENTENCE = re.compile(r"[^.?!。？！؟]+[.?!。？！؟]*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_ASKS = ("?", "？", "؟")
_AR_PREFIX = re.compile(r"^(?:وال|بال|لل|ال|و(?=...)|ب(?=...)|ل(?=...))")
_AR_SAME = str.maketrans({"إ": "ا", "أ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"})
_MARKS = " \t,،、;:：，；.。?？!！؟¿¡"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A thing that a key is for, as far as both were heard. `key_first`: the key was said before the thing."""

    thing: str
    key: str
    key_first: bool = False


def sentences(text: str) -> list[str]:
    """The sentences of a text, marks included."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip(_MARKS)]


def asks(sentence: str) -> bool:
    """Whether a sentence is a question."""
    return sentence.rstrip().endswith(_ASKS)


def language_of(text: str) -> str:
    """A text's language by its letters; Spanish by words that no English sentence of ours has."""
    if _HAN.search(text):
        return CHINESE
    if re.search(r"[\u0600-\u06ff]", text):
        return "ar"
    spanish = re.search(r"[áéíóúñ¿¡]|\b(?:para|oprima|el|la|los|las|de|una|su|y|en)\b", text.lower())
    return "es" if spanish else "en"


def bare(text: str) -> str:
    """A text without marks around it."""
    return text.strip(_MARKS)


def without_for(thing: str) -> str:
    """A thing that is offered, without the word before it: "For yes" is yes."""
    return re.sub(r"^(?:For|Para) ", "", thing)


def digits_of(text: str) -> list[str]:
    """The numbers in a text."""
    return re.findall(r"\d+", text)


def units(text: str, language: str) -> list[str]:
    """What is heard or missed one by one: words, in Chinese characters."""
    if language == CHINESE:
        return re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+|[^\w\s]", text)
    return text.split()


@cache
def roots(text: str, language: str) -> frozenset[str]:
    """The words of a text without their endings, in Chinese characters and pairs of them; short words are left out."""
    low = text.lower()
    if language == CHINESE:
        pairs = re.findall(r"(?=([\u4e00-\u9fff]{2}))", low)
        return frozenset([*pairs, *_HAN.findall(low)])
    words = [word for word in _WORD.findall(low) if not word.isdigit()]
    if language == "ar":
        return frozenset(_arabic(word) for word in words if len(_arabic(word)) > 2)
    return frozenset(_latin(word) for word in words if len(word) > 2)


def _arabic(word: str) -> str:
    return _AR_PREFIX.sub("", word.translate(_AR_SAME))[:4]


def _latin(word: str) -> str:
    bare = re.sub(r"(?:ing|es|s|e)$", "", word) if len(word) > 4 else word
    return bare[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """How keys are spoken of in a language: words for pressing, for star and for hash."""

    press: tuple[str, ...]
    star: tuple[str, ...]
    hash: tuple[str, ...]

    def offers(self, sentence: str) -> list[Offer]:
        """The keys that a sentence offers, in its order."""
        keys = list(self._keys(sentence))
        if not keys:
            return []
        if self._key_first(sentence, keys[0][0]):
            return list(self._after(sentence, keys))
        return list(self._before(sentence, keys))

    def _keys(self, sentence: str) -> Iterator[tuple[int, int, str]]:
        """Where a key is named, and which: a lone digit or a word for a sign, behind a mark or a word for pressing."""
        for found in self._pattern().finditer(sentence):
            start, end = found.span("key")
            if self._leads(sentence[:start]):
                yield start, end, self._key(found["key"])

    def _pattern(self) -> re.Pattern[str]:
        return _named(self.star, self.hash)

    def _key(self, said: str) -> str:
        return "*" if said in self.star else "#" if said in self.hash else said

    def _leads(self, before: str) -> bool:
        """Whether what stands before a key says that it is one."""
        bare = before.rstrip().lower()
        return not bare or bare.endswith((*self.press, ",", "،", "，", "、", ":", "：", ";", "；"))

    def _key_first(self, sentence: str, first: int) -> bool:
        """Whether nothing but pressing is said before the first key."""
        before = sentence[:first].lower().strip(_MARKS)
        return any(before == word for word in self.press)

    def _after(self, sentence: str, keys: list[tuple[int, int, str]]) -> Iterator[Offer]:
        ends = [start for start, _, _ in keys[1:]] + [len(sentence)]
        for (_, end, key), until in zip(keys, ends, strict=True):
            if thing := self._bare(sentence[end:until]):
                yield Offer(thing=thing, key=key, key_first=True)

    def _before(self, sentence: str, keys: list[tuple[int, int, str]]) -> Iterator[Offer]:
        since = 0
        for start, end, key in keys:
            thing, since = self._bare(sentence[since:start]), end
            if thing and key != "#" and self._closes(sentence[end:]):
                yield Offer(thing=thing, key=key)

    def _closes(self, after: str) -> bool:
        """Whether the thing's sentence is over with the key: then nothing comes but a mark, or the hash key too."""
        rest = after.lstrip()
        return not rest or rest[0] in _MARKS or rest[0] == "键" or any(sign in rest for sign in self.hash)

    def _bare(self, said: str) -> str:
        """The thing, without marks and without pressing."""
        bare = said.strip(_MARKS)
        for word in self.press:
            if bare.lower().endswith(word):
                bare = bare[: -len(word)].rstrip(_MARKS)
        return bare


@cache
def _named(star: tuple[str, ...], hash: tuple[str, ...]) -> re.Pattern[str]:
    signs = "|".join(map(re.escape, (*star, *hash)))
    return re.compile(rf"(?<![\d$.:])(?P<key>(?<![^\W\u4e00-\u9fff])\d(?![^\W\u4e00-\u9fff位个])(?!\s*\d)|{signs})")
