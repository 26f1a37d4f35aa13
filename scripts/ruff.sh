#!/usr/bin/env bash
# Runs the version of ruff that ruff.txt names, with the arguments given. The first run on a machine fetches it (12 MB)
# into the user's cache folder. Nothing is ever left there half installed.
set -euo pipefail
here=$(realpath "$(dirname "$0")")

cache=${XDG_CACHE_HOME:-$HOME/.cache}/audio-ident
place=$cache/ruff-$(sha256sum "$here/ruff.txt" | cut -c1-16)
if [ ! -d "$place" ]; then
  echo "lint: fetching ruff (12 MB, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/fetching.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  /usr/bin/python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --target "$work/done" -r "$here/ruff.txt"
  mv -T "$work/done" "$place" 2>/dev/null || [ -d "$place" ] # another process may have been faster
  rm -rf "$work"
  trap - EXIT
fi
exec "$place/bin/ruff" "$@"
