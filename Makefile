# Everything a newcomer needs is here: `make up` to see it, `make test` to trust it.
# Only Python 3.11–3.13 with venv, make and git are needed; the rest is brought into .venv and node_modules.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A centre is ten processes that read the same modules: compiled once, each starts half a second of work sooner.
unexport PYTHONDONTWRITEBYTECODE
# Where the lock files name no index, the machine's own setting decides.
# The lock files are whole, so pip needs to resolve nothing.
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes --no-deps

.DEFAULT_GOAL := help
.PHONY: help setup dev web up test check fix bench faults long needs

help:  ## show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.run web  ## bring everything into .venv and build the browser files

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed, this is %d.%d: set PYTHON=python3.11" % v)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'Python has no venv here: sudo apt-get install -y python3-venv'; exit 1; }

$(VENV)/.run: $(BIN)/python requirements/run.lock requirements/build.lock pyproject.toml
	@echo 'Installing what runs the centre (once, about a minute) …'
	@$(INSTALL) -r requirements/run.lock -r requirements/build.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	@echo 'Installing what tests and checks need …'
	@$(INSTALL) --no-compile -r requirements/dev.lock
	@touch $@

dev: $(VENV)/.dev web

web: $(VENV)/.run
	@$(BIN)/python tools/build_web.py
	@$(BIN)/python tools/translations.py compile

up: setup  ## start a whole centre with a simulated province (Ctrl-C stops it)
	@exec $(BIN)/haidang up --demo tay-ninh

needs:
	@sh scripts/needs

test:  ## all tests; about a quarter of an hour on 2 cores
	@$(MAKE) --no-print-directory -j3 dev needs
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m 'not long and not slow_fault' $(ARGS)

check: dev  ## style, types, imports, content, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy haidang
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet haidang
	@$(BIN)/python tools/build_web.py --check
	@$(BIN)/haidang check
	@HAIDANG_HOME=$$(mktemp -d) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

fix: dev  ## mend what can be mended by machine
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: dev needs  ## all benchmarks; `make -s bench-NAME` runs one, its last line is JSON
	@$(BIN)/python -m bench

bench-%: $(VENV)/.dev web
	@$(BIN)/python -m bench $*

faults: dev needs  ## kill, cut and fill, in full (under ten minutes measured)
	@HAIDANG_FAULTS=all $(BIN)/python -m pytest tests/faults tests/journeys/test_backup.py tests/journeys/test_standby.py tests/journeys/test_start.py -m 'not long' $(ARGS)

long: dev  ## what takes hours, before a release
	@sh scripts/needs long
	@HAIDANG_FAULTS=all $(BIN)/python -m pytest -m long $(ARGS)
	@$(BIN)/python -m bench --long
