"""A Rasa server that answers well is believed; whatever else it does, the engine here answers, and says so."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from app import bootstrap
from app.settings import Settings
from app.wording import read_wording
from core.commands import Lexicon
from core.types import Act, Alternative, Understanding
from nlu import rasa_project
from nlu.breaker import Breaker
from nlu.clauses import Clauses, cutter
from nlu.fallback import AT_ONCE, Fallback
from nlu.rasa_engine import LARGEST, Least, NoAnswer, Rasa, believed, checked
from tests import learnt
from tests.nlu import made, whole

pytestmark = pytest.mark.timeout(120, func_only=True)  # learning, before the last, may take longer

Answer = Callable[[BaseHTTPRequestHandler], None]

LEAST = Least(service=0.6, act=0.5, beside=0.6)
HERE = Understanding(act=Act.GREET, engine="embedded", language="zh_Hans")
GONE = "embedded, rasa gave no answer"


def ranked(**sure: float) -> dict[str, Any]:
    """An answer as Rasa 3.6 gives it, the likeliest first."""
    rows = [{"name": name, "confidence": value} for name, value in sorted(sure.items(), key=lambda one: -one[1])]
    return {"text": "", "intent": rows[0], "entities": [], "text_tokens": [[0, 2]], "intent_ranking": rows}


GOOD = ranked(service_bus_card=0.8, service_home_help=0.1, act_cost=0.06, act_about=0.03, danger_now=0.01)


@dataclass
class Server:
    """Answers on 127.0.0.1 what it is told to, and keeps what it was asked."""

    answer: Answer
    asked: list[Any] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    url: str = ""


def says(content: object, status: int = 200) -> Answer:
    """This as JSON; bytes as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server(answer=says(GOOD))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((self.path, json.loads(body)))
            told.connections.add(self.client_address)
            try:
                told.answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{listening.server_port}"
    yield told
    listening.shutdown()
    listening.server_close()
    thread.join()


@dataclass
class Here:
    """The engine in this process: always believes the same."""

    meant: Understanding = HERE

    def parse(self, text: str, language: str) -> Understanding:
        return self.meant


def rasa(url: str, here: Understanding = HERE) -> Rasa:
    return Rasa(
        url=url, within=Here(here), intents=rasa_project.known(made.catalog()), least={"zh_Hans": LEAST}, timeout=5
    )


def asking(url: str, budget: float = 5.0, breaker: Breaker | None = None) -> Fallback:
    return Fallback(name="rasa", outside=rasa(url), within=Here(), budget=budget, breaker=breaker or Breaker())


def test_the_best_service_and_the_best_act_are_read_out_of_one_ranking(server: Server) -> None:
    meant = asking(server.url).parse("what does the bus card cost", "en")
    assert (meant.service, meant.confidence, meant.act, meant.engine) == ("bus_card", 0.8, Act.COST, "rasa")
    assert meant.act_confidence == pytest.approx(2 / 3)
    assert [one.service for one in meant.considered] == ["bus_card", "home_help"]
    assert meant.because.limits is not None
    assert (meant.because.words, meant.because.limits.act) == ((), LEAST.beside)


def test_words_are_sent_made_comparable_and_no_more_than_are_read(server: Server) -> None:
    engine = asking(server.url)
    engine.parse("/service_noise{} Ｃárd!", "en")
    engine.parse("老人免費乘車卡", "zh_Hans")
    engine.parse("word " * 5000, "en")
    paths, bodies = zip(*server.asked, strict=True)
    assert set(paths) == {"/model/parse"}
    assert bodies[:2] == ({"text": "service_noise card"}, {"text": "老人免费乘车卡"})
    assert len(bodies[2]["text"]) <= 1000


def test_one_connection_serves_one_question_after_the_other(server: Server) -> None:
    engine = asking(server.url)
    for _ in range(5):
        assert engine.parse("bus card", "en").engine == "rasa"
    assert len(server.connections) == 1


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂"])
def test_text_without_a_word_is_not_sent(server: Server, text: str) -> None:
    assert asking(server.url).parse(text, "en") == HERE
    assert server.asked == []


def late(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.5)
    says(GOOD)(handler)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: no time-out between two bytes would notice."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [late, dripping])
