"""Send what is owed, phone back who rang, fetch what was recorded, look after promised calls, forget what is due."""

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
from core.errors import StoreUnavailable

HELP = "Send texts, phone back, fetch recordings, look after promised calls, and forget what is due."

SWEEP_EVERY = timedelta(days=1)

LOOK_EVERY = timedelta(minutes=1)
"""How soon after its window a promised call is told to be late."""

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
    work = bootstrap.work(settings)
    if args.once:
        work.promises.look()
        print(f"{work.outbox.deliver_once(now())} texts dealt with.")
        print(f"{work.missed_calls.call_once(now())} missed calls dealt with.")
        if work.recordings:
            work.recordings.work_once(now())
        return 0
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    jobs = [Thread(target=work.outbox.run, args=(stop,), name="outbox")]
    if work.recordings:
        jobs.append(Thread(target=work.recordings.run, args=(stop,), name="recordings"))
    jobs.append(Thread(target=work.missed_calls.run, args=(stop,), name="missed calls"))
    jobs.append(Thread(target=look, args=(work.promises, stop), name="promises"))
    for job in jobs:
        job.start()
    while not stop.is_set():
        stop.wait(swept(work.retention).total_seconds())
    for job in jobs:
        job.join()
    return 0


def look(promises: PromisedCalls, stop: Event) -> None:
    """Mark promised calls that are late or broken, until stopped."""
    while not stop.is_set():
        try:
            if changed := promises.look():
                event("promises_marked", count=changed)
        except Exception as fault:  # the outermost of its thread: the next look may well be fine
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
