#!/usr/bin/env bash
# Fetches the music that train_embedding.py learns from: that of free games, from Debian's packages (800 MB), none of it in
# ../shared/audio. `training_music.sh FOLDER`. Names of other releases may differ.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
packages=(wesnoth-1.16-music warzone2100-music singularity-music hyperrogue-music asc-music drascula-music
  planetblupi-music-ogg boswars-data supertux-data lincity-ng-data freedroid-data hedgewars-data widelands-data xmoto-data)
for package in "${packages[@]}"; do
  apt-get download -q "$package"
  dpkg-deb -x "$package"_*.deb "$package"
  rm "$package"_*.deb
done
find . -type f ! \( \( -name '*.ogg' -o -name '*.mp3' -o -name '*.opus' -o -name '*.flac' \) -size +300k \) -delete
find . -type f | wc -l
