"""Wishes that were not understood, as they may be read: with personal words replaced, as far as rules find them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from core.reporting import Unclear
from nlu.personal import says_enough, without_personal


def told(sentences: Iterable[Unclear], known: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Each sentence once, by language and in the order of the alphabet, so that neither when nor how often it was said
    is told. `known` are the ordinary words of each language; what is in no such language, or of which too little is
    left, is not told."""
    found: dict[str, set[str]] = {language: set() for language in known}
    for one in sentences:
        if one.language in found:
            words = without_personal(one.words, known[one.language])
            found[one.language] |= {words} if says_enough(words) else set()
    return {language: sorted(each) for language, each in found.items() if each}
