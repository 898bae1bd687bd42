"""What operators ask: does it answer, is it ready, how much waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.web import make_app
from core.limits import Alarm
from core.mandates import WRONG_IN_ALL
from store import schema
from tests.calls.line import Line

Asks = Callable[..., FlaskClient]


@pytest.fixture
def asks() -> Iterator[Asks]:
    """The web application of a line, with a token for its figures."""
    with ExitStack() as made:

        def client(line: Line, token: str = "") -> FlaskClient:
            settings = replace(line.plainline.settings, metrics_token=token)
            installed = made.enter_context(closing(replace(line.plainline, settings=settings)))
            return make_app(installed).test_client()

        yield client


def figures(client: FlaskClient, token: str) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line.split() for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_ready_says_what_is_amiss(each_line: Line, asks: Asks) -> None:
    client = asks(each_line)
    assert client.get("/readyz").status_code == 200
    each_line.exchange.sms("+14155550123", "", "hello")
    each_line.clock.later(minutes=5)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "unsent\n")
    each_line.deliver()
    assert client.get("/readyz").text == "ready\n"


def test_an_old_schema_is_not_ready(line: Line, asks: Asks) -> None:
    with line.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    answer = asks(line).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "migrations\n")


def test_the_figures_count_what_waits(each_line: Line, asks: Asks) -> None:
    client = asks(each_line, "a token")
    each_line.texter().write("hello", "0")
    each_line.texter(number="+14155550124").write("my husband cannot breathe")
    each_line.clock.later(seconds=90)
    told = figures(client, "a token")
    assert told["plainline_database_up"] == 1
    assert told["plainline_requests_waiting"] == 2
    assert told["plainline_requests_danger"] == 1
    assert told["plainline_requests_oldest_waiting_seconds"] == 90
    assert told["plainline_texts_unsent"] == 0


def test_a_hundred_wrong_secret_numbers_within_a_day_raise_an_alarm(each_line: Line, asks: Asks) -> None:
    client, now = asks(each_line, "a token"), each_line.clock()
    wrong = {"reference": "000000037", "source": "somebody"}
    with each_line.database.writing() as connection:
        connection.execute(schema.pin_tries.insert(), [wrong | {"at": now}] * (WRONG_IN_ALL - 1))
        connection.commit()
    assert figures(client, "a token")["plainline_alarm_secret_numbers"] == 0
    with each_line.database.writing() as connection:
        connection.execute(schema.pin_tries.insert(), wrong | {"at": now})
        connection.commit()
    assert figures(client, "a token")["plainline_alarm_secret_numbers"] == 1
    assert each_line.plainline.health.alarms() == (Alarm.SECRET_NUMBERS,)
    each_line.clock.later(days=1)
    assert each_line.plainline.health.alarms() == ()


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic a token", "Bearer \u0663"])
def test_the_figures_are_for_whoever_has_the_token(line: Line, asks: Asks, given: str) -> None:
    assert asks(line, "a token").get("/metrics", headers={"Authorization": given}).status_code == 401


def test_without_a_token_set_there_are_no_figures(line: Line, asks: Asks) -> None:
    assert asks(line).get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
