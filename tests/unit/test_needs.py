"""What is looked up before a decision, and what is not."""

from __future__ import annotations

from core import codes
from core.dialogue import needs
from core.types import (
    Address,
    Alternative,
    FindCase,
    FindChoice,
    FindCode,
    FindConsent,
    FindUnfinished,
    FreshNumbers,
    Inbound,
    Kind,
    Medium,
    Needs,
    Read,
    Reading,
    ReadKind,
    Understanding,
    Unfinished,
)
from tests.unit.town import AT, CALLER, TOWN, Line

HERE = Address(channel="voice", value=CALLER)
NOTHING = Understanding()


def asked(line: Line, kind: Kind, *, keys: str = "", text: str = "", meant: Understanding = NOTHING) -> Needs:
    """What would be looked up for one more message on this line."""
    assert line.now is not None
    said = Inbound(
        conversation="c",
        medium=line.medium,
        address=line.now.address,
        message_id="m",
        kind=kind,
        keys=keys,
        text=text,
        at=AT,
    )
    return needs(line.now, said, meant, TOWN)


def call(*keys: str) -> Line:
    line = Line()
    line.start(*keys)
    return line


def read_as(found: Needs) -> list[ReadKind]:
    return [need.kind for need in found if isinstance(need, Read)]


def test_a_wrong_key_in_a_menu_needs_nothing() -> None:
    assert asked(call("1"), Kind.KEYS, keys="5") == ()


def test_nothing_is_looked_up_for_what_says_nothing() -> None:
    for kind in set(Kind) - {Kind.KEYS, Kind.TEXT, Kind.PICK, Kind.START}:
        assert asked(call(), kind, text="12345678") == ()


def test_nine_digits_are_a_case_and_eight_a_code_if_their_last_digit_fits() -> None:
    case, code = codes.reference(77), codes.code(77)
    number = call("1", "8")
    assert asked(number, Kind.KEYS, keys=case) == (FindCase(reference=case),)
    assert asked(number, Kind.KEYS, keys=code) == (FindCode(code=code),)
    assert asked(number, Kind.KEYS, keys=case[:-1] + str((int(case[-1]) + 1) % 10)) == ()
    assert asked(number, Kind.KEYS, keys=code[:-1] + str((int(code[-1]) + 1) % 10)) == ()


def test_a_check_digit_that_fits_makes_no_code_of_another_length() -> None:
    number = call("1", "8")
    for length in (4, 7, 10):
        digits = next(str(n) for n in range(10 ** (length - 1), 10**length) if codes.holds(str(n)))
        assert asked(number, Kind.KEYS, keys=digits) == ()


def test_in_writing_a_code_is_looked_up_wherever_a_choice_is_asked() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    code = codes.code(77)
    assert FindCode(code=code) in asked(line, Kind.TEXT, text=f"{code[:4]} {code[4:]}")


def test_digits_where_a_number_is_asked_are_no_code() -> None:
    found = asked(call("1", "1", "1", "4"), Kind.KEYS, keys=codes.code(77))
    assert read_as(found) == [ReadKind.NUMBER]


def test_each_question_of_a_form_is_read_as_what_it_takes() -> None:
    line = call("1", "1", "1", "4")
    assert read_as(asked(line, Kind.KEYS, keys="67")) == [ReadKind.NUMBER]
    line.press("67", reading=Reading(value=67))
    assert read_as(asked(line, Kind.KEYS, keys="05031958")) == [ReadKind.DATE]
    words = call("1", "2", "1", "4", "1", "2")
    assert read_as(asked(words, Kind.TEXT, text="Ana")) == [ReadKind.WORDS]


def test_in_writing_what_is_no_choice_is_read_as_the_answer_and_a_choice_is_not() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    for typed in ("2", "1", "4", "1"):
        line.write(typed)
    assert read_as(asked(line, Kind.TEXT, text="37")) == [ReadKind.NUMBER]
    assert read_as(asked(line, Kind.TEXT, text="2")) == []


