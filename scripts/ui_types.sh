#!/usr/bin/env bash
# Generates audio-ident-ui/src/lib/api/schema.ts, the API's types, from the program's /openapi.json.
# usage: ui_types.sh PROGRAM [--check]     --check writes nothing and fails when the file is out of date
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
  diff -u src/lib/api/schema.ts "$work/schema.ts" || { echo "ui_types: the page's API types are out of date; run 'make ui-types'" >&2; exit 1; }
else
  cp "$work/schema.ts" src/lib/api/schema.ts
fi
