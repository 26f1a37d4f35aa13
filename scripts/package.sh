#!/usr/bin/env bash
# Makes packages from a release build: a .deb for this distribution, and an archive that runs from any folder on a Linux
# that is not older than this one.
# usage: package.sh BUILD OUT     both folders; prints the paths of the packages
set -euo pipefail
cd "$(dirname "$0")/.."

build=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

debian() {
  if ! { cmake --build "$build" --target audio-ident-texts &&
    cpack --config "$build/CPackConfig.cmake" -B "$work/cpack"; } >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
  fi
  mv "$work"/cpack/*.deb "$out/"
}

# Every library that the program needs, but for those of the C library, which must be the system's own.
libraries() {
  find "$1" -type f \( -perm -100 -o -name '*.so*' \) -print0 | xargs -0 ldd 2>/dev/null |
    awk '$2 == "=>" && $3 ~ "^/" {print $3}' | sort -u |
    grep -vE '/(ld-linux.*|lib(c|m|mvec|dl|rt|pthread|resolv|util|anl|nss_[a-z]+))\.so(\.[0-9]+)*$' | grep -v "^$1/"
}

# The licences of the packages that libraries come from.
licences() {
  local library package
  while read -r library; do
    library=$(realpath "$library")
    dpkg -S "$library" 2>/dev/null || dpkg -S "${library#/usr}"
  done | cut -d: -f1 | sort -u | while read -r package; do
    cp -L "/usr/share/doc/$package/copyright" "$1/$package"
  done
}

archive() {
  local version name folder
  version=$("$build/src/audio-ident" --version | cut -d' ' -f2)
  name=audio-ident-$version-linux-$(uname -m)
  folder=$work/$name
  cmake --install "$build" --prefix "$folder" --strip >/dev/null
  libraries "$folder" >"$work/libraries"
  xargs -a "$work/libraries" cp -L -n -t "$folder/lib/audio-ident"
  mkdir "$folder/share/doc/audio-ident/libraries"
  licences "$folder/share/doc/audio-ident/libraries" <"$work/libraries"
  cp packaging/archive.txt "$folder/README.txt"
  cp LICENSE "$folder/"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -czf "$out/$name.tar.gz" "$name"
}

debian
archive
ls "$out"/*
