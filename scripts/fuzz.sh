#!/usr/bin/env bash
# Runs one fuzz target, and prints its last lines; all it said when it found something.
# usage: fuzz.sh SERVICE_FOLDER NAME SECONDS
set -euo pipefail
service=$1 name=$2 seconds=$3
build=$service/build/fuzz
mkdir -p "$build/corpus/$name"
if ! "$build/fuzz/fuzz-$name" -max_total_time="$seconds" -artifact_prefix="$build/$name-" "$build/corpus/$name" \
  "$service/fuzz/seeds/$name" >"$build/$name.log" 2>&1; then
  cat "$build/$name.log"
  echo "fuzz: $name FAILED"
  exit 1
fi
echo "fuzz: $name: $(tail -n 1 "$build/$name.log")"
