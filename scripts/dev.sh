#!/usr/bin/env bash
# Runs `make dev`: starts the stores, migrates the schema, then runs the service and the web page until Ctrl-C.
# usage: dev.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/.."

program=$1
bash scripts/stack.sh up
POSTGRES_MODE=$(bash scripts/stack.sh mode POSTGRES)
QDRANT_MODE=$(bash scripts/stack.sh mode QDRANT)
export POSTGRES_MODE QDRANT_MODE

running=()
# shellcheck disable=SC2317  # called by the trap
finish() {
  trap - INT TERM EXIT
  for job in "${running[@]}"; do kill "$job" 2>/dev/null || true; done
  wait
}
trap finish INT TERM EXIT

"$program" db upgrade
"$program" serve &
running+=($!)
if [ -d audio-ident-ui/node_modules ]; then
  (cd audio-ident-ui && exec node node_modules/vite/bin/vite.js dev --port "${UI_PORT:-17000}") &
  running+=($!)
fi
# When the first process ends, stop the others and exit with its exit code.
status=0
wait -n || status=$?
exit "$status"
