"""Measure how long callers listen, how fast turns are answered, and what the whole takes to run."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from app import bench_growth, bench_listen, bench_load, bench_nlu, bench_tail, bench_turn, bench_up
from app.caller import first_caller

HELP = "Measure how long callers listen, how fast turns are answered, and what the whole takes to run."

WHAT = ("listen", "turn", "start", "memory", "load", "growth", "nlu", "tail", "callers")

CALLERS = "simulator.callers"
"""The module that calls, in a process of its own: it plays the provider, which no part of the application may."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and how long."""
    parser.add_argument("what", nargs="?", choices=WHAT, help="default: all but load, growth, nlu, tail, callers")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument(
        "--seconds", type=float, help="turn: of measuring a figure (default 10); load: of use (default 300)"
    )
    parser.add_argument("--faults", action="store_true", help="load: with faults on the way to the provider")
    parser.add_argument("--pace", type=float, default=1.0, help="load: 1 is people's, 0 as quick as answers come")
    parser.add_argument(
        "--conversations", type=int, default=bench_growth.CONVERSATIONS, help="growth: the fewest (default 1000)"
    )
    parser.add_argument("--public", type=Path, help="nlu: a folder of public sets as JSON lines (text, label, split)")
    parser.add_argument("--growth", action="store_true", help="nlu: what many services take, instead")
    parser.add_argument("--sizes", type=int, nargs="*", default=(), help="nlu --growth: how many (28 200 2000)")
    parser.add_argument("--services", type=int, default=0, help="tail: how many are hidden in turn (default all)")
    parser.add_argument("--calls", type=int, help="callers: how many (default 2000)")
    parser.add_argument("--full", action="store_true", help="callers: 600 of each kind, and 2 points in the comparison")
    parser.add_argument("--seed", type=int, help="callers: another seed makes other calls (default 1)")
    parser.add_argument("--designs", nargs="*", help="callers: other designs to compare ours with; all of them")
    parser.add_argument("--cells", action="store_true", help="callers: also each kind of caller in each language")
    parser.add_argument("--to", type=Path, help="callers: a folder for figures, a picture and the calls that failed")
    parser.add_argument("--keep", type=Path, help="callers: a file for what came of each call")
    parser.add_argument("--against", type=Path, help="callers: fail if it is worse than in that file for anybody")
    parser.add_argument("--people", type=Path, help="callers: a table of calls that real people made, instead")
    parser.add_argument("--turns", type=int, default=bench_up.TURNS, help="memory: how many (default 10000)")
    parser.add_argument("--clients", type=int, default=bench_turn.CLIENTS, help="turn: at once (default 16)")
    parser.add_argument(
        "--postgres",
        default=os.environ.get("PLAINLINE_TEST_POSTGRES_URL", ""),
        help="for turn, load, growth: a server whose user may create databases (default: PLAINLINE_TEST_POSTGRES_URL)",
    )


def run(args: argparse.Namespace) -> int:
    """Print the figures, and whether each aim holds."""
    if args.what == "callers":
        return callers(args)
    figures: dict[str, object] = {}
    if args.what in (None, "listen"):
        found = listen()
        figures["listen"] = bench_listen.as_json(found)
        _show(args, bench_listen.table(found))
    if args.what in (None, "turn"):
        pairs = bench_turn.measure(args.seconds or bench_turn.SECONDS, args.clients, args.postgres)
        figures["turn"] = bench_turn.as_json(pairs)
        _show(args, bench_turn.table(pairs, args.clients))
    if args.what in (None, "start"):
        started = bench_up.start()
        figures["start"] = bench_up.start_json(started)
        _show(args, bench_up.start_table(started))
    if args.what in (None, "memory"):
        sizes = bench_up.memory(args.turns)
        figures["memory"] = bench_up.memory_json(sizes)
        _show(args, bench_up.memory_table(sizes, args.turns))
    if args.what == "load":
        seconds = args.seconds or bench_load.SECONDS
        loads = bench_load.measure(seconds, args.pace, args.postgres, faults=args.faults)
        figures["load"] = bench_load.as_json(loads)
        _show(args, bench_load.table(loads, seconds, args.pace))
    if args.what == "growth":
        growth = bench_growth.measure(args.conversations, bench_growth.TRIES, args.postgres)
        figures["growth"] = bench_growth.as_json(growth)
        _show(args, bench_growth.table(growth))
    if args.what == "nlu" and args.growth:
        grown = bench_nlu.measure_growth(args.sizes)
        figures["growth"] = bench_nlu.growth_json(grown)
        _show(args, bench_nlu.growth_table(grown))
    elif args.what == "nlu":
        understood = bench_nlu.measure(args.public)
        figures["nlu"] = bench_nlu.as_json(*understood)
        _show(args, bench_nlu.table(*understood))
    if args.what == "tail":
        tail = bench_tail.measure(args.services)
        figures["tail"] = bench_tail.as_json(*tail)
        _show(args, bench_tail.table(*tail))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


def _show(args: argparse.Namespace, lines: Iterable[str]) -> None:
    if not args.json:
        print("\n".join(lines) + "\n", flush=True)


def listen() -> bench_listen.Listening:
    """The figures for the catalogue in use."""
    caller = first_caller()
    return bench_listen.measure(caller.catalog, caller.words, caller.voice)


def callers(args: argparse.Namespace) -> int:
    """Simulated callers, with what was given for them; 1 if it has become worse for somebody."""
    given = ((name, getattr(args, name)) for name in ("calls", "seed", "to", "keep", "against", "people"))
    words = [word for name, value in given if value is not None for word in (f"--{name}", str(value))]
    words += [f"--{name}" for name in ("full", "cells", "json") if getattr(args, name)]
    words += ["--designs", *args.designs] if args.designs else []
    return subprocess.run([sys.executable, "-m", CALLERS, *words], check=False).returncode
