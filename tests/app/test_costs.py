"""Prices from a file, and the table of `plainline costs`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import cli
from app.assistant import now
from app.costs import Prices, lines, missing, prices_of_ceiling, read_prices, total
from app.limit_settings import Limiting
from app.metering import country
from app.settings import Settings, Twilio
from core.errors import Misconfigured
from core.limits import Ceiling
from core.types import Medium, Place, Scene
from core.usage import Amount, Contacts, Paid, Used
from store.unit_of_work import SqlStorage
from store.usage_store import SqlUsage
from tests.app.test_commands import _logger_as_it_was as _logger_as_it_was
from tests.app.test_commands import data_folder as data_folder
from tests.store.fixtures import migrated_file as migrated_file
from tests.store.fixtures import migrated_postgres as migrated_postgres
from tests.store.fixtures import migrated_postgres_url as migrated_postgres_url
from tests.store.fixtures import migrated_url as migrated_url
from tests.store.fixtures import sqlite_url as sqlite_url
from tests.store.opened import BEN, new, opened, save

ALL = """
call_in: 0.0085
call_out: 0.014
text_in: 0.0083
text_out: 0.0079
whatsapp_in: 0.005
whatsapp_out: 0.005
whatsapp_template: 0.03
detection: 0.0075
countries:
  MX: {text_out: 0.05}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "prices.yml"
    file.write_text(text)
    return file


def amount(units: int, kind: Paid = Paid.CALL_IN, where: str = "US", service: str = "noise") -> Amount:
    return Amount(channel="voice", service=service, kind=kind, country=where, units=units)


# --- prices --------------------------------------------------------------------------------------------------


def test_a_countrys_own_price_goes_before_the_general_one(tmp_path: Path) -> None:
    prices = read_prices(written(tmp_path, ALL))
    assert prices.of(Paid.TEXT_OUT, "MX") == Decimal("0.05")
    assert prices.of(Paid.TEXT_OUT, "") == Decimal("0.0079")
    assert prices.of(Paid.CALL_OUT, "MX") == Decimal("0.014")


def test_without_a_file_there_is_no_price() -> None:
    assert read_prices(None).of(Paid.CALL_IN, "US") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("call_inn: 1", "prices.yml:1: call_inn: there is no such field; did you mean call_in?"),
        ("call_in: -1", "prices.yml:1: call_in: a price of 0 or more"),
        ("call_in: '0.01'", "prices.yml:1: call_in: a price of 0 or more"),
        ("call_in: 0,01", "prices.yml:1: call_in: a price of 0 or more"),
        ("call_in:", "prices.yml:1: call_in: a price of 0 or more"),
        ("countries: {XX: {text_in: 1}}", "a country's two capital letters"),
        ("countries: {US: {text: 1}}", "prices.yml:1: countries, US, text"),
        ("countries: [US]", "prices.yml:1: countries: countries by their two letters"),
        ("call_in: 1\ncall_in: 2", "each field once"),
        ("call_in: [", "cannot be read as YAML"),
        ("- call_in", "prices.yml:1: prices expected"),
        ("", "prices.yml:1: prices expected"),
    ],
)
def test_a_mistake_in_the_prices_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        read_prices(written(tmp_path, text))
    assert told in "\n".join(wrong.value.mistakes)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as wrong:
        read_prices(written(tmp_path, "call_in: -1\ntext_in: x\nsms: 1\n"))
    assert len(wrong.value.mistakes) == 3


def test_prices_that_can_not_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="PLAINLINE_PRICES") as wrong:
        read_prices(tmp_path)
    assert "can not be read" in wrong.value.mistakes[0]


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        ("+14155550123", "US"),
        ("+18765550123", "JM"),
        ("+34612345678", "ES"),
        ("12345", ""),
        ("anonymous", ""),
        ("sip:ana@example.org", ""),
        ("", ""),
    ],
)
def test_the_country_of_a_number(number: str, letters: str) -> None:
    assert country(number) == letters


# --- the table -----------------------------------------------------------------------------------------------

PRICES = Prices(general={"call_in": Decimal("0.0085"), "text_in": Decimal(0)}, countries={})


@given(st.lists(st.integers(0, 100_000), max_size=20))
def test_money_is_exact(minutes: list[int]) -> None:
    table = lines((), [amount(one, service=str(n % 3)) for n, one in enumerate(minutes)], PRICES)
    assert total(table).money == Decimal(85) * sum(minutes) / Decimal(10_000)
    assert total(table).minutes == sum(minutes)


def test_where_a_price_is_missing_no_sum_is_given() -> None:
    used = [amount(3), amount(1, Paid.CALL_OUT, service="trees"), amount(0, Paid.TEXT_OUT), amount(4, Paid.TEXT_IN)]
    table = lines((), used, PRICES)
    assert {line.service: line.money for line in table} == {"noise": Decimal("0.0255"), "trees": None}
    assert total(table).money is None
    assert missing(used, PRICES) == (Paid.CALL_OUT,)


def test_detections_are_paid_for_and_are_neither_minutes_nor_segments() -> None:
    prices = Prices(general={"detection": Decimal("0.0075")}, countries={"MX": {"detection": Decimal("0.01")}})
    [line] = lines((), [amount(3, Paid.DETECTION), amount(2, Paid.DETECTION, "MX")], prices)
    assert (line.detections, line.minutes, line.segments, line.money) == (5, 0, 0, Decimal("0.0425"))


