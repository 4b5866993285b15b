#!/usr/bin/env bash
# Every suite, one closing line.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
status=0
.venv/bin/ruff check -q . || status=1
.venv/bin/lint-imports --no-cache > /tmp/binhan-imports.$$ 2>&1 || { cat /tmp/binhan-imports.$$; status=1; }
rm -f /tmp/binhan-imports.$$
.venv/bin/mypy --no-error-summary || status=1
(cd web && npm run --silent typecheck && npm test --silent) || status=1
.venv/bin/python -W ignore -m pytest "$@" || status=1
exit $status
