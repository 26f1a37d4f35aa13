#!/usr/bin/env bash
# Builds the S3 server that tests use, versitygw, from the Go module proxy into the user's cache folder; once a machine,
# about two minutes on two cores. `--where` prints the path of the program, whether it is there or not.
set -euo pipefail

# The sum is that of the module's files; its go.sum, among them, has those of all other modules.
module=github.com/versity/versitygw
version=v1.8.0
sum='h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc='

say() { printf 'setup: %s\n' "$*" >&2; }

cache=${XDG_CACHE_HOME:-$HOME/.cache}/audio-ident
program=$cache/versitygw-$version
if [ "${1:-}" = --where ]; then
  printf '%s' "$program"
  exit 0
fi
[ ! -x "$program" ] || exit 0

go=$(command -v go || true)
[ -n "$go" ] || go=/usr/local/go/bin/go
if [ ! -x "$go" ]; then
  say "there is no Go: tests of audio in S3 are left out"
  exit 0
fi
mkdir -p "$cache"
work=$(mktemp -d "$cache/building.XXXXXX")
trap 'rm -rf "$work"' EXIT

say "building the S3 server of the tests (two minutes, once)"
cd "$work"
found=$("$go" mod download -json "$module@$version") || { say "could not fetch it"; exit 1; }
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"$found"; }
[ "$(field Sum)" = "$sum" ] || { say "$module $version has another checksum than expected: $(field Sum)"; exit 1; }
(cd "$(field Dir)" && "$go" build -mod=readonly -buildvcs=false -ldflags '-s -w' -o "$work/server" ./cmd/versitygw)
mv "$work/server" "$program" # at once: it is never there by half
say "it is $program"
