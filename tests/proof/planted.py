"""What must not be found where it was not put: watching logs, the shape of TwiML, texts and terminals."""

from __future__ import annotations

import io
import json
import logging
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from app.log import JsonLines
from tests.proof.hostile import Bad, of
from tests.proof.record import FULL

SEED = 7
LEAST = 2
"""Inputs of each family in a small run."""

_ISOLATES = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SIGNED = re.compile(r"turn=\d+|s=[0-9a-f]{32}")


def some_of(family: str) -> tuple[Bad, ...]:
    """The inputs of a family that a whole conversation is held with: a sixth of them, with FULL=1 all."""
    whole = of(family)
    if FULL:
        return whole
    few = random.Random(f"{SEED} {family}").sample(whole, max(LEAST, len(whole) // 6))
    return tuple(sorted(few, key=lambda bad: bad.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """What processes wrote to their logs: ours as the lines that an operator finds, and other libraries' warnings."""

    ours: io.StringIO = field(default_factory=io.StringIO)
    others: io.StringIO = field(default_factory=io.StringIO)

    @property
    def events(self) -> list[str]:
        """The name of each event. Fails if a line is none."""
        return [json.loads(line)["event"] for line in self.ours.getvalue().splitlines()]

    def holding(self, secrets: Iterable[str]) -> list[str]:
        """The secrets that stand in a log."""
        return held(self.ours.getvalue() + self.others.getvalue(), secrets)


def held(log: str, secrets: Iterable[str]) -> list[str]:
    """The secrets that stand in what was logged, however it was escaped."""
    unescaped = log.encode("ascii", "backslashreplace").decode("unicode-escape", "replace")
    return [secret for secret in secrets if secret in log or secret in unescaped]


@contextmanager
def logged() -> Iterator[Logs]:
    """What is logged meanwhile: our events of every level, and what other libraries would print by themselves."""
    logs = Logs()
    ours, others = logging.StreamHandler(logs.ours), logging.StreamHandler(logs.others)
    ours.setFormatter(JsonLines())
    others.setLevel(logging.WARNING)
    others.addFilter(lambda record: not record.name.startswith("plainline"))
    logger, root = logging.getLogger("plainline"), logging.getLogger()
    level = logger.level
    logger.addHandler(ours)
    logger.setLevel(logging.DEBUG)
    root.addHandler(others)
    try:
        yield logs
    finally:
        logger.removeHandler(ours)
        logger.setLevel(level)
        root.removeHandler(others)


def shape(twiml: str) -> list[str]:
    """What a document does, without its words: verbs with their attributes, and how sentences are spoken. How many
    sentences there are, and in which voices, is not part of it: letters choose their voice."""
    verbs, sounds = list[str](), set[str]()
    for element in ET.fromstring(twiml).iter():
        given = sorted((name, _SIGNED.sub("", value)) for name, value in element.attrib.items())
        if element.tag == "Say":
            sounds.add(f"Say {[name for name, _ in given]}")
        elif element.tag in ("prosody", "break"):
            sounds.add(f"{element.tag} {given}")
        else:
            verbs.append(f"{element.tag} {given}")
    return verbs + sorted(sounds)


def uncontrolled(text: str) -> str:
    """The characters of a text that command a screen or a telephone, rather than being read: should be none."""
    return "".join(c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c != "\n")


def unbalanced(text: str) -> str:
    """Marks of direction that reach beyond a pair of their own: should be none."""
    inside = None
    while inside != text:
        inside, text = text, _ISOLATES.sub("", text)
    return "".join(_DIRECTIONS.findall(text))
