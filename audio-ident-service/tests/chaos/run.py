"""Kills and pauses parts of a cluster at random while clients search, upload and ingest, and checks that nothing is
lost, nothing is there twice, and no answer is wrong. See README.md.

    AUDIO_IDENT_PROGRAM=audio-ident python3 run.py --minutes 15 --seed 1 --music folder --out folder
"""

import argparse
import pathlib
import random
import sys
import time

import summary
from checks import Checks
from outages import Breaker, NotNormal, Outages, Pace, stamp
from service import end_on_sigterm
from start import add_arguments, start, with_cluster

FULL = Pace(shortest=2, longest=20, calm=5, patience=60)
# With sanitizers, and other tests beside.
SHORT = Pace(shortest=1, longest=3, calm=1, patience=120)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    add_arguments(parser, search_seconds=10)
    parser.add_argument("--short", action="store_true", help="short outages, as many as fit")
    parser.add_argument("--out", type=pathlib.Path, help="folder for the log and the table")
    return parser.parse_args()


def chaos(arguments, cluster):
    chance = random.Random(f"{arguments.seed} chaos")
    outages = Outages()
    clients, base = start(arguments, cluster, chance, outages)
    cluster.probe = clients.clips[0]
    print(f"{stamp()} {len(base)} tracks, {len(clients.clips)} clips", flush=True)
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
    end_on_sigterm()
    return with_cluster(parse(), chaos)


if __name__ == "__main__":
    sys.exit(main())
