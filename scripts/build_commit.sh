#!/usr/bin/env bash
# Builds the optimised program of another commit, in a work tree of its own. Quick when it is there already.
# usage: build_commit.sh COMMIT FOLDER JOBS
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$2 jobs=$3
commit=$(git rev-parse --verify --quiet "$1^{commit}") || { echo "build_commit: this clone has no commit $1" >&2; exit 2; }

if [ ! -e "$folder/.git" ] || [ "$(git -C "$folder" rev-parse HEAD)" != "$commit" ]; then
  rm -rf "$folder"
  git worktree prune
  git worktree add --quiet --detach "$folder" "$commit"
fi
cd "$folder/audio-ident-service"
cmake --preset release >build-release.log 2>&1 || { cat build-release.log; exit 1; }
cmake --build --preset release -j "$jobs" --target audio-ident
