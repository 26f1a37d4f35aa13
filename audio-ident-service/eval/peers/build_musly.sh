#!/usr/bin/env bash
# Builds Musly's library from its source (github.com/dominikschnitzer/musly), for peers/musly.py. Its decoder wants an
# FFmpeg of 2014; samples come from ours, so one that decodes nothing stands in for it.
#
#     build_musly.sh SOURCE OUT.so
set -euo pipefail
source=$(realpath "$1") out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/no_decoder.cpp" <<'END'
#include "decoders/libav.h"
namespace musly::decoders {
MUSLY_DECODER_REGIMPL(libav, 0)
libav::libav() {}
std::vector<float> libav::decodeto_22050hz_mono_float(const std::string&, float, float) { return {}; }
}  // namespace musly::decoders
END
touch "$work/config.h"
cd "$work"
gcc -O3 -DNDEBUG -fPIC -I. -c "$source"/libmusly/kissfft/*.c "$source"/libmusly/libresample/*.c
g++ -std=c++17 -O3 -DNDEBUG -fPIC -w -DMUSLY_VERSION='"0.2"' -I/usr/include/eigen3 -I"$source/include" -I"$source/libmusly" -c \
  no_decoder.cpp "$source"/libmusly/*.cpp "$source"/libmusly/methods/*.cpp
g++ -shared -o "$out" ./*.o
