#!/usr/bin/env bash
# Tests the web page: its API types, its logic (Vitest), and the page in the distribution's Chromium with the real
# service (Playwright).
# usage: test_ui.sh PROGRAM     without Chromium it prints a note and skips the Playwright tests
set -euo pipefail
AUDIO_IDENT_PROGRAM=$(realpath "$1")
export AUDIO_IDENT_PROGRAM CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
cd "$(dirname "$0")/../audio-ident-ui"

bash ../scripts/ui_types.sh "$AUDIO_IDENT_PROGRAM" --check
npx --no-install vitest run
if [ ! -x "$CHROMIUM" ]; then
  echo "test_ui: $CHROMIUM not found; the page was not tested in a browser (set CHROMIUM)" >&2
  exit 0
fi
timeout 900 npx --no-install playwright test
