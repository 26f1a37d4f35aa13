#!/usr/bin/env bash
# Checks the packages on a clean, booted Debian without a network; test_debian.sh runs it there.
# In /packages are the folders 1 and 2 with two revisions of the packages, and sample/ with music.
set -uo pipefail
cd /packages || exit 1
export DEBIAN_FRONTEND=noninteractive

failures=0
# check TEXT COMMAND...
check() {
  local text=$1 log
  shift
  if log=$("$@" 2>&1); then
    printf 'passed  %s\n' "$text"
  else
    failures=$((failures + 1))
    printf 'FAILED  %s\n%s\n' "$text" "$log"
  fi
}
note() { printf 'note    %s\n' "$*"; }
has() { grep -qE -- "$1" <<<"$2" || { printf 'expected %s in:\n%s\n' "$1" "$2"; return 1; }; }
same() { [ "$1" = "$2" ] || { printf 'expected "%s", not "%s"\n' "$2" "$1"; return 1; }; }

apt() { apt-get "$@" -qq -y --no-install-recommends; }
as_service() { setpriv --reuid audio-ident --regid audio-ident --clear-groups env HOME=/nonexistent "$@"; }
home() { getent passwd person | cut -d: -f6; }
as_person() { setpriv --reuid person --regid person --clear-groups env HOME="$(home)" "$@"; }
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /packages -o -path /home -o -path /opt \
    -o -path /var/cache -o -path /var/log -o -path /var/tmp -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/systemd \) \
    -prune -o -print | sort
}
song="sample/Hungarian Dance No. 5.flac"

# ---- The archive, before anything is installed
archive_runs() {
  local program
  mkdir -p "/opt/a folder" && tar -xzf 1/*.tar.gz -C "/opt/a folder" || return 1
  program=$(echo "/opt/a folder/"*/bin/audio-ident)
  has '^audio-ident [0-9.]+$' "$(as_person "$program" --version)" && as_person "$program" ingest sample &&
    has 'Hungarian Dance No. 5' "$(as_person "$program" search "$song")" && as_person "$program" doctor &&
    mv "/opt/a folder" /opt/elsewhere && has 'sounds like' "$(as_person /opt/elsewhere/*/bin/audio-ident search "$song")"
}

# ---- Install
installs() { apt install /packages/1/*.deb; }
service_waits() {
  same "$(systemctl is-enabled audio-ident)" disabled && same "$(systemctl is-active audio-ident)" inactive
}
texts_are_there() {
  local page
  for page in audio-ident audio-ident-search; do
    has "\.SH NAME" "$(zcat "/usr/share/man/man1/$page.1.gz")" || return 1
  done
  bash -n /usr/share/bash-completion/completions/audio-ident && ls /usr/share/zsh/vendor-completions/_audio-ident \
    /usr/share/fish/vendor_completions.d/audio-ident.fish /usr/share/doc/audio-ident/{copyright,NOTICE,changelog.gz}
}
person_runs() {
  as_person audio-ident ingest sample && has 'at 0:00.0 of 0:45.8, certain' "$(as_person audio-ident search "$song")" &&
    has 'sounds like' "$(as_person audio-ident search --mode vibe "$song")"
}
rights() {
  same "$(stat -c '%U:%G %a' /etc/audio-ident.env)" 'root:audio-ident 640' &&
    same "$(stat -c '%U:%G %a' /var/lib/audio-ident)" 'audio-ident:audio-ident 750' && ! as_person cat /etc/audio-ident.env
}

# ---- The service
ready() { curl -sS --fail --retry 60 --retry-delay 1 --retry-connrefused --retry-all-errors localhost:17010/health/ready; }
starts() { systemctl enable --now audio-ident && has '"status":"ok"' "$(ready)"; }
unit_is_valid() { systemd-analyze verify /usr/lib/systemd/system/audio-ident.service; }
service_ingests() {
  has '"status":"ingested"' "$(curl -sS -F "audio=@$song" localhost:17010/api/v1/ingest)"
}
command_line_shares_library() {
  as_service audio-ident --env-file /etc/audio-ident.env ingest /packages/sample && has '"total":6' "$(library)"
}
library() { curl -sS localhost:17010/api/v1/tracks; }
service_searches() {
  local answer
  answer=$(curl -sS -F "audio=@$song" -F mode=both localhost:17010/api/v1/search)
  has '"exact_matches":\[\{.*Hungarian' "$answer" && has '"vibe_matches":\[\{' "$answer"
}
no_call_was_refused() {
  local log
  log=$(journalctl -u audio-ident)
  has 'Started' "$log" && ! grep -iE 'SECCOMP|signal=|core-dump|error' <<<"$log"
}

# ---- Upgrade, remove, install again, purge
upgrades() {
  local before after
  echo 'LOG_FORMAT=json' >>/etc/audio-ident.env
  before=$(systemctl show -P MainPID audio-ident)
  apt install /packages/2/*.deb || return 1
  after=$(systemctl show -P MainPID audio-ident)
  [ "$before" != "$after" ] && [ "$after" != 0 ] && ready && has -2~ "$(dpkg-query -W audio-ident)"
}
upgrade_keeps() {
  same "$(tail -n 1 /etc/audio-ident.env)" LOG_FORMAT=json && has '"total":6' "$(library)" && service_searches && rights
}
removes() {
  apt remove audio-ident && same "$(systemctl is-active audio-ident)" inactive && ! command -v audio-ident &&
    [ -f /etc/audio-ident.env ] && [ -d /var/lib/audio-ident/fingerprints ]
}
comes_back() {
  apt install /packages/2/*.deb && systemctl start audio-ident && ready && has '"total":6' "$(library)" &&
    same "$(systemctl is-enabled audio-ident)" enabled
}
purges() {
  # What other packages only suggest goes too.
  apt purge --auto-remove -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false audio-ident && ! getent passwd audio-ident | grep -v '/nologin$' &&
    ! ls -d /var/lib/audio-ident /etc/audio-ident.env /etc/systemd/system/*/audio-ident.service 2>/dev/null
}
nothing_is_left() { diff <(echo "$files_before") <(files); }

useradd --create-home person
check "the archive runs from any folder, and from another one after a move" archive_runs
rm -rf "$(home)/.local"
files_before=$(files)
check "apt installs the package" installs
check "the service is neither enabled nor started" service_waits
check "man pages, completions and documents are there" texts_are_there
check "a person ingests and searches, in both lanes" person_runs
check "only root and the service read its settings and its library" rights
check "the unit is valid" unit_is_valid
check "systemctl enable --now starts the service" starts
check "the service ingests an upload" service_ingests
check "the command line, as the service's user, shares its library" command_line_shares_library
check "the service answers a search in both lanes" service_searches
note "$(systemd-analyze security --no-pager audio-ident | tail -n 1)"
check "the sandbox of the service refused nothing" no_call_was_refused
check "an upgrade restarts the service" upgrades
check "an upgrade keeps the library, the settings and who may read them" upgrade_keeps
check "removing stops the service, and keeps settings and library" removes
check "installed again, the service has its library" comes_back
check "a purge removes settings and library" purges
check "nothing else is left" nothing_is_left
[ $failures -gt 0 ] || echo "all checks passed"
