"""The report of an evaluation: a table for the terminal, plain values, and a page with pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from core.types import Understanding
from nlu import apart
from nlu.evaluation import Heard, Judged, bins, confusions, figures, judge, risk, together, worst

ALL = "all"
"""The name of all languages together."""

SIZE = 240
"""Width and height of a picture, in pixels."""

_COLUMNS = (
    ("first", "first"),
    ("among", "of three"),
    ("acts", "act"),
    ("joint", "both"),
    ("named", "at once"),
    ("misled", "misled"),
    ("misled_bound", "at most"),
    ("refused", "refused"),
    ("danger", "danger"),
    ("missed_bound", "missed at most"),
    ("alarms", "alarms"),
    ("gap", "gap"),
)
"""What the table tells, and under which heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was understood of sentences kept apart, by language, and of all together where there are several."""

    engine: str
    of: Mapping[str, Judged]

    def table(self) -> Iterator[str]:
        """A line for each language, or for all, with shares of 1."""
        wide = max(map(len, (*self.of, "language")))
        yield f"{'language':{wide}}  sentences  " + "  ".join(heading for _, heading in _COLUMNS)
        for name, judged in self.of.items():
            told = asdict(figures(judged))
            cells = "  ".join(f"{told[column]:{max(len(heading), 5)}.3f}" for column, heading in _COLUMNS)
            yield f"{name:{wide}}  {told['sentences']:9,}  {cells}"

    def values(self) -> dict[str, object]:
        """The figures, what goes wrong most, and every sentence that was not understood, by language."""
        return {
            name: {
                "figures": {key: round(value, 4) for key, value in asdict(figures(judged)).items()},
                "worst": worst(judged),
                "confusions": [[*pair, count] for pair, count in confusions(judged)],
                "missed": judged.missed(),
            }
            for name, judged in self.of.items()
        }

    def page(self) -> str:
        """The report as one HTML page, which needs nothing from elsewhere."""
        jinja = Environment(loader=PackageLoader("nlu"), autoescape=True, undefined=StrictUndefined)
        languages = [_shown(name, judged) for name, judged in self.of.items()]
        template = jinja.get_template("evaluation.html")
        return template.render(languages=languages, columns=_COLUMNS, engine=self.engine, size=SIZE)


def report(understand: Callable[[str, str], Understanding], folder: Path, languages: Sequence[str]) -> Report:
    """Judge what is understood of the sentences in this folder."""
    each = {name: judge(understand, apart.read(folder / f"{name}.yml"), name) for name in languages}
    engines = Counter(one.found.engine for judged in each.values() for one in judged.heard)
    told = ", ".join(f"{name} ({count})" for name, count in engines.most_common())
    return Report(engine=told, of=each if len(each) == 1 else {**each, ALL: together(list(each.values()))})


def _shown(name: str, judged: Judged) -> dict[str, object]:
    return {
        "name": name,
        "figures": asdict(figures(judged)),
        "worst": worst(judged),
        "confusions": confusions(judged)[:20],
        "missed": judged.missed(),
        "calibration": [(_x(sure), _y(right), count) for sure, right, count in bins(judged.heard)],
        "risk": _line(judged.heard),
    }


def _line(heard: Sequence[Heard]) -> str:
    """The points of the curve of risk over coverage, up to one wrong in four."""
    return " ".join(f"{_x(covered):.1f},{_y(4 * min(wrong, 0.25)):.1f}" for covered, wrong in risk(heard))


def _x(share: float) -> float:
    return SIZE * share


def _y(share: float) -> float:
    return SIZE * (1 - share)
