"""What a town's people must be able to read is written down."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.house import ROOT, named, parse, python_files, rooms

DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md", "LICENSE"]
VARIABLE = re.compile(r"\b(?:PLAINLINE|TWILIO|TELEGRAM)_[A-Z0-9_]*[A-Z0-9]\b")
COMMAND = re.compile(r"\bplainline ([a-z]\w*)")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
PATH = re.compile(r"`((?:app|core|docs|ivr|locales|nlu|requirements|services|simulator|store|tests)/[\w./]*)`")
NAME = re.compile(r"`((?:app|core|ivr|nlu|simulator|store)(?:\.\w+)+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def variables() -> set[str]:
    """The settings that the source asks for by name."""
    sources = [path.read_text("utf-8") for room in rooms() for path in python_files(room)]
    assert sources, "no source was found to read"
    return {name for source in sources for name in VARIABLE.findall(source)}


def commands() -> set[str]:
    """The subcommands that there are: one module each."""
    found = {module.name for module in pkgutil.iter_modules([str(ROOT / "app" / "commands")])}
    assert found, "app/commands has no module"
    return found


def routes(tree: ast.AST) -> Iterator[str]:
    """The paths that a module gives to `add_url_rule`, as they stand or from a list that is gone through."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple | ast.List) and calls_for_rules(node):
            yield from (path for row in node.iter.elts for path in first_text(row))
        elif is_rule(node):
            yield from first_text(node)


def calls_for_rules(tree: ast.AST) -> bool:
    return any(is_rule(node) for node in ast.walk(tree))


def is_rule(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_url_rule"


def first_text(node: ast.AST) -> list[str]:
    """The first of a call's arguments or a tuple's parts, if it is a text."""
    parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
    first = parts[0] if parts else None
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def modules_with_routes() -> dict[str, ast.Module]:
    """What a town's line answers to: the web process and the channels."""
    channels = [path for room in ("bot", "front", "handoff", "ivr") if room in rooms() for path in python_files(room)]
    read = {named(path): parse(path) for path in (ROOT / "app" / "web.py", *channels)}
    return {name: tree for name, tree in read.items() if calls_for_rules(tree)}


def pages() -> list[Path]:
    """What is written for people who use and run it."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if page.exists()]


def linked() -> list[Path]:
    return [*pages(), *(ROOT / name for name in DOCUMENTS if name.endswith(".md") and name != "README.md")]


def documented() -> str:
    return "\n".join(page.read_text("utf-8") for page in pages())


def anchor(heading: str) -> str:
    """The name under which a heading is linked to, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken_links(page: Path) -> Iterator[str]:
    for target, part in LINK.findall(page.read_text("utf-8")):
        there = (page.parent / target).resolve() if target else page
        if not there.exists():
            yield f"{named(page)}: {target}"
        elif part and part not in map(anchor, HEADING.findall(there.read_text("utf-8"))):
            yield f"{named(page)}: {target}#{part}"


def is_there(name: str) -> bool:
    """Whether a module, or something in one, has this dotted name."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_newcomer_finds(name: str) -> None:
    assert (ROOT / name).read_text("utf-8").strip()


def test_every_setting_is_explained() -> None:
    said = set(VARIABLE.findall(documented()))
    assert sorted(variables() - said) == []


def test_no_setting_is_explained_that_is_not_there() -> None:
    said = set(VARIABLE.findall(documented()))
    assert sorted(said - variables()) == []


def test_every_command_is_explained() -> None:
    assert sorted(commands() - set(COMMAND.findall(documented()))) == []


def test_no_command_is_explained_that_is_not_there() -> None:
    assert sorted(set(COMMAND.findall(documented())) - commands()) == []


def test_every_route_is_explained() -> None:
    modules = modules_with_routes()
    assert modules, "no module with routes was found"
    for name, tree in modules.items():
        paths = sorted(set(routes(tree)))
        assert paths, f"{name} gives its paths in a way that this test does not read"
        said = documented()
        assert [path for path in paths if not re.search(rf"(?:GET|POST) {re.escape(path)}`", said)] == []


def test_links_between_documents_lead_somewhere() -> None:
    assert [broken for page in linked() for broken in broken_links(page)] == []


def test_files_that_documents_name_are_there() -> None:
    assert sorted(path for path in set(PATH.findall(documented())) if not (ROOT / path).exists()) == []


def test_what_documents_name_in_the_code_is_there() -> None:
    assert sorted(name for name in set(NAME.findall(documented())) if not is_there(name)) == []


def test_settings_are_found_in_the_source() -> None:
    assert VARIABLE.findall('one("PLAINLINE_PUBLIC_URL"), TWILIO_AUTH_TOKEN') == [
        "PLAINLINE_PUBLIC_URL",
        "TWILIO_AUTH_TOKEN",
    ]


def test_commands_are_found_in_a_document() -> None:
    assert COMMAND.findall("`plainline web`, bin/plainline talk --as sms; not var/plainline.db") == ["web", "talk"]


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ('app.add_url_rule("/healthz", "healthz", view)', ["/healthz"]),
        ('for path, view in (("/a", x), ("/b", y)):\n    routes.add_url_rule(path, "n", view)', ["/a", "/b"]),
        ('for path in ("/c", "/d"):\n    print(path)', []),
    ],
)
def test_routes_are_found_in_a_module(source: str, paths: list[str]) -> None:
    assert list(routes(ast.parse(source))) == paths


def test_headings_are_linked_to_as_forges_name_them() -> None:
    assert anchor("Requests for a person, and cases") == "requests-for-a-person-and-cases"


def test_links_are_found_in_a_document() -> None:
    links = LINK.findall("[a](exchange.md#trouble) [b](https://example.org) [c](#here)")
    assert links == [("exchange.md", "trouble"), ("", "here")]


def test_names_and_paths_are_found_in_a_document() -> None:
    said = "`core.dialogue.needs`, `store/schema.py`, `tests/nlu/<code>.yml`, `app.commands.web:application`"
    assert NAME.findall(said) == ["core.dialogue.needs"]
    assert PATH.findall(said) == ["store/schema.py"]


def test_a_name_that_is_gone_is_noticed() -> None:
    assert is_there("core.dialogue.needs")
    assert not is_there("core.dialogue.wishes")
    assert not is_there("core.wishes")
