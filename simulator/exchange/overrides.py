"""The part of a webhook's URL after `#`: how long Twilio waits and how often it tries again.

Source: Twilio docs, usage/webhooks/webhooks-connection-overrides. The fragment is neither sent nor signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urldefrag

LIMITS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
EDGES = frozenset(["ashburn", "umatilla", "dublin", "frankfurt", "singapore", "sydney", "tokyo", "sao-paulo"])


class MisreadFragment(ValueError):
    """A fragment that Twilio would not understand, with what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Waiting times in seconds (to connect, for the reply, for all attempts), further tries and their
    reasons."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})

    def retries_on(self, failure: str) -> bool:
        """True if `failure` (4xx, 5xx, ct or rt) is one to try again after."""
        return bool(failure) and (failure in self.policies or "all" in self.policies)


def overrides(url: str) -> Overrides:
    """The overrides that `url` asks for.

    Raises MisreadFragment for a key or value that is not in Twilio's table.
    """
    pairs = pairs_of(urldefrag(url).fragment)
    numbers = {key: number(key, pairs[key]) for key in LIMITS if key in pairs}
    return Overrides(
        connect=numbers.get("ct", 5000) / 1000,
        read=numbers.get("rt", 15_000) / 1000,
        total=numbers.get("tt", 15_000) / 1000,
        retries=numbers.get("rc", 1),
        policies=policies(pairs.get("rp", "ct")),
    )


def pairs_of(fragment: str) -> dict[str, str]:
    """`rc=3&rp=ct` as a dict; every key must be one that Twilio knows."""
    pairs = dict(piece.partition("=")[::2] for piece in fragment.split("&") if piece)
    for key, value in pairs.items():
        known = key in LIMITS or key == "rp" or (key == "e" and value in EDGES) or (key == "sni" and value in "yn")
        if not known:
            raise MisreadFragment(f"#{key}={value}: the keys are ct, rt, tt, rc, rp, e and sni")
    return pairs


def number(key: str, text: str) -> int:
    """The whole number of `key`, within its limits."""
    low, high = LIMITS[key]
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise MisreadFragment(f"#{key}={text}: expected a whole number from {low} to {high}")
    return int(text)


def policies(text: str) -> frozenset[str]:
    """The retry policy, a list with commas."""
    named = frozenset(text.split(","))
    if not named <= POLICIES:
        raise MisreadFragment(f"#rp={text}: expected one or more of {', '.join(sorted(POLICIES))}, with commas")
    return named