def ceiling(tmp_path: Path, text: str, whatsapp: str = "") -> Settings:
    twilio = Twilio(account="AC1", tokens=("token",), number="+14155550100", whatsapp=whatsapp)
    limits = Limiting(ceiling=Ceiling(money=Decimal(5)))
    return Settings(
        database_url="", public_url="", secret_key="", prices=written(tmp_path, text), twilio=twilio, limiting=limits
    )


def test_a_ceiling_of_money_needs_the_prices_of_whatsapp_only_where_that_is_used(tmp_path: Path) -> None:
    without = "\n".join(line for line in ALL.splitlines() if "whatsapp" not in line)
    assert prices_of_ceiling(ceiling(tmp_path, without)).general
    with pytest.raises(Misconfigured) as wrong:
        prices_of_ceiling(ceiling(tmp_path, without, "+14155550110"))
    assert len(wrong.value.mistakes) == 3
    with pytest.raises(Misconfigured, match="no price for detection"):
        prices_of_ceiling(ceiling(tmp_path, without.replace("detection: 0.0075", "")))


def test_a_contact_that_took_nothing_is_in_the_table() -> None:
    [line] = lines([Contacts(channel="chat", service="", count=2)], (), Prices(general={}, countries={}))
    assert (line.contacts, line.minutes, line.segments, line.money) == (2, 0, 0, Decimal(0))


# --- the command ---------------------------------------------------------------------------------------------


def a_call_and_a_text(url: str, at: datetime) -> None:
    """A call about noise, with a text that was asked for in it, and a chat about nothing."""
    home = Place(scene=Scene.HOME)
    with opened(url) as storage:
        save(storage, new(place=(home, Place(scene=Scene.SERVICE, about="noise"))), at=at)
        save(storage, new(id="chat-1", address=BEN, medium=Medium.CHAT), at=at)
        keep(storage, Paid.CALL_IN, "CA1", at, told=61)
        keep(storage, Paid.TEXT_OUT, "SM1", at, reckoned=3)


def keep(storage: SqlStorage, kind: Paid, id: str, at: datetime, **figures: int) -> None:
    used = Used(kind=kind, provider_id=id, at=at, conversation="CA1", country="US", **figures)
    SqlUsage(storage.database).keep(used)


@pytest.fixture
def url(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PLAINLINE_DATABASE_URL", migrated_url)
    monkeypatch.delenv("PLAINLINE_PRICES", raising=False)
    a_call_and_a_text(migrated_url, now())
    return migrated_url


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = cli.main(["costs", *words])
    out = capsys.readouterr().out
    return code, json.loads(out) if "--json" in words else out


def test_the_table_says_what_each_channel_and_service_cost(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAINLINE_PRICES", str(written(tmp_path, ALL)))
    code, data = told(capsys, "--json")
    assert code == 0
    money = Decimal("0.0085") * 2 + Decimal("0.0079") * 3
    used = {"contacts": 1, "minutes": 2, "segments": 3, "detections": 0, "money": f"{money:f}"}
    unused = {"contacts": 1, "minutes": 0, "segments": 0, "detections": 0, "money": "0"}
    assert data["lines"] == [
        {"channel": "chat", "service": "none", **unused},
        {"channel": "voice", "service": "noise", **used},
    ]
    assert data["total"] == {**used, "contacts": 2}
    assert [one["channel"] for one in data["channels"]] == ["chat", "voice"]
    assert (data["currency"], data["missing_prices"], data["calls_without_length"]) == ("USD", [], 0)
    code, table = told(capsys)
    assert code == 0
    assert [line.split() for line in table.splitlines()[-2:]] == [
        ["voice", "all", "1", "2", "3", "0", "$0.04"],
        ["total", "2", "2", "3", "0", "$0.04"],
    ]


def test_without_prices_it_says_which_are_missing_and_where_they_go(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, table = told(capsys)
    assert code == 1
    assert ["voice", "noise", "1", "2", "3", "0", "not", "known"] in [line.split() for line in table.splitlines()]
    assert "PLAINLINE_PRICES" in table
    assert "call_in: ..." in table
    assert "text_out: ..." in table
    assert "call_out" not in table
    _, data = told(capsys, "--json")
    assert data["missing_prices"] == ["call_in", "text_out"]
    assert data["total"]["money"] is None


def test_what_lies_outside_the_days_is_not_counted(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    a_month_ago = (now() - timedelta(days=31)).date().isoformat()
    code, data = told(capsys, "--to", a_month_ago, "--json")
    assert (code, data["lines"], data["to"]) == (0, [], a_month_ago)
    _, data = told(capsys, "--from", a_month_ago, "--json")
    assert data["total"]["contacts"] == 2


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["--from", "1 May"], "--from 1 May: no day. Write it like 2026-11-01."),
        (["--to", "9999-12-31"], "--to 9999-12-31: no day."),
        (["--from", "0001-01-01"], "--from 0001-01-01: no day."),
        (["--from", "2026-11-02", "--to", "2026-11-01"], "Give the earlier day first."),
    ],
)
def test_days_that_are_none_are_told(words: list[str], cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["costs", *words]) == 2
    assert cure in capsys.readouterr().err


def test_a_file_of_prices_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAINLINE_PRICES", str(tmp_path / "none.yml"))
    assert cli.main(["costs"]) == 2
    assert "PLAINLINE_PRICES" in capsys.readouterr().err


def test_the_doctor_finds_mistakes_in_the_prices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAINLINE_PRICES", str(written(tmp_path, "call_in: -1")))
    assert cli.main(["doctor"]) == 1
    assert "prices.yml:1: call_in" in capsys.readouterr().out


def test_a_database_from_before_there_were_figures_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    code, data = told(capsys, "--json")
    assert (code, data["lines"]) == (0, [])