def test_a_server_that_is_slow_keeps_nobody_waiting(server: Server, slow: Answer) -> None:
    server.answer = slow
    engine = asking(server.url, budget=0.1)
    began = time.monotonic()
    meant = engine.parse("bus card", "en")
    assert time.monotonic() - began < 0.4
    assert (meant.engine, meant.act) == (GONE, Act.GREET)


def closes(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"intent_ranking": [')
    handler.close_connection = True


def leads_elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"[" * 65_536)


FAULTS: dict[str, Answer] = {
    "an error of its own": says({"reason": "no model"}, 500),
    "a refusal": says({"reason": "who are you"}, 401),
    "another success": says(GOOD, 204),
    "another address": leads_elsewhere,
    "no JSON": says(b"<html>Welcome</html>"),
    "no text": says(b"\xff\xfe\x00"),
    "nothing": says(b""),
    "brackets": says(b"[" * 60_000),
    "a list": says([]),
    "null": says(None),
    "no ranking": says({"intent": {"name": "act_cost", "confidence": 1.0}}),
    "an empty ranking": says({"intent_ranking": []}),
    "rows that are none": says({"intent_ranking": ["act_cost"]}),
    "an intent without a name": says({"intent_ranking": [{"name": None, "confidence": 0.0}]}),
    "an intent of another model": says(ranked(service_teleport=0.9, act_cost=0.1)),
    "an intent twice": says({"intent_ranking": [{"name": "act_cost", "confidence": 0.1}] * 2}),
    "a confidence that is no number": says(b'{"intent_ranking": [{"name": "act_cost", "confidence": NaN}]}'),
    "a confidence without end": says(b'{"intent_ranking": [{"name": "act_cost", "confidence": 1e999}]}'),
    "a confidence in words": says({"intent_ranking": [{"name": "act_cost", "confidence": "sure"}]}),
    "a confidence that is true": says({"intent_ranking": [{"name": "act_cost", "confidence": True}]}),
    "a confidence below nothing": says(ranked(act_cost=-0.5)),
    "more than certainty": says(ranked(act_cost=0.9, service_bus_card=0.9)),
    "a huge body": says(b" " * (LARGEST + 1)),
    "a body without end": without_end,
    "half a body": breaks_off,
    "no answer at all": closes,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_fails_or_talks_nonsense_is_not_believed(server: Server, fault: str) -> None:
    server.answer = FAULTS[fault]
    meant = asking(server.url).parse("what does the bus card cost", "en")
    assert (meant.engine, meant.service, meant.act, meant.language) == (GONE, "", Act.GREET, "zh_Hans")


def test_a_server_that_is_not_there_is_told_by_the_kind_of_fault_alone() -> None:
    told = list[str]()
    engine = Fallback(name="rasa", outside=rasa("http://127.0.0.1:9"), within=Here(), tell=told.append)
    assert engine.parse("a secret", "en").engine == GONE
    assert told == [NoAnswer.__name__]


def test_a_server_that_is_there_again_is_asked_again(server: Server) -> None:
    engine = asking(server.url)
    server.answer = closes
    assert engine.parse("bus card", "en").engine == GONE
    server.answer = says(GOOD)
    assert engine.parse("bus card", "en").engine == "rasa"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_three_failures_it_is_left_alone_and_then_tried_once(server: Server) -> None:
    clock = Clock()
    engine = asking(server.url, breaker=Breaker(clock=clock))
    server.answer = says({}, 500)
    for _ in range(10):
        assert engine.parse("bus card", "en").engine == GONE
    assert len(server.asked) == 3
    clock.now += 29.9
    engine.parse("bus card", "en")
    assert len(server.asked) == 3
    clock.now += 0.1
    for _ in range(10):
        engine.parse("bus card", "en")
    assert len(server.asked) == 4
    server.answer = says(GOOD)
    clock.now += 30
    assert [engine.parse("bus card", "en").engine for _ in range(10)] == ["rasa"] * 10
    assert len(server.asked) == 14


def test_while_one_is_tried_the_others_do_not_ask() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock)
    for _ in range(3):
        breaker.failed()
    clock.now += 30
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    clock.now += 30  # whoever was let through never said how it went
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]


def test_failures_between_successes_do_not_add_up() -> None:
    breaker = Breaker()
    for _ in range(20):
        breaker.failed()
        breaker.failed()
        breaker.went_well()
    assert breaker.lets_through()


