#!/usr/bin/env bash
# Writes audio-ident-ui/src/lib/api/schema.ts, the types of the API, from the /openapi.json of the program.
# usage: ui_types.sh PROGRAM [--check]     --check: writes nothing, and fails when they are not those of the program
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../audio-ident-ui"
work=$(mktemp -d)
mkfifo "$work/says"
AUDIO_IDENT_DATA_DIR="$work/data" SERVICE_PORT=0 "$program" serve >"$work/says" 2>"$work/log" &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
read -r line <"$work/says" || { cat "$work/log" >&2; exit 1; }
node write_api_types.js "${line#listening on }/openapi.json" "$work/schema.ts"
if [ "${2:-}" = --check ]; then
  diff -u src/lib/api/schema.ts "$work/schema.ts" || { echo "ui_types: the types of the page are not those of the API; run 'make ui-types'" >&2; exit 1; }
else
  cp "$work/schema.ts" src/lib/api/schema.ts
fi
