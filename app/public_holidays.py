"""Public holidays by country and region, from the library `holidays` (docs/decisions/holidays.md).

The library is loaded when it is first asked, about 0.1 s, which is when a catalogue is read: no import waits for it,
and no caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their names, in English where the library has them so.

    Holidays that move from a weekend to a working day are here on both. `country` and `region` ("" for none) must be
    known: see `regions`.
    """
    from holidays import country_holidays

    # The language is named, or the library would take it from the machine's environment.
    found = country_holidays(country, subdiv=region or None, years=year, language="en_US")
    return {day: name for day, name in found.items() if day.year == year}


def regions(country: str) -> tuple[str, ...] | None:
    """The regions of a country by their codes; empty if all have the same holidays, None for an unknown country."""
    from holidays import country_holidays

    try:
        return tuple(country_holidays(country).subdivisions)
    except NotImplementedError:  # what the library says of a country that it does not know
        return None
