from pathlib import Path

import pytest

from app.messages import check, messages, update
from app.po import path_of
from core.catalog import Catalog, Category, Duration, Option, Paper, Service, Step, StepKind, Town

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalog(title: str = "Broken lamp") -> Catalog:
    town = Town(
        name="Little Wells",
        country="US",
        phone_region="US",
        currency="USD",
        timezone="America/New_York",
        languages=("en", "es", "ar"),
        emergency="911",
        emergencies=("911",),
        main_office="hall",
    )
    lamp = Service(
        slug="lamp",
        number="412",
        category="light",
        department="streets",
        title=title,
        summary="Tell us where a lamp is dark.",
        who="Everyone.",
        cost="It costs {amount}.",
        time=Duration(unit="days", count=2),
        steps=(Step(name="kind", ask="Which lamp?", kind=StepKind.CHOICE, options=(Option(id="old", label="Old"),)),),
        done="We mend it.",
    )
    return Catalog(
        town=town,
        categories=(Category(id="light", key=1, title="Light"),),
        services={"lamp": lamp},
        papers={"photo": Paper(id="photo", title="a photo")},
    )


def put(folder: Path, language: str, was: str, now: str) -> None:
    path = folder / path_of(language)
    text = path.read_text()
    assert was in text
    path.write_text(text.replace(was, now, 1))


def translated(folder: Path) -> None:
    """Put words into every Spanish message: the source in angle quotes, in every form."""
    path = folder / path_of("es")
    lines, source, plural = [], "", ""
    for line in path.read_text().split("\n"):
        if line.startswith("msgid "):
            source = plural = line.removeprefix("msgid ")[1:-1]
        if line.startswith("msgid_plural "):
            plural = line.removeprefix("msgid_plural ")[1:-1]
        empty = line in ('msgstr ""', 'msgstr[0] ""', 'msgstr[1] ""')
        lines.append(line.removesuffix('""') + f'"«{plural}»"' if empty and source else line)
    path.write_text("\n".join(lines))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    update(catalog(), tmp_path / "locales")
    translated(tmp_path / "locales")
    return tmp_path / "locales"


def told(folder: Path, changed: Catalog | None = None) -> list[str]:
    return [mistake.expected for mistake in check(changed or catalog(), folder, ["es"])]


def test_the_texts_of_the_catalogue_and_of_the_system_are_found() -> None:
    found = {source.id: source for source in messages(catalog())}
    texts = ["Broken lamp", "Everyone.", "It costs {amount}.", "Which lamp?", "Old", "We mend it.", "Light", "a photo"]
    assert set(texts) <= set(found)
    assert found["It takes about {count} day."].plural == "It takes about {count} days."
    assert found["It takes about {count} day."].where == "core/phrases.py"
    assert found["{day} at {time}"].where == "app/wording.py"
    assert found["Old"].note == "lamp: answer old to kind"


def test_a_new_language_gets_a_file_with_every_message_empty(tmp_path: Path) -> None:
    left = update(catalog(), tmp_path / "locales")
    assert set(left) == {"es", "ar"}
    assert left["es"] == len({source.id for source in messages(catalog())})
    arabic = (tmp_path / "locales" / path_of("ar")).read_text()
    assert 'msgid "Broken lamp"\nmsgstr ""' in arabic
    assert 'msgstr[5] ""' in arabic
    assert (tmp_path / "locales" / "messages.pot").is_file()


