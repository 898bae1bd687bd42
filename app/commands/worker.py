"""Send what is owed, look after promised calls, and forget what is due."""

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
from app.promised_calls import PromisedCalls
from app.retention import RetentionStore, sweep
from app.settings import here
from core.errors import PlainlineError, StoreUnavailable

HELP = "Send text messages, look after promised calls, and forget what is due."

SWEEP_EVERY = timedelta(days=1)

LOOK_EVERY = timedelta(minutes=1)
"""How soon after its window a promised call is told to be late."""

SWEEP_AGAIN = timedelta(minutes=5)
"""How long to wait where the database did not let us sweep."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Run once, or until stopped."""
    parser.add_argument("--once", action="store_true", help="send what is due now, then stop")


def run(args: argparse.Namespace) -> int:
    """Deliver until stopped; sweep at the start and once a day."""
    settings = here()
    if not is_followed():
        bootstrap.upgrade(settings.database_url)
    outbox, retention = bootstrap.delivery(settings)
    promises = bootstrap.promised_calls(settings)
    if args.once:
        promises.look()
        print(f"{outbox.deliver_once(now())} texts dealt with.")
        return 0
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    delivery = Thread(target=outbox.run, args=(stop,), name="outbox")
    delivery.start()
    looking = Thread(target=look, args=(promises, stop), name="promises")
    looking.start()
    while not stop.is_set():
        stop.wait(swept(retention).total_seconds())
    delivery.join()
    looking.join()
    return 0


def look(promises: PromisedCalls, stop: Event) -> None:
    """Mark promised calls that are late or broken, until stopped."""
    while not stop.is_set():
        try:
            if changed := promises.look():
                event("promises_marked", count=changed)
        except PlainlineError as fault:
            event("promises_not_looked_at", level=logging.ERROR, reason=type(fault).__name__)
        stop.wait(LOOK_EVERY.total_seconds())


def swept(retention: RetentionStore) -> timedelta:
    """Forget what is due; how long to wait until the next time."""
    try:
        event("swept", **sweep(retention, now()))
    except StoreUnavailable as fault:
        event("sweep_put_off", level=logging.ERROR, reason=type(fault).__name__)
        return SWEEP_AGAIN
    return SWEEP_EVERY
