"""Whether the words named as evidence are those that counted.

Where the reasons are true, taking the named words away lowers the confidence in the service more than taking away as
many words at random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from core.commands import fold
from core.types import Understanding
from nlu.apart import Example

Parse = Callable[[str, str], Understanding]


def faithful(parse: Parse, examples: Iterable[Example], random: Random, *, spaced: bool) -> tuple[int, int]:
    """Of how many sentences it was tried, and in how many the named words counted more. Left out are sentences that
    name no service, or hold no other words than those named. `spaced`: words are parted by blanks, else characters
    count."""
    tried = held = 0
    for example in examples:
        found = parse(example.text, example.language)
        signs = fold(example.text).split() if spaced else list(fold(example.text).replace(" ", ""))
        named = _named(found, signs, spaced=spaced)
        if not (found.service and named) or len(named) == len(signs):
            continue
        tried += 1
        others = random.sample(range(len(signs)), len(named))
        without = [_sure(parse, found.service, signs, away, example.language, spaced) for away in (named, others)]
        held += without[0] < without[1] or (without[0] == without[1] and set(named) == set(others))
    return tried, held


def _named(found: Understanding, signs: list[str], *, spaced: bool) -> list[int]:
    """Where the words stand that were named."""
    named = {word for one in found.because.words for word in (one.words.split() if spaced else one.words)}
    return [at for at, sign in enumerate(signs) if sign in named]


def _sure(parse: Parse, service: str, signs: list[str], away: list[int], language: str, spaced: bool) -> float:
    """How sure of the service without these words."""
    left = (" " if spaced else "").join(sign for at, sign in enumerate(signs) if at not in away)
    found = parse(left, language)
    return max((one.confidence for one in found.considered if one.service == service), default=0.0)
