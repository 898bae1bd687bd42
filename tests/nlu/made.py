"""A tiny town with three services and two languages, made in a folder, and the engine that learns from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from core.catalog import Catalog, Service, Town
from core.types import Act, Command

Blocks = dict[tuple[str, str], Sequence[str]]

SERVICES = {
    "bus_card": ("free bus card for old people", "my senior bus pass is lost", "ride the bus for free"),
    "home_help": ("someone to help my mother at home", "help with washing at home", "a helper in the house"),
    "streetlight": ("the street lamp is dark", "a street light is broken", "no light on our street"),
}
ACTS = {
    Act.ABOUT: ("tell me about it", "what is it exactly"),
    Act.WHO: ("who can get it", "am I old enough for that"),
    Act.PAPERS: ("what papers do I need", "which documents should I bring"),
    Act.COST: ("what does it cost", "how much do I pay"),
    Act.TIME: ("how long does it take", "when will it be ready"),
    Act.WHERE: ("where do I go", "what is the address of the office"),
    Act.START: ("I want to apply", "sign me up please"),
    Act.STATUS: ("how far is my case", "any news about my application"),
    Act.PERSON: ("let me talk to somebody there", "put me through to the office"),
    Act.GREET: ("hello", "good morning"),
    Act.THANKS: ("thank you", "thanks a lot"),
    Act.OTHER_LANGUAGE: ("do you speak French", "I don't speak English"),
    Act.OUT_OF_SCOPE: ("order a pizza", "tell me a joke", "will it rain tomorrow", "play some music"),
}
COMMANDS = {
    Command.PERSON: "person",
    Command.AGAIN: "again",
    Command.SLOWER: "slower",
    Command.BACK: "back",
    Command.START: "menu",
    Command.LANGUAGE: "language",
    Command.HELP: "help",
    Command.STOP: "stop",
    Command.NUMBER: "number",
    Command.MORE: "more",
}
CHINESE_SERVICES = {
    "bus_card": ("老人免费乘车卡", "我的老年公交卡丢了", "老人坐公交不要钱"),
    "home_help": ("请人来家里照顾我妈妈", "家里需要护工帮忙洗澡", "上门做家务"),
    "streetlight": ("路灯坏了", "街上的灯不亮", "我们这条街没有灯"),
}
CHINESE_ACTS = {
    Act.ABOUT: ("这是什么", "介绍一下"),
    Act.WHO: ("谁可以申请", "我符合条件吗"),
    Act.PAPERS: ("要带什么材料", "需要哪些证件"),
    Act.COST: ("多少钱", "要交费吗"),
    Act.TIME: ("要多久", "什么时候能办好"),
    Act.WHERE: ("在哪里办", "办公室地址"),
    Act.START: ("我要报名", "现在就办"),
    Act.STATUS: ("我的事情办得怎么样了", "有消息了吗"),
    Act.PERSON: ("我想跟真人说话", "帮我接工作人员"),
    Act.GREET: ("你好", "早上好"),
    Act.THANKS: ("谢谢", "多谢你"),
    Act.OTHER_LANGUAGE: ("会说法语吗", "我不会说中文"),
    Act.OUT_OF_SCOPE: ("讲个笑话", "明天下雨吗", "点一份披萨", "放点音乐"),
}


def catalog(languages: tuple[str, ...] = ("en", "zh_Hans")) -> Catalog:
    return Catalog(town=town(languages), categories=(), services={slug: service(slug) for slug in SERVICES})


def town(languages: tuple[str, ...]) -> Town:
    return Town(
        name="Alder Bay",
        country="US",
        phone_region="US",
        currency="USD",
        timezone="America/New_York",
        languages=languages,
        emergency="911",
        emergencies=("911",),
        main_office="civic_hall",
    )


def service(slug: str) -> Service:
    return Service(
        slug=slug,
        number="211",
        category="travel",
        department="transport",
        title=slug.replace("_", " ").capitalize(),
        summary="",
        who="",
        cost="",
        time="",
        phrases=SERVICES[slug],
    )


def english() -> Blocks:
    """The blocks of a file with nothing wrong in it, to be changed by a test."""
    return _blocks({}, ACTS, COMMANDS, ("yes", "no", "I smell gas", "gas bill"))


def chinese() -> Blocks:
    commands = {command: f"{word}键" for command, word in COMMANDS.items()}
    return _blocks(CHINESE_SERVICES, CHINESE_ACTS, commands, ("是", "不是", "救护车", "救护车费"))


def spanish(kind: str, name: str) -> tuple[str, ...]:
    """Phrases full of the word "no", for a block."""
    return ("no",) if name == "no" else (f"no {name} no", f"no puedo {name}")


def write(folder: Path, language: str, blocks: Mapping[tuple[str, str], Sequence[str]]) -> Path:
    lines = ['version: "3.1"', "nlu:"]
    for (kind, name), phrases in blocks.items():
        lines += [f'- {kind}: "{name}"', "  examples: |", *(f"    - {phrase}" for phrase in phrases)]
    path = folder / f"{language}.yml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def both(folder: Path) -> Path:
    write(folder, "en", english())
    write(folder, "zh_Hans", chinese())
    return folder


def _blocks(
    services: Mapping[str, Sequence[str]],
    acts: Mapping[Act, Sequence[str]],
    commands: Mapping[Command, str],
    lookups: tuple[str, str, str, str],
) -> Blocks:
    blocks: Blocks = {("intent", f"service_{slug}"): phrases for slug, phrases in services.items()}
    blocks |= {("intent", f"act_{act}"): phrases for act, phrases in acts.items()}
    blocks |= {("lookup", f"command_{command}"): (word,) for command, word in commands.items()}
    names = ("yes", "no", "danger", "harmless")
    return blocks | {("lookup", name): (word,) for name, word in zip(names, lookups, strict=True)}
