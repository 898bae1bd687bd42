"""Send what is owed, phone back who rang, and forget what is due."""

from __future__ import annotations

import argparse
import logging
import signal
from datetime import timedelta
from threading import Event, Thread

from app import bootstrap
from app.assistant import now
from app.following import is_followed
from app.log import event
from app.retention import RetentionStore, sweep
from app.settings import here
from core.errors import StoreUnavailable

HELP = "Send text messages, phone back, and forget what is due."

SWEEP_EVERY = timedelta(days=1)

SWEEP_AGAIN = timedelta(minutes=5)
"""How long to wait where the database did not let us sweep."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Run once, or until stopped."""
    parser.add_argument("--once", action="store_true", help="send what is due now, then stop")


def run(args: argparse.Namespace) -> int:
    """Deliver and phone back until stopped; sweep at the start and once a day."""
    settings = here()
    if not is_followed():
        bootstrap.upgrade(settings.database_url)
    outbox, retention = bootstrap.delivery(settings)
    missed_calls = bootstrap.missed_calls(settings)
    if args.once:
        print(f"{outbox.deliver_once(now())} texts dealt with.")
        print(f"{missed_calls.call_once(now())} missed calls dealt with.")
        return 0
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [Thread(target=work.run, args=(stop,), name=type(work).__name__) for work in (outbox, missed_calls)]
    for thread in threads:
        thread.start()
    while not stop.is_set():
        stop.wait(swept(retention).total_seconds())
    for thread in threads:
        thread.join()
    return 0


def swept(retention: RetentionStore) -> timedelta:
    """Forget what is due; how long to wait until the next time."""
    try:
        event("swept", **sweep(retention, now()))
    except StoreUnavailable as fault:
        event("sweep_put_off", level=logging.ERROR, reason=type(fault).__name__)
        return SWEEP_AGAIN
    return SWEEP_EVERY
