import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.loading import lint, load, schema
from app.shape import schemas
from core.catalog import Duration, Rota, SpecialDays, StepKind, When
from core.errors import Misconfigured

TOWN = """\
name: Little Wells
country: US
phone_region: US
currency: USD
timezone: America/New_York
languages: [en, es]
emergency: {number: "911", all: ["911", "112"]}
main_office: hall
departments:
  - {id: streets, title: Streets, office: hall}
"""
CATEGORIES = """\
- {id: light, key: 1, title: Light}
- {id: water, key: 2, title: Water}
"""
OFFICES = """\
- id: hall
  title: Town Hall
  address: 1 Market Square
  phone: "+1 415 555 0101"
  hours:
    mon: ["09:00-12:00", "13:00-17:00"]
    sat: []
"""
AREAS = "- {id: north, key: 1, title: North}\n"
PAPERS = "- {id: photo, title: a photo}\n"
SPECIAL_DAYS = """\
# A comment.
- days: 2026-12-24
  offices: [hall]
  hours: ["09:00-12:00"]
  note: Half a day
- {days: 2026-12-28 to 2027-01-02, hours: closed}
- {days: 2027-02-15, hours: usual}
"""
ROTA = """\
minutes: 12
departments: {streets: 2}
others: 1
"""
LAMP = """\
number: 412
category: light
key: 1
department: streets
title: Broken lamp
summary: Tell us where
  a lamp is dark.
phrases: [the lamp is out, no light, dark street, lamp broken, fix the lamp]
who: Everyone.
papers: [photo]
cost: It costs {amount}.
amount: 2.50
time: {working_days: 5}
where: [hall]
report: true
steps:
  - {name: place, ask: "Where is it?", expect: place}
  - {name: since, ask: "Since when?", expect: date, when: past, optional: true}
  - {name: kind, ask: "Which kind?", options: {"yes": Old, new: New}}
  - {name: lamps, ask: "How many?", expect: number, min: 1, max: 9}
done: We mend it.
"""
PIPE = """\
number: "421"
category: water
key: 1
department: streets
title: Broken pipe
summary: Tell us.
phrases: [a, b, c, d, e]
who: Everyone.
cost: It is free.
time: It takes a day.
"""
SOUND = {
    "town.yml": TOWN,
    "categories.yml": CATEGORIES,
    "offices.yml": OFFICES,
    "areas.yml": AREAS,
    "papers.yml": PAPERS,
    "special_days.yml": SPECIAL_DAYS,
    "rota.yml": ROTA,
    "lamp.yml": LAMP,
    "pipe.yml": PIPE,
}


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def found(tmp_path: Path, **changed: str) -> list[str]:
    """The mistakes when some files, named without .yml, hold something else."""
    files = SOUND | {f"{name}.yml": text for name, text in changed.items()}
    return [str(mistake) for mistake in lint(written(tmp_path / "town", files))]


def test_a_sound_catalogue_becomes_typed_values(tmp_path: Path) -> None:
    catalog = load(written(tmp_path / "town", SOUND))
    lamp = catalog.services["lamp"]
    assert lamp.number == "412"
    assert lamp.summary == "Tell us where a lamp is dark."
    assert str(lamp.amount) == "2.50"
    assert lamp.time == Duration(unit="working_days", count=5)
    assert [step.kind for step in lamp.steps] == [
        StepKind.PLACE,
        StepKind.DATE,
        StepKind.CHOICE,
        StepKind.NUMBER,
    ]
    assert lamp.steps[1].when is When.PAST
    assert [option.id for option in lamp.steps[2].options] == ["yes", "new"]
    assert (lamp.steps[3].least, lamp.steps[3].most) == (1, 9)
    assert catalog.services["pipe"].time == "It takes a day."
    assert catalog.offices["hall"].phone == "+14155550101"
    assert catalog.offices["hall"].hours[0] == ((540, 720), (780, 1020))
    assert catalog.offices["hall"].hours[1:] == ((), (), (), (), (), ())
    assert catalog.rota == Rota(minutes=12, departments={"streets": 2}, others=1)
    assert [catalog.rota.people(one) for one in ("streets", "parks", "")] == [2, 0, 1]
    assert catalog.special_days == (
        SpecialDays(
            first=date(2026, 12, 24),
            last=date(2026, 12, 24),
            hours=((540, 720),),
            offices=("hall",),
            note="Half a day",
        ),
        SpecialDays(first=date(2026, 12, 28), last=date(2027, 1, 2), hours=()),
        SpecialDays(first=date(2027, 2, 15), last=date(2027, 2, 15), hours=None),
    )
    assert catalog.town.region == ""
    assert catalog.town.emergencies == ("911", "112")
    assert catalog.office_for("lamp").id == "hall"


