#!/usr/bin/env bash
# Puts what third_party.txt names into the user's cache folder, for CMake to find: OpenVINO unpacked, the wheel of MusiCNN
# as it is. Some 90 MB are fetched, once a machine. Cheap when all is there already; nothing is ever there by half.
# `--where` prints the folder.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf 'setup: %s\n' "$*" >&2; }

cache=${XDG_CACHE_HOME:-$HOME/.cache}/audio-ident
want=$(sha256sum third_party.txt third_party.sh | sha256sum | cut -c1-16)
place=$cache/third-party-$want
if [ "${1:-}" = --where ]; then
  printf '%s' "$place"
  exit 0
fi
[ ! -d "$place" ] || exit 0

case $(uname -m) in
  x86_64) platforms=(--platform manylinux_2_28_x86_64) ;;
  aarch64) platforms=(--platform manylinux_2_35_aarch64 --platform manylinux_2_31_aarch64 --platform manylinux_2_28_aarch64) ;;
  *)
    say "OpenVINO has no libraries for $(uname -m): the program is built without the vibe lane"
    exit 0
    ;;
esac
mkdir -p "$cache"
work=$(mktemp -d "$cache/fetching.XXXXXX")
trap 'rm -rf "$work"' EXIT

say "fetching OpenVINO and MusiCNN (90 MB, once)"
/usr/bin/python3 -m venv "$work/venv"
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
  --python-version 3.11 "${platforms[@]}" --dest "$work/wheels" -r third_party.txt
mkdir "$work/done"
mv "$work"/wheels/musicnn-*.whl "$work/done/musicnn.whl"
# Without the plugins for other processors, a third of it.
/usr/bin/python3 - "$work"/wheels/openvino-*.whl "$work/done" <<'PYTHON'
import sys
import zipfile

LEFT_OUT = ("intel_gpu", "intel_npu", "cache.json")

with zipfile.ZipFile(sys.argv[1]) as wheel:
    names = [n for n in wheel.namelist() if n.startswith(("openvino/include/", "openvino/cmake/", "openvino/libs/"))
             or "licens" in n.lower() or "third-party" in n]
    wheel.extractall(sys.argv[2], [n for n in names if not any(p in n for p in LEFT_OUT)])
PYTHON
mv -T "$work/done" "$place" 2>/dev/null || [ -d "$place" ] # another may have been faster
say "they are in $place"
