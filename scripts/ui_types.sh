#!/usr/bin/env bash
# Writes audio-ident-ui/src/lib/api/schema.ts from the /openapi.json of the program.
# usage: ui_types.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../audio-ident-ui"
work=$(mktemp -d)
mkfifo "$work/says"
AUDIO_IDENT_DATA_DIR="$work/data" SERVICE_PORT=0 "$program" serve >"$work/says" 2>"$work/log" &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
read -r line <"$work/says" || { cat "$work/log" >&2; exit 1; }
npx --no-install openapi-typescript "${line#listening on }/openapi.json" -o src/lib/api/schema.ts
