#!/usr/bin/env bash
# Tests the web page: that its types are those of the API, its logic (Vitest), then the page in the distribution's Chromium against the real service (Playwright).
# usage: test_ui.sh PROGRAM     where there is no Chromium, it says so and leaves the last part out
set -euo pipefail
AUDIO_IDENT_PROGRAM=$(realpath "$1")
export AUDIO_IDENT_PROGRAM CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
cd "$(dirname "$0")/../audio-ident-ui"

bash ../scripts/ui_types.sh "$AUDIO_IDENT_PROGRAM" --check
npx --no-install vitest run
if [ ! -x "$CHROMIUM" ]; then
  echo "test_ui: no $CHROMIUM; the page was not tested in a browser (set CHROMIUM)" >&2
  exit 0
fi
timeout 900 npx --no-install playwright test