def test_a_number_to_be_called_back_on_is_read_as_one() -> None:
    line = Line(number="", open_now=False)
    line.start("1")
    line.press("0")
    assert read_as(asked(line, Kind.KEYS, keys="4155550124")) == [ReadKind.PHONE]


def test_words_may_name_a_choice_or_its_number() -> None:
    found = asked(call("1"), Kind.TEXT, text="two")
    assert FindChoice(text="two") in found
    assert read_as(found) == [ReadKind.NUMBER]


def test_words_may_name_what_is_offered_beside_an_answer_in_words() -> None:
    assert FindChoice(text="later") in asked(call("1", "2", "1", "4", "1", "2"), Kind.TEXT, text="later")


def test_where_words_are_asked_in_writing_they_name_no_choice() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    for typed in ("2", "1", "4", "1", "2"):
        line.write(typed)
    assert asked(line, Kind.TEXT, text="Ana") == (Read(kind=ReadKind.WORDS, text="Ana", language="en", on=AT),)


def test_a_number_within_a_sentence_is_none() -> None:
    for text in ("my two children need lunch", "2"):
        assert read_as(asked(call("1"), Kind.TEXT, text=text)) == []


def test_three_words_may_be_a_number_unless_they_name_a_service() -> None:
    pair = (Alternative(service="card", confidence=0.4), Alternative(service="bus", confidence=0.3))
    assert read_as(asked(call("1"), Kind.TEXT, text="the number two")) == [ReadKind.NUMBER]
    for meant in (Understanding(service="bus"), Understanding(alternatives=pair)):
        assert read_as(asked(call("1"), Kind.TEXT, text="the number two", meant=meant)) == []
    assert read_as(asked(call("1"), Kind.TEXT, text="two", meant=Understanding(service="bus"))) == [ReadKind.NUMBER]
    assert read_as(asked(call("1"), Kind.TEXT, text="the second of these")) == []


def test_chinese_characters_count_as_words() -> None:
    assert read_as(asked(call("1"), Kind.TEXT, text="第二个")) == [ReadKind.NUMBER]
    assert read_as(asked(call("1"), Kind.TEXT, text="第二个选项")) == []


def test_what_is_read_is_read_in_the_language_of_the_conversation_on_its_day() -> None:
    found = asked(call("2", "1", "1", "4"), Kind.KEYS, keys="67")
    assert found == (Read(kind=ReadKind.NUMBER, text="67", language="es", on=AT),)


def test_what_was_begun_is_looked_for_at_the_start_of_a_call_from_a_known_number_alone() -> None:
    assert FindUnfinished(address=HERE) in asked(call(), Kind.KEYS, keys="1")
    assert asked(call("1"), Kind.KEYS, keys="1") == ()
    withheld = Line(number="")
    withheld.start()
    assert asked(withheld, Kind.KEYS, keys="1") == ()
    text = Line(medium=Medium.SMS)
    text.write("hi")
    assert not any(isinstance(need, FindUnfinished) for need in asked(text, Kind.TEXT, text="1"))


def test_what_was_begun_is_looked_for_again_where_it_is_asked_about() -> None:
    line = Line()
    line.start()
    line.press("1", unfinished=Unfinished(conversation="x", service="lamp", step=1, answers={}, at=AT))
    assert asked(line, Kind.KEYS, keys="1") == (FindUnfinished(address=HERE),)


def test_a_text_is_sent_only_where_it_is_allowed() -> None:
    found = asked(call("1", "1", "1", "5"), Kind.KEYS, keys="1")
    assert FindConsent(address=Address(channel="sms", value=CALLER)) in found


def test_new_numbers_are_drawn_where_a_case_or_a_code_may_be_made() -> None:
    confirm = Line()
    confirm.start("1", "2", "1", "4", "1", "2", "1", "1")
    assert FreshNumbers() in asked(confirm, Kind.KEYS, keys="1")
    withheld = Line(number="")
    withheld.start("1", "1", "1")
    assert FreshNumbers() in asked(withheld, Kind.KEYS, keys="5")
    assert asked(call("1", "1", "1"), Kind.KEYS, keys="5") == ()
