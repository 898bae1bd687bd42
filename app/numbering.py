"""What a telephone number is: in which country, whether it can be real, and whether it is dear to ring or to text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from core.limits import Refusal

DEAR = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
    }
)
"""Kinds of number that nobody has at home, and that cost more than others: whoever is behind them may earn from us."""

ORDINARY = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
"""Kinds of number that people have: none at a premium, and none that somebody else pays for."""

REMEMBERED = 4096
"""Numbers whose kind is kept: finding it takes a hundred times as long as a look-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number: its country (two letters; "001" for a satellite's and others of no country, "" if it has none)."""

    country: str
    real: bool
    dear: bool
    ordinary: bool


@lru_cache(maxsize=REMEMBERED)
def numbered(number: str) -> Numbered:
    """What a number in full (E.164) is. A block that was given out since our tables were made belongs to the first
    country of its country code: residents with new numbers are served, and it is the provider who knows best."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return Numbered(country="", real=False, dear=False, ordinary=False)
    country = phonenumbers.region_code_for_number(parsed)
    if country is None and parsed.country_code is not None:
        country = phonenumbers.region_code_for_country_code(parsed.country_code)
    kind = phonenumbers.number_type(parsed)
    return Numbered(
        country=country or "",
        real=phonenumbers.is_possible_number(parsed),
        dear=kind in DEAR,
        ordinary=kind in ORDINARY,
    )


def refusal(number: str, countries: Collection[str], *, danger: bool = False) -> Refusal | None:
    """Why we neither text nor ring a number; None if we do. `countries` are those served, none where all are. In danger
    the country does not count."""
    known = numbered(number)
    if not known.real:
        return Refusal.UNREAL
    if known.dear:
        return Refusal.DEAR
    return Refusal.ABROAD if countries and not danger and known.country not in countries else None
