"""Replaces the replicas of a cluster by those of the next version, one by one, while clients search, upload, remove and
ingest: nobody may notice. See README.md.

    AUDIO_IDENT_PROGRAM=old python3 rolling.py --new program-of-the-next-version
"""

import argparse
import pathlib
import random
import sys
import time

import summary
from balancer import nginx_program
from checks import Checks
from clients import Clients
from cluster import Cluster
from outages import Outages, stamp
from parts import PATIENCE, qdrant_program
from run import NO_NGINX, NO_QDRANT, SKIPPED, SONGS_FROM, known_clips, make_library
from service import PROGRAM
from sounds import strangers


class Upgrade:
    def __init__(self, cluster, arguments):
        self.cluster = cluster
        self.new = arguments.new
        self.seconds = arguments.seconds
        self.failures = []

    def say(self, text):
        print(f"{stamp()} {text}", flush=True)

    def expect(self, condition, text):
        if not condition:
            self.failures.append(text)
            self.say(f"FAILED {text}")

    def migrate(self, name, program):
        done = self.cluster.command("db", "upgrade", program=program)
        said = (done.stdout + done.stderr).strip().replace("\n", "; ")
        self.say(f"db upgrade of the {name} program: {said}")
        self.expect(done.returncode == 0, f"db upgrade of the {name} program ends with {done.returncode}: {said}")
        return said

    def replace(self, replica, name, program):
        code = replica.service.stop()
        self.expect(code == 143, f"{replica.name} ends with {code}")
        replica.program = program
        replica.start()
        end = time.monotonic() + PATIENCE
        while not replica.is_ready() and time.monotonic() < end:
            time.sleep(0.1)
        self.say(f"{replica.name} has the {name} program")
        self.expect(replica.is_ready(), f"{replica.name} is not ready with the {name} program")

    def run(self):
        """Expand, then both versions side by side, then the new one alone."""
        time.sleep(self.seconds)
        self.migrated = self.migrate("new", self.new)
        time.sleep(self.seconds)
        # As a supervisor starts what has died, with all that the image runs.
        nothing = self.migrate("old", PROGRAM)
        self.expect("nothing to do" in nothing, f"the old program migrates: {nothing}")
        well = self.cluster.command("doctor", program=PROGRAM)
        self.expect(well.returncode == 0, f"doctor of the old program: {well.stdout}{well.stderr}")
        self.replace(self.cluster.replicas[0], "old", PROGRAM)
        for replica in self.cluster.replicas:
            time.sleep(self.seconds)
            self.replace(replica, "new", self.new)
        time.sleep(self.seconds)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--new", type=pathlib.Path, required=True, help="program of the next version")
    parser.add_argument("--seconds", type=float, default=5, help="between two steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--music", type=pathlib.Path, help="folder of music; without it: synthetic songs only")
    parser.add_argument("--tracks", type=int, default=16, help="of the folder, chosen by the seed")
    parser.add_argument("--search-seconds", type=int, default=60, help="SEARCH_TIMEOUT_SECONDS")
    return parser.parse_args()


def rolling(arguments, cluster):
    chance = random.Random(f"{arguments.seed} upgrade")
    tracks = make_library(cluster, arguments, chance)
    cluster.start_replicas()
    clients = Clients(cluster, Outages(), [], strangers(cluster.folder), arguments.seed, SONGS_FROM)
    clients.clips = known_clips(cluster, clients, tracks, chance)
    titles = cluster.postgresql.ask("SELECT id || ' ' || title FROM tracks").splitlines()
    base = dict(row.split(" ", 1) for row in titles)
    upgrade = Upgrade(cluster, arguments)
    upgrade.say(f"{len(tracks)} tracks, {len(clients.clips)} clips")
    clients.start()
    upgrade.run()
    clients.stop()
    checks = Checks(cluster, clients.present, base, clients.clips, clients.strangers, arguments.new)
    checks.run()
    failures = [*upgrade.failures, *clients.failures, *checks.failures]
    print(
        summary.text_of(
            {
                "outages by kind": [],
                "clients": clients.counts,
                "search seconds": summary.of_seconds(clients.seconds),
                "end": {"schema": upgrade.migrated, **checks.facts},
                "failures": failures,
            }
        )
    )
    return 1 if failures else 0


def main():
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
            # So that nginx's idle connections end in order.
            cluster.settings["SHUTDOWN_DELAY_SECONDS"] = "2"
            return rolling(arguments, cluster)
        finally:
            cluster.close()


if __name__ == "__main__":
    sys.exit(main())
