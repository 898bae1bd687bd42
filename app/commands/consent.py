"""What is known of texts to one number, for whoever asks what is kept about them."""

from __future__ import annotations

import argparse
import json

from app import bootstrap
from app.settings import here
from core.staff import Consent
from core.types import Address

HELP = "Say who stopped or allowed texts to a number, and when."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which address, and how."""
    parser.add_argument("address", help="a number in full, as +14155550123, or a chat's id")
    parser.add_argument("--channel", default="sms", help="sms or telegram (default: sms)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Every STOP and START, oldest first."""
    settings = here()
    bootstrap.upgrade(settings.database_url)
    with bootstrap.consents(settings.database_url, Address(channel=args.channel, value=args.address)) as found:
        if args.json:
            print(json.dumps([_as_data(one) for one in found], ensure_ascii=False))
            return 0
        for one in found:
            print(f"{one.at.isoformat()}  {'START' if one.allowed else 'STOP '}  {_source(one)}  {one.by}".rstrip())
        print("Texts are allowed." if not found or found[-1].allowed else "Texts are stopped.")
    return 0


def _as_data(one: Consent) -> dict[str, str | bool]:
    return {"at": one.at.isoformat(), "allowed": one.allowed, "source": _source(one), "by": one.by}


def _source(one: Consent) -> str:
    return one.source.value if one.source else "unknown"
