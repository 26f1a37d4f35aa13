#!/usr/bin/env bash
# Runs `make run`: ingests music, cuts a short clip from the middle of a track, adds noise, identifies the clip, then
# runs the service until Ctrl-C.
# usage: try_it.sh PROGRAM [MUSIC_FOLDER]    default: the bundled sample music
set -euo pipefail
cd "$(dirname "$0")/.."

program=$1
music=${2:-}
if [ -z "$music" ]; then
  music=sample
elif [ ! -d "$music" ]; then
  echo "make run: AUDIO_DIR=$music is not a folder" >&2
  exit 2
fi

printf '\n== Ingesting %s\n' "$music" >&2
status=0
"$program" ingest "$music" || status=$?
# 3: some files could not be read. The report names them; the others are indexed.
[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || exit "$status"

# Pick any track of the folder that is long enough.
pick=$("$program" tracks list --per-page 500 --json | /usr/bin/python3 -c '
import json, os, sys
root = os.path.realpath(sys.argv[1]) + "/"
tracks = [t for line in sys.stdin for t in json.loads(line)["items"]]
tracks = [t for t in tracks if os.path.realpath(t["file_path"]).startswith(root) and t["duration_seconds"] >= 12 and os.path.exists(t["file_path"])]
if not tracks:
    sys.exit("make run: no track of 12 seconds or more in " + sys.argv[1])
track = sorted(tracks, key=lambda t: t["file_path"])[len(tracks) // 2]
print(f"""{track["duration_seconds"] / 2:.2f}\n{track["file_path"]}""")
' "$music")
start=${pick%%$'\n'*}
track=${pick#*$'\n'}

clip=audio-ident-service/build/noisy-clip.webm
printf '\n== Making a noisy clip: 6 s of "%s" from second %s, with noise, as Opus in WebM\n' "$(basename "$track")" "$start" >&2
ffmpeg -v error -nostdin -y -ss "$start" -t 6 -i "$track" -f lavfi -t 6 -i anoisesrc=color=pink:amplitude=0.15:seed=1 \
  -filter_complex '[0:a:0]aformat=sample_rates=48000:channel_layouts=mono[m];[m][1:a]amix=inputs=2:duration=first' \
  -ac 1 -c:a libopus -b:a 32k "$clip"

printf '\n== audio-ident search %s\n' "$clip" >&2
"$program" search --mode exact "$clip"

cat >&2 <<END

== What to try next
  The program:       $program   (make install PREFIX=~/.local puts it on your path)
  Your own music:    make run AUDIO_DIR=~/Music
  Your recording:    $program search recording.webm
  JSON for scripts:  $program search --json --mode exact a.wav b.mp3
  Your library:      $program tracks list
  Over HTTP:         curl -F audio=@$clip -F mode=exact localhost:${SERVICE_PORT:-17010}/api/v1/search
  Everything else:   $program --help

== audio-ident serve: open http://localhost:${SERVICE_PORT:-17010} and let it listen; press Ctrl-C to stop
   API documentation: http://localhost:${SERVICE_PORT:-17010}/docs
END
exec "$program" serve
