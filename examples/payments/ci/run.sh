#!/usr/bin/env bash
# Everything a change has to pass, in the order of how quickly it fails. Leaves reports in out/.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
mkdir -p out
"$python" -m ruff check --output-format=sarif --output-file=out/ruff.sarif .
"$python" -m ruff format --check .
"$python" -m mypy
"$python" -m pytest --junit-xml=out/junit.xml --cov --cov-report=term-missing:skip-covered \
    --cov-report=xml:out/coverage.xml --cov-report=json:out/coverage.json
"$python" -m payments openapi | diff - openapi.json
