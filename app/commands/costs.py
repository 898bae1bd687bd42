"""What the line costs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_currency

from app import bootstrap
from app.assistant import now
from app.costs import PRICES, Line, lines, missing, read_prices, total
from app.loading import load
from app.settings import here
from core.errors import Misconfigured

HELP = "Say how many minutes and segments each channel and service took, and what they cost by your prices."

DAYS = 30
"""The length of the span without `--from`."""

YEARS = range(2000, 9000)
"""Whose days can be asked for: near either end of the calendar a day has none before or after it."""

NONE = "none"
"""What a contact is about that came to no service."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which days, and how."""
    began = f"the first day, as 2026-11-01 (default: {DAYS} days in all)"
    parser.add_argument("--from", dest="first", default="", help=began)
    parser.add_argument("--to", dest="last", default="", help="the last day (default: today)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """0 if every price that was needed is there, 1 if not. The days are the town's."""
    settings = here()
    town = load(settings.catalogue).town
    prices = read_prices(settings.prices)
    zone = ZoneInfo(town.timezone)
    first, last = _days(args, now().astimezone(zone).date())
    span = tuple(datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    bootstrap.upgrade(settings.database_url)
    with bootstrap.usage(settings.database_url) as store:
        contacts, amounts, untold = store.contacts(*span), store.amounts(*span), store.untold(*span)
    table = lines(contacts, amounts, prices)
    lacking = missing(amounts, prices)
    if args.json:
        days = {"from": first.isoformat(), "to": last.isoformat(), "currency": town.currency}
        print(json.dumps({**days, **_as_data(table), "calls_without_length": untold, "missing_prices": lacking}))
    else:
        print(f"{first} to {last}")
        print("\n".join([*_as_table(table, town.currency), *_remarks(lacking, untold)]))
    return 1 if lacking else 0


def _days(args: argparse.Namespace, today: date) -> tuple[date, date]:
    mistakes: list[str] = []
    last = _day("--to", args.last, mistakes) or today
    first = _day("--from", args.first, mistakes) or last - timedelta(days=DAYS - 1)
    if not mistakes and first > last:
        mistakes.append(f"--from {first}: after --to {last}. Give the earlier day first.")
    if mistakes:
        raise Misconfigured(mistakes)
    return first, last


def _day(name: str, text: str, mistakes: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        mistakes.append(f"{name} {text}: no day. Write it like 2026-11-01.")
    return day


def _channels(table: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.channel for line in table))


def _as_data(table: Sequence[Line]) -> dict[str, Any]:
    def told(line: Line, *besides: str) -> dict[str, Any]:
        money = None if line.money is None else f"{line.money:f}"
        named = {**asdict(line), "service": line.service or NONE, "money": money}
        return {name: value for name, value in named.items() if name not in besides}

    channels = [told(total(table, channel), "service") for channel in _channels(table)]
    whole = told(total(table), "channel", "service")
    return {"lines": [told(line) for line in table], "channels": channels, "total": whole}


def _as_table(table: Sequence[Line], currency: str) -> Iterator[str]:
    yield _row("channel", "service", "contacts", "minutes", "segments", "detections", "money")
    for channel in _channels(table):
        yield from (_told(line, line.service or NONE, currency) for line in table if line.channel == channel)
        yield _told(total(table, channel), "all", currency)
    yield _told(total(table), "", currency, "total")


def _told(line: Line, service: str, currency: str, channel: str = "") -> str:
    return _row(
        channel or line.channel,
        service,
        f"{line.contacts:,}",
        f"{line.minutes:,}",
        f"{line.segments:,}",
        f"{line.detections:,}",
        _money(line.money, currency),
    )


def _money(sum: Decimal | None, currency: str) -> str:
    return "not known" if sum is None else format_currency(sum, currency, locale="en")


def _row(channel: str, service: str, contacts: str, minutes: str, segments: str, detections: str, money: str) -> str:
    return f"{channel:8} {service:28} {contacts:>9} {minutes:>9} {segments:>9} {detections:>10} {money:>14}"


def _remarks(lacking: Sequence[str], untold: int) -> Iterator[str]:
    if untold:
        yield f"\nCalls whose length is not told, and counts 0: {untold:,}. They go on, or Twilio's report was lost."
    if lacking:
        yield "\nPrices are missing. Put them in a file, name it in PLAINLINE_PRICES, and leave out none of these:"
        yield from (f"  {kind}: ...   # {PRICES[kind]}" for kind in PRICES if kind in lacking)
