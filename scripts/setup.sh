#!/usr/bin/env bash
# Installs everything that building, running and testing audio-ident needs: the distribution's packages, and the files
# that third_party.sh fetches. Debian 12, Debian 13, Ubuntu 24.04. Quick when everything is installed. `--tests` adds
# the packages that only the tests need; `--list`, alone or after it, only prints the package names.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

common=(
  build-essential cmake ninja-build ccache pkg-config git ca-certificates file
  clang clang-format clang-tidy shellcheck
  libavformat-dev libavcodec-dev libswresample-dev libavutil-dev ffmpeg
  libsoci-dev libsqlite3-dev libpq-dev liblmdb-dev libchromaprint-dev
  libcli11-dev libspdlog-dev libfmt-dev libexpected-dev
  libssl-dev libicu-dev libseccomp-dev libcurl4-openssl-dev libarchive-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  python3 python3-numpy python3-venv
)
# For the web page. A Node.js from elsewhere brings its own npm.
command -v npm >/dev/null || common+=(nodejs npm)

distribution=unknown
if [ -r /etc/os-release ]; then
  # shellcheck disable=SC1091
  distribution=$(. /etc/os-release && echo "${ID:-unknown}-${VERSION_ID:-}")
fi

# PostgreSQL, which the tests start on a socket of their own; nginx, a load balancer; Icecast, a server of radio; tools
# that unpack and query Qdrant, and check the compose file, manifests of Kubernetes and the systemd unit; what reads man
# pages and completions; a browser for the page (Ubuntu has it only as a snap, which no test can drive).
tests=(
  postgresql postgresql-client nginx icecast2 docker-compose systemd curl xz-utils man-db zsh fish python3-yaml
  python3-kubernetes
)
case $distribution in ubuntu-*) ;; *) tests+=(chromium) ;; esac
for_tests=no
if [ "${1:-}" = --tests ]; then
  common+=("${tests[@]}")
  for_tests=yes
  shift
fi

case $distribution in
  debian-12) packages=("${common[@]}" libboost1.81-dev libboost-json1.81-dev libclang-rt-14-dev) ;;
  debian-13) packages=("${common[@]}" libboost-dev libboost-json-dev libclang-rt-19-dev) ;;
  ubuntu-24.04) packages=("${common[@]}" libboost-dev libboost-json-dev libclang-rt-18-dev) ;;
  *)
    packages=("${common[@]}" libboost-dev libboost-json-dev)
    say "$distribution is not one of the systems this is tested on (Debian 12, Debian 13, Ubuntu 24.04)"
    ;;
esac

if [ "${1:-}" = --list ]; then
  printf '%s\n' "${packages[@]}"
  exit 0
fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  die "needs apt; on this system install by hand the equivalents of: ${packages[*]}"
fi

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

# The vibe lane can be left out of the program, but not untested.
third_party() {
  [ $for_tests = no ] || bash "$(dirname "$0")/ruff.sh" --version >/dev/null || say "could not fetch ruff; make lint tries again"
  [ $for_tests = no ] || bash "$(dirname "$0")/s3_server.sh" || say "without the S3 server, tests of audio in S3 are left out"
  bash "$(dirname "$0")/third_party.sh" && return
  [ $for_tests = no ] || die "could not fetch what the vibe lane needs"
  say "could not fetch what the vibe lane needs: the program is built without it; run this again to add it"
}
if [ ${#missing[@]} -eq 0 ]; then
  third_party
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "run this as root, or install sudo; missing: ${missing[*]}"
  as_root=(sudo)
fi
install=(apt-get install -y --no-install-recommends)
export DEBIAN_FRONTEND=noninteractive

say "installing ${#missing[@]} packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q || say "apt-get update failed; trying with the lists that are there"

# Debian 12 has Boost 1.74 and 1.81, whose headers exclude each other; Boost.JSON's descriptions need 1.81. Header
# packages of 1.74 are replaced; anything more that would go is the user's to decide.
removals=$(apt-get -s install --no-install-recommends "${missing[@]}" 2>/dev/null | awk '$1 == "Remv" {print $2}' | sort -u) ||
  die "apt cannot install all of: ${missing[*]}; see \`apt-get -s install ${missing[*]}\`"
others=$(grep -vE '^libboost[a-z0-9.+-]*-dev$' <<<"$removals" || true)
if [ -n "$others" ] && [ "${SETUP_ALLOW_REMOVALS:-0}" != 1 ]; then
  die "installing would remove $(tr '\n' ' ' <<<"$others"); if that is fine: SETUP_ALLOW_REMOVALS=1 make setup"
fi
[ -z "$removals" ] || say "replaces $(tr '\n' ' ' <<<"$removals")"
"${as_root[@]}" "${install[@]}" "${missing[@]}"
third_party
say "done"
