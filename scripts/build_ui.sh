#!/usr/bin/env bash
# Builds the web page into audio-ident-ui/build/. The program's build embeds it from there. Fast when nothing changed.
# usage: build_ui.sh [--packages-only]     without Node.js it prints a note, and the program is built without its page
set -euo pipefail
cd "$(dirname "$0")/../audio-ident-ui"

if ! command -v npm >/dev/null; then
  echo "build_ui: npm not found; the program will have no web page (make setup installs npm)" >&2
  exit 0
fi
# A copy of the lock file marks its packages as installed.
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
[ "${1:-}" != --packages-only ] || exit 0

sources=(src static ../docs/formats-and-files.md package-lock.json svelte.config.js vite.config.ts tsconfig.json)
if [ ! -f build/index.html ] || [ -n "$(find "${sources[@]}" -newer build/index.html -print -quit)" ]; then
  log=$(mktemp)
  npm run build >"$log" 2>&1 || { cat "$log" >&2; rm "$log"; exit 1; }
  rm "$log"
fi
