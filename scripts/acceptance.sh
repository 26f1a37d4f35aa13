#!/usr/bin/env bash
# Checks the acceptance criteria of docs/acceptance.md that do not need Docker.
# usage: acceptance.sh PROGRAM     needs Debian's PostgreSQL (make setup-tests); starts a server of its own
# Prints one line per criterion. Exits with 1 when any criterion is not met.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

program=$(realpath "$1") || exit 2
work=$(mktemp -d)
failures=0
servers=()
finish() {
  for server in "${servers[@]}"; do kill -INT "$server" 2>/dev/null; wait "$server" 2>/dev/null; done
  rm -rf "$work"
}
trap finish EXIT

# criterion NUMBER TEXT COMMAND...
criterion() {
  local number=$1 text=$2 log
  shift 2
  if log=$("$@" 2>&1); then
    printf 'met       %-5s %s\n' "$number" "$text"
  else
    failures=$((failures + 1))
    printf 'NOT MET   %-5s %s\n%s\n' "$number" "$text" "$log"
  fi
}
has() { grep -qE -- "$1" <<<"$2" || { printf 'expected %s in:\n%s\n' "$1" "$2"; return 1; }; }
hasnt() { ! grep -qE -- "$1" <<<"$2" || { printf 'did not expect %s in:\n%s\n' "$1" "$2"; return 1; }; }

# ---- A PostgreSQL server for this run
start_server() {
  local bin as=()
  bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1)
  [ -n "$bin" ] || { echo "acceptance: PostgreSQL is not installed; run \`make setup-tests\`" >&2; exit 2; }
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$work"
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  fi
  (cd "$work" && "${as[@]}" "$bin/initdb" -D "$work/data" -U audio_ident -A trust -E UTF8 --locale=C --no-sync) >/dev/null || exit 2
  (cd "$work" && exec "${as[@]}" "$bin/postgres" -D "$work/data" -k "$work" -c listen_addresses= -c fsync=off) 2>"$work/log" &
  servers+=($!)
  for _ in $(seq 600); do
    if pg_isready -q -h "$work"; then break; fi
    sleep 0.1
  done
  psql -q -h "$work" -U audio_ident -d postgres -c 'CREATE DATABASE audio_ident' || exit 2
  mkdir "$work/home"
}
sql() { psql --no-psqlrc -v ON_ERROR_STOP=1 -h "$work" -U audio_ident -d audio_ident "$@"; }
run() {
  env -C "$work/home" HOME="$work/home" AUDIO_IDENT_DATA_DIR="$work/home/data" POSTGRES_MODE=external \
    DATABASE_URL="postgresql://audio_ident:secret@/audio_ident?host=$work" "$program" "$@"
}

# ---- Step 1: the contract
contract_is_one() {
  diff audio-ident-service/docs/api-contract.md audio-ident-ui/docs/api-contract.md &&
    diff audio-ident-service/docs/api-contract.md docs/api-contract.md
}
# The version at the top of the contract, not one in its list of changes, is the program's, and not older than the
# plan's.
contract_version_is_current() {
  local stated programs oldest
  stated=$(sed -nE '1,5s/^Version \*\*([0-9.]+)\*\*.*/\1/p' docs/api-contract.md)
  programs=$(git ls-files -z 'audio-ident-service/src/*.hpp' | xargs -0 sed -nE 's/.*kApiVersion = "([0-9.]+)".*/\1/p')
  oldest=$(printf '%s\n' 1.1.0 "$stated" | sort -V | head -n 1)
  if [ -z "$stated" ] || [ "$stated" != "$programs" ] || [ "$oldest" != 1.1.0 ]; then
    printf 'the contract states version %s, the program has %s\n' "$stated" "$programs"
    return 1
  fi
}
contract_is_whole() {
  local all endpoint
  all=$(cat docs/api-contract.md) && contract_version_is_current || return 1
  for endpoint in 'POST /api/v1/search' 'POST /api/v1/ingest' 'GET /api/v1/tracks' 'GET /api/v1/tracks/\{id\}'; do
    has "$endpoint" "$all" || return 1
  done
}

