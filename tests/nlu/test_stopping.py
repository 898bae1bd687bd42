"""STOP, START and HELP as people write them, in each language; and what only sounds like it, which is none of them."""

from __future__ import annotations

from importlib import resources

import pytest

from app.loading import load
from core.commands import Spotter, spotter
from core.types import Command
from nlu import loader

SAID = {
    Command.STOP: {
        "en": (
            "STOP",
            "Stop.",
            "STOP PLEASE",
            "stop stop stop",
            "Please STOP!!",
            "ok stop now",
            "please stop texting me",
            "stop sending me these texts",
            "Can you stop messaging me please",
            "don't text me anymore",
            "Do not send me any more messages, thank you",
            "I don't want texts from you",
            "take me off your list",
            "please unsubscribe me",
            "I want you to stop sending me texts",
        ),
        "es": (
            "ALTO",
            "no mas",
            "ya no más, gracias",
            "por favor no me escriban más",
            "No me manden más mensajes por favor",
            "dejen de mandarme mensajes",
            "ya no quiero recibir mensajes",
            "quiero darme de baja",
            "paren los mensajes",
            "no me vuelvan a escribir nunca más",
            "STOP por favor",
        ),
        "zh_Hans": (
            "退订",
            "请退订",
            "不要再发了",
            "请不要再发了，谢谢",
            "你们不要再给我发短信了",
            "别给我发信息了",
            "我不想再收到你们的短信",
            "停止发送短信",
            "我要退订",
            "不要再打扰我了",
            "請不要再發短信了",
        ),
        "ar": (
            "توقف",
            "إيقاف من فضلكم",
            "لا ترسلوا لي رسائل",
            "لا ترسلوا لي رسائل بعد الآن",
            "من فضلكم لا ترسلوا لي أي رسائل",
            "أوقفوا الرسائل لو سمحتم",
            "لا أريد رسائل منكم",
            "مش عايز رسايل تاني",
            "ما بدي أي رسائل",
            "توقفوا عن إرسال الرسائل",
            "أريد إلغاء الاشتراك",
        ),
    },
    Command.START: {
        "en": ("START", "start please", "unstop", "you can text me again", "please send me texts again", "subscribe"),
        "es": ("inicio por favor", "quiero recibir mensajes otra vez", "pueden escribirme otra vez"),
        "zh_Hans": ("请重新订阅", "恢复短信", "可以再给我发短信了", "重新開始"),
        "ar": ("البداية من فضلك", "أرسلوا لي رسائل مرة أخرى", "أريد الاشتراك", "بدي رسائل"),
    },
    Command.HELP: {
        "en": ("HELP", "help please!", "please help me", "I need some help", "can you help me"),
        "es": ("ayuda, por favor", "¿me puede ayudar?", "por favor necesito ayuda"),
        "zh_Hans": ("请帮忙", "请帮帮我", "能帮我吗？", "我需要帮助"),
        "ar": ("مساعدة لو سمحت", "ممكن تساعدوني", "هل يمكنكم مساعدتي؟"),
    },
}

NOT_SAID = {
    "en": (
        "stop the noise",
        "the bus stop",
        "my light stopped working",
        "stop the construction next door",
        "the bus does not stop here any more",
        "when does the clinic start",
        "start my application",
        "I want to start a small business",
        "can you help me with my bus card",
        "help at home for my mother",
        "don't send me to another office",
        "don't text me in Spanish",
        "you don't send me any texts",
        "I don't get your texts",
        "cancel my appointment",
        "stop sign is broken",
        "no more trash on my street",
        "end of the street",
        "Quitman Street",
        "text me",
        "send me a text",
        "please",
        "thank you",
    ),
    "es": (
        "quiero parar la obra",
        "la parada del autobús",
        "paren el ruido",
        "no me manden a otra oficina",
        "no me escriban en inglés",
        "no más basura en mi calle",
        "no quiero más perros sueltos",
        "dejen de tirar basura",
        "mi luz paró de funcionar",
        "baja por la calle Alto",
        "darme de alta en el padrón",
        "no me llegan los mensajes",
        "¿me puede ayudar con la tarjeta?",
        "ayuda en casa",
        "quiero empezar un negocio",
        "por favor",
        "gracias",
    ),
    "zh_Hans": (
        "停止施工",
        "公交停了",
        "停水了",
        "不要再发生了",
        "别发出噪音",
        "取消预约",
        "我没收到短信",
        "停车证",
        "我想开始办理",
        "帮我交水费",
        "不要给我发英文",
        "谢谢",
        "请",
    ),
    "ar": (
        "أوقفوا الضجيج",
        "موقف الباص",
        "توقف المصباح عن العمل",
        "أريد إيقاف البناء",
        "لا ترسلوا لي موظفا",
        "لا أريد أن أدفع",
        "إلغاء الموعد",
        "لم تصلني رسائل",
        "أريد مساعدة في البيت",
        "أريد أن أبدأ مشروعا",
        "شكرا",
        "من فضلك",
    ),
}


@pytest.fixture(scope="module")
def words() -> Spotter:
    """The exact rules of all languages together, as they run."""
    catalog = load()
    with resources.as_file(resources.files("nlu") / "data") as folder:
        return spotter((data.lexicon for data in loader.load(folder, catalog)), catalog.town.emergencies)


@pytest.mark.parametrize(
    ("command", "text"),
    [(command, text) for command, each in SAID.items() for texts in each.values() for text in texts],
)
def test_it_is_understood_as_people_write_it(words: Spotter, command: Command, text: str) -> None:
    assert words.command(text) is command


@pytest.mark.parametrize("text", [text for texts in NOT_SAID.values() for text in texts])
def test_an_answer_or_a_wish_is_none(words: Spotter, text: str) -> None:
    assert words.command(text) is None


def test_every_language_has_both_kinds(words: Spotter) -> None:
    languages = set(load().town.languages)
    assert set(NOT_SAID) == languages
    assert all(set(each) == languages for each in SAID.values())
