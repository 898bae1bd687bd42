"""What the line costs: minutes and segments by channel and service, and money by the town's own prices. A message on
WhatsApp counts as one segment.

A contact is a call, or what one thread of texts or chat brought in one day. It is about the service that its resident
came to last (`core.usage.service_of`), and all that was used in it counts there: the leg to a person, a call back, and
texts that were asked for in a call. No price is ever guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from app.settings import Settings
from app.shape import prices as shape_of_prices
from app.shape import shape_mistakes
from app.yaml_lines import read_document
from core.errors import Misconfigured
from core.usage import CALLS, ON_WHATSAPP, Amount, Contacts, Paid

PRICES = {
    Paid.CALL_IN: "a started minute of a call to us",
    Paid.CALL_OUT: "a started minute of a call from us: a transfer, a call back, staff's own telephones",
    Paid.TEXT_IN: "a segment of a text to us",
    Paid.TEXT_OUT: "a segment of a text from us",
    Paid.WHATSAPP_IN: "a message on WhatsApp to us",
    Paid.WHATSAPP_OUT: "a message on WhatsApp from us, within a day after one to us",
    Paid.DETECTION: "a call in which the provider listened for an answering machine, beside its minutes",
    Paid.WHATSAPP_TEMPLATE: "the approved message on WhatsApp that asks somebody to write",
}
"""What each price is for, by its name in the file."""


class CostsStore(Protocol):
    """What was used in a span: from `since` on, and before `before`."""

    def contacts(self, since: datetime, before: datetime) -> tuple[Contacts, ...]:
        """How many contacts began."""
        ...

    def amounts(self, since: datetime, before: datetime) -> tuple[Amount, ...]:
        """What was used in them."""
        ...

    def untold(self, since: datetime, before: datetime) -> int:
        """How many calls' length the provider has not told: they go on, or its callback was lost."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The town's prices, in its currency, by the names of `Paid`. A country's own price goes before the general one."""

    general: Mapping[str, Decimal]
    countries: Mapping[str, Mapping[str, Decimal]]

    def of(self, kind: Paid, country: str) -> Decimal | None:
        """The price of one minute or segment; None if there is none."""
        return self.countries.get(country, {}).get(kind, self.general.get(kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. `service` "" is none; `money` is None where a price is missing."""

    channel: str
    service: str
    contacts: int
    minutes: int
    segments: int
    detections: int
    money: Decimal | None


def no_prices() -> Prices:
    """No price of anything."""
    return Prices(general={}, countries={})


def read_prices(file: Path | None) -> Prices:
    """The prices in a file; none without a file. Raises `core.errors.Misconfigured` with every mistake in it."""
    if file is None:
        return no_prices()
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise Misconfigured([f"PLAINLINE_PRICES: {file} can not be read ({fault.strerror})."]) from fault
    document = read_document(file.name, content)
    mistakes = document.mistakes or tuple(shape_mistakes(document, shape_of_prices()))
    if mistakes:
        raise Misconfigured([str(mistake) for mistake in sorted(mistakes)])
    fields: Any = document.data
    countries = fields.get("countries", {})
    return Prices(general=_priced(fields), countries={country: _priced(own) for country, own in countries.items()})


def _priced(fields: Mapping[str, Any]) -> dict[str, Decimal]:
    return {kind.value: Decimal(fields[kind]) for kind in Paid if kind in fields}


def prices_of_ceiling(settings: Settings) -> Prices:
    """The prices that are set. Raises `core.errors.Misconfigured` with what is wrong in them, and with each general
    price that is missing where a ceiling is to be reckoned with them: no sum is ever guessed."""
    prices = read_prices(settings.prices)
    on_whatsapp = settings.twilio is not None and settings.twilio.whatsapp != ""
    needed = (kind for kind in Paid if on_whatsapp or kind not in ON_WHATSAPP)
    lacking = [kind for kind in needed if kind not in prices.general]
    if settings.limiting.ceiling.money is not None and lacking:
        raise Misconfigured([f"PLAINLINE_CEILING: no price for {kind}, {PRICES[kind]}. Add it." for kind in lacking])
    return prices


def lines(contacts: Iterable[Contacts], amounts: Iterable[Amount], prices: Prices) -> tuple[Line, ...]:
    """The table, a line for each channel and service; in a channel the most contacts first."""
    counted = {(one.channel, one.service): one.count for one in contacts}
    used: dict[tuple[str, str], list[Amount]] = {key: [] for key in counted}
    for amount in amounts:
        used.setdefault((amount.channel, amount.service), []).append(amount)
    made = (
        Line(
            channel=channel,
            service=service,
            contacts=counted.get((channel, service), 0),
            minutes=sum(one.units for one in mine if one.kind in CALLS),
            segments=sum(one.units for one in mine if one.kind not in CALLS and one.kind is not Paid.DETECTION),
            detections=sum(one.units for one in mine if one.kind is Paid.DETECTION),
            money=_sum(_price(one, prices) for one in mine),
        )
        for (channel, service), mine in used.items()
    )
    return tuple(sorted(made, key=lambda line: (line.channel, -line.contacts, line.service)))


def total(of: Iterable[Line], channel: str = "") -> Line:
    """The sum of the lines of a channel, of all for ""."""
    mine = [line for line in of if channel in ("", line.channel)]
    return Line(
        channel=channel,
        service="",
        contacts=sum(line.contacts for line in mine),
        minutes=sum(line.minutes for line in mine),
        segments=sum(line.segments for line in mine),
        detections=sum(line.detections for line in mine),
        money=_sum(line.money for line in mine),
    )


def missing(amounts: Iterable[Amount], prices: Prices) -> tuple[Paid, ...]:
    """The prices that were needed, and are not there for every country."""
    needed = {one.kind for one in amounts if _price(one, prices) is None}
    return tuple(kind for kind in Paid if kind in needed)


def money_of(amounts: Iterable[Amount], prices: Prices) -> Decimal | None:
    """What all this costs, None where a price that is needed is missing."""
    return _sum(_price(one, prices) for one in amounts)


def _price(amount: Amount, prices: Prices) -> Decimal | None:
    """What it costs; nothing for nothing, whatever its price."""
    price = prices.of(amount.kind, amount.country) if amount.units else Decimal(0)
    return None if price is None else price * amount.units


def _sum(money: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None if a part of it is not known."""
    whole = Decimal(0)
    for part in money:
        if part is None:
            return None
        whole += part
    return whole
