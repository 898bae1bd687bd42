"""Run by test_import_time.py in a process of its own: import modules, and print what that did to the world.

The arguments are the modules. The answer is one JSON object: `acts` (files written, sockets and databases
opened, programs started) and `loaded` (the top-level packages that are now in memory).
"""

import importlib
import json
import os
import sys

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
ACTS = {
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "sqlite3.connect",
    "subprocess.Popen",
    "os.system",
}

acts: list[str] = []


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what reaches out of the process (Python's audit events); reading files is how importing works."""
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        acts.append(f"opens {arguments[0]} for writing")
    elif event == "socket.bind" and arguments[1] == ("::1", 0):
        return  # urllib3 asks in this way, once, whether the machine has IPv6
    elif event in ACTS:
        acts.append(f"{event} {arguments!r}")


def main() -> None:
    sys.addaudithook(watch)
    for name in sys.argv[1:]:
        before = len(acts)
        importlib.import_module(name)
        acts[before:] = [f"{name}: {act}" for act in acts[before:]]
    loaded = sorted({name.split(".")[0] for name in sys.modules})
    sys.stdout.write(json.dumps({"acts": acts, "loaded": loaded}))


if __name__ == "__main__":
    main()
