#!/usr/bin/env bash
# Starts and stops the containers of the stores. POSTGRES_MODE and QDRANT_MODE say which ones are needed: `docker` needs
# a container, `external` and `embedded` do not. A mode is read from the environment, then from .env; the default is
# docker.
# usage: stack.sh up [postgres|qdrant...] | down | mode POSTGRES|QDRANT
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'stack: %s\n' "$*" >&2; }

# Prints a setting's value as the program would resolve it.
setting() {
  local name=$1 fallback=$2 line=""
  if [ -n "${!name:-}" ]; then printf '%s' "${!name}"; return; fi
  [ ! -f .env ] || line=$(grep -E "^(export +)?$name=" .env | tail -n 1 | sed -E "s/^[^=]*=//; s/^[\"']//; s/[\"']$//")
  printf '%s' "${line:-$fallback}"
}

compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"
  elif command -v docker-compose >/dev/null; then docker-compose "$@"
  else say "Docker with Compose is needed; or set POSTGRES_MODE and QDRANT_MODE to embedded or external"; exit 1
  fi
}

wait_for() {
  local what=$1 tries=120
  shift
  say "waiting for $what"
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then say "$what does not answer; to see its log, run: docker compose logs $what"; exit 1; fi
    sleep 0.5
  done
  say "$what is ready"
}

postgres_answers() { compose exec -T postgres pg_isready -U audio_ident -d audio_ident; }
qdrant_answers() {
  local port
  port=$(setting QDRANT_HTTP_PORT 6333)
  bash -c "exec 3<>/dev/tcp/127.0.0.1/$port && printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3 && grep -q ' 200 ' <&3"
}

up() {
  local store mode
  for store in "$@"; do
    mode=$(setting "${store^^}_MODE" docker)
    case $mode in
      docker)
        compose --profile "$store" up -d "$store"
        wait_for "$store" "${store}_answers"
        ;;
      external | embedded) say "$store: mode $mode, no container" ;;
      *) say "${store^^}_MODE=$mode is not allowed; use docker, external or embedded"; exit 2 ;;
    esac
  done
}

case ${1:-} in
  up) shift; [ $# -gt 0 ] || set -- postgres qdrant; up "$@" ;;
  down) compose --profile dev --profile postgres --profile qdrant --profile service --profile scale down ;;
  mode) setting "$2_MODE" docker ;;
  *) echo "usage: stack.sh up [postgres|qdrant...] | down | mode POSTGRES|QDRANT" >&2; exit 2 ;;
esac
