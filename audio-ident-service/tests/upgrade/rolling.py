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
from checks import Checks
from outages import Outages, stamp
from parts import PATIENCE
from service import PROGRAM
from start import add_arguments, start, with_cluster


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
    add_arguments(parser, search_seconds=60)
    return parser.parse_args()


def rolling(arguments, cluster):
    # So that nginx's idle connections end in order.
    cluster.settings["SHUTDOWN_DELAY_SECONDS"] = "2"
    clients, base = start(arguments, cluster, random.Random(f"{arguments.seed} upgrade"), Outages())
    upgrade = Upgrade(cluster, arguments)
    upgrade.say(f"{len(base)} tracks, {len(clients.clips)} clips")
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
    return with_cluster(parse(), rolling)


if __name__ == "__main__":
    sys.exit(main())
