"""A cluster with a library and clients, as `run.py` and the rolling upgrade begin."""

import pathlib
import shutil

import s3
from balancer import nginx_program
from clients import Clients
from cluster import Cluster
from parts import qdrant_program
from sounds import Clip, Song, strangers

SONGS = 6  # of the library in the short form, and beside the music in the full one
SONGS_FROM = 1000  # the first number of songs that clients bring
SUFFIXES = (".mp3", ".ogg", ".opus", ".flac")
SKIPPED = 77
NO_NGINX = "skipped: no nginx here; `make setup-tests` installs it"
NO_S3 = f"uploads are in a folder that all replicas share: {s3.ABSENT}"
NO_QDRANT = "skipped: no Qdrant program here: name one in QDRANT_BIN, or put qdrant-*.tar.xz into ../shared/tools"


def add_arguments(parser, search_seconds):
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--music", type=pathlib.Path, help="folder of music; without it: synthetic songs only")
    parser.add_argument("--tracks", type=int, default=16, help="of the folder, chosen by the seed")
    parser.add_argument(
        "--search-seconds", type=int, default=search_seconds, help="SEARCH_TIMEOUT_SECONDS; more on a busy machine"
    )


def with_cluster(arguments, work):
    """What `work(arguments, cluster)` returns; SKIPPED, and a line that says why, where a cluster cannot be made."""
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
            return work(arguments, cluster)
        finally:
            cluster.close()


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


def start(arguments, cluster, chance, outages):
    """Makes the library, starts the replicas, and returns clients that have not begun, and the titles by id."""
    tracks = make_library(cluster, arguments, chance)
    cluster.start_replicas()
    clients = Clients(cluster, outages, [], strangers(cluster.folder), arguments.seed, SONGS_FROM)
    clients.clips = known_clips(cluster, clients, tracks, chance)
    titles = cluster.postgresql.ask("SELECT id || ' ' || title FROM tracks").splitlines()
    return clients, dict(row.split(" ", 1) for row in titles)
