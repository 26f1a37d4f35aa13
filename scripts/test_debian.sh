#!/usr/bin/env bash
# Tests a clone, or the packages, on a clean Debian. As root; needs mmdebstrap, systemd-container and some 6 GB below
# PACKAGE_TEST (default: the build folder). What is there from a run before is used again.
# usage: test_debian.sh bookworm|trixie [PACKAGES | --tests]
#   --tests: runs `make test` in a clean root, from a clone of HEAD, and nothing else
#   Without PACKAGES: runs `make run` and `make package` in a clean root, from a clone of HEAD, as somebody new would.
#   PACKAGES: a folder with packages that were made before, in folders 1 and 2 (two revisions of the same version)
# Then boots another root, which has nothing but systemd and curl, and checks the packages there (package_checks.sh).
set -euo pipefail
cd "$(dirname "$0")/.."

release=${1:?usage: test_debian.sh bookworm|trixie [PACKAGES | --tests]}
folder=$(realpath -m "${PACKAGE_TEST:-audio-ident-service/build/package-test}")/$release
packages=${2:-$folder/packages}
[ "$(id -u)" -eq 0 ] || { echo "test_debian: run this as root" >&2; exit 2; }
needed=(mmdebstrap systemd-nspawn)
[ "$packages" != --tests ] || needed=(mmdebstrap)
for program in "${needed[@]}"; do
  command -v "$program" >/dev/null || { echo "test_debian: apt-get install mmdebstrap systemd-container" >&2; exit 2; }
done
say() { printf '\n== %s %s: %s\n' "$(date +%T)" "$release" "$*"; }

# inside ROOT COMMAND...: runs a command in a root, in namespaces of its own, so that no mount and no process stays. The
# certificates of this machine are those of its way to the package registries.
inside() {
  # shellcheck disable=SC2016
  unshare --mount --pid --uts --ipc --fork --kill-child bash -c '
    set -e
    root=$1
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount -t tmpfs -o mode=755 dev "$root/dev"
    for device in null zero full random urandom tty; do
      touch "$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    ln -s /proc/self/fd "$root/dev/fd"
    mkdir "$root/dev/shm"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/certificates-of-host.crt"
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=~root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      NODE_EXTRA_CA_CERTS=/etc/certificates-of-host.crt PIP_CERT=/etc/certificates-of-host.crt "$@"' inside "$@"
}

unpack() {
  mkdir "$1"
  tar -xf "$folder/base.tar" -C "$1" --exclude='./dev/*'
}

make_base() {
  [ ! -f "$folder/base.tar" ] || return 0
  say "making a clean root from Debian's archive"
  mmdebstrap --quiet --variant=apt "$release" "$folder/base.new.tar"
  mv "$folder/base.new.tar" "$folder/base.tar"
}

# Clones HEAD into the build root, or brings it up to date there.
bring_sources() {
  local git=(git -c safe.directory='*')
  if [ ! -d "$folder/build" ]; then
    say "preparing the root that builds"
    unpack "$folder/build.new"
    inside "$folder/build.new" sh -c 'apt-get update -q && apt-get install -qy --no-install-recommends git make ca-certificates' >"$folder/prepare.log" 2>&1
    "${git[@]}" clone -q . "$folder/build.new/src"
    mv "$folder/build.new" "$folder/build"
  fi
  "${git[@]}" -C "$folder/build/src" fetch -q "$PWD" HEAD
  "${git[@]}" -C "$folder/build/src" reset -q --hard FETCH_HEAD
}

# `make run`, until it serves; then Ctrl-C.
run_as_newcomer() {
  say "make run, from a clone"
  inside "$folder/build" bash -c '
    cd /src
    SERVICE_PORT=0 setsid make run JOBS='"${JOBS:-$(nproc)}"' >/run.log 2>&1 &
    until grep -q "^listening on" /run.log; do
      kill -0 $! 2>/dev/null || { tail -n 40 /run.log; exit 1; }
      sleep 1
    done
    kill -INT -- -$!
    wait $! || true' || return 1
  sed -n '/^== Ingesting/,/^== What/p; /^listening/p' "$folder/build/run.log"
  grep -q 'certain (' "$folder/build/run.log"
}

run_tests() {
  say "make test, from a clone"
  inside "$folder/build" make -C /src test JOBS="${JOBS:-$(nproc)}"
}

make_packages() {
  say "make package"
  rm -rf "$folder/packages"
  inside "$folder/build" make -C /src package PACKAGES=/packages/1 JOBS="${JOBS:-$(nproc)}"
  # The next revision, with nothing changed but its number.
  # shellcheck disable=SC2016
  inside "$folder/build" sh -ec '
    dpkg-deb -R /packages/1/*.deb /packages/next
    sed -i "s/^\(Version: .*\)-1~/\1-2~/" /packages/next/DEBIAN/control
    mkdir /packages/2
    dpkg-deb -Zgzip -z1 -b /packages/next /packages/2
    rm -r /packages/next'
  mv "$folder/build/packages" "$folder/packages"
}

# Prepares a root that has only what boots it, and, not installed, all that the package depends on.
prepare_clean_root() {
  say "preparing a clean root"
  rm -rf "$folder/clean"
  unpack "$folder/clean"
  mkdir "$folder/clean/packages"
  cp -r "$packages"/1 "$packages"/2 sample scripts/package_checks.sh "$folder/clean/packages/"
  inside "$folder/clean" sh -c '
    apt-get update -q && apt-get install -qy --no-install-recommends systemd systemd-sysv dbus adduser curl &&
      apt-get install -qy --no-install-recommends --download-only /packages/1/*.deb' >"$folder/prepare.log" 2>&1
  cat >"$folder/clean/etc/systemd/system/package-checks.service" <<'END'
[Unit]
Description=Checks of the packages
[Service]
Type=oneshot
ExecStart=/bin/bash /packages/package_checks.sh
StandardOutput=append:/packages/checks.log
StandardError=inherit
ExecStopPost=/bin/systemctl --no-block poweroff
TimeoutStartSec=20min
[Install]
WantedBy=multi-user.target
END
  mkdir -p "$folder/clean/etc/systemd/system/multi-user.target.wants"
  ln -s ../package-checks.service "$folder/clean/etc/systemd/system/multi-user.target.wants/"
}

# The root has no network: all it needs was fetched before. systemd 256 and later want control groups v2.
check_packages() {
  say "booting the clean root with systemd, and checking the packages in it"
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=$1 timeout 25m systemd-nspawn --quiet --boot --private-network --register=no \
    --keep-unit --directory "$folder/clean" </dev/null >"$folder/boot.log" 2>&1 || true
  cat "$folder/clean/packages/checks.log" || { tail -n 40 "$folder/boot.log"; return 1; }
  grep -q '^all checks passed$' "$folder/clean/packages/checks.log"
}

mkdir -p "$folder"
make_base
if [ "$packages" = --tests ]; then
  bring_sources
  run_tests
  say "passed"
  exit
fi
if [ $# -eq 1 ]; then
  bring_sources
  run_as_newcomer
  make_packages
fi
prepare_clean_root
check_packages "$([ "$release" = bookworm ] && echo 0 || echo 1)"
say "passed"
