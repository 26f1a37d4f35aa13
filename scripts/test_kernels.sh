#!/usr/bin/env bash
# Runs the attacks on the sandbox of decoders (tests/unit/audio/sandboxed_decoder_test.cpp, without sanitizers) on the
# kernels of Debian's releases: each is fetched from Debian's archive, signatures checked, and booted in QEMU. This
# machine's files are its files, read-only. Needs qemu-system-x86, busybox-static, cpio and kmod, and no rights.
# usage: test_kernels.sh RELEASE... (bookworm trixie)
set -euo pipefail
cd "$(dirname "$0")/../audio-ident-service"
PATH=$PATH:/sbin:/usr/sbin
[ $# -gt 0 ] || { echo "usage: $0 RELEASE..." >&2; exit 2; }
for program in qemu-system-x86_64 busybox cpio modprobe dpkg-deb; do
  command -v $program >/dev/null ||
    { echo "test_kernels: apt-get install qemu-system-x86 busybox-static cpio kmod" >&2; exit 2; }
done
build=$PWD/build/kernels
tests=$build/tests/unit/audio/unit-audio-test
# The attacks. The other tests compare decoders, which takes an hour where a processor is emulated.
filter='SandboxedDecoderTest.ADecoder*:SandboxedDecoderTest.AFile*'

# fetch RELEASE: the release's kernel, unpacked below build/kernels/RELEASE
fetch() {
  local folder=$build/$1 package
  [ ! -d "$folder/boot" ] || return 0
  rm -rf "$folder"
  mkdir -p "$folder"/apt/{lists/partial,cache/archives/partial,preferences} "$folder/new"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" \
    >"$folder/apt/sources.list"
  : >"$folder/apt/status"
  local apt=(-o "Dir::Etc::SourceList=$folder/apt/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State=$folder/apt"
    -o "Dir::State::Status=$folder/apt/status" -o "Dir::Cache=$folder/apt/cache" -o APT::Architecture=amd64
    -o "Dir::Etc::PreferencesParts=$folder/apt/preferences" -o Acquire::Languages=none)
  apt-get "${apt[@]}" -qq update
  package=$(apt-cache "${apt[@]}" show linux-image-amd64 |
    sed -n 's/^Depends:.*\(linux-image-[0-9][^ ,]*\).*/\1/p' | head -n 1)
  (cd "$folder" && apt-get "${apt[@]}" -qq download "$package")
  dpkg-deb -x "$folder/$package"_*.deb "$folder/new"
  mv "$folder"/new/* "$folder"
  rm -r "$folder/new" "$folder"/*.deb
}

# image RELEASE VERSION: an initial file system that mounts this machine's files and runs the tests
image() {
  local folder=$build/$1 root=$build/$1/initial modules=$build/$1
  [ -d "$modules/lib/modules" ] || modules=$folder/usr  # where Debian 13 has them
  rm -rf "$root"
  mkdir -p "$root"/{bin,proc,sys,dev,host,modules}
  cp "$(command -v busybox)" "$root/bin/busybox"
  depmod -b "$modules" "$2"
  for name in virtio_pci 9pnet_virtio 9p; do modprobe -d "$modules" -S "$2" --show-depends $name; done |
    awk '$1 == "insmod" && !seen[$2]++ {print $2}' >"$folder/modules"
  while read -r module; do
    cp "$module" "$root/modules/"
    case $module in *.xz) unxz "$root/modules/${module##*/}" ;; esac
  done <"$folder/modules"
  {
    cat <<'EOF_INIT'
#!/bin/busybox sh
PATH=/bin
for program in mount insmod mkdir chroot uname poweroff; do busybox ln -s busybox /bin/$program; done
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
EOF_INIT
    sed 's|.*/||; s|\.xz$||; s|^|insmod /modules/|' "$folder/modules"
    cat <<EOF_INIT
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144 host /host
for folder in proc sys dev; do mount -o bind /\$folder /host/\$folder; done
mkdir /tests
mount -o bind "/host$build" /tests
mount -t tmpfs files /host/tmp
mkdir -p "/host$build"
mount -o bind /tests "/host$build"
echo "kernel: \$(uname -r)"
chroot /host /usr/bin/env -i PATH=/usr/bin:/bin HOME=/tmp "$tests" --gtest_filter='$filter'
poweroff -f
EOF_INIT
  } >"$root/init"
  chmod +x "$root/init"
  (cd "$root" && find . | cpio -o -H newc --quiet) | gzip -1 >"$folder/initial.gz"
}

# run RELEASE: fails when a test fails, or when not all of them came to an end
run() {
  local folder=$build/$1 version fast=()
  fetch "$1"
  version=$(basename "$folder"/boot/vmlinuz-*)
  version=${version#vmlinuz-}
  image "$1" "$version"
  [ ! -w /dev/kvm ] || ! grep -qE '^flags.* (vmx|svm) ' /proc/cpuinfo || fast=(-enable-kvm -cpu host)
  timeout 1800 qemu-system-x86_64 -cpu max "${fast[@]}" -m 2048 -smp 2 -nographic -no-reboot -nic none \
    -kernel "$folder/boot/vmlinuz-$version" -initrd "$folder/initial.gz" -append 'console=ttyS0 quiet panic=-1 no_timer_check' \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap >"$folder/log" 2>&1 </dev/null
  if ! grep -q '^\[  PASSED  \]' "$folder/log" || grep -q '^\[  FAILED  \]' "$folder/log"; then
    cat "$folder/log"
    echo "test_kernels: $1 FAILED"
    return 1
  fi
  grep -oE 'kernel: .*|^\[  PASSED  \].*' "$folder/log" | tr -d '\r' | sed "s/^/$1: /"
}

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DAUDIO_IDENT_TESTS=ON -DAUDIO_IDENT_WERROR=OFF >/dev/null
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target unit-audio-test
for release in "$@"; do run "$release"; done
