"""A speech program of this machine, run beside ours: text in, sound out.

espeak-ng (https://github.com/espeak-ng/espeak-ng, GPL-3) is never linked: it is started for each sentence, is given the
text by its standard input and answers with a WAV file.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.errors import Misconfigured
from core.render import Part
from core.speech import CHARACTERS_A_MINUTE, PAUSES, PEN, RATES, words_a_minute

PROGRAM = "espeak-ng"

HERTZ, BYTES = 22050, 2
"""The sound of every voice used here: samples a second, in one channel, and bytes of a sample."""

PATIENCE = 20.0
"""Seconds that a sentence may take; espeak-ng needs a tenth of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice of espeak-ng, and its words a minute. It counts a Chinese character as a word."""

    name: str
    speed: int


VOICES = {
    "en": Voice(name="en-us", speed=words_a_minute("en")),
    "es": Voice(name="es-419", speed=words_a_minute("es")),
    # The voice "cmn" of espeak-ng 1.51 spells the sounds of many characters out as if they were English.
    "zh_Hans": Voice(name="cmn-latn-pinyin", speed=CHARACTERS_A_MINUTE),
    "ar": Voice(name="ar", speed=words_a_minute("ar")),
}


def without_voice(parts: Iterable[Part]) -> list[str]:
    """The languages of these parts that there is no voice for."""
    return sorted({part.language for part in parts} - VOICES.keys())


def find_program() -> str:
    """The program. Raises Misconfigured where there is none."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise Misconfigured(
            [
                f"{PROGRAM} is not installed, so nothing can be made to sound. On Debian and Ubuntu: apt-get install "
                f"{PROGRAM}. Without it, `plainline voice --list` prints the sentences and their seconds."
            ]
        )
    return found


@dataclass(kw_only=True)
class Speech:
    """Sentences as sound, each spoken once and kept (some 40 MB for all of a language). `pace` counts how often
    "slower" was asked for."""

    program: str
    pace: int = 0
    patience: float = PATIENCE
    _spoken: dict[Part, bytes] = field(default_factory=dict)

    def of(self, parts: Iterable[Part]) -> bytes:
        """The parts as samples, with the line's pauses. Raises Misconfigured, naming the sentence that failed."""
        return b"".join(self._sentence(part) + self._pause(part) for part in parts)

    def _pause(self, part: Part) -> bytes:
        seconds = PAUSES[self.pace] + (PEN if part.pen else 0)
        return bytes(BYTES * round(HERTZ * seconds))

    def _sentence(self, part: Part) -> bytes:
        if part not in self._spoken:
            self._spoken[part] = self._run(part)
        return self._spoken[part]

    def _run(self, part: Part) -> bytes:
        voice = VOICES[part.language]
        speed = round(voice.speed * RATES[self.pace])
        # -b 1: the text is UTF-8. -z: no pause at the end, ours follows.
        how = ["-v", voice.name, "-s", str(speed), "-b", "1", "-z", "--stdin", "--stdout"]
        try:
            done = subprocess.run(
                [self.program, *how], input=part.text.encode(), capture_output=True, timeout=self.patience, check=False
            )
        except subprocess.TimeoutExpired:
            raise _failed(part, f"did not answer within {self.patience:g} seconds") from None
        except OSError as wrong:
            raise _failed(part, f"could not be started ({wrong.strerror})") from wrong
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip()
            raise _failed(part, f"failed with {done.returncode}" + (f" ({told})" if told else ""))
        return _samples(part, done.stdout)


def _samples(part: Part, sound: bytes) -> bytes:
    try:
        with wave.open(io.BytesIO(sound)) as file:
            kind = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples: bytes = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as wrong:
        raise _failed(part, "answered with something else than a WAV file") from wrong
    if kind != (1, BYTES, HERTZ) or not samples:
        raise _failed(part, f"answered with other sound than {HERTZ} samples a second in one channel")
    return samples


def _failed(part: Part, how: str) -> Misconfigured:
    alone = f"{PROGRAM} -v {VOICES[part.language].name}"
    return Misconfigured([f'{PROGRAM} {how}, at "{part.text}" ({part.language}). Try it by itself: {alone}'])


def as_wav(samples: bytes) -> bytes:
    """The samples as a WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES)
        file.setframerate(HERTZ)
        file.writeframes(samples)
    return made.getvalue()


def seconds(samples: bytes) -> float:
    """How long the samples take."""
    return len(samples) / (BYTES * HERTZ)