def test_threads_that_fail_side_by_side_are_all_counted() -> None:
    breaker = Breaker(failures=800, clock=Clock())

    def fail() -> None:
        for _ in range(100):
            breaker.failed()

    threads = [Thread(target=fail) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not breaker.lets_through()


def test_questions_do_not_pile_up_at_a_server_that_hangs(server: Server) -> None:
    woken = Event()

    def hangs(handler: BaseHTTPRequestHandler) -> None:
        woken.wait(30)
        says(GOOD)(handler)

    server.answer = hangs
    engine = asking(server.url, budget=0.02, breaker=Breaker(failures=1000))
    assert {engine.parse("bus card", "en").engine for _ in range(AT_ONCE + 20)} == {GONE}
    woken.set()
    assert len(server.asked) <= AT_ONCE


def test_danger_and_language_are_told_by_the_engine_within() -> None:
    told = checked(ranked(danger_now=0.9, act_cost=0.1), rasa_project.known(made.catalog()))
    heard = Understanding(danger="smoke", engine="embedded", language="en")
    assert believed(told, HERE, LEAST).danger == ""
    meant = believed(checked(GOOD, rasa_project.known(made.catalog())), heard, LEAST)
    assert (meant.danger, meant.language, meant.engine) == ("smoke", "en", "rasa")


def test_an_act_beside_a_service_must_be_surer() -> None:
    known = rasa_project.known(made.catalog())
    beside = checked(ranked(service_bus_card=0.8, act_cost=0.11, act_about=0.09), known)
    alone = checked(ranked(service_bus_card=0.1, act_cost=0.5, act_about=0.4), known)
    assert (believed(beside, HERE, LEAST).service, believed(beside, HERE, LEAST).act) == ("bus_card", None)
    assert (believed(alone, HERE, LEAST).service, believed(alone, HERE, LEAST).act) == ("", Act.COST)


def test_two_services_that_are_close_are_asked_about() -> None:
    close = checked(
        ranked(service_bus_card=0.45, service_home_help=0.4, act_cost=0.15), rasa_project.known(made.catalog())
    )
    meant = believed(close, HERE, LEAST)
    assert (meant.service, [one.service for one in meant.alternatives]) == ("", ["bus_card", "home_help"])
    assert meant.alternatives[0] == Alternative(service="bus_card", confidence=0.45)


def test_what_nobody_offers_is_no_service() -> None:
    nothing = checked(ranked(act_out_of_scope=0.9, service_bus_card=0.1), rasa_project.known(made.catalog()))
    meant = believed(nothing, HERE, LEAST)
    assert (meant.service, meant.alternatives, meant.act) == ("", (), Act.OUT_OF_SCOPE)


def test_a_text_with_many_clauses_has_one_budget(server: Server) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.08)
        says(GOOD)(handler)

    server.answer = slow
    words = Lexicon(language="zh_Hans", commands={}, yes=(), no=(), danger=(), harmless=(), spaced=False)
    hearing = Clauses(engine=rasa(server.url), cutters={"zh_Hans": cutter(words)})
    engine = Fallback(name="rasa", outside=hearing, within=Here(), budget=0.2)
    assert engine.parse("一张卡", "zh_Hans").engine == "rasa"
    began = time.monotonic()
    assert engine.parse("一张卡。路灯坏了。请人帮忙。多少钱。在哪里", "zh_Hans").engine == GONE
    assert time.monotonic() - began < 0.4


@pytest.fixture(scope="module")
def folder(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engine has been learnt."""
    kept = learnt.folder(pytestconfig, tmp_path_factory.getbasetemp())
    learnt.engine(kept)
    return kept


def test_the_line_asks_the_server_that_its_settings_name(folder: Path, server: Server) -> None:
    settings = Settings(
        database_url="", public_url="http://127.0.0.1", secret_key="", folder=folder, rasa_url=server.url
    )
    town = whole.catalog()
    line = bootstrap.understanding(town, read_wording(town.town), settings).recognizer
    server.answer = says(ranked(service_parking_permit=0.99, act_cost=0.01))
    meant = line.parse("the thing for my car", "en")
    assert (meant.service, meant.act, meant.engine) == ("parking_permit", Act.COST, "rasa")
    server.answer = closes
    assert line.parse("the thing for my car", "en").engine == GONE
