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
    parser.add_argument("--month", default="", help="as 2026-11 (default: the newest that is settled)")
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
    month = _month(args.month, now(), ZoneInfo(catalog.town.timezone))
    with bootstrap.reported(settings.database_url) as store:
        made = report.make(store, month, catalog)
    print(json.dumps(report.as_data(made)) if args.json else "\n".join(report.as_text(made)))
    return 0


def _month(text: str, at: datetime, zone: ZoneInfo) -> Month:
    """The month that is asked for."""
    last = report.newest(at, zone)
    if not text:
        return last
    found = MONTH.fullmatch(text)
    if found is None:
        raise Misconfigured([f"--month {text}: no month. Write it like 2026-11."])
    month = Month(year=int(found[1]), month=int(found[2]))
    if not month.settled(at, zone):
        raise Misconfigured([f"--month {text}: not settled yet. Its figures may still change; the newest is {last}."])
    return month
