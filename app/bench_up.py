"""How long `make run` takes until a call is answered, and how much memory everything together holds.

Both start the real thing on this machine, in a data folder made for it, and call it as Twilio would.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from app.bench_turn import ACCOUNT, CLIENTS, NUMBER, TOKEN, Press, free_ports, run_turns
from app.limit_settings import NO_LIMITS
from core.errors import Misconfigured, StoreUnavailable

STARTS = 5
TURNS = 10_000

MOST_SECONDS = 5.0
"""The aim: from `make run` on a set-up clone to the first answered call."""

MOST_MEGABYTES = 600.0
"""The aim: all processes together, after `TURNS` turns."""

PATIENCE = 180.0
_PORTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How long the starts took, in seconds: the first with nothing learnt yet, and those after it."""

    first: float
    later: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """The median of the later ones."""
        return median(self.later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Resident megabytes of one process at rest, and after the turns."""

    process: str
    at_rest: float
    after: float


def start(starts: int = STARTS) -> Start:
    """Start it again and again, each time until a call is answered."""
    with tempfile.TemporaryDirectory(prefix="plainline-bench-") as folder:
        taken = []
        for _ in range(starts + 1):
            began = time.perf_counter()
            with _everything(Path(folder)) as port:
                _answered(port)
                taken.append(time.perf_counter() - began)
    return Start(first=taken[0], later=tuple(taken[1:]))


def memory(turns: int = TURNS) -> tuple[Size, ...]:
    """The size of each process, at rest and after so many turns."""
    with tempfile.TemporaryDirectory(prefix="plainline-bench-") as folder, _everything(Path(folder)) as port:
        _answered(port)
        time.sleep(5)
        at_rest = _sizes()
        run_turns([Press(port=port, call=f"CA{n:032x}") for n in range(CLIENTS)], turns)
        after = _sizes()
    return tuple(Size(process=name, at_rest=size, after=after.get(name, 0.0)) for name, size in at_rest.items())


@contextmanager
def _everything(folder: Path) -> Iterator[int]:
    """`plainline up` with the simulator, whose account is known here; the web server's port."""
    port = free_ports(_PORTS)
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("TWILIO_", "TELEGRAM_", "PLAINLINE_"))}
    environment: Mapping[str, str] = kept | {
        "PLAINLINE_DATA": str(folder / "data"),
        "PLAINLINE_SIMULATOR_ACCOUNT": ACCOUNT,
        "PLAINLINE_SIMULATOR_TWILIO_TOKEN": TOKEN,
        "PLAINLINE_SIMULATOR_NUMBER": NUMBER,
        **NO_LIMITS,
    }
    command = [sys.executable, "-m", "app.cli", "up", "--port", str(port), "--pages-port", str(port + 1)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield port
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _answered(port: int) -> None:
    """Call until it is answered."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, StoreUnavailable):
            Press(port=port, call="CA" + "f" * 32).ask()
            return
        time.sleep(0.02)
    raise Misconfigured(["`plainline up` answered no call. Run it by hand to see why."])


def _sizes() -> dict[str, float]:
    """Resident megabytes of each process below this one, by what it is."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    found, parents = dict[str, float](), {os.getpid()}
    while parents:
        below = [(int(pid), int(rss), args) for pid, parent, rss, args in rows if int(parent) in parents]
        for _, kilobytes, args in below:
            if name := _name(args):
                found[name] = found.get(name, 0.0) + kilobytes / 1024
        parents = {pid for pid, _, _ in below}
    return found


def _name(command: str) -> str:
    """What a process is, by its command; the web server's workers are started by Python's own multiprocessing."""
    if named := re.search(r"app\.cli (\w+)", command):
        return named[1]
    if "simulator.pages" in command:
        return "simulator"
    return "web" if "multiprocessing" in command else ""


# --- as a table ----------------------------------------------------------------------------------------------


def start_table(found: Start) -> Iterator[str]:
    """The figures as lines of text."""
    yield "From `plainline up` on a set-up clone to the first answered call, in seconds"
    yield f"  the first time, the engine learns   {found.first:6.1f}"
    yield f"  after that, median of {len(found.later)}            {found.seconds:6.1f}   worst {max(found.later):.1f}"
    yield ""
    kept = "holds" if found.seconds <= MOST_SECONDS else "does not hold"
    yield f"Aim: at most {MOST_SECONDS:g} seconds: {found.seconds:.1f}, {kept}."


def memory_table(sizes: tuple[Size, ...], turns: int) -> Iterator[str]:
    """The figures as lines of text."""
    yield "Resident megabytes"
    yield f"{'':14}{'at rest':>10}{f'after {turns:,} turns':>22}"
    for size in sizes:
        yield f"{size.process:14}{size.at_rest:10.0f}{size.after:22.0f}"
    whole = sum(size.after for size in sizes)
    yield f"{'together':14}{sum(size.at_rest for size in sizes):10.0f}{whole:22.0f}"
    yield ""
    kept = "holds" if whole <= MOST_MEGABYTES else "does not hold"
    yield f"Aim: at most {MOST_MEGABYTES:g} together: {whole:.0f}, {kept}."


def start_json(found: Start) -> dict[str, object]:
    """The figures as plain values."""
    return {**asdict(found), "seconds": found.seconds, "holds": found.seconds <= MOST_SECONDS}


def memory_json(sizes: tuple[Size, ...]) -> dict[str, object]:
    """The figures as plain values."""
    whole = sum(size.after for size in sizes)
    return {"processes": [asdict(size) for size in sizes], "together": whole, "holds": whole <= MOST_MEGABYTES}
