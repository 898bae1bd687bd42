"""From how sure an engine is to what is done: answer at once, ask which is meant, or say that it is not understood."""

from __future__ import annotations

from core.types import Alternative

NOTHING = 0.5
"""So sure that no service of ours is meant, none is asked about."""

ASK = 0.2
"""The least confidence in a service that is worth asking about."""

CLOSE = 0.5
"""A service is close to the best one when its confidence is at least this share of the best one's."""

MOST_ALTERNATIVES = 3
"""So many are asked about: more would have to be kept in mind."""


def decided(
    likeliest: tuple[Alternative, ...], nothing: float, least: float
) -> tuple[str, float, tuple[Alternative, ...]]:
    """The service that is sure enough, its confidence, and if there is none the two or three worth asking about.

    `likeliest` come the likeliest first, `nothing` is how sure it is that no service is meant, and `least` the least
    confidence that is answered at once.
    """
    best = likeliest[0] if likeliest else Alternative(service="", confidence=0.0)
    if best.confidence >= least:
        return best.service, best.confidence, ()
    if nothing >= NOTHING or best.confidence < ASK:
        return "", 0.0, ()
    close = tuple(one for one in likeliest if one.confidence >= CLOSE * best.confidence)
    return "", 0.0, close if len(close) > 1 else likeliest[:2]
