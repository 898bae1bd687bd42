"""Whatever is pressed, every key is either sent, the finishing one, or heard by nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.exchange.listening import keys
from simulator.exchange.speaking import seconds_of, spoken_seconds
from simulator.exchange.verbs import Gather, Pause, Play, Say

PRESSED = st.text("0123456789*#", min_size=1, max_size=12)
GATHERS = st.builds(
    Gather,
    action=st.just("/turn"),
    num_digits=st.none() | st.integers(1, 9),
    finish_on_key=st.sampled_from(["", "#", "*", "5"]),
)


@given(GATHERS, PRESSED)
def test_no_key_is_made_up_and_none_disappears(gather: Gather, pressed: str) -> None:
    heard = keys(gather, pressed)
    sent = dict(heard.parameters)
    if heard.empty:
        assert set(pressed) == {gather.finish_on_key}
        return
    digits = sent["Digits"]
    before = pressed.removesuffix(heard.lost) if heard.lost else pressed
    ignored = len(before) - len(before.lstrip(gather.finish_on_key)) if gather.finish_on_key else 0
    assert before[ignored:] == digits + sent["FinishedOnKey"]
    assert not gather.finish_on_key or gather.finish_on_key not in digits
    assert len(digits) <= (gather.num_digits or len(pressed))


@given(GATHERS, PRESSED)
def test_keys_are_lost_only_after_an_end(gather: Gather, pressed: str) -> None:
    heard = keys(gather, pressed)
    sent = dict(heard.parameters)
    full = len(sent.get("Digits", "")) == gather.num_digits
    assert heard.lost == "" or heard.empty or full or sent["FinishedOnKey"]


def test_speech_takes_time_by_words_in_english_and_by_characters_in_chinese() -> None:
    assert spoken_seconds("one two three four five six", "en-US") == 6 / 2.6
    assert spoken_seconds("241", "en-US") == 3 / 2.6
    assert spoken_seconds("您好", "cmn-CN") == 2 / 4.2


def test_slower_pauses_and_repetitions_make_a_sentence_longer() -> None:
    plain = Say(text="one two three")
    assert seconds_of(Say(text="one two three", rate=0.5)) > seconds_of(plain)
    assert seconds_of(Say(text="one two three", breaks=1.0)) > seconds_of(plain)
    assert seconds_of(Say(text="one two three", loop=2)) > seconds_of(plain)
    assert seconds_of(Pause(length=3)) == 3
    assert seconds_of(Play(digits="1234")) == 2
