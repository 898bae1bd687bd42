"""The settings that keep floods and fraud out, from the environment: `app.settings` reads them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

import phonenumbers

from core.limits import CALLS, TEXTS, Ceiling, Scope, Throttle

_MOST = 1_000_000
"""What is above is a slip of the finger."""

NO_LIMITS = dict.fromkeys(
    ("PLAINLINE_TEXT_LIMITS", "PLAINLINE_CALL_LIMITS"), " ".join(f"{scope.value}={_MOST}" for scope in Scope)
)
"""Settings for whoever measures how much the line can take: that is a flood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limiting:
    """Which countries' numbers are texted and rung (two letters; none: the town's own), how many texts go out and calls
    come in within an hour, and what a day may cost."""

    countries: frozenset[str] = frozenset()
    texts: Throttle = TEXTS
    calls: Throttle = CALLS
    ceiling: Ceiling = field(default_factory=Ceiling)


def read_limiting(environ: Mapping[str, str], mistakes: list[str]) -> Limiting:
    """What is set; what is wrong is added to `mistakes`, each with its cure."""
    return Limiting(
        countries=_countries(environ.get("PLAINLINE_COUNTRIES", ""), mistakes),
        texts=_throttle("PLAINLINE_TEXT_LIMITS", environ, TEXTS, mistakes),
        calls=_throttle("PLAINLINE_CALL_LIMITS", environ, CALLS, mistakes),
        ceiling=Ceiling(money=_money(environ, mistakes), units=_units(environ, mistakes)),
    )


def _countries(given: str, mistakes: list[str]) -> frozenset[str]:
    countries = frozenset(given.replace(",", " ").split())
    for wrong in sorted(countries - phonenumbers.SUPPORTED_REGIONS):
        mistakes.append(f"PLAINLINE_COUNTRIES: {wrong} is no country. Give two capital letters each, as in US,CA.")
    return countries


def _throttle(name: str, environ: Mapping[str, str], usual: Throttle, mistakes: list[str]) -> Throttle:
    scopes = [scope.value for scope in Scope]
    for part in environ.get(name, "").replace(",", " ").split():
        scope, _, most = part.partition("=")
        if scope not in scopes or _whole(most) is None:
            mistakes.append(f"{name}: {part} is no limit. Give {', '.join(scopes)}, as in number=60 all=3000.")
            continue
        usual = replace(usual, **{scope: int(most)})
    return usual


def _money(environ: Mapping[str, str], mistakes: list[str]) -> Decimal | None:
    given = environ.get("PLAINLINE_CEILING", "")
    if not given:
        return None
    try:
        money = Decimal(given)
    except InvalidOperation:
        money = Decimal(0)
    if not (money.is_finite() and 0 < money < _MOST):
        mistakes.append(f"PLAINLINE_CEILING: {given} is no sum. Give what a day may cost, as in 25.50.")
    if not environ.get("PLAINLINE_PRICES", ""):
        mistakes.append(
            "PLAINLINE_CEILING: there are no prices to reckon with. Set PLAINLINE_PRICES, or PLAINLINE_CEILING_UNITS "
            "for segments and minutes."
        )
    return money


def _units(environ: Mapping[str, str], mistakes: list[str]) -> int | None:
    given = environ.get("PLAINLINE_CEILING_UNITS", "")
    if given and _whole(given) is None:
        mistakes.append(
            f"PLAINLINE_CEILING_UNITS: {given} is no number. Give the segments and minutes of a day, as in 2000."
        )
    return _whole(given)


def _whole(given: str) -> int | None:
    """A whole number from 1 on, None if it is none."""
    plain = given.isascii() and given.isdigit() and len(given) <= len(str(_MOST))
    return int(given) if plain and 0 < int(given) <= _MOST else None
