#!/bin/sh
# Print the command of a Python that can run Plainline: 3.11 or later, with what `python -m venv` needs.
# If there is none, say what is missing and what to install, and fail.
# Set PYTHON to choose one yourself.

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
# Debian and its kin ship `venv` without `ensurepip`, and then the environment cannot be made.
makes_environments() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

without_venv=
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    new_enough "$name" || continue
    if makes_environments "$name"; then
        command -v "$name"
        exit 0
    fi
    without_venv=${without_venv:-$name}
done

if [ -n "$without_venv" ]; then
    version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $version is here, but its venv module is not. On Debian or Ubuntu:" >&2
    echo "  apt-get install python$version-venv" >&2
else
    echo "Plainline needs Python 3.11 or later, and none was found. On Debian or Ubuntu:" >&2
    echo "  apt-get install python3 python3-venv" >&2
    echo "If it is somewhere else: make setup PYTHON=/path/to/python3" >&2
fi
exit 1
