#!/bin/sh
# Print the path of a Python 3.10 for Rasa, with what `python -m venv` needs. Rasa 3.6 runs on no later one.
# If there is none, say how to get one, and fail.
# Set PYTHON to choose one yourself.

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }
makes_environments() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

of_pyenv() { ls -d "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python3.10 2>/dev/null; }
of_uv() {
    for uv in uv .venv/bin/uv; do
        command -v "$uv" >/dev/null && "$uv" python find --no-python-downloads 3.10 2>/dev/null && return
    done
}

without_venv=
for name in ${PYTHON:-python3.10 $(of_pyenv) $(of_uv) python3 python}; do
    is_310 "$name" || continue
    if makes_environments "$name"; then
        "$name" -c 'import sys; print(sys.executable)'
        exit 0
    fi
    without_venv=${without_venv:-$name}
done

if [ -n "$without_venv" ]; then
    echo "Python 3.10 is here, but its venv module is not. On Debian or Ubuntu:" >&2
    echo "  apt-get install python3.10-venv" >&2
else
    echo "Rasa 3.6 needs Python 3.10, and none was found. Any of these brings one:" >&2
    echo "  apt-get install python3.10-venv    (Ubuntu 22.04)" >&2
    echo "  pyenv install 3.10" >&2
    echo "  .venv/bin/uv python install 3.10" >&2
    echo "If it is somewhere else: make rasa RASA_PYTHON=/path/to/python3.10" >&2
fi
exit 1
