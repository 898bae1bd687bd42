"""Logs hold ids and reasons, and nothing that a resident said or is."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from app.bootstrap import Plainline
from app.log import JsonLines
from simulator.exchange import Fault
from store import schema
from store.unit_of_work import open_storage
from tests.calls.line import OPEN, Clock, Line, served
from tests.calls.storages import Trouble, Troubled
from tests.calls.test_languages import reference_in

NAME = "Maria Lopez"
STREET = "12 Hill Road"
SECRETS = ("4155550123", NAME, "Lopez", STREET, "Hill", "cannot breathe", "May 25", "1990")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the application logs, as the lines that it would write."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("plainline")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def whole_talk(line: Line, troubled: Troubled) -> list[str]:
    """A call and texts with a name, a street, danger, a reference, a transfer, refusals and faults of every kind."""
    caller = line.at_home().press("4", "2", "4").say(NAME).press("05251990#", "2#", "1", "1")
    assert NAME in caller.heard
    caller.press("1")
    reference = reference_in(caller.heard)
    caller.press("*").say("my husband cannot breathe").press("1").dial_result("busy").press("1")
    troubled.ahead = [Trouble.MISTAKE, Trouble.SAVED]
    caller.press("3", "1")
    line.exchange.trouble.arrange(Fault.BAD_SIGNATURE, "/sms")
    line.exchange.texts.fate("+14155550123", "undelivered", 30003)
    texter = line.texter().write(NAME, "?", "1", reference, "4", "2", "4", NAME, "May 25 1990")
    troubled.ahead = [Trouble.MISTAKE, Trouble.GONE]
    texter.write(STREET)
    line.exchange.rest_trouble.arrange(Fault.REFUSED, "/", status=500)
    texter.write("HELP", "STOP", NAME)
    troubled.gone = True
    caller.press("2")
    return [reference, *SECRETS]


def test_a_whole_talk_leaves_no_words_names_or_numbers_in_the_logs(
    wired: Plainline, sqlite_url: str, logged: io.StringIO
) -> None:
    behind = open_storage(sqlite_url)
    troubled = Troubled(behind)
    with served(wired, sqlite_url, Clock(OPEN), troubled) as line:
        line.exchange.strict = False
        secrets = whole_talk(line, troubled)
        audit = [row.detail for row in line.rows(schema.audit)]
    behind.close()
    lines = [json.loads(one) for one in logged.getvalue().splitlines()]
    assert {"webhook_refused", "voice_fault", "commit_unknown"} <= {one["event"] for one in lines}
    for secret in secrets:
        assert secret not in logged.getvalue()
        assert not [detail for detail in audit if secret in str(detail)]
