"""A small, fixed evaluation on the sample music. Fails when accuracy is worse than guard.json records.

Four of the six sample tracks are indexed; two stay outside the library. The clips are degraded with generated noise and
computed rooms. The guard compares three counts over all clips: right at the first place, accepted, and accepted clips
of tracks outside the library. A count is worse when chance alone would give a result so bad less than once in a hundred
runs (exact binomial tail). The true share is assumed to be (hits + 1) / (clips + 2) of the record, so that a record
without a single miss still allows some.

--record writes the figures of this run as the new record. Commit it together with the change that improved them."""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from eval.kit import maker, noises, score, stats  # noqa: E402
from eval.kit.cells import guard_cells  # noqa: E402
from eval.kit.systems import AudioIdent  # noqa: E402

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / "sample"
RECORD = HERE / "guard.json"
OUTSIDE = ("Hungarian Dance No. 5.flac", "Vibe Ace.m4a")
POSITIVES, NEGATIVES, SEED = 20, 10, 1
CHANCE = 0.01


def music():
    """The sample tracks to index, and the two that stay outside."""
    tracks = sorted(str(p) for p in SAMPLE.iterdir() if p.suffix != ".md")
    library = [t for t in tracks if Path(t).name not in OUTSIDE]
    if len(tracks) - len(library) != len(OUTSIDE):
        sys.exit(f"{SAMPLE}: one of {', '.join(OUTSIDE)} is missing")
    return library, [t for t in tracks if t not in library]


def measure(binary, threshold, folder):
    """Figures by cell and over all, as score.summarise() gives them."""
    library, outside = music()
    jobs = maker.plan(
        guard_cells(), {"positive": POSITIVES, "negative": NEGATIVES}, {"positive": library, "negative": outside}, SEED
    )
    pools = {"noise": noises.COLOURS, "speech": [], "rir": []}
    rows = [
        {**dict.fromkeys(maker.COLUMNS, ""), **row} for row in maker.make_all(folder, SEED, pools, jobs, os.cpu_count())
    ]
    if len(rows) != len(jobs):
        sys.exit(f"{len(jobs) - len(rows)} of {len(jobs)} clips could not be made")
    system = AudioIdent(binary)
    threshold = system.default_threshold() if threshold is None else threshold
    (folder / "data").mkdir()
    system.index(library, folder / "data")
    answers = system.search([str(folder / row["file"]) for row in rows])
    return score.summarise([score.judge(row, answer) for row, answer in zip(rows, answers)], threshold, True)


def counts(figures):
    return {name: figures[name] for name in ("positives", "right", "accepted", "negatives", "alarms", "errors")}


def worse(new, old):
    """One sentence for each figure of `new` that is worse than `old`, beyond what chance explains."""
    found = []
    for name, of, sign in (("right", "positives", -1), ("accepted", "positives", -1), ("alarms", "negatives", 1)):
        share = (old[name] + 1) / (old[of] + 2)
        if sign < 0:
            tail = stats.binomial_tail(new[of] - new[name], new[of], 1 - share)
        else:
            tail = stats.binomial_tail(new[name], new[of], share)
        if tail < CHANCE:
            found.append(f"{name}: {new[name]} of {new[of]}, recorded {old[name]} of {old[of]} (chance {tail:.2g})")
    if new["errors"]:
        found.append(f"{new['errors']} clips gave an error instead of an answer")
    return found


def main(arguments=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", type=Path, default=HERE.parent / "build" / "release" / "src" / "audio-ident")
    p.add_argument("--threshold", type=float, help="confidence that counts as accepted (default: the product's)")
    p.add_argument("--record", action="store_true", help="write this run's figures as the new record")
    args = p.parse_args(arguments)
    if not args.binary.is_file():
        sys.exit(f"{args.binary} does not exist; `make eval-guard` builds it")
    old = None if args.record else json.loads(RECORD.read_text())
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="eval-guard-") as scratch:
        result = measure(args.binary.resolve(), args.threshold, Path(scratch))
    new = {"all": counts(result["all"]), "cells": {cell: counts(f) for cell, f in result["cells"].items()}}
    for cell, f in new["cells"].items():
        before = old["cells"].get(cell) if old else None
        note = "" if before in (f, None) else f"   recorded {before['right']}, {before['accepted']}, {before['alarms']}"
        print(
            f"{cell:16} top-1 {f['right']}, accepted {f['accepted']} of {f['positives']}; "
            f"false alarms {f['alarms']} of {f['negatives']}{note}"
        )
    f = new["all"]
    print(
        f"all: top-1 {f['right']}, accepted {f['accepted']} of {f['positives']}; false alarms {f['alarms']} of "
        f"{f['negatives']}; {time.monotonic() - begin:.0f} s"
    )
    if args.record:
        RECORD.write_text(json.dumps(new, indent=1) + "\n")
        return 0
    problems = worse(f, old["all"])
    for problem in problems:
        print(f"eval-guard: worse than recorded: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