def test_writing_again_changes_nothing_and_names_no_date(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.po*")}
    update(catalog(), folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.po*")} == before
    assert not any(b"-Date" in content or b"YEAR" in content for content in before.values())


def test_a_finished_language_has_no_mistakes(folder: Path) -> None:
    assert told(folder) == []
    assert update(catalog(), folder)["es"] == 0


def test_a_text_that_changes_leaves_an_obsolete_and_an_empty_message_and_no_guess(folder: Path) -> None:
    update(catalog(title="Broken lamps"), folder)
    spanish = (folder / path_of("es")).read_text()
    assert '#~ msgstr "«Broken lamp»"' in spanish
    assert 'msgid "Broken lamps"\nmsgstr ""' in spanish
    assert "fuzzy" not in spanish


def test_a_text_that_returns_finds_its_translation_again(folder: Path) -> None:
    before = (folder / path_of("es")).read_bytes()
    update(catalog(title="Broken lamps"), folder)
    update(catalog(), folder)
    assert (folder / path_of("es")).read_bytes() == before


def test_a_second_wording_for_a_channel_is_kept(folder: Path) -> None:
    with (folder / path_of("es")).open("a") as po:
        po.write('\nmsgctxt "voice"\nmsgid "Broken lamp"\nmsgstr "Farola rota"\n')
    assert told(folder) == []
    update(catalog(), folder)
    assert 'msgctxt "voice"\nmsgid "Broken lamp"\nmsgstr "Farola rota"' in (folder / path_of("es")).read_text()


def test_english_may_have_second_wordings_and_nothing_else(folder: Path) -> None:
    path = folder / path_of("en")
    path.parent.mkdir(parents=True)
    path.write_text(f'{HEADER}msgctxt "sms"\nmsgid "Broken lamp"\nmsgstr "Lamp"\n')
    assert check(catalog(), folder, ["en"]) == []
    path.write_text(f'{HEADER}msgid "Broken lamp"\nmsgstr "Lamp"\n')
    assert [m.expected for m in check(catalog(), folder, ["en"])] == [
        "msgctxt; other English is changed where the text stands"
    ]


LAMP, COST = '"«Broken lamp»"', '"«It costs {amount}.»"'
DAYS = "«It takes about {count} days.»"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (LAMP, '""', "a translation"),
        (LAMP, '"Broken lamp"', "a translation, not the English; or add the text to same.txt beside the folder"),
        (LAMP, '" Farola"', "no blanks at the ends and no { or } of its own"),
        (LAMP, '"Farola}"', "no blanks at the ends and no { or } of its own"),
        (LAMP, '"Faro\\tla"', "no control characters"),
        (LAMP, '"Farola {amount}"', "no {amount}, which the source does not have"),
        (COST, '"Cuesta."', "{amount} as in the source"),
        (COST, '"Cuesta {amonut}."', "{amount} as in the source"),
        (COST, '"Cuesta {amonut}."', "no {amonut}, which the source does not have"),
        ('msgid "Broken lamp"', '#, fuzzy\nmsgid "Broken lamp"', "a translation that was looked at; mend it and take"),
        ('msgid "Broken lamp"', 'msgid "Broken lamps"', "missing; `plainline services messages` adds it"),
        ('msgid "Broken lamp"', 'msgid "Broken lamps"', "a message still in use; delete this one"),
        ('msgid "Broken lamp"', '#~ msgid "x"\n#~ msgstr "y"\n\nmsgid "Broken lamp"', "a message still in use; delete"),
        ('msgid "Broken lamp"', 'msgid "Old"\nmsgstr "x"\n\nmsgid "Broken lamp"', "each message once"),
        ('msgid "Broken lamp"', 'msgctxt "fax"\nmsgid "Broken lamp"', "msgctxt that is one of voice, sms, chat"),
        (f'msgstr[1] "{DAYS}"', 'msgstr[1] ""', "a translation in all 2 forms"),
        (f'msgstr[1] "{DAYS}"', 'msgstr[1] "unos días"', "{count} as in the source"),
        ('msgid_plural "It takes about {count} days."', 'msgid_plural "days"', "the same plural as in the source"),
    ],
)
def test_a_translation_that_is_not_right_is_told(folder: Path, was: str, now: str, expected: str) -> None:
    put(folder, "es", was, now)
    assert any(mistake.startswith(expected) for mistake in told(folder)), told(folder)


def test_the_form_for_one_single_number_may_leave_the_number_out(folder: Path) -> None:
    put(folder, "es", f'msgstr[0] "{DAYS}"', 'msgstr[0] "un día"')
    assert told(folder) == []


def test_words_that_both_languages_share_are_listed_and_the_list_is_held_to_it(folder: Path) -> None:
    put(folder, "es", LAMP, '"Broken lamp"')
    (folder / "es" / "same.txt").write_text("# shared\nBroken lamp\nEveryone.\n")
    (mistake,) = check(catalog(), folder, ["es"])
    assert (mistake.file, mistake.field) == ("locales/es/same.txt", "Everyone.")


def test_a_mistake_names_the_line_of_its_message(folder: Path) -> None:
    put(folder, "es", LAMP, '""')
    (mistake,) = check(catalog(), folder, ["es"])
    line = (folder / path_of("es")).read_text().split("\n")[mistake.line - 1]
    assert line == 'msgid "Broken lamp"'


def test_a_language_of_the_town_without_a_file_is_told(tmp_path: Path) -> None:
    told = [str(mistake) for mistake in check(catalog(), tmp_path / "locales")]
    assert told == [
        f"locales/{language}/LC_MESSAGES/messages.po:1: missing; `plainline services messages` makes it"
        for language in ("ar", "es")
    ]
