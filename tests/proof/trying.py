"""A copy of the project in which one change after the other is tried: do the tests or the checker find it?

`python -m tests.proof.trying SEED FIRST COUNT` tries some by hand, and prints those that nobody found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.proof.mutants import Mutant, mutants
from tests.rules.house import ROOT, files, named

LONGEST = 900
"""Seconds for one look: twenty times what the longest takes, for busy machines. What runs on and on is found; within
the unit tests, after the time that each test has."""

_ABOUT_OTHER_FILES = ("test_codes.py", "test_commands.py", "test_sms.py", "test_speech.py", "test_state.py")
"""Unit tests of what is not changed here."""

TESTS = (
    *(sys.executable, "-m", "pytest", "-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *(f"--ignore=tests/unit/{name}" for name in _ABOUT_OTHER_FILES),
    "tests/unit",
)
HELD = (sys.executable, "-m", "tests.proof.held")

Look = tuple[str, tuple[str, ...]]
LOOKS: tuple[Look, ...] = (("tests", TESTS), ("checker", HELD))
"""Who looks, one after the other, until something is found: the quicker first."""


class Copy:
    """The project's files in a folder of their own. What is learnt from examples is kept in it between two tries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in files():
            target = folder / named(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)

    def found(self, mutant: Mutant, looks: tuple[Look, ...] = LOOKS) -> str:
        """Who found the change, and by what; "" if nobody did. The file is as before afterwards."""
        path = self.folder / "core" / mutant.file
        kept = path.read_text(encoding="utf-8")
        path.write_text(mutant.source, encoding="utf-8")
        try:
            return self.look(looks)
        finally:
            path.write_text(kept, encoding="utf-8")

    def look(self, looks: tuple[Look, ...] = LOOKS) -> str:
        """What is wrong with the copy as it stands, "" if nothing is found."""
        found = (self._look(by, command) for by, command in looks)
        return next((what for what in found if what), "")

    def _look(self, by: str, command: tuple[str, ...]) -> str:
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return f"{by}: it never ended"
        if done.returncode == 0:
            return ""
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        failed = next((line for line in lines if line.startswith("FAILED")), lines[-1])
        return failed if failed.startswith(("tests:", "checker:")) else f"{by}: {failed}"

    def _environment(self) -> dict[str, str]:
        """Nothing of ours, and no compiled file: one of a change before it could be taken for this one's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLAINLINE_", "PYTEST_"))}
        return kept | {"PLAINLINE_DATA": str(self.folder / "var"), "PYTHONDONTWRITEBYTECODE": "1"}


def main(seed: int, first: int, count: int) -> None:
    """Try changes by hand."""
    drawn = mutants(ROOT / "core", seed, first + count)[first:]
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for mutant in drawn:
            by = copy.found(mutant)
            sys.stdout.write(f"{by or 'SURVIVED'}  |  {mutant.name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
