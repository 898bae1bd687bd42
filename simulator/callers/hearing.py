"""What of a sentence gets to somebody: words that are not missed, understood and held.

The model, in this order for each word (docs/decisions/callers.md):
1. Loud enough? The chance to miss a word is the persona's hearing loss, times 1.3 for words of up to three letters and
   0.6 from seven on and for digits, times up to 1.5 by its share of hissing sounds, which weak hearing loses first. A
   third less where the same was said before. Panic adds to it.
2. Known? A word that is not among the familiar ones is known with the persona's proficiency.
3. Held? Of a sentence, what lies beyond five words for each thing that the persona can hold gets lost half the time.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.callers.chance import Luck
from simulator.callers.personas import Persona
from simulator.callers.sense import Sense
from simulator.callers.sentences import CHINESE, roots, units

HISSING = frozenset("sfzxchثذسشصظفζ")
WORDS_A_THING = 5
AGAIN = 0.67
"""How much of the chance to miss a word is left where it is said again."""

DIGIT = 0.6
"""A digit is one of ten, and waited for: missed less (PROPOSAL; older people follow familiar words well, Wolters
2007)."""

LOST = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Somebody who listens."""

    persona: Persona
    sense: Sense
    luck: Luck

    def take_in(self, sentence: str, turn: int, times_before: int) -> str:
        """The sentence as it gets to them: a missed word leaves a gap."""
        heard = units(sentence, self.sense.language)
        span = WORDS_A_THING * self.persona.capacity
        kept = [
            word if self._gets_through(word, place, turn, times_before, span) else self._gap(word)
            for place, word in enumerate(heard)
        ]
        return ("" if self.sense.language == CHINESE else " ").join(kept)

    def _gap(self, word: str) -> str:
        """A missed word; where the sentence ends or stops is heard by its tune."""
        tail = word[-1] if not word[-1].isalnum() else ""
        return word if tail and len(word) == 1 else LOST + tail

    def _gets_through(self, word: str, place: int, turn: int, before: int, span: float) -> bool:
        bare = word.strip(".,،;:?!؟¿¡，。？、：")
        if not bare:
            return True
        missed = min(0.95, self._missed(bare) * AGAIN**before + self.persona.panic)
        if self.luck.happens(missed, "misses", turn, place, bare):
            return False
        if not self._known(bare) and not self.luck.happens(self.persona.proficiency, "knows", bare):
            return False
        return place < span or not self.luck.happens(0.5, "lets go", turn, place, bare)

    def _missed(self, word: str) -> float:
        if not self.persona.hearing_loss:
            return 0.0
        if word.isdigit():
            return self.persona.hearing_loss * DIGIT
        length = 1.3 if len(word) <= 3 and self.sense.language != CHINESE else 0.6 if len(word) >= 7 else 1.0
        hissing = sum(letter in HISSING for letter in word.lower()) / len(word)
        return self.persona.hearing_loss * length * (1 + 0.5 * hissing)

    def _known(self, word: str) -> bool:
        """Whether everybody who learns the language knows it: digits, words of telephones, and what is often said."""
        if word.isdigit() or len(word) <= 3:
            return True
        low = word.lower()
        if low in (*self.sense.talk.press, *self.sense.talk.star, *self.sense.talk.hash):
            return True
        return bool(roots(word, self.sense.language) & self.sense.common)
