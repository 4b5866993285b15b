#!/usr/bin/env bash
# Every check that only reads the source: what it says is printed, what is well stays silent.
# Python's and Node's tools run beside each other: together they take as long as mypy alone.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

check() {  # check NAME COMMAND…: prints what a failing command said
  local name=$1 said; shift
  said=$("$@" 2>&1) || { printf '✗ %s\n%s\n' "$name" "$said"; return 1; }
}

python_tools() {
  local status=0
  check ruff ruff check -q . || status=1
  check import-linter lint-imports --no-cache || status=1
  check djlint djlint binhan --lint --quiet || status=1
  check djhtml djhtml --check --tabwidth 2 binhan || status=1
  check sqlfluff sqlfluff lint binhan || status=1
  check mypy mypy --no-error-summary || status=1
  return $status
}

node_tools() {
  local status=0
  cd web || return 1
  check typescript npm run --silent typecheck || status=1
  check prettier npm run --silent format:check || status=1
  check oxlint npm run --silent lint || status=1
  check contract npm run --silent contract:check || status=1
  check layers npm run --silent layers || status=1
  return $status
}

node_tools & beside=$!
status=0
python_tools || status=1
wait $beside || status=1
exit $status
