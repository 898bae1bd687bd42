"""What real use tells: who gets through, who does not, and where it fails."""

from __future__ import annotations

import argparse
import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from app import bootstrap, report
from app.assistant import now
from app.loading import load
from app.report import Month
from app.settings import here
from core.errors import Misconfigured

HELP = "Tell of a month who got through, ratings and failures, by service, language and channel; never few people."

MONTH = re.compile(r"([2-8]\d{3})-(0[1-9]|1[0-2])")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which month, and how."""
    parser.add_argument("--month", default="", help="as 2026-11 (default: the newest that can be told)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    sentences = "what was asked for and not understood in the last days, with numbers and most names replaced, instead"
    parser.add_argument("--sentences", action="store_true", help=sentences)


def run(args: argparse.Namespace) -> int:
    """Print it. The months are the town's."""
    settings = here()
    catalog = load(settings.catalogue)
    bootstrap.upgrade(settings.database_url)
    if args.sentences:
        found = bootstrap.not_understood(catalog, settings)
        told = [f"{language:8} {words}" for language, each in found.items() for words in each]
        print(json.dumps(found, ensure_ascii=False, indent=1) if args.json else "\n".join(told or ["None."]))
        return 0
    with bootstrap.reported(settings.database_url) as store:
        month = _month(args.month, store.begun(), now(), ZoneInfo(catalog.town.timezone))
        made = report.make(store, month, catalog)
    print(json.dumps(report.as_data(made)) if args.json else "\n".join(report.as_text(made)))
    return 0


def _month(text: str, begun: datetime | None, at: datetime, zone: ZoneInfo) -> Month:
    """The month that is asked for; the newest that can be told if none is."""
    months = report.months(begun, at, zone)
    if not text and months:
        return months[0]
    if not text:
        raise Misconfigured(["No month can be told yet: one is told a week after its end, if all of it was counted."])
    found = MONTH.fullmatch(text)
    if found is None:
        raise Misconfigured([f"--month {text}: no month. Write it like 2026-11."])
    month = Month(year=int(found[1]), month=int(found[2]))
    if not month.settled(at, zone):
        last = report.newest(at, zone)
        raise Misconfigured([f"--month {text}: not settled yet. Its figures may still change; the newest is {last}."])
    if month not in months:
        first = f"the first is {months[-1]}" if months else "no month can be told yet"
        raise Misconfigured([f"--month {text}: not all of it was counted, or its ratings are forgotten; {first}."])
    return month
