# make run    set up, then start everything; begin at http://127.0.0.1:8000
# make test   set up, then run the checks and all tests but the long proofs
# make proof  set up, then run a small share of the long proofs; FULL=1 runs all, and can be broken off and run again
# The rest is named in CONTRIBUTING.md.

.DEFAULT_GOAL := run
.PHONY: run setup test proof lint format bench pictures rasa rasa-ready lock clean

PORT ?= 8000
FULL ?=
RASA_PORT ?= 5005
PIP := .venv/bin/python -m pip --disable-pip-version-check
LOCK := .venv/bin/uv pip compile --quiet --universal --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links

run: setup
	.venv/bin/plainline up --port $(PORT)

setup: .venv/ready

# Touched last, so that a set-up that was interrupted is done again. Python compiles what it imports, when it imports
# it: compiling everything here would double the time.
.venv/ready: requirements/dev.txt pyproject.toml requirements/find_python.sh
	@python=$$(PYTHON='$(PYTHON)' sh requirements/find_python.sh) && "$$python" -m venv .venv
	$(PIP) install --quiet --require-hashes --no-compile -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lint: setup
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy .

format: setup
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

test: lint
	.venv/bin/python -m pytest --ignore=tests/proof --numprocesses 3 --dist loadfile

# Two at once, then those that load the machine or measure it, one by one.
proof: export PLAINLINE_PROOF_FULL = $(FULL)
proof: setup
	.venv/bin/python -m tests.proof.record begin
	.venv/bin/python -m pytest -q tests/proof -m "not alone" --numprocesses 2 --dist worksteal
	.venv/bin/python -m pytest -q tests/proof -m alone
	.venv/bin/python -m tests.proof.record

bench: setup
	.venv/bin/plainline bench

# Needs Chromium and fonts with all four scripts, as the tests of the pages do.
pictures: setup
	.venv/bin/python -m tests.pages.pictures

# Rasa, for offices that have it: the engine that PLAINLINE_RASA_URL=http://127.0.0.1:5005 asks. It needs a Python 3.10,
# 3 GB of disk and 4 GB of memory; both targets can be given again, and do only what is to be done.
rasa: rasa-ready
	sh requirements/rasa.sh serve $(RASA_PORT)

rasa-ready: setup .rasa/ready
	.venv/bin/plainline nlu export rasa --to nlu/rasa
	sh requirements/rasa.sh train

.rasa/ready: requirements/rasa.txt requirements/find_python_for_rasa.sh
	@python=$$(PYTHON='$(RASA_PYTHON)' sh requirements/find_python_for_rasa.sh) && "$$python" -m venv --clear .rasa/venv
	.rasa/venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-compile \
	  -r requirements/rasa.txt
	@touch $@

# Take newer releases: `make lock UPGRADE=--upgrade`.
lock: setup
	$(LOCK) $(UPGRADE) --python-version 3.11 requirements/main.in --output-file requirements/main.txt
	$(LOCK) $(UPGRADE) --python-version 3.11 requirements/dev.in --constraints requirements/main.txt \
	  --output-file requirements/dev.txt
	$(LOCK) $(UPGRADE) --python-version 3.10 requirements/rasa.in --output-file requirements/rasa.txt

clean:
	rm -rf .venv build dist plainline.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .proof .rasa
