"""The simulator's process: the exchange, and the pages in front of it. `plainline up` starts it."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from werkzeug.serving import make_server

from app.following import follow
from app.loading import load
from app.log import event, set_up
from app.settings import here, is_loopback
from app.wording import read_wording
from core.errors import Misconfigured
from simulator.exchange import Exchange
from simulator.pages.passing import Passing
from simulator.pages.telephone import Telephones
from simulator.pages.troubles import Troubles
from simulator.pages.web import Town, make_pages

GIVEN = {
    "TWILIO_ACCOUNT_SID": "PLAINLINE_SIMULATOR_ACCOUNT",
    "TWILIO_AUTH_TOKEN": "PLAINLINE_SIMULATOR_TWILIO_TOKEN",
    "TWILIO_NUMBER": "PLAINLINE_SIMULATOR_NUMBER",
    "TELEGRAM_TOKEN": "PLAINLINE_SIMULATOR_TELEGRAM_TOKEN",
}
"""What a provider's variable must be equal to, not to be a real one: `plainline up` makes these up, each time."""

KEPT = 50
"""Requests and calls that the exchange remembers: enough to look back, and no more memory after a day than before."""

ADDRESSES = ("TWILIO_API_URL", "TELEGRAM_API_URL")
"""Where the exchange stands in for a provider."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run until stopped; 2 if it may not start."""
    args = arguments().parse_args(argv)
    set_up()
    follow()
    try:
        refuse(os.environ, args.web)
        serve(args)
    except Misconfigured as wrong:
        sys.stderr.write("The simulator can not start. Please mend:\n")
        sys.stderr.writelines(f"  {mistake}\n" for mistake in wrong.mistakes)
        return 2
    return 0


def arguments() -> argparse.ArgumentParser:
    """Which ports, and where the line's own server is."""
    parser = argparse.ArgumentParser(prog="simulator", description="Telephones in the browser. Use `plainline up`.")
    parser.add_argument("--port", type=int, default=8001, help="of the pages (default 8001)")
    parser.add_argument("--api-port", type=int, default=8002, help="of what plays Twilio (default 8002)")
    parser.add_argument("--bot-port", type=int, default=8003, help="of what plays Telegram (default 8003)")
    parser.add_argument("--web", default="http://127.0.0.1:8000", help="where the web server is")
    return parser


def refuse(environ: Mapping[str, str], web: str) -> None:
    """Raise `Misconfigured` where real people could be reached: with a provider's account, or a public address."""
    mistakes = []
    if not is_loopback(urlsplit(web).hostname or ""):
        mistakes.append(f"PLAINLINE_PUBLIC_URL: {web} is public. The simulator runs on this machine itself only.")
    for name, value in sorted(environ.items()):
        if value and name.startswith(("TWILIO_", "TELEGRAM_")) and not made_up(name, value, environ):
            mistakes.append(f"{name}: set, for a real provider. The simulator runs only where none is.")
    mistakes += [f"{name}: missing. Start with `plainline up`." for name in GIVEN.values() if not environ.get(name)]
    if mistakes:
        raise Misconfigured(mistakes)


def made_up(name: str, value: str, environ: Mapping[str, str]) -> bool:
    """Whether a provider's variable leads to the exchange, and to nobody real."""
    if name in ADDRESSES:
        return is_loopback(urlsplit(value).hostname or "")
    return name in GIVEN and value == environ.get(GIVEN[name])


def serve(args: argparse.Namespace) -> None:
    """Open the exchange and serve the pages until SIGTERM or Ctrl-C."""
    town = read_town(args.web)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with an_exchange(args) as exchange:
        telephones, troubles = Telephones(exchange, town.offices), Troubles(exchange)
        with Passing(telephones, troubles):
            server = make_server(
                "127.0.0.1", args.port, make_pages(exchange, town, telephones, troubles), threaded=True
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
            event("simulator_listens", port=args.port)
            server.serve_forever(0.1)
            server.server_close()


def read_town(web: str) -> Town:
    """The town that this installation is for."""
    catalog = load(here().catalogue)
    return Town(
        name=catalog.town.name,
        words=read_wording(catalog.town),
        languages=catalog.town.languages,
        number=os.environ["PLAINLINE_SIMULATOR_NUMBER"],
        web=web,
        offices={office.phone: office.title for office in catalog.offices.values()},
    )


def an_exchange(args: argparse.Namespace) -> Exchange:
    """Twilio and Telegram, set up as the README says, with ids that no earlier run has used."""
    return Exchange(
        voice_url=f"{args.web}/voice#rc=3&rp=5xx,ct,rt&rt=4000",
        voice_fallback_url=f"{args.web}/voice/resume#rc=3&rp=5xx,ct,rt&rt=4000",
        status_url=f"{args.web}/voice/status#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_url=f"{args.web}/sms#rc=3&rp=5xx,ct,rt&rt=4000",
        sms_fallback_url=f"{args.web}/sms/fallback#rc=3&rp=5xx,ct,rt&rt=4000",
        account_sid=os.environ["PLAINLINE_SIMULATOR_ACCOUNT"],
        auth_token=os.environ["PLAINLINE_SIMULATOR_TWILIO_TOKEN"],
        number=os.environ["PLAINLINE_SIMULATOR_NUMBER"],
        bot_token=os.environ["PLAINLINE_SIMULATOR_TELEGRAM_TOKEN"],
        strict=False,
        api_port=args.api_port,
        bot_port=args.bot_port,
        first=int(time.time()),
        keep=KEPT,
    )


if __name__ == "__main__":
    sys.exit(main())