# ---- Step 2: Docker Compose and modes
# A stand-in for docker that succeeds at once and logs its arguments.
fake_docker() {
  mkdir -p "$work/bin"
  printf '#!/bin/sh\necho "$*" >>"%s/docker.log"\n' "$work" >"$work/bin/docker"
  chmod +x "$work/bin/docker"
}
asked() {  # MODES... : prints the containers that `make docker-up` starts
  : >"$work/docker.log"
  env PATH="$work/bin:$PATH" "$@" make -s docker-up >/dev/null 2>&1 || { echo "make docker-up failed"; return 1; }
  sed -n 's/.* up -d //p' "$work/docker.log" | tr '\n' ' '
}
modes_choose_containers() {
  local all
  all=$(asked POSTGRES_MODE=docker QDRANT_MODE=external) || { echo "$all"; return 1; }
  [ "$all" = "postgres " ] || { echo "started: $all"; return 1; }
  all=$(asked POSTGRES_MODE=external QDRANT_MODE=embedded) || { echo "$all"; return 1; }
  [ -z "$all" ] || { echo "started: $all"; return 1; }
}
down_stops_all() {
  : >"$work/docker.log"
  PATH="$work/bin:$PATH" make -s docker-down && has '--profile dev .*down' "$(cat "$work/docker.log")"
}
compose_is_valid() {
  local all
  all=$(docker-compose -f docker-compose.yml --profile dev config) &&
    has 'image: postgres:16' "$all" && has 'image: qdrant/qdrant:v1.16.3' "$all" && hasnt 'curl' "$all"
}
# What the compose file runs, with a program in place of Qdrant that prints its key.
qdrants_key() {
  # shellcheck disable=SC2016
  docker-compose -f docker-compose.yml --profile qdrant config >"$work/compose.yml" &&
    printf '#!/bin/sh\nprintf "%%s" "${QDRANT__SERVICE__API_KEY-none}"\n' >"$work/bin/qdrant" && chmod +x "$work/bin/qdrant" &&
    /usr/bin/python3 - "$work" <<'END'
import os, sys, yaml
qdrant = yaml.safe_load(open(sys.argv[1] + "/compose.yml"))["services"]["qdrant"]
os.chdir(sys.argv[1] + "/bin")
command = [word.replace("$$", "$") for word in qdrant["entrypoint"]]
os.execvpe(command[0], command, {**os.environ, "QDRANT__SERVICE__API_KEY": qdrant["environment"]["QDRANT__SERVICE__API_KEY"]})
END
}
qdrant_gets_the_key() { [ "$(QDRANT_API_KEY='' qdrants_key)" = none ] && [ "$(QDRANT_API_KEY=secret qdrants_key)" = secret ]; }
ports_follow_variables() {
  local all
  all=$(POSTGRES_PORT=15432 QDRANT_HTTP_PORT=16333 QDRANT_GRPC_PORT=16334 SERVICE_PORT=18010 \
    docker-compose -f docker-compose.yml --profile dev config) &&
    has '15432' "$all" && has '16333' "$all" && has '16334' "$all" && has '18010' "$all"
}
# The unit of the tree, and that of the package, which CMake makes from it.
unit_is_valid() {
  local unit
  for unit in audio-ident-service/systemd/audio-ident.service "$(dirname "$program")/../packaging/audio-ident.service"; do
    sed -E "s#/usr/(local/)?bin/audio-ident#$program#" "$unit" >"$work/audio-ident.service"
    systemd-analyze verify "$work/audio-ident.service" || return 1
  done
}
texts_are_valid() {
  local share=$work/texts/share page warnings
  /usr/bin/python3 -B -m scripts.command_texts "$program" "$work/texts" && bash -n "$share/bash-completion/completions/audio-ident" &&
    zsh -n "$share/zsh/_audio-ident" && fish -n "$share/fish/vendor_completions.d/audio-ident.fish" || return 1
  for page in "$share"/man/man1/*; do
    warnings=$(man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)
    [ -z "$warnings" ] || { printf '%s: %s\n' "$page" "$warnings"; return 1; }
  done
}
example_is_current() { "$program" config --example | diff - .env.example; }
env_is_not_kept() { git check-ignore -q .env && ! git ls-files --error-unmatch .env 2>/dev/null; }

# ---- Step 3: schema
one_head() { [ "$(run db heads | wc -l)" -eq 1 ]; }
forward() { run db upgrade && [ "$(run db current)" = "$(run db heads)" ]; }
types() {
  local all
  all=$(sql -c '\d tracks') && has ' id +\| uuid .*gen_random_uuid\(\)' "$all" &&
    has 'title +\| character varying\(500\)' "$all" && has 'ingested_at +\| timestamp with time zone' "$all" &&
    has 'fingerprint_indexed +\| boolean' "$all" && has 'file_hash_sha256 +\| character varying\(64\)' "$all"
}
indexes() {
  local all
  all=$(sql -c '\di' | grep tracks) && has ix_tracks_file_hash "$all" && has ix_tracks_artist_title "$all" &&
    has ix_tracks_ingested_at "$all" && has 'UNIQUE, btree \(file_hash_sha256\)' "$(sql -c '\d tracks')"
}
uuids() {
  sql -qAt -c "INSERT INTO tracks (title, duration_seconds, file_hash_sha256, file_size_bytes, file_path, file_modified_ns,
    search_text) VALUES ('a', 1, repeat('0', 64), 1, '/a', 1, 'a') RETURNING id" |
    grep -qE '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
}
backward() { # undoes every migration
  run db downgrade --yes --steps "$(sql -Atc 'SELECT count(*) FROM schema_migrations')" && hasnt tracks "$(sql -Atc '\dt')"
}
reset() { run db reset --yes && [ "$(sql -Atc 'SELECT count(*) FROM tracks')" = 0 ] && [ "$(run db current)" = "$(run db heads)" ]; }
works() { run ingest "$PWD/sample" && run doctor && has '"total":[1-9]' "$(run tracks list --json)"; }

# ---- Step 4: startup
refuses_without_postgres() {
  local message status=0
  message=$(DATABASE_URL=postgresql://me:hunter2@127.0.0.1:1/db POSTGRES_MODE=external HOME="$work/home" \
    "$program" "$@" 2>&1) || status=$?
  [ "$status" -eq 75 ] || { echo "exit code $status: $message"; return 1; }
  has '[Cc]annot reach PostgreSQL at postgresql://me:\*\*\*@127.0.0.1:1/db' "$message" && hasnt hunter2 "$message"
}

refuses_without_qdrant() {
  local message status=0
  message=$(QDRANT_MODE=external QDRANT_URL=http://127.0.0.1:1 AUDIO_IDENT_DATA_DIR="$work/unused" "$program" serve 2>&1) || status=$?
  [ "$status" -eq 75 ] || { echo "exit code $status: $message"; return 1; }
  has 'FATAL: Cannot reach Qdrant at http://127.0.0.1:1. Error: .*' "$message"
}

# Starts a Qdrant server from $QDRANT_BIN or ../shared/tools. Fails when there is neither.
start_qdrant() {
  local archive bin=${QDRANT_BIN:-}
  if [ -z "$bin" ]; then
    for archive in ../shared/tools/qdrant-*.tar.xz; do tar xJf "$archive" -C "$work" 2>/dev/null && bin=$work/qdrant; done
  fi
  [ -x "$bin" ] || return 1
  qdrant=$(free_port)
  (cd "$work" && QDRANT__SERVICE__HOST=127.0.0.1 QDRANT__SERVICE__HTTP_PORT=$qdrant QDRANT__SERVICE__GRPC_PORT=$(free_port) \
    QDRANT__STORAGE__STORAGE_PATH="$work/qdrant-data" QDRANT__TELEMETRY_DISABLED=true exec "$bin") >"$work/qdrant.log" 2>&1 &
  servers+=($!)
  wait_for get "http://127.0.0.1:$qdrant/readyz"
}

# get URL : prints the body of a response with status 200
get() { /usr/bin/python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).read().decode())' "$1"; }
wait_for() { for _ in $(seq 300); do ! "$@" >/dev/null 2>&1 || return 0; sleep 0.1; done; "$@"; }
free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# with_dev COMMAND... : runs what `make dev` runs, on PostgreSQL without containers, and runs COMMAND meanwhile
port=$(free_port)
vectors=(QDRANT_MODE=embedded)
with_dev() {
  local dev status=0
  env HOME="$work/home" AUDIO_IDENT_DATA_DIR="$work/home/data" POSTGRES_MODE=external "${vectors[@]}" SERVICE_PORT="$port" \
    DATABASE_URL="postgresql://audio_ident:secret@/audio_ident?host=$work" bash scripts/dev.sh "$program" >"$work/dev.log" 2>&1 &
  dev=$!
  { wait_for get "http://localhost:$port/health" && "$@"; } || status=$?
  kill -TERM "$dev"
  wait "$dev"
  if get "http://localhost:$port/health" >/dev/null 2>&1; then echo "the service is still running"; status=1; fi
  [ "$status" -eq 0 ] || cat "$work/dev.log"
  return "$status"
}
stores_answer() {
  local all
  all=$(get "http://localhost:$port/health/ready") && has '"status":"ok"' "$all" || return 1
  [ "${vectors[0]}" = QDRANT_MODE=embedded ] || has '"vector_index":"ok"' "$all"
}
search_answers() {
  ffmpeg -v error -nostdin -y -ss 20 -t 6 -i "sample/Hungarian Dance No. 5.flac" -ac 1 -c:a libopus -b:a 32k "$work/clip.webm" &&
    /usr/bin/python3 - "http://localhost:$port/api/v1/search" "$work/clip.webm" <<'END'
import json, sys, urllib.request
url, clip = sys.argv[1:]
part = 'Content-Disposition: form-data; name="{}"'
body = b"".join(f"--cut\r\n{head}\r\n\r\n".encode() + value + b"\r\n" for head, value in (
    (part.format("mode"), b"exact"), (part.format("audio") + '; filename="clip.webm"', open(clip, "rb").read()))) + b"--cut--\r\n"
request = urllib.request.Request(url, body, {"Content-Type": "multipart/form-data; boundary=cut"})
match = json.load(urllib.request.urlopen(request, timeout=60))["exact_matches"][0]
assert "Hungarian" in match["track"]["title"], match
assert abs(match["offset_seconds"] - 20) < 1, match
END
}
schemas_are_there() {
  get "http://localhost:$port/openapi.json" >"$work/openapi.json" && /usr/bin/python3 - "$work/openapi.json" <<'END'
import json, sys
api = json.load(open(sys.argv[1]))
schemas = api["components"]["schemas"]
for name in ("SearchResponse", "ExactMatch", "VibeMatch", "TrackInfo", "IngestResponse"):
    assert name in schemas, name
mode = schemas["SearchResponse"]["properties"]["mode_used"]
mode = schemas[mode["$ref"].rsplit("/", 1)[1]] if "$ref" in mode else mode
assert sorted(mode["enum"]) == ["both", "exact", "vibe"], mode
assert {"aligned_hashes", "offset_seconds"} <= schemas["ExactMatch"]["properties"].keys()
assert "/api/v1/search" in api["paths"] and "/api/v1/ingest" in api["paths"]
END
}

fake_docker
start_server
criterion 1.1 "the contract is identical in all three places" contract_is_one
criterion 1.2 "the contract has the planned endpoints and states the current version" contract_is_whole
criterion 2.1 "the compose file is valid: PostgreSQL 16, Qdrant 1.16.3, no curl in a health check" compose_is_valid
criterion 2.2 "every port comes from a variable" ports_follow_variables
criterion 2.3 "a store with mode external or embedded gets no container (with a stand-in for docker)" modes_choose_containers
criterion 2.4 "make docker-down stops all containers (with a stand-in for docker)" down_stops_all
criterion 2.5 ".env.example matches the program's settings" example_is_current
criterion 2.6 ".env is never committed" env_is_not_kept
criterion 2.7 "the systemd unit is valid, and so is that of the package" unit_is_valid
criterion 2.8 "man pages and completions, made from the program, are valid" texts_are_valid
criterion 2.9 "Qdrant's container gets QDRANT_API_KEY, and no key without it" qdrant_gets_the_key
criterion 3.1 "there is exactly one migration head" one_head
criterion 3.2 "db upgrade migrates to the head" forward
criterion 3.3 "columns have the planned types" types
criterion 3.4 "\\di shows the planned indexes" indexes
criterion 3.5 "rows get valid UUIDs" uuids
criterion 3.6 "db downgrade drops the table" backward
criterion 3.7 "db upgrade works again" forward
criterion 3.8 "db reset leaves an empty schema at the head" reset
criterion 3.9 "ingest, doctor and tracks work on PostgreSQL" works
criterion 4.1 "without PostgreSQL a command exits with 75 and prints the URL without the password" refuses_without_postgres tracks list
criterion 4.2 "without PostgreSQL the service does not start" refuses_without_postgres serve
criterion 4.3 "make dev without containers migrates, starts the service, reaches its stores and stops on Ctrl-C" with_dev stores_answer
criterion 4.4 "with the catalog on PostgreSQL, the service finds a clip's recording and offset" with_dev search_answers
criterion 4.5 "without Qdrant the service does not start, and prints the URL" refuses_without_qdrant
if start_qdrant; then
  vectors=(QDRANT_MODE=external QDRANT_URL="http://127.0.0.1:$qdrant")
  criterion 4.6 "the service starts with PostgreSQL and Qdrant, and both answer" with_dev stores_answer
  vectors=(QDRANT_MODE=embedded)
else
  printf 'not run   %-5s %s\n' 4.6 "the service starts with PostgreSQL and Qdrant: Qdrant not found in QDRANT_BIN or ../shared/tools"
fi
criterion 5.1 "/openapi.json has the schemas, three search modes, the fields of an exact match" with_dev schemas_are_there
[ "$failures" -eq 0 ]