def test_the_catalogue_that_travels_with_plainline_is_sound() -> None:
    assert [str(mistake) for mistake in lint()] == []
    assert len(load().services) >= 26


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    mistakes = found(
        tmp_path,
        areas="- {id: north, key: 9, title: North}\n",
        lamp=LAMP.replace("title:", "titel:").replace("category: light", "category: lihgt"),
        pipe=PIPE.replace("421", "112"),
    )
    assert mistakes == [
        "town/areas.yml:1: entry 1, key: a key from 1 to 6 expected",
        "town/lamp.yml:1: title: missing; a title of 1 to 6 words expected",
        "town/lamp.yml:2: category: the id of a category in categories.yml",
        "town/lamp.yml:5: titel: there is no such field; did you mean title?",
        "town/pipe.yml:1: number: 200 to 999, no emergency number, not ending in 11",
    ]


MISTAKES = [
    ("lamp", "number: 412", "number: 41", "lamp.yml:1: number: three digits"),
    ("lamp", "number: 412", "number: 421", "lamp.yml:1: number: a number of its own; 421 is used twice"),
    ("lamp", "key: 1", "key: 7", "lamp.yml:3: key: a key from 1 to 6 expected"),
    ("lamp", "key: 1", "key: 2", "categories.yml:1: entry 1, key: keys 1, 2, 3 ... each once"),
    ("lamp", "Broken lamp", "No", "lamp.yml:5: title: a title of 1 to 6 words expected; put quotes round"),
    ("lamp", "Broken lamp", "[a]", "lamp.yml:5: title: a title of 1 to 6 words expected"),
    (
        "lamp",
        "Broken lamp",
        "one two three four five six seven",
        "lamp.yml:5: title: at most 6 words (found 7)",
    ),
    (
        "lamp",
        "Broken lamp",
        '"a\\u202eb"',
        "lamp.yml:5: title: text without control characters (found U+202E)",
    ),
    ("lamp", "Broken lamp", '"\\ud800"', "lamp.yml:5: title: text without control characters (found U+D800)"),
    ("lamp", "Broken lamp", "Broken {lamp}", "lamp.yml:5: title: text without { and }"),
    ("lamp", "Broken lamp", "'!'", "lamp.yml:5: title: words expected"),
    ("lamp", "who: Everyone.", f"who: {'word ' * 26}.", "lamp.yml:9: who: sentences of at most 25 words"),
    (
        "lamp",
        "who: Everyone.",
        f"who: {'1234567890 ' * 3}.",
        "lamp.yml:9: who: sentences of at most 25 words",
    ),
    ("lamp", "who: Everyone.", "who: Everyone.\nwho: All.", "lamp.yml:10: who: each field once"),
    ("lamp", "papers: [photo]", "papers: [foto]", "lamp.yml:10: papers: ids of papers in papers.yml"),
    ("lamp", "papers: [photo]", "papers: photo", "lamp.yml:10: papers: a list of papers, each once expected"),
    ("lamp", "amount: 2.50", "amount: 2.505", "lamp.yml:12: amount: a sum with at most two digits"),
    ("lamp", "amount: 2.50", "amount: a lot", "lamp.yml:12: amount: a sum of 0 or more"),
    ("lamp", "amount: 2.50\n", "", "lamp.yml:1: amount: a sum exactly when cost says {amount}"),
    ("lamp", "{working_days: 5}", "{years: 5}", "lamp.yml:13: time, years: one of the fields"),
    ("lamp", "{working_days: 5}", "5", "lamp.yml:13: time: a sentence, or one of working_days"),
    ("lamp", "expect: place", "expect: plaice", "lamp.yml:17: steps 1, expect: one of number, date"),
    ("lamp", "expect: place", "expect: plaice", "did you mean place?"),
    ("lamp", ", expect: place", "", "lamp.yml:17: steps 1, expect: missing; say what is asked for"),
    ("lamp", "expect: place", "expect: place, min: 1", "lamp.yml:17: steps 1, min: nothing here"),
    ("lamp", "expect: place", "expect: place, when: past", "lamp.yml:17: steps 1, when: nothing here"),
    ("lamp", "expect: place", "expect: words", "lamp.yml:15: report: a step that asks for the place"),
    ("lamp", '"yes": Old', "yes: Old", "lamp.yml:19: steps 3, options, yes: put quotes round yes"),
    ("lamp", '"yes": Old', "1: Old", "lamp.yml:19: steps 3, options, 1: put quotes round 1"),
    ("lamp", '"yes": Old', '"yes": No', "lamp.yml:19: steps 3, options, yes: a title of 1 to 6 words"),
    ("lamp", "name: since", "name: place", "lamp.yml:16: steps: a different name for each step"),
    ("lamp", "min: 1, max: 9", "min: 9, max: 1", "lamp.yml:20: steps 4, min: min that is not more than max"),
    ("lamp", "done: We mend it.\n", "", "lamp.yml:1: done: a sentence that says what happens next"),
    (
        "town",
        "phone_region: US",
        "phone_region: XX",
        "town.yml:3: phone_region: a country's two capital letters",
    ),
    ("town", "currency: USD", "currency: XXY", "town.yml:4: currency: a currency's three capital letters"),
    ("town", "America/New_York", "America", "town.yml:5: timezone: a time zone of the IANA list"),
    ("town", "America/New_York", "../etc", "town.yml:5: timezone: a time zone of the IANA list"),
    ("town", "[en, es]", "[en, klingon]", "town.yml:6: languages 2: a language that Babel knows"),
    (
        "town",
        "[en, es]",
        "[en, no]",
        "town.yml:6: languages 2: a language, as in es or zh_Hans expected; put quotes",
    ),
    ("town", "[en, es]", "[en, en]", "town.yml:6: languages: each language once"),
    (
        "town",
        'all: ["911", "112"]',
        'all: ["112"]',
        "town.yml:7: emergency, all: a list with the emergency number",
    ),
    ("town", "main_office: hall", "main_office: well", "town.yml:8: main_office: the id of an office"),
    ("town", "office: hall}", "office: well}", "town.yml:10: departments 1, office: the id of an office"),
    ("town", "id: streets", "id: roads", "lamp.yml:4: department: the id of a department in town.yml"),
    (
        "categories",
        "{id: water, key: 2",
        "{id: light, key: 2",
        "categories.yml:2: entry 2, id: an id of its own",
    ),
    ("categories", "key: 2", "key: 3", "categories.yml:1: keys 1, 2, 3 ... each once"),
    ("offices", '"+1 415 555 0101"', '"+1 41"', "offices.yml:4: entry 1, phone: a telephone number with +"),
    (
        "offices",
        '"+1 415 555 0101"',
        "14155550101",
        "offices.yml:4: entry 1, phone: a telephone number in quotes",
    ),
    ("offices", '"13:00-17:00"', '"11:00-17:00"', "offices.yml:6: entry 1, hours, mon: hours in order"),
    ("offices", '"13:00-17:00"', "13:00-25:00", "offices.yml:6: entry 1, hours, mon 2: hours as in"),
    (
        "offices",
        'mon: ["09:00-12:00", "13:00-17:00"]',
        "mon: []",
        "offices.yml:5: entry 1, hours: hours on at least",
    ),
    ("offices", '"09:00-12:00", ', '"12:00-09:00", ', "offices.yml:6: entry 1, hours, mon: hours in order"),
    ("town", "country: US", "country: AC", "town.yml:2: country: a country whose public holidays are known"),
    ("town", "country: US", "country: US\nregion: XX", "town.yml:3: region: a part of US: one of AK, AL, AR"),
    ("town", "country: US", "country: CN\nregion: BJ", "town.yml:3: region: nothing here: all of CN has the same"),
    ("town", "country: US", "country: AT\nregion: 9", "town.yml:3: region: a region's code in quotes, as in NY"),
    ("special_days", "2026-12-24", "24.12.2026", "special_days.yml:2: entry 1, days: a day as in 2026-12-24"),
    ("special_days", "2026-12-24", "2026-12-32", "special_days.yml:2: entry 1, days: days that are in the calendar"),
    ("special_days", "2026-12-24", "2206-12-24", "special_days.yml:2: entry 1, days: a day as in 2026-12-24"),
    ("special_days", "to 2027", "to 2026", "special_days.yml:6: entry 2, days: the first day before the last"),
    ("special_days", "to 2027", "until 2027", "special_days.yml:6: entry 2, days: a day as in 2026-12-24, or two"),
    ("special_days", "days: 2026-12-24", "day: 2026-12-24", "special_days.yml:2: entry 1, day: there is no such field"),
    ("special_days", "[hall]", "[hal]", "special_days.yml:3: entry 1, offices: ids of offices in offices.yml ('hal'"),
    ("special_days", "[hall]", "hall", "special_days.yml:3: entry 1, offices: a list of offices, each once expected"),
    ("special_days", "[hall]", "[]", "special_days.yml:3: entry 1, offices: a list of offices"),
    ("special_days", "09:00-12:00", "12:00-09:00", "special_days.yml:4: entry 1, hours: hours in order"),
    ("special_days", "09:00-12:00", "9-12", "special_days.yml:4: entry 1, hours 1: hours as in"),
    ("special_days", "closed", "shut", "special_days.yml:6: entry 2, hours: closed, usual, or a list of hours"),
    ("special_days", "closed", "[]", "special_days.yml:6: entry 2, hours: closed, usual, or a list of hours"),
    ("special_days", ", hours: closed", "", "special_days.yml:6: entry 2, hours: missing; closed, usual, or a list"),
    ("special_days", "Half a day", "word " * 13, "special_days.yml:5: entry 1, note: at most 12 words"),
    (
        "special_days",
        "2027-02-15",
        "2026-12-01 to 2026-12-24",
        "special_days.yml:7: entry 3, days: days that no other entry has for the same office (entry 1 has",
    ),
    ("special_days", "2027-02-15", "2027-01-02", "special_days.yml:7: entry 3, days: days that no other entry has"),
    ("rota", "minutes: 12", "minutes: 0", "rota.yml:1: minutes: minutes from 1 to 60"),
    ("rota", "minutes: 12", "", "rota.yml:2: minutes: missing; minutes from 1 to 60"),
    ("rota", "streets: 2", "streets: two", "rota.yml:2: departments, streets: a whole number of people, 0 or more"),
    ("rota", "streets: 2", "street: 2", "rota.yml:2: departments: ids of departments in town.yml ('street' is not"),
    ("rota", "others", "other", "rota.yml:3: other: there is no such field"),
    ("papers", "photo,", "photo}", "papers.yml:1: this cannot be read as YAML"),
    ("papers", "- {id: photo, title: a photo}", "", "papers.yml:1: a list with at least one entry expected"),
    ("papers", "a photo", "&a photo, b: *a", "papers.yml:1: this cannot be read as YAML: no aliases"),
    (
        "papers",
        "a photo",
        "!!python/name:os.system x",
        "papers.yml:1: entry 1, title: a plain value without the tag",
    ),
    ("papers", "a photo", "[" * 500 + "]" * 500, "lists inside lists too deep"),
    ("papers", "a photo", '"\\U00FFFFFF"', "papers.yml:1: this cannot be read as YAML"),
    (
        "papers",
        "a photo",
        "a\x07photo",
        "papers.yml:1: this cannot be read as YAML: characters that can be printed",
    ),
    ("papers", "a photo", "a photo" * 40_000, "papers.yml:1: this cannot be read as YAML: a file of at most"),
]


