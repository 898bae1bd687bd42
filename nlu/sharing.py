"""Two processes learn, each some of the languages: on two cores it takes little more than half as long.

The other process is a program of its own that reads examples from its standard input and writes what it learnt to its
standard output: `multiprocessing` would import the program's main module again, and does not start from a worker of its
own. It ends with the process that started it, at the latest when it has learnt and nobody takes it.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from subprocess import PIPE, Popen

from nlu.encoder import Encoder
from nlu.learning import Expert, Learnt, experts, whole
from nlu.loader import Source, TrainingData, is_chinese

WORTH = 500_000
"""Bytes of examples from which on a second process is worth its start."""

_EASIER = 4
"""So many times less a character of Chinese takes, of which no pieces are cut."""


COMMAND = (sys.executable, "-P", "-m", "nlu.sharing")


def learn(
    source: Source,
    encoder: Encoder | None = None,
    worth: int = WORTH,
    cores: int = 0,
    command: Sequence[str] = COMMAND,
) -> Learnt:
    """Learn from these examples, in two processes if they are many and there are `cores` (0: those that this process
    may use); the result is the same."""
    alone = (cores or _cores()) < 2 or source.size() < worth or len(source.catalog.town.languages) < 2
    other = None if alone else _started(command)
    if other is None:
        data = source.read()
        return whole(data, experts(data, encoder))
    with other, ThreadPoolExecutor(1) as waiting:
        try:
            data = source.read()  # while the other loads its libraries
            ours, theirs = divided(data)
            answer = waiting.submit(other.communicate, pickle.dumps((theirs, encoder)))
            learnt = experts(ours, encoder)
            return whole(data, learnt | _answered(other, answer.result()[0], theirs, encoder))
        finally:
            other.kill()


def _cores() -> int:
    """The cores that this process may use, where the system tells; else those there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _started(command: Sequence[str]) -> Popen[bytes] | None:
    """The other process, None where the system starts no more."""
    try:
        return Popen(command, stdin=PIPE, stdout=PIPE)
    except OSError:
        return None


def _answered(
    other: Popen[bytes], answer: bytes, asked: Sequence[TrainingData], encoder: Encoder | None
) -> dict[str, Expert]:
    """What the other process learnt; where it was ended, for want of memory say, it is learnt here."""
    if other.returncode:
        return experts(asked, encoder)
    learnt: dict[str, Expert] = pickle.loads(answer)
    return learnt


def divided(data: Sequence[TrainingData]) -> tuple[list[TrainingData], list[TrainingData]]:
    """Two parts that take about as long: the longest first, each to the part that has less."""
    parts: tuple[list[TrainingData], list[TrainingData]] = [], []
    for known in sorted(data, key=_work, reverse=True):
        min(parts, key=lambda part: sum(map(_work, part))).append(known)
    return parts


def _work(data: TrainingData) -> int:
    phrases = (*data.services.values(), *data.acts.values(), (text for text, *_ in data.both))
    return sum(len(phrase) for some in phrases for phrase in some) // (_EASIER if is_chinese(data.language) else 1)


def main() -> None:
    """Be the other process."""
    answer, sys.stdout = sys.stdout.buffer, sys.stderr
    import_module("sklearn.svm")  # while the first process reads the examples
    asked: tuple[list[TrainingData], Encoder | None] = pickle.load(sys.stdin.buffer)
    answer.write(pickle.dumps(experts(*asked)))


if __name__ == "__main__":
    main()
