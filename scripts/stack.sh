#!/usr/bin/env bash
# The stores in containers, as POSTGRES_MODE and QDRANT_MODE say: docker, or external and embedded, which need none.
# usage: stack.sh up [postgres|qdrant...] | down
# A mode comes from the environment, else from .env, else it is docker.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'stack: %s\n' "$*" >&2; }

# The value of a variable as the program would find it.
setting() {
  local name=$1 fallback=$2 line=""
  if [ -n "${!name:-}" ]; then printf '%s' "${!name}"; return; fi
  [ ! -f .env ] || line=$(grep -E "^(export +)?$name=" .env | tail -n 1 | sed -E "s/^[^=]*=//; s/^[\"']//; s/[\"']$//")
  printf '%s' "${line:-$fallback}"
}

compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"
  elif command -v docker-compose >/dev/null; then docker-compose "$@"
  else say "needs Docker with Compose; or set POSTGRES_MODE and QDRANT_MODE to embedded or external"; exit 1
  fi
}

wait_for() {
  local what=$1 tries=120
  shift
  say "waiting for $what"
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then say "$what does not answer; see its log: docker compose logs $what"; exit 1; fi
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
      *) say "${store^^}_MODE=$mode: it takes docker, external or embedded"; exit 2 ;;
    esac
  done
}

case ${1:-} in
  up) shift; [ $# -gt 0 ] || set -- postgres qdrant; up "$@" ;;
  down) compose --profile dev --profile postgres --profile qdrant --profile service down ;;
  mode) setting "$2_MODE" docker ;;
  *) echo "usage: stack.sh up [postgres|qdrant...] | down | mode POSTGRES|QDRANT" >&2; exit 2 ;;
esac
