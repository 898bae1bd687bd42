"""The catalogue: check it, list it and its special days, describe its files, find what is to be translated."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.hours import days_ahead
from app.loading import lint, load, schema
from app.messages import check, update
from app.mistakes import Mistake
from app.settings import here
from core.catalog import Hours, SpecialDays

HELP = "Check the services, list them, list days with other hours, or bring the translations up to date."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which catalogue."""
    parser.add_argument("action", choices=("lint", "list", "days", "schema", "messages"))
    parser.add_argument("--catalogue", type=Path, help="folder with town.yml (default: PLAINLINE_CATALOGUE, else ours)")
    parser.add_argument("--locales", type=Path, default=Path("locales"), help="folder of translations (messages)")


def run(args: argparse.Namespace) -> int:
    """0 if nothing is wrong."""
    if args.action == "schema":
        print(json.dumps(schema(), indent=2, ensure_ascii=False))
        return 0
    folder = args.catalogue or here().catalogue
    if args.action == "lint":
        return _tell(lint(folder))
    catalog = load(folder)
    if args.action == "list":
        for service in sorted(catalog.services.values(), key=lambda s: s.number):
            print(f"{service.number}  {service.category:8}  {service.title}")
        return 0
    if args.action == "days":
        today = datetime.now(ZoneInfo(catalog.town.timezone)).date()
        for days in days_ahead(catalog, today):
            print(_day(days))
        return 0
    for language, missing in update(catalog, args.locales).items():
        print(f"{language}: {missing} to translate")
    return _tell(check(catalog, args.locales))


def _day(days: SpecialDays) -> str:
    """One day of the list, as in `2026-12-24 Thu  09:00-12:00  civic_hall  Christmas Eve`."""
    offices = ", ".join(days.offices) or "all offices"
    return f"{days.first:%Y-%m-%d %a}  {_hours(days.hours):11}  {offices}  {days.note}".rstrip()


def _hours(hours: Hours | None) -> str:
    if hours is None:
        return "usual"
    return ", ".join("-".join(f"{m // 60:02}:{m % 60:02}" for m in span) for span in hours) or "closed"


def _tell(mistakes: list[Mistake]) -> int:
    for mistake in mistakes:
        print(mistake)
    print(f"{len(mistakes)} mistakes." if mistakes else "No mistakes.")
    return 1 if mistakes else 0
