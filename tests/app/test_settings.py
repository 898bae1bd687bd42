"""Settings: every mistake at once, with its cure."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import Settings
from core.errors import Misconfigured
from core.limits import CALLS, TEXTS, Ceiling

TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_NUMBER": "+14155550100"}
PUBLIC = {"PLAINLINE_PUBLIC_URL": "https://line.example.org", "PLAINLINE_SECRET_KEY": "s" * 32}


def read(folder: Path, **environ: str) -> Settings:
    return Settings.from_env({"PLAINLINE_DATA": str(folder), **environ})


def mistakes(folder: Path, **environ: str) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as wrong:
        read(folder, **environ)
    return wrong.value.mistakes


def test_nothing_set_is_enough_on_this_machine(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.on_loopback
    assert settings.twilio is None
    assert settings.database_url == f"sqlite:///{tmp_path / 'plainline.db'}"


def test_a_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = read(tmp_path / "new").secret_key
    assert read(tmp_path / "new").secret_key == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_town_on_the_net_is_read_in_full(tmp_path: Path) -> None:
    settings = read(tmp_path, **PUBLIC, **TWILIO, TWILIO_AUTH_TOKEN_SECOND="u")
    assert settings.twilio is not None
    assert settings.twilio.tokens == ("t", "u")
    assert not settings.on_loopback


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PLAINLINE_PUBLIC_URL": "http://line.example.org"}, "PLAINLINE_PUBLIC_URL"),
        ({"PLAINLINE_PUBLIC_URL": "line.example.org"}, "PLAINLINE_PUBLIC_URL"),
        ({"PLAINLINE_PUBLIC_URL": "https://user@line.example.org"}, "PLAINLINE_PUBLIC_URL"),
        ({"PLAINLINE_PUBLIC_URL": "https://[::"}, "PLAINLINE_PUBLIC_URL"),
        ({"PLAINLINE_PUBLIC_URL": "https://line.example.org"}, "PLAINLINE_SECRET_KEY"),
        ({"PLAINLINE_SECRET_KEY": "short"}, "PLAINLINE_SECRET_KEY"),
        ({"PLAINLINE_CATALOGUE": "/nowhere/at/all"}, "PLAINLINE_CATALOGUE"),
        ({"PLAINLINE_OWN_VOICE": "/nowhere/at/all"}, "PLAINLINE_OWN_VOICE"),
        ({"PLAINLINE_NLU": "oracle"}, "PLAINLINE_NLU"),
        ({"PLAINLINE_RASA_URL": "127.0.0.1:5005"}, "PLAINLINE_RASA_URL"),
        ({"PLAINLINE_RASA_URL": "http://127.0.0.1:port"}, "PLAINLINE_RASA_URL"),
        ({"PLAINLINE_RASA_URL": "http://rasa.example.org:5005"}, "PLAINLINE_RASA_URL"),
        ({"TWILIO_NUMBER": "+14155550100"}, "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN"),
        ({**TWILIO, "TWILIO_NUMBER": "4155550100"}, "TWILIO_NUMBER"),
        ({"PLAINLINE_WHATSAPP_NUMBER": "+14155550110"}, "PLAINLINE_WHATSAPP_NUMBER: goes by Twilio"),
        ({**TWILIO, "PLAINLINE_WHATSAPP_NUMBER": "whatsapp:+14155550110"}, "PLAINLINE_WHATSAPP_NUMBER: whatsapp:"),
        ({**TWILIO, "PLAINLINE_WHATSAPP_TEMPLATE": "HX" + "a" * 32}, "PLAINLINE_WHATSAPP_TEMPLATE: of no use"),
        (
            {**TWILIO, "PLAINLINE_WHATSAPP_NUMBER": "+1", "PLAINLINE_WHATSAPP_TEMPLATE": "HX1"},
            "PLAINLINE_WHATSAPP_TEMPL",
        ),
        ({"PLAINLINE_COUNTRIES": "US,USA"}, "PLAINLINE_COUNTRIES: USA"),
        ({"PLAINLINE_COUNTRIES": "us"}, "PLAINLINE_COUNTRIES: us"),
        ({"PLAINLINE_TEXT_LIMITS": "number=60 street=5"}, "PLAINLINE_TEXT_LIMITS: street=5"),
        ({"PLAINLINE_TEXT_LIMITS": "all=0"}, "PLAINLINE_TEXT_LIMITS: all=0"),
        ({"PLAINLINE_CALL_LIMITS": "30"}, "PLAINLINE_CALL_LIMITS: 30"),
        ({"PLAINLINE_CEILING": "25"}, "PLAINLINE_CEILING"),
        ({"PLAINLINE_CEILING": "much", "PLAINLINE_PRICES": __file__}, "PLAINLINE_CEILING: much"),
        ({"PLAINLINE_CEILING": "NaN", "PLAINLINE_PRICES": __file__}, "PLAINLINE_CEILING: NaN"),
        ({"PLAINLINE_CEILING_UNITS": "-5"}, "PLAINLINE_CEILING_UNITS"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    (mistake,) = mistakes(tmp_path, **environ)
    assert mistake.startswith(named)
    assert mistake.endswith(".")


def test_a_number_on_whatsapp_is_read_with_its_approved_message(tmp_path: Path) -> None:
    template = "HX" + "0aF" * 10 + "12"
    ours = {"PLAINLINE_WHATSAPP_NUMBER": "+14155550110", "PLAINLINE_WHATSAPP_TEMPLATE": template}
    twilio = read(tmp_path, **TWILIO, **ours).twilio
    assert twilio is not None
    assert (twilio.whatsapp, twilio.whatsapp_template) == ("+14155550110", template)


def test_limits_are_read_one_by_one_and_the_rest_stays_as_usual(tmp_path: Path) -> None:
    given = {"PLAINLINE_TEXT_LIMITS": "number=6, all=90", "PLAINLINE_CEILING_UNITS": "500"}
    limiting = read(tmp_path, **given, PLAINLINE_COUNTRIES="US, CA").limiting
    assert limiting.texts == replace(TEXTS, number=6, all=90)
    assert limiting.calls == CALLS
    assert limiting.countries == {"US", "CA"}
    assert limiting.ceiling == Ceiling(units=500)


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, PLAINLINE_NLU="oracle", PLAINLINE_PUBLIC_URL="x", TWILIO_NUMBER="1")
    assert len(found) == 3


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, **PUBLIC, **TWILIO))
    assert "s" * 32 not in shown
    assert "'t'" not in shown
