#!/usr/bin/env bash
# Every suite; with arguments, pytest with these.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
status=0
pytest() { .venv/bin/python -W ignore -m pytest "$@" || status=1; }
ops/lint.sh || status=1
(cd web && npm test --silent) || status=1
if [ $# -gt 0 ]; then
  pytest "$@"
else
  pytest -n 2 tests/unit tests/laws tests/integration # two workers, each with a database of its own
  pytest -n 3 tests/stories tests/e2e                 # whole systems and a browser: they wait more than they work
fi
exit $status
