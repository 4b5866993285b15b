#!/usr/bin/env bash
# Every suite, one closing line.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
status=0
ops/lint.sh || status=1
(cd web && npm test --silent) || status=1
.venv/bin/python -W ignore -m pytest "$@" || status=1
exit $status
