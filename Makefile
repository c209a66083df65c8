# Every recipe works on a fresh machine with Python 3.11, make and a network to the package registries.
# uv is taken from PATH, or brought into .tools/ by scripts/uv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
UV := scripts/uv
PYTHON := .venv/bin/python
export UV_COMPILE_BYTECODE = 1

.PHONY: demo test lint docs bench fuzz wheel gate realworld crash foreign setup lock new-control clean help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.complete ## make .venv with everything pinned

.venv/.complete: requirements/dev.txt packages/standfast/pyproject.toml packages/standfast-kit/pyproject.toml scripts/uv
	@test -x $(PYTHON) || $(UV) venv --quiet --python 3.11 .venv
	@$(UV) pip sync --quiet --python $(PYTHON) --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation -e packages/standfast -e packages/standfast-kit
	@touch $@

demo: setup ## gate the payments example with real tools; leaves out/demo.html
	@scripts/demo

test: setup ## set up, then run every test: units, properties, contracts, docs, wheels, end to end
	@scripts/system-packages
	@mkdir -p out
	@scripts/without-network $(PYTHON) -m pytest -n 2 packages --junitxml=out/junit-packages.xml --cov --cov-report=
	@$(PYTHON) -m pytest -n 2 tests --junitxml=out/junit-repository.xml --cov --cov-append --cov-report=json:out/coverage.json

lint: setup ## ruff, mypy strict, import contracts
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

docs: setup ## run every code block of docs/ and the README
	@$(PYTHON) -m pytest -n 2 tests/docs

wheel: setup ## build the wheels and try them alone in a bare environment
	@$(PYTHON) -m pytest tests/e2e/test_wheel_alone.py

gate: setup ## standfast judges this repository, by the reports that `make test` left
	@scripts/gate

bench: setup ## measure side by side with named peers
	@scripts/bench

fuzz: setup ## coverage-guided fuzzing of every importer, every collector and the ledger (atheris)
	@scripts/fuzz

crash: setup ## inject faults, power failures and kills into what writes a ledger (strace)
	@scripts/crash

realworld: setup ## gate published projects and compare with their tools run by hand
	@scripts/realworld

foreign: setup ## have other people's programs verify a ledger
	@$(PYTHON) -m benchmarks.foreign

new-control: setup ## make controls/<ID> from the template: make new-control ID=backup_restored_recently
	@test -n "$(ID)" || { echo "usage: make new-control ID=wished_condition_in_snake_case" >&2; exit 2; }
	@$(PYTHON) scripts/new_control.py "$(ID)"

lock: ## write the hashed requirement files anew
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  -o requirements/dev.txt packages/standfast/pyproject.toml packages/standfast-kit/pyproject.toml requirements/dev.in
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  -o requirements/uv.txt requirements/uv.in

clean: ## remove what the recipes made
	@rm -rf .venv .tools dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
