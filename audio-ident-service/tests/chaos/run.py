"""Kills and pauses parts of a cluster at random while clients search, upload and ingest, and checks that nothing is
lost, nothing is there twice, and no answer is wrong. See README.md.

    AUDIO_IDENT_PROGRAM=audio-ident python3 run.py --minutes 15 --seed 1 --music folder --out folder
"""

import argparse
import pathlib
import random
import shutil
import signal
import sys
import time

import s3
import summary
from balancer import nginx_program
from checks import Checks
from clients import Clients
from cluster import Cluster
from outages import Breaker, NotNormal, Outages, Pace, stamp
from parts import qdrant_program
from sounds import Clip, Song, strangers

FULL = Pace(shortest=2, longest=20, calm=5, patience=60)
# With sanitizers, and other tests beside.
SHORT = Pace(shortest=1, longest=3, calm=1, patience=120)
SONGS = 6  # of the library in the short form, and beside the music in the full one
SONGS_FROM = 1000  # the first number of songs that clients bring
SUFFIXES = (".mp3", ".ogg", ".opus", ".flac")
SKIPPED = 77
NO_NGINX = "skipped: no nginx here; `make setup-tests` installs it"
NO_S3 = f"uploads are in a folder that all replicas share: {s3.ABSENT}"
NO_QDRANT = "skipped: no Qdrant program here: name one in QDRANT_BIN, or put qdrant-*.tar.xz into ../shared/tools"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--music", type=pathlib.Path, help="folder of music; without it: synthetic songs only")
    parser.add_argument("--tracks", type=int, default=16, help="of the folder, chosen by the seed")
    parser.add_argument("--search-seconds", type=int, default=10, help="SEARCH_TIMEOUT_SECONDS; more on a busy machine")
    parser.add_argument("--short", action="store_true", help="short outages, as many as fit")
    parser.add_argument("--out", type=pathlib.Path, help="folder for the log and the table")
    return parser.parse_args()


def make_library(cluster, arguments, chance):
    """Ids and titles of the tracks that are there before the first outage, and the files by id."""
    base = cluster.music / "base"
    base.mkdir()
    for number in range(SONGS):
        song = Song(cluster.folder, number)
        song.write(cluster.folder, base / f"{song.title}.flac")
    if arguments.music:
        found = [file for file in sorted(arguments.music.rglob("*")) if file.suffix in SUFFIXES]
        for number, file in enumerate(chance.sample(found, min(arguments.tracks, len(found)))):
            shutil.copy(file, base / f"{number:03}{file.suffix}")
    for command in (("db", "upgrade"), ("ingest", str(base))):
        done = cluster.command(*command)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    rows = cluster.postgresql.ask("SELECT id || ' ' || duration_seconds || ' ' || file_path FROM tracks")
    return [row.split(" ", 2) for row in rows.splitlines()]


def known_clips(cluster, clients, tracks, chance):
    """Clips that the cluster names rightly now, and so must always."""
    clips = []
    for track, seconds, file in tracks:
        begin = chance.uniform(1, max(1.5, float(seconds) - 9))
        clip = Clip(cluster.folder, pathlib.Path(file), begin, track)
        found, failed = clients.searched(clip.sound, "both")
        if not failed and [match["track"]["id"] for match in found["exact_matches"]][:1] == [track]:
            clips.append(clip)
    if len(clips) < 0.8 * len(tracks):
        raise RuntimeError(f"only {len(clips)} of {len(tracks)} clips are named rightly")
    return clips


def chaos(arguments, cluster):
    chance = random.Random(f"{arguments.seed} chaos")
    tracks = make_library(cluster, arguments, chance)
    cluster.start_replicas()
    outages = Outages()
    clients = Clients(cluster, outages, [], strangers(cluster.folder), arguments.seed, SONGS_FROM)
    clients.clips = known_clips(cluster, clients, tracks, chance)
    cluster.probe = clients.clips[0]
    print(f"{stamp()} {len(tracks)} tracks, {len(clients.clips)} clips", flush=True)
    titles = cluster.postgresql.ask("SELECT id || ' ' || title FROM tracks").splitlines()
    base = dict(row.split(" ", 1) for row in titles)
    clients.start()
    failures = []
    try:
        Breaker(cluster, outages, SHORT if arguments.short else FULL, chance).run(60 * arguments.minutes)
    except NotNormal as error:
        failures.append(str(error))
    clients.stop()
    checks = Checks(cluster, clients.present, base, clients.clips, clients.strangers)
    if not failures:
        checks.run()
    figures = {
        "date": time.strftime("%Y-%m-%d"),
        "arguments": {name: str(value) for name, value in vars(arguments).items()},
        "outages by kind": summary.of_outages(outages.all),
        "clients": clients.counts,
        "search seconds": summary.of_seconds(clients.seconds),
        "end": checks.facts,
        "failures": [*failures, *clients.failures, *checks.failures],
    }
    print(summary.text_of(figures), flush=True)
    if arguments.out:
        summary.write(arguments.out, figures, outages.all, cluster.logs())
    return 1 if figures["failures"] else 0


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # The parts must not stay.
    arguments = parse()
    if not nginx_program():
        print(NO_NGINX)
        return SKIPPED
    with qdrant_program() as qdrant:
        if not qdrant:
            print(NO_QDRANT)
            return SKIPPED
        cluster = Cluster()
        try:
            cluster.start_stores(qdrant, arguments.search_seconds)
            if not cluster.bucket:
                print(NO_S3)
            return chaos(arguments, cluster)
        finally:
            cluster.close()


if __name__ == "__main__":
    sys.exit(main())
