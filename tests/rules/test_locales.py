"""Every language of the town is finished, and held to the same rules."""

from pathlib import Path

import pytest

import locales
from app.loading import load
from app.messages import check, update
from app.po import SOURCE, path_of

FOLDER = Path(locales.__file__).parent


def languages() -> list[str]:
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))


@pytest.mark.parametrize("language", languages())
def test_every_message_of_a_language_is_finished(language: str) -> None:
    mistakes = check(load(), FOLDER, [language])
    assert not mistakes, "\n".join(str(mistake) for mistake in mistakes)


@pytest.mark.parametrize("language", languages())
def test_figures_and_their_signs_are_the_same_in_every_language(language: str) -> None:
    """Numbers come in the digits 0 to 9 everywhere, so their signs do too."""
    words = (FOLDER / path_of(language)).read_text("utf-8")
    assert not set("٠١٢٣٤٥٦٧٨٩٪٫٬％") & set(words)


def test_every_language_of_the_town_has_a_file() -> None:
    assert set(load().town.languages) - {SOURCE} <= set(languages())


def test_the_files_are_as_the_command_writes_them(tmp_path: Path) -> None:
    names = [path_of(language) for language in languages()]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    update(load(), tmp_path)
    stale = [name for name in (*names, "messages.pot") if content(tmp_path / name) != content(FOLDER / name)]
    assert not stale, "run `plainline services messages`"


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
