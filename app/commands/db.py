"""The database's schema."""

from __future__ import annotations

import argparse

from app import bootstrap
from app.settings import here

HELP = "Create or upgrade the database, or say whether it is up to date."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    parser.add_argument("action", choices=("upgrade", "status"))


def run(args: argparse.Namespace) -> int:
    """0 if the schema is the newest, now or after the upgrade."""
    url = here().database_url
    if args.action == "upgrade":
        bootstrap.upgrade(url)
    current = bootstrap.schema_is_current(url)
    print("The database is up to date." if current else "The database is not up to date: plainline db upgrade.")
    return 0 if current else 1
