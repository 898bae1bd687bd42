"""Takes personal words out of a sentence: what stays says what was wanted, not who wanted it.

E-mail addresses, telephone numbers, references, dates, addresses of houses and names become placeholders in square
brackets. The rules of all languages hold for every sentence, since people mix them. They know how such words look and
what leads to them, not the words themselves: a name that nothing leads to, in a script without capitals, stays. So a
person reads what comes out before it is kept anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from core.commands import fold

FEWEST_WORDS = 2
"""Words that have to be left for a sentence to say anything."""

FEWEST_CHARACTERS = 3
"""The same where it is written in Chinese characters."""

_HAN = "\u3400-\u9fff"
_WORD = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_PLACEHOLDER = re.compile(r"\[(?:email|number|date|address|name)\]")
_TWICE = re.compile(r"(\[(?:number|date|address|name)\])(?:[\s,/.\-]*\1)+")


def _any(words: str) -> str:
    """Any of these words, the longer ones first."""
    return "(?:" + "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True)) + ")"


def _phrases(phrases: str) -> str:
    """Any of these phrases, parted by commas; a blank in them stands for blanks."""
    each = sorted((re.escape(phrase.strip()) for phrase in phrases.split(",")), key=len, reverse=True)
    return "(?:" + "|".join(each).replace(r"\ ", r"\s+") + ")"


_EMAIL = re.compile(r"[^\s@<>\[\]]+@[^\s@<>\[\]]+\.[^\s@<>\[\]]+|https?://\S+|www\.\S+", re.I)
_HANDLE = re.compile(r"(?<![\w@])@\w{2,}")

_MONTHS_EN = _any(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec"
)
_MONTHS_ES = _any("enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre")
_MONTHS_AR = _phrases(
    "يناير, فبراير, مارس, أبريل, ابريل, مايو, يونيو, يوليو, أغسطس, اغسطس, سبتمبر, أكتوبر, اكتوبر, نوفمبر, ديسمبر, "
    "كانون الثاني, كانون الأول, شباط, آذار, اذار, نيسان, أيار, ايار, حزيران, تموز, آب, أيلول, ايلول, "
    "تشرين الأول, تشرين الثاني"
)
_NUMERALS = "零〇一二三四五六七八九十百两"
_FEW = rf"(?:\d{{1,2}}|[{_NUMERALS}]{{1,3}})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"""
      (?<![\d./+-])(?<!\d[ ])\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}(?![./-]?\d|[ ]+[./-]?[ ]*\d)
    | \b{_DAY}\s+(?:of\s+)?{_MONTHS_EN}\b\.?(?:,?\s+\d{{2,4}}\b)?
    | \b{_MONTHS_EN}\b\.?\s+(?:the\s+)?{_DAY}\b(?:,?\s+\d{{4}}\b)?
    | \b\d{{1,2}}\s+(?:de\s+)?{_MONTHS_ES}\b(?:\s+del?\s+\d{{2,4}}\b)?
    | (?<!\w)\d{{1,2}}\s+(?:من\s+)?{_MONTHS_AR}(?!\w)(?:\s+(?:عام\s+|سنة\s+)?\d{{4}}(?!\d))?
    | (?:\d{{4}}|[{_NUMERALS}]{{4}})\s*年(?:\s*{_FEW}\s*月)?(?:\s*{_FEW}\s*[日号])?
    | \d{{2}}\s*年\s*{_FEW}\s*月(?:\s*{_FEW}\s*[日号])?
    | {_FEW}\s*月\s*{_FEW}\s*[日号]
    """,
    re.I | re.X,
)

_YEAR = re.compile(r"(?<![\d.,])(?:1[89]\d\d|20\d\d)(?![\d.,]?\d)")

_BETWEEN_EN = _any(
    "the a my our your his her their this that on in at of for and is are to from with near by next lamps"
)
_ROADS_EN = _any(
    "street st avenue ave road rd lane ln drive dr court ct boulevard blvd place pl terrace square sq parkway pkwy way"
)
_FLATS_EN = _any("apartment apt unit flat suite")
_ROADS_ES = _any("calle avenida av avda paseo plaza camino carretera callejón boulevard privada calzada")
_BETWEEN_ES = _any("hay que con hace desde para son están esta está se a las los y no")
_FLATS_ES = _any("apartamento apto departamento depto dpto interior piso")
_NUMBERED_ES = rf"(?:{_any('número numero num no n.º nº n° #')}\.?\s*)?"
_ROADS_ZH = "(?:路|街|大道|巷|胡同|小区|弄|村)"
_PARTS_ZH = rf"(?:\s*(?:\d+|[{_NUMERALS}]+)\s*(?:号楼|号|栋|幢|楼|层|单元|室))*"
_ROADS_AR = _any("شارع طريق حي زقاق جادة")
_FLATS_AR = _any("شقة بناية عمارة مبنى بيت منزل فيلا طابق")
_ADDRESS = re.compile(
    rf"""
      (?<!\w)\d+[a-z]?,?\s+(?:(?!{_BETWEEN_EN}\b)[^\W_]+\.?\s+){{1,3}}{_ROADS_EN}\b\.?
    | \b{_FLATS_EN}\b\.?\s*\#?\s*\d+[a-z]?\b
    | \bhouse\s+(?:number|no\.?|\#)?\s*\d+[a-z]?\b
    | \b{_ROADS_ES}\b\.?\s+(?:(?!{_BETWEEN_ES}\b)[^\W_]+[.,]?\s+){{1,5}}?{_NUMBERED_ES}\d+[a-z]?\b
    | \b{_FLATS_ES}\b\.?\s*{_NUMBERED_ES}\d+[a-z]?\b
    | [{_HAN}]{{1,4}}?{_ROADS_ZH}\s*(?:\d+\s*(?:号楼|号|弄|栋|幢)?|[{_NUMERALS}]+\s*(?:号楼|号|栋|幢)){_PARTS_ZH}
    | (?:\d+\s*(?:号楼|栋|幢|单元|室)|[{_NUMERALS}]+\s*(?:号楼|栋|幢|单元)){_PARTS_ZH}
    | 门牌(?:号)?(?:是)?\s*\d+\s*号?
    | (?<!\w)(?:ب|ال|بال)?{_ROADS_AR}\s+(?:[^\W\d_]+\s+){{1,4}}?(?:رقم\s*)?\d+
    | (?<!\w)(?:ب|ال|بال)?{_FLATS_AR}\s+(?:رقم\s*)?\d+
    """,
    re.I | re.X,
)

_DIGIT_WORDS = _any(
    "zero oh one two three four five six seven eight nine double "
    "cero uno dos tres cuatro cinco seis siete ocho nueve "
    "صفر واحد اثنين اثنان ثلاثة اربعة أربعة خمسة ستة سبعة ثمانية تسعة"
)
_NUMBER = re.compile(
    rf"""
      (?<![^\W_])(?=[^\W_]*[^\W\d_{_HAN}])(?=[^\W_]*\d)[A-Za-z\d]*\d{{3,}}[A-Za-z\d]*(?![^\W_])
    | [+(]?\d(?:[\s().\-/–]*\d){{4,}}
    | \b[A-Z]{{1,3}}[ -]?\d{{3,}}(?!\d)
    | \b{_DIGIT_WORDS}(?:[\s,-]+{_DIGIT_WORDS}){{3,}}\b
    | [零〇一二三四五六七八九幺]{{5,}}
    """,
    re.X,
)

_SURE_LEADS = _phrases(
    "my name is, my name's, my name’s, my names, i am called, me llamo, mi nombre es, اسمي, إسمي, أسمي, "
    "mr, mrs, ms, mr., mrs., ms., sr., sra., srta."
)
_LEADS = _phrases(
    "i am, i'm, i’m, im, this is, name is, miss, dr, dr., soy, le habla, habla, se llama, a nombre de, "
    "señor, señora, señorita, don, doña, dra., "
    "أنا, انا, معك, معكم, اسمه, اسمها, باسم, السيد, السيدة, الأستاذ, الدكتور, الدكتورة, الحاج, الحاجة, أبو, أم"
)
_TITLE = r"(?:\s+(?:mr|mrs|ms|miss|dr|sr|sra|srta|señor|señora|don|doña)\b\.?)?"
_LED = re.compile(rf"(?<!\w)(?:(?P<sure>{_SURE_LEADS})|{_LEADS}){_TITLE}[\s:]+(?={_WORD})", re.I)
_NEXT = re.compile(rf"(?P<gap>[ \t]*)(?P<word>{_WORD})")
_MOST_NAMES = 4

_FREQUENT = (
    "James John Robert Michael William David Richard Joseph Thomas Charles Daniel Matthew Anthony Mark Paul Steven "
    "Andrew George Kevin Brian Edward Frank Peter Henry Jack Ahmed Mohammed Mary Patricia Jennifer Linda Elizabeth "
    "Barbara Susan Jessica Sarah Karen Lisa Nancy Margaret Betty Sandra Ashley Emily Anna Helen Ruth Rose Grace "
    "José Juan Luis Carlos Jorge Pedro Manuel Francisco Jesús Miguel Antonio Alejandro Rafael Ramón Roberto "
    "Fernando Pablo Sergio Javier Ángel Mario María Ana Carmen Rosa Guadalupe Josefina Juana Teresa Isabel Lucía "
    "Marta Elena Laura Sofía Gloria Luz Esperanza Dolores García Martínez López González Hernández Rodríguez Pérez "
    "Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz Morales Reyes Smith Johnson Williams Brown Jones Miller "
    "محمد أحمد علي حسن حسين محمود مصطفى إبراهيم يوسف عمر عثمان خالد سعيد عبدالله عبد عبدالرحمن كريم سامي وليد طارق "
    "زياد فادي جورج إلياس فاطمة عائشة مريم زينب خديجة سارة ليلى هدى منى سلمى نور أمينة سعاد نادية رنا هبة آية "
    "الخطيب المصري الشامي العلي الأحمد الحسن"
)
_NAMES = frozenset(fold(name) for name in _FREQUENT.split())
"""Names so frequent that they stand in examples too: after what leads to a name they are no ordinary words."""

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CHINESE_NAME = re.compile(
    rf"""
      (?P<lead>我叫|我名叫|名字是|名字叫|姓名是|姓名[：:])\s*(?![了不过你他她它车救人出外个一])[{_HAN}]{{2,3}}
    | (?P<short>我姓|免贵姓)[{_HAN}]
    | (?P<am>我是)(?:[{_SURNAMES}][{_HAN}]{{1,2}})(?=[\s，。,.!！？?、]|$)
    | [{_SURNAMES}][{_HAN}]{{0,2}}?(?P<title>先生|女士|小姐|太太)
    | (?<![照谢])[{_SURNAMES}](?P<post>老师|医生|阿姨|叔叔|奶奶|爷爷)
    """,
    re.X,
)
_CAPITAL = re.compile(rf"(?P<before>[^.!?¡¿\s]\s+)(?P<word>[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:['’\-]{_WORD})?)(?!\w)")
_HOUSE = re.compile(r"(?<!\w)\d{1,5}[a-z]?\s+\[name\]", re.I)
_PRONOUNS = frozenset({"i", "i'm", "i’m", "im"})


def without_personal(text: str, known: Collection[str]) -> str:
    """The sentence with placeholders for personal words. `known` are ordinary words of its language, as
    `core.commands.fold` writes them: what follows "I am" and is none of them is taken for a name."""
    kept = "".join(c for c in " ".join(text.split()) if c.isprintable())
    for pattern, placeholder in (
        (_EMAIL, "[email]"),
        (_HANDLE, "[name]"),
        (_DATE, "[date]"),
        (_ADDRESS, "[address]"),
        (_NUMBER, "[number]"),
        (_YEAR, "[date]"),  # last, for a telephone number may hold what looks like one
    ):
        kept = _replaced(kept, pattern, placeholder)
    kept = _without_led(kept, known)
    kept = _CHINESE_NAME.sub(_chinese, kept)
    kept = _without_capitals(kept, known)
    kept = _replaced(kept, _HOUSE, "[address]")
    return _TWICE.sub(r"\1", kept)


def says_enough(text: str) -> bool:
    """Whether words enough are left beside the placeholders to learn from."""
    left = _PLACEHOLDER.sub(" ", text)
    characters = len(re.findall(f"[{_HAN}]", left))
    words = re.findall(_WORD, re.sub(f"[{_HAN}]", " ", left))
    return characters >= FEWEST_CHARACTERS or len(words) >= FEWEST_WORDS


def _replaced(text: str, pattern: re.Pattern[str], placeholder: str) -> str:
    """The text with what the pattern finds replaced; digits of any script are looked at as 0 to 9."""
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    kept, end = [], 0
    for found in pattern.finditer(plain):
        kept += [text[end : found.start()], placeholder]
        end = found.end()
    return "".join([*kept, text[end:]])


def _without_led(text: str, known: Collection[str]) -> str:
    """Names after "my name is", "I am", "Mr" and the like."""
    kept, end = [], 0
    for lead in _LED.finditer(text):
        if lead.start() < end:
            continue
        after = _end_of_name(text, lead.end(), known, sure=lead["sure"] is not None)
        if after > lead.end():
            kept += [text[end : lead.end()], "[name]"]
            end = after
    return "".join([*kept, text[end:]])


def _end_of_name(text: str, start: int, known: Collection[str], *, sure: bool) -> int:
    """Where the name that may begin at `start` ends; `start` if none does. After a sure lead one word is part of it."""
    end = start
    shouted = text.isupper()
    for count in range(_MOST_NAMES):
        found = _NEXT.match(text, end)
        if found is None or (count and not found["gap"]):
            break
        word = found["word"]
        capital = word[0].isupper() and not shouted and word.casefold() not in _PRONOUNS
        ordinary = _is_ordinary(word, known) and not capital and fold(word) not in _NAMES
        if ordinary and not (sure and not count):
            break
        end = found.end()
    return end


def _is_ordinary(word: str, known: Collection[str]) -> bool:
    return all(part in known for part in fold(word).split())


def _chinese(found: re.Match[str]) -> str:
    lead = found["lead"] or found["short"] or found["am"] or ""
    return f"{lead}[name]{found['title'] or found['post'] or ''}"


def _without_capitals(text: str, known: Collection[str]) -> str:
    """Words with a capital inside a sentence that are no ordinary ones: names of people, streets, shops."""

    def replaced(found: re.Match[str]) -> str:
        return found[0] if _is_ordinary(found["word"], known) else f"{found['before']}[name]"

    before = ""
    while before != text:  # what stands before one name may be another
        before, text = text, _CAPITAL.sub(replaced, text)
    return text
