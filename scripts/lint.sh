#!/usr/bin/env bash
# Layout, static analysis, shell scripts, and the rules of the tree. Every check runs; any finding fails.
# usage: lint.sh [--all]     clang-tidy checks what changed; with --all, every source file
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

tidy=(--changed)
[ "${1:-}" != --all ] || tidy=()
failed=()
check() {
  local name=$1
  shift
  printf 'lint: %s\n' "$name" >&2
  "$@" || failed+=("$name")
}
sources() { git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp'; }
# .clang-format keeps to options that versions 14 to 19 lay out alike.
clang_format() { sources | xargs -0 clang-format --dry-run -Werror; }
shell_scripts() { git ls-files -z -- '*.sh' .ci/run | xargs -0 shellcheck; }

page() {
  bash scripts/build_ui.sh --packages-only && npm --prefix audio-ident-ui run -s check && npm --prefix audio-ident-ui run -s lint
}

python() { bash scripts/ruff.sh check -q . && bash scripts/ruff.sh format --check -q .; }

check "tree" /usr/bin/python3 scripts/check_tree.py
check "prose" /usr/bin/python3 -B -m scripts.check_text
check "shellcheck" shell_scripts
check "Python" python
check "web page" page
check "clang-format" clang_format
check "clang-tidy" /usr/bin/python3 scripts/tidy.py "${tidy[@]}"

if [ ${#failed[@]} -gt 0 ]; then
  printf 'lint: FAILED:%s\n' "$(printf ' %s' "${failed[@]}")" >&2
  exit 1
fi
echo "lint: all clean"
