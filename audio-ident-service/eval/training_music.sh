#!/usr/bin/env bash
# Downloads the music that train_embedding.py learns from: soundtracks of free games in Debian's packages (800 MB). None
# of it is in ../shared/audio. The package names are those of one Debian release. usage: training_music.sh FOLDER
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