@pytest.mark.parametrize(("file", "was", "now", "expected"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_file_line_field_and_what_was_expected(
    tmp_path: Path, file: str, was: str, now: str, expected: str
) -> None:
    text = SOUND[f"{file}.yml"]
    assert was in text
    mistakes = found(tmp_path, **{file: text.replace(was, now, 1)})
    assert any(expected in mistake for mistake in mistakes), mistakes


def test_one_mistake_is_told_once_and_draws_no_others_after_it(tmp_path: Path) -> None:
    assert len(found(tmp_path / "a", papers="- {id: photo, titel: a photo, title: b}\n")) == 1
    assert len(found(tmp_path / "b", town=TOWN.replace("departments:", "departments: 5\n").split("  -")[0])) == 1
    assert len(found(tmp_path / "c", lamp=LAMP.replace("category: light", "category: 5"))) == 1
    assert len(found(tmp_path / "d", lamp=LAMP.replace("expect: place", "expect: plaice"))) == 1
    assert len(found(tmp_path / "e", categories="- {")) == 1
    assert len(found(tmp_path / "f", special_days=SPECIAL_DAYS.replace("12-24", "24-12"))) == 1
    assert len(found(tmp_path / "g", special_days=SPECIAL_DAYS.replace("closed", "5"))) == 1
    unknown = SPECIAL_DAYS.replace("hall", "hal")
    assert len(found(tmp_path / "h", special_days=unknown)) == 1
    assert len(found(tmp_path / "i", special_days=unknown, offices=OFFICES.replace("title", "titel"))) == 2


def test_all_mistakes_of_special_days_come_at_once(tmp_path: Path) -> None:
    mistakes = found(
        tmp_path,
        town=TOWN.replace("country: US", "country: US\nregion: ZZ"),
        special_days='- {days: 2026-02-30, hours: ["10:00"]}\n- {days: 2026-12-02 to 2026-12-01, hours: no}\n',
    )
    assert [mistake.partition(": ")[0] for mistake in mistakes] == ["town/special_days.yml:1"] * 2 + [
        "town/special_days.yml:2"
    ] * 2 + ["town/town.yml:3"]


@pytest.mark.parametrize("text", ["", "# None this year.\n", "[]\n"])
def test_a_town_may_have_no_special_days(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, special_days=text) == []
    (tmp_path / "town" / "special_days.yml").unlink()
    assert load(tmp_path / "town").special_days == ()


def test_special_days_may_be_written_over_lines(tmp_path: Path) -> None:
    text = "- days: |\n    2026-12-24 to 2026-12-26\n  hours: >\n    closed\n  note: >\n    New\n    floor\n"
    (days,) = load(written(tmp_path / "town", SOUND | {"special_days.yml": text})).special_days
    assert (days.first, days.last, days.hours, days.note) == (date(2026, 12, 24), date(2026, 12, 26), (), "New floor")


def test_a_town_may_name_its_region(tmp_path: Path) -> None:
    files = SOUND | {"town.yml": TOWN.replace("country: US", "country: AT\nregion: '9'")}
    assert load(written(tmp_path / "town", files)).town.region == "9"


def test_special_days_of_different_offices_may_meet(tmp_path: Path) -> None:
    offices = OFFICES + OFFICES.replace("hall", "mill")
    apart = (
        "- {days: 2026-12-24, offices: [hall], hours: closed}\n- {days: 2026-12-24, offices: [mill], hours: usual}\n"
    )
    assert found(tmp_path / "a", offices=offices, special_days=apart) == []
    assert len(found(tmp_path / "b", offices=offices, special_days=apart.replace(", offices: [mill]", ""))) == 1


def test_files_that_are_missing_or_badly_named_are_told(tmp_path: Path) -> None:
    folder = written(tmp_path / "town", SOUND | {"Bad-Name.yml": PIPE, "other.yaml": PIPE, "notes.txt": "x"})
    (folder / "areas.yml").unlink()
    (folder / "strange.yml").mkdir()
    told = [str(mistake) for mistake in lint(folder)]
    assert told[0].startswith("town/Bad-Name.yml:1: a file name of small letters")
    assert told[1] == "town/areas.yml:1: this file is missing"
    assert told[2].startswith("town/other.yaml:1: a file name of small letters")
    assert told[3].startswith("town/strange.yml:1: this file cannot be read")
    assert len(told) == 4


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    folder = written(tmp_path / "town", SOUND | {"papers.yml": b"- {id: photo,\n title: \xff}\n"})
    assert [str(m) for m in lint(folder)] == ["town/papers.yml:2: this cannot be read as YAML: text saved as UTF-8"]


def test_a_folder_that_is_not_there_is_told_with_the_setting_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="PLAINLINE_CATALOGUE"):
        load(tmp_path / "nowhere")


def test_loading_stops_with_every_mistake(tmp_path: Path) -> None:
    folder = written(tmp_path / "town", SOUND | {"lamp.yml": "number: 1\n", "pipe.yml": "- 5\n"})
    with pytest.raises(Misconfigured) as stopped:
        load(folder)
    assert stopped.value.mistakes == tuple(str(mistake) for mistake in lint(folder))
    assert "town/pipe.yml:1: a service expected" in stopped.value.mistakes


def test_the_exported_schemas_are_json_schemas_that_real_files_fit() -> None:
    for name in schemas():
        exported = json.loads(json.dumps(schema(name)))
        jsonschema.Draft202012Validator.check_schema(exported)
    service = jsonschema.Draft202012Validator(schema())
    assert service.is_valid(yaml.safe_load(LAMP))
    assert not service.is_valid(yaml.safe_load(LAMP.replace("who:", "whom:")))


def test_a_field_of_the_rota_that_is_split_by_a_blank_is_told(tmp_path: Path) -> None:
    folder = written(tmp_path / "town", SOUND | {"rota.yml": SOUND["rota.yml"].replace("minutes", "minute s")})
    assert [mistake.file for mistake in lint(folder)] == ["town/rota.yml"] * 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(SOUND)),
    at=st.floats(0, 1),
    length=st.integers(0, 30),
    put=st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["\n", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "? ", "%", "'", '"', "<<: "]
        ),
        st.binary(max_size=6).map(lambda raw: raw.decode("latin-1")),
    ),
)
def test_a_file_changed_anyhow_is_read_or_refused_with_its_mistakes(
    tmp_path: Path, name: str, at: float, length: int, put: str
) -> None:
    text = SOUND[name]
    cut = int(at * len(text))
    changed = (text[:cut] + put + text[cut + length :]).encode(errors="surrogatepass")
    folder = written(tmp_path / "town", SOUND | {name: changed})
    if lint(folder):
        with pytest.raises(Misconfigured):
            load(folder)
    else:
        assert load(folder).services
    written(folder, SOUND)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(SOUND)),
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "key", "title", "steps", "hours", "time", "number", "5", "x"]), inner
            )
        ),
        max_leaves=12,
    ),
)
def test_a_file_with_any_other_content_is_refused_with_its_mistakes(tmp_path: Path, name: str, data: object) -> None:
    folder = written(tmp_path / "town", SOUND | {name: yaml.safe_dump(data, allow_unicode=True)})
    nothing: dict[str, tuple[object, ...]] = {"special_days.yml": (None, []), "rota.yml": (None,)}
    assert lint(folder) or data in nothing.get(name, ())
    written(folder, SOUND)
