#!/usr/bin/env bash
# Runs one fuzz target, from its seeds, the kept corpus of the tree and what it found here before. Prints its last line;
# all it said when it found something.
# usage: fuzz.sh SERVICE_FOLDER NAME SECONDS      fuzz for so long
#        fuzz.sh SERVICE_FOLDER NAME keep         keep what was found: the smallest set of inputs that runs as much
set -euo pipefail
service=$1 name=$2 what=$3
build=$service/build/fuzz
found=$build/corpus/$name
kept=$build/kept/$name
archive=$service/fuzz/corpus/$name.tar.gz
mkdir -p "$found" "$kept"
[ ! -f "$archive" ] || tar -xzf "$archive" -C "$kept"

run() {  # run ARGUMENTS...: the target; its output goes into the log
  if ! "$build/fuzz/fuzz-$name" -artifact_prefix="$build/$name-" "$@" >"$build/$name.log" 2>&1; then
    cat "$build/$name.log"
    echo "fuzz: $name FAILED"
    exit 1
  fi
}

if [ "$what" != keep ]; then
  run -max_total_time="$what" "$found" "$kept" "$service/fuzz/seeds/$name"
  echo "fuzz: $name: $(tail -n 1 "$build/$name.log")"
  exit
fi
smallest=$(mktemp -d)
trap 'rm -rf "$smallest"' EXIT
run -merge=1 "$smallest" "$service/fuzz/seeds/$name" "$kept" "$found"
mkdir -p "$(dirname "$archive")"
tar -C "$smallest" --sort=name --owner=0 --group=0 --numeric-owner --mode=644 --mtime=@0 -cf - . | gzip -9n >"$archive"
echo "fuzz: $name: kept $(find "$smallest" -type f | wc -l) inputs, $(stat -c %s "$archive") bytes"
