"""Personal words are taken out of sentences, and the others stay."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.loader import TrainingData
from nlu.personal import says_enough, without_personal
from nlu.suggesting import learnt, ordinary
from tests.nlu import whole

MOST_CHANGED = 0.02
"""Share of the sentences that are learnt from, where no personal words stand, in which something is taken for one."""


@cache
def known(language: str) -> frozenset[str]:
    return ordinary(data(language))


def data(language: str) -> TrainingData:
    return next(data for data in whole.data() if data.language == language)


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        ("en", "My name is Maria Gonzalez and my bus card stopped", "My name is [name] and my bus card stopped"),
        ("en", "hi i am john smith my lamp is out", "hi i am [name] my lamp is out"),
        ("en", "this is Mrs. Abernathy, call me at (415) 555-0123", "this is Mrs. [name], call me at [number]"),
        ("en", "the lamp at 12 Oak Street is broken", "the lamp at [address] is broken"),
        ("en", "I live in apt 4B, 350 W 45th St and need help", "I live in [address] and need help"),
        ("en", "born on May 5, 1950, need birth certificate", "born on [date], need birth certificate"),
        ("en", "what about case 123 456 785", "what about case [number]"),
        ("en", "write to maria.g@example.com please", "write to [email] please"),
        ("en", "for my daughter Sofia Perez a school place", "for my daughter [name] a school place"),
        ("en", "my number is four one five five five five zero one", "my number is [number]"),
        ("es", "me llamo José García Pérez y necesito el acta", "me llamo [name] y necesito el acta"),
        ("es", "soy maria lopez, la luz de la calle Principal 123", "soy [name], la luz de la [address]"),
        ("es", "nació el 5 de mayo de 1950", "nació el [date]"),
        ("es", "mi DNI es 12345678Z", "mi DNI es [number]"),
        ("es", "con la señora Martínez por favor", "con la señora [name] por favor"),
        ("zh_Hans", "我叫李明，我要办公交卡", "我叫[name]，我要办公交卡"),
        ("zh_Hans", "我是李明，路灯坏了", "我是[name]，路灯坏了"),
        ("zh_Hans", "我住在人民路12号3栋501室，垃圾没人收", "我[address]，垃圾没人收"),
        ("zh_Hans", "我生于1950年5月3日，要出生证", "我生于[date]，要出生证"),
        ("zh_Hans", "张先生的电话是13812345678", "[name]先生的电话是[number]"),
        ("zh_Hans", "电话一三八一二三四五六七八", "电话[number]"),
        ("ar", "اسمي محمد أحمد وأريد بطاقة الباص", "اسمي [name] وأريد بطاقة الباص"),
        ("ar", "أنا محمد الخطيب المصباح مكسور", "أنا [name] المصباح مكسور"),
        ("ar", "رقمي ٠١٢٣٤٥٦٧٨٩ اتصلوا بي", "رقمي [number] اتصلوا بي"),
        ("ar", "شارع الملك فيصل رقم ١٢ مظلم", "[address] مظلم"),
        ("ar", "ولدت في 5 مايو 1950", "ولدت في [date]"),
        ("ar", "السيد خالد يريد شهادة ميلاد", "السيد [name] يريد شهادة ميلاد"),
    ],
)
def test_what_tells_of_somebody_is_taken_out(language: str, said: str, left: str) -> None:
    assert without_personal(said, known(language)) == left


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "I am 70 and I need a bus card"),
        ("en", "I'm looking for home help for my mother"),
        ("en", "2 lamps on my street are out"),
        ("en", "bus number 5 to Alder Bay"),
        ("es", "soy viejo y no puedo caminar"),
        ("es", "la calle está oscura desde hace 3 días"),
        ("zh_Hans", "我是残疾人"),
        ("zh_Hans", "5路公交几点"),
        ("zh_Hans", "麻烦给我弄一个"),
        ("ar", "أنا كبيرة في السن وأحتاج مساعدة"),
    ],
)
def test_what_tells_of_nobody_stays(language: str, said: str) -> None:
    assert without_personal(said, known(language)) == said


@pytest.mark.parametrize("language", whole.catalog().town.languages)
def test_hardly_any_sentence_that_is_learnt_is_changed(language: str) -> None:
    sentences = learnt(data(language))
    changed = [said for said in sentences if "[" in without_personal(said, known(language)) and "[" not in said]
    assert len(changed) < MOST_CHANGED * len(sentences)


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("my lamp", True),
        ("[name] lamp", False),
        ("[name] [number]", False),
        ("路灯坏", True),
        ("[name]路灯", False),
        ("", False),
    ],
)
def test_a_sentence_of_which_little_is_left_says_nothing(text: str, enough: bool) -> None:
    assert says_enough(text) is enough


FRAMES = ("my number is {}", "call {} about my lamp", "mi teléfono es el {} gracias", "我的电话是{}", "رقمي {} من فضلك")
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "۰۱۲۳۴۵۶۷۸۹")
PARTED = st.sampled_from(["", " ", "-", ".", " - "])


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Seven to fifteen digits, written in some script and parted in some way, with a plus or not."""
    groups = draw(st.lists(st.text(draw(st.sampled_from(DIGITS)), min_size=2, max_size=5), min_size=4, max_size=4))
    return draw(st.sampled_from(["", "+", "00"])) + draw(PARTED).join(groups)


@given(frame=st.sampled_from(FRAMES), number=numbers())
def test_no_telephone_number_is_left_however_it_is_written(frame: str, number: str) -> None:
    left = without_personal(frame.format(number), frozenset())
    assert not re.search(r"\d", left), left


@given(before=st.text(), name=st.from_regex(r"[a-z0-9._]{1,12}@[a-z0-9]{1,9}\.[a-z]{2,3}", fullmatch=True))
def test_no_mail_address_is_left(before: str, name: str) -> None:
    assert name not in without_personal(f"{before} {name} please", frozenset())


@given(st.text())
def test_any_text_at_all_comes_back_on_one_line_and_can_be_printed(text: str) -> None:
    assert without_personal(text, frozenset()).isprintable()


@given(
    lead=st.sampled_from(("my name is", "me llamo", "Mr", "اسمي")),
    name=st.text("abcdefghijklmnopqrstuvwxyzñéمحدسرع", min_size=2, max_size=12),
)
def test_what_follows_a_sure_lead_is_gone_even_if_it_is_an_ordinary_word(lead: str, name: str) -> None:
    left = without_personal(f"{lead} {name}, hello", frozenset({name}))
    assert left == f"{lead} [name], hello"


@given(st.sampled_from(FRAMES), numbers())
def test_taking_out_twice_takes_out_nothing_more(frame: str, number: str) -> None:
    once = without_personal(frame.format(number), frozenset())
    assert without_personal(once, frozenset()) == once
