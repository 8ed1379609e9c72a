# On a fresh machine (Python 3.11 or newer, and make): `make demo` shows the linter at work, `make test` runs every check.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test lint types floors format clean

help:
	@echo "make demo    set up, check the templates in fixtures/demo, leave recoverable.sarif"
	@echo "make test    set up, then format, lint, types, import contract and all tests"
	@echo "make format  rewrite the code in the house style"
	@echo "make clean   remove what the targets above made"

# pip 25.1 is the first that knows dependency groups (--group).
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "recoverable needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.installed: pyproject.toml linter/recoverable/__init__.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developer: pyproject.toml | $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

# Findings are what the demo is there to show, so exit code 1 is its success and any other code its failure.
demo: $(VENV)/.installed
	@$(BIN)/recoverable check fixtures/demo -o sarif=recoverable.sarif; \
	code=$$?; \
	if [ $$code -ne 1 ]; then echo "make demo: expected exit code 1 (findings), got $$code" >&2; exit 1; fi; \
	echo "make demo: exit code 1 means findings, as it should here; the same findings are in recoverable.sarif"

test: lint types floors
	$(BIN)/python -m pytest

lint: $(VENV)/.developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.developer
	$(BIN)/mypy

floors: $(VENV)/.developer
	$(BIN)/lint-imports

format: $(VENV)/.developer
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) dist recoverable.sarif .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
