#!/usr/bin/env bash
# Ten whole runs of the stories and the browser tests in a row, the last five beside two busy loops. Prints a table; fails
# unless every run was green and none needed a second try. The output of each run is kept in the folder that is said.
# `test-ten.sh 4 10` runs the fourth to the tenth: where ten do not fit into one sitting.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
suites=${TEN_COMMAND:-.venv/bin/python -W ignore -m pytest -q -n 3 tests/stories tests/e2e}
kept=$(mktemp -d -t binhan-ten-XXXXXX)
loops=()
quiet() { # ends our own loops, by their numbers
  for loop in "${loops[@]}"; do kill "$loop" 2>/dev/null; wait "$loop" 2>/dev/null; done
  loops=()
}
trap quiet EXIT
trap 'exit 130' INT TERM

counted() { # counted WORD FILE: the number before that word in pytest's closing line, 0 where it is not there
  local found
  found=$(grep -E '[0-9]+ (passed|failed|error).* in [0-9.]+s' "$2" | tail -1 | grep -oE "[0-9]+ $1" | head -1)
  echo "${found%% *}" | grep -E '^[0-9]+$' || echo 0
}

status=0
printf 'at %s\n\n| run | beside | minutes | passed | failed | errors | second tries |\n|---|---|---|---|---|---|---|\n' \
  "$(git log -1 --format='%h of %cs' 2>/dev/null)"
for ((run = ${1:-1}; run <= ${2:-10}; run++)); do
  beside=nothing
  if [ "$run" -gt 5 ]; then
    beside='two busy loops'
    for _ in 1 2; do
      (while :; do :; done) &
      loops+=($!)
    done
  fi
  began=$SECONDS
  $suites > "$kept/$run.txt" 2>&1 || status=1
  took=$((SECONDS - began))
  quiet
  again=$(counted rerun "$kept/$run.txt")
  passed=$(counted passed "$kept/$run.txt")
  if [ "$again" -gt 0 ] || [ "$passed" -eq 0 ]; then status=1; fi
  printf '| %s | %s | %d:%02d | %s | %s | %s | %s |\n' "$run" "$beside" $((took / 60)) $((took % 60)) "$passed" \
    "$(counted failed "$kept/$run.txt")" "$(counted error "$kept/$run.txt")" "$again"
done
[ "$status" -eq 0 ] && said='all whole runs in a row, no second try' || said='not all whole runs in a row'
printf '\n%s; outputs in %s\n' "$said" "$kept"
exit $status
