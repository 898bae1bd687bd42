"""What callers hear as files: a WAV file for each thing that is said, and a page that plays them beside their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.speech_program import PROGRAM, Speech, as_wav, seconds, without_voice
from app.spoken import Spoken
from core.errors import Misconfigured

PAGE = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Something that is said and its file, named from the folder. `file` is "" where the languages `lacking` have no
    voice; then `seconds` is 0."""

    spoken: Spoken
    file: str = ""
    seconds: float = 0.0
    lacking: tuple[str, ...] = ()


def make(said: Iterable[Spoken], speech: Speech, folder: Path) -> Iterator[Played]:
    """Speak each into its file. Raises Misconfigured for what cannot be spoken or written."""
    for one in said:
        lacking = without_voice(one.parts)
        if lacking:
            yield Played(spoken=one, lacking=tuple(lacking))
            continue
        samples = speech.of(one.parts)
        file = f"{one.language}/{one.service}/{one.name}.wav"
        write(folder / file, as_wav(samples))
        yield Played(spoken=one, file=file, seconds=seconds(samples))


def write_page(played: Iterable[Played], folder: Path) -> Path:
    """A page with all that was played, in that order."""
    languages = [
        (language, [(service, list(each)) for service, each in groupby(those, lambda one: one.spoken.service)])
        for language, those in groupby(played, lambda one: one.spoken.language)
    ]
    jinja = Environment(loader=PackageLoader("app"), autoescape=True, undefined=StrictUndefined)
    only = len(languages) == 1 and len(languages[0][1]) == 1
    page = jinja.get_template("voice.html").render(languages=languages, program=PROGRAM, only=only)
    write(folder / PAGE, page.encode())
    return folder / PAGE


def write(file: Path, content: bytes) -> None:
    """Write the file whole or not at all. Raises Misconfigured where that cannot be done."""
    unfinished = file.with_name(f".{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(content)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as wrong:
        told = f"{file} can not be written ({wrong.strerror}). Name another folder with --to, or mend this one."
        raise Misconfigured([told]) from wrong
