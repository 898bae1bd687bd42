"""Which voice speaks which language, and which languages Gather recognises: the tables Twilio holds us to.

Sources: Twilio docs, voice/twiml/say/text-speech (voices, SSML by voice) and voice/twiml/gather
(recognition); what a voice leaves out is from Amazon Polly's page "Supported SSML tags". Marked (u): seen
in use, not found on a provider's page. Say and Gather name the same language differently: cmn-CN is
spoken, cmn-Hans-CN is recognised.
"""

from __future__ import annotations

import re

SSML_TAGS = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"])
BASIC_LANGUAGES = frozenset({"en", "en-US", "en-GB", "es", "es-ES", "es-MX", "fr", "fr-FR", "de", "de-DE"})

ENGLISH = (
    "Polly.Joanna Polly.Joanna-Neural Polly.Joanna-Generative Polly.Matthew Polly.Matthew-Neural Polly.Salli "
    "Polly.Salli-Neural Polly.Kendra Polly.Kendra-Neural Polly.Kimberly Polly.Joey Polly.Ivy"
)

# Voices by the code that Say's `language` takes with them.
VOICES: dict[str, str] = {
    "en-US": ENGLISH,
    "es-US": "Polly.Lupe Polly.Lupe-Neural Polly.Miguel Polly.Penelope",
    "es-MX": "Polly.Mia Polly.Mia-Neural",  # (u)
    "es-ES": "Polly.Lucia Polly.Lucia-Neural",  # (u)
    "cmn-CN": "Polly.Zhiyu Polly.Zhiyu-Neural "
    + " ".join(f"Google.cmn-CN-{family}-{letter}" for family in ("Standard", "Wavenet") for letter in "ABCD"),
    "arb": "Polly.Zeina",
    "ar-AE": "Polly.Hala-Neural Polly.Zayd-Neural",
}
VOICE_LANGUAGES: dict[str, frozenset[str]] = {
    "man": BASIC_LANGUAGES,
    "woman": BASIC_LANGUAGES,
    **{voice: frozenset({language}) for language, names in VOICES.items() for voice in names.split()},
}

# Longest text of one Say, by provider: Polly counts without the tags, Google with them.
SAY_LIMITS = {"Basic": 4000, "Polly": 3000, "Google": 5000}

# For Gather without a speechModel: `default` knows the most languages.
UNCONFIRMED = frozenset({"ar-EG", "ar-SA", "ar-AE", "ar-JO"})  # (u)
RECOGNISED = UNCONFIRMED | {
    *("en-US", "en-GB", "en-AU", "en-CA", "en-IN"),
    *("es-US", "es-ES", "es-MX", "cmn-Hans-CN"),
}


HAN = re.compile(r"[㐀-䶿一-鿿]")
ARABIC = re.compile(r"[ء-غف-ي]")


def provider(voice: str) -> str:
    """Who speaks: Basic, Polly or Google."""
    return voice.partition(".")[0] if "." in voice else "Basic"


def languages_of(voice: str) -> frozenset[str]:
    """The Say languages of `voice`; empty if the table does not know the voice."""
    return VOICE_LANGUAGES.get(voice, frozenset())


def unsupported_tags(voice: str) -> frozenset[str]:
    """SSML tags that `voice` cannot read: Polly's neural voices have no emphasis, Basic ones no SSML at
    all."""
    if provider(voice) == "Basic":
        return SSML_TAGS
    return frozenset({"emphasis"}) if voice.endswith(("-Neural", "-Generative")) else frozenset()


def unreadable_script(text: str, language: str) -> str:
    """The script in `text` that a voice of `language` passes over in silence, or an empty string."""
    if HAN.search(text) and not language.startswith(("cmn", "zh", "ja", "yue")):
        return "Chinese characters"
    if ARABIC.search(text) and not language.startswith("ar"):
        return "Arabic letters"
    return ""
