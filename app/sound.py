"""What can be told of a sound by its bytes, with the standard library alone."""

from __future__ import annotations

import io
import sys
import wave
from array import array

QUIET = 250
"""Up to this mean height, of 32768, a stretch is a line on which nobody speaks: 42 dB below the loudest. Speech on a
telephone is 10 to 100 times as high. A proposal, to be measured on real lines."""

STRETCH = 0.02
"""Seconds of a stretch: a syllable is longer."""

SHORTEST = 0.2
"""Seconds that must be louder: a word is longer, a click of the line shorter."""


def is_wav(content: bytes) -> bool:
    """Whether it begins as a WAV file does."""
    return content[:4] == b"RIFF" and content[8:12] == b"WAVE"


OPUS_RATE = 48000
"""Steps of a second in which an Ogg file of Opus counts, whatever it was recorded with (RFC 7845, section 4)."""


def is_ogg(content: bytes) -> bool:
    """Whether it begins as an Ogg file does, which is what WhatsApp records."""
    return content[:4] == b"OggS"


def ogg_seconds(content: bytes) -> int:
    """How long an Ogg file of Opus is, by its last page; 0 where that does not tell (RFC 3533, section 6)."""
    at = content.rfind(b"OggS")
    position = int.from_bytes(content[at + 6 : at + 14], "little", signed=True) if at >= 0 else 0
    seconds = round(position / OPUS_RATE)
    return seconds if 0 < seconds <= LONGEST_OGG else 0


LONGEST_OGG = 24 * 60 * 60
"""Seconds: what is longer is no file that we take."""


def silent(content: bytes) -> bool | None:
    """Whether nobody speaks in a WAV file; None where its samples can not be read (only 16 bits, uncompressed)."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            if file.getsampwidth() != 2:
                return None
            rate = file.getframerate() * file.getnchannels()
            samples = array("h", _whole(file.readframes(file.getnframes())))
    except (wave.Error, EOFError, ValueError):
        return None
    if sys.byteorder == "big":
        samples.byteswap()
    size = max(1, round(rate * STRETCH))
    loud = sum(_height(samples[at : at + size]) > QUIET for at in range(0, len(samples), size))
    return loud * STRETCH < SHORTEST


def _whole(read: bytes) -> bytes:
    """Without half a sample at the end of a file that is cut off."""
    return read[: len(read) // 2 * 2]


def _height(samples: array[int]) -> float:
    return sum(map(abs, samples)) / len(samples)
