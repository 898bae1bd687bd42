"""`plainline bench callers`: simulated callers on the line, and what came of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from app.following import follow
from app.loading import load
from app.log import set_up
from app.settings import here
from core.errors import Misconfigured
from simulator.callers import figures, gate, people
from simulator.callers.calling import ALONE, Outcome, Plan
from simulator.callers.designs import OURS, names
from simulator.callers.line import wired
from simulator.callers.personas import personas
from simulator.callers.planning import CALLS, FULL_EACH, whole, without_forms
from simulator.callers.running import LANES, run


def main(argv: Sequence[str] | None = None) -> int:
    """0 if all went well, 1 if a change makes it worse for somebody, 2 if it could not begin."""
    args = parser().parse_args(argv)
    follow()
    set_up()
    try:
        return _main(args)
    except Misconfigured as wrong:
        for mistake in wrong.mistakes:
            print(mistake, file=sys.stderr)  # noqa: T201 a command speaks to a terminal
        return 2


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    made = argparse.ArgumentParser(prog="plainline bench callers")
    made.add_argument("--calls", type=int, default=CALLS, help=f"how many (default {CALLS}); texts beside")
    made.add_argument("--full", action="store_true", help=f"{FULL_EACH} calls a persona, and 2 points in the gate")
    made.add_argument("--seed", type=int, default=1, help="another seed makes other calls (default 1)")
    made.add_argument("--designs", nargs="*", default=(), help=f"to compare: all, or some of {', '.join(names())}")
    made.add_argument("--cells", action="store_true", help="also each persona in each language")
    made.add_argument("--to", type=Path, help="a folder for the figures, a picture and the calls that failed")
    made.add_argument("--keep", type=Path, help="a file for what came of each call, for --against")
    made.add_argument("--against", type=Path, help="fail if it is worse than this file's for any persona or language")
    made.add_argument("--people", type=Path, help="a table of calls that real people made, instead")
    made.add_argument("--json", action="store_true", help="the figures as JSON")
    made.add_argument("--lanes", type=int, default=LANES, help="processes at once (default 2)")
    return made


def _main(args: argparse.Namespace) -> int:
    if args.people:
        _show(args, people.read(args.people), "real people")
        return 0
    settings = here()
    catalog = load(settings.catalogue)
    calls = FULL_EACH * len(personas()) if args.full else args.calls
    made = whole(catalog, args.seed, calls)
    old = gate.read(args.against, partial(whole, catalog)) if args.against else {}
    if args.against:
        gate.must_pair(old, [plan.key for plan in made])  # before minutes of calls
    wired(settings.folder)  # what is learnt is kept, so that no process learns it again
    if args.designs:
        return _compare(args, made, settings.folder)
    outcomes = run(made, "shipped", settings.folder, args.lanes)
    _show(args, outcomes, "shipped")
    if args.keep:
        args.keep.write_text(gate.kept(made, outcomes, args.seed, calls), "utf-8")
    return _held(args, old, outcomes) if args.against else 0


def _held(args: argparse.Namespace, old: Mapping[str, str], outcomes: Sequence[Outcome]) -> int:
    """The gate."""
    most = gate.MOST_DROP_FULL if args.full else gate.MOST_DROP
    _say("", *gate.report(old, outcomes, most))
    held = gate.passes(old, outcomes, most)
    _say("", "The gate holds." if held else f"The gate does not hold: a group lost more than {most:g} points.")
    return 0 if held else 1


def _compare(args: argparse.Namespace, made: Sequence[Plan], data: Path) -> int:
    """The same calls on every design. Lines without forms are asked for nothing that needs one; nor is ours then."""
    wanted = names() if "all" in args.designs else tuple(dict.fromkeys(("shipped", *args.designs)))
    voice = [plan for plan in made if plan.channel == "voice"]
    same = voice if set(wanted) <= set(OURS) else without_forms(made)
    found = {design: run(same, design, data, args.lanes) for design in wanted}
    base = {one.key: one.outcome for one in found["shipped"]}
    everybody = {"all": figures.GROUPS["all"]}
    rows = [figures.row("design", design, outcomes) for design, outcomes in found.items()]
    if args.json:
        _say(json.dumps({"designs": [row.as_json() for row in rows]}, ensure_ascii=False, indent=1))
    else:
        _say(*figures.table(rows, groups=("design",)), "", "Finished alone, beside ours, call by call:")
        for design, outcomes in found.items():
            (change,) = gate.changes(base, outcomes, everybody)
            worst = min(
                (figures.row("persona", name, [one for one in outcomes if one.persona == name]) for name in personas()),
                key=lambda row: row.shares[ALONE].value if row.calls else 1.0,
            )
            _say(f"{design:20} {change.points:+6.1f} points ({change.interval[0]:+.1f} to {change.interval[1]:+.1f}); "
                 f"worst persona {worst.name} {worst.shares[ALONE]}")  # fmt: skip
    return 0


def _show(args: argparse.Namespace, outcomes: Sequence[Outcome], title: str) -> None:
    rows = figures.rows(outcomes)
    told = {"design": title, "figures": [row.as_json() for row in rows], "calls": [one.as_json() for one in outcomes]}
    if args.to:
        args.to.mkdir(parents=True, exist_ok=True)
        (args.to / "callers.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
        (args.to / "callers.svg").write_text(figures.picture(rows, f"What came of {len(outcomes)} calls"), "utf-8")
        failed = [f"{one.key}: {one.outcome}\n{one.transcript}\n" for one in outcomes if one.outcome != ALONE]
        (args.to / "not-alone.txt").write_text("\n".join(failed), "utf-8")
    if args.json:
        _say(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _say(*figures.table(rows, cells=args.cells))


def _say(*lines: str) -> None:
    print("\n".join(lines), flush=True)  # noqa: T201 a command speaks to a terminal


if __name__ == "__main__":
    sys.exit(main())
