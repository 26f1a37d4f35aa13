"""Measures the exact lane in large libraries: real clips of real tracks, which are hidden among synthetic tracks.

    python3 -m bench.scale SET --build build/release --data FOLDER --sizes 0,10000,100000

eval.build_queries makes SET. Its library is indexed, then synthetic tracks are added up to each size in turn. They are
made from recordings of the half that the clips do not come from. The index stays in FOLDER (about 9 MB for 1,000
minutes of music; a merge needs the same again for a while), and the next run uses it again. At each size all clips are
decoded, then searched one after another, twice. "warm" is the second search: processor time of all threads, which
hardly depends on the other load of the machine, and wall-clock time. "cold" searches some clips with the index just
opened and none of it in memory: wall-clock time."""

import argparse
import csv
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
from eval.kit import score, stats  # noqa: E402
from eval.kit.systems import Answer, AudioIdent, Match  # noqa: E402


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("set", type=Path, help="folder made by build_queries.py")
    p.add_argument("--build", type=Path, default=HERE.parent / "build" / "release")
    p.add_argument("--data", type=Path, required=True, help="folder of the index, made when it does not exist")
    p.add_argument("--sizes", default="0,1000,10000", help="numbers of synthetic tracks, rising")
    p.add_argument("--seconds", type=float, default=240, help="length of a synthetic track")
    p.add_argument("--every", type=int, default=1, metavar="N", help="search only each N-th clip of a cell")
    p.add_argument("--cold", type=int, default=60, metavar="N", help="number of clips to search cold as well")
    p.add_argument("--out", type=Path, help="also write the figures here, as JSON; keeps its figures of other sizes")
    return p.parse_args()


def clips(args):
    """Rows of queries.csv, every N-th of each cell and kind."""
    with open(args.set / "queries.csv", newline="", encoding="utf-8") as file:
        rows, seen = list(csv.DictReader(file)), {}
    for row in rows:
        key = row["cell"], row["kind"]
        seen[key] = seen.get(key, -1) + 1
        row["taken"] = seen[key] % args.every == 0
    return [row for row in rows if row["taken"]]


def seeds(args):
    """Recordings to make synthetic tracks from: none that a clip may come from."""
    half = json.loads((args.set / "set.json").read_text())["settings"]["half"]
    with open(args.set / "tracks.csv", newline="", encoding="utf-8") as file:
        tracks = [r["path"] for r in csv.DictReader(file) if r["kind"] == "music" and r["half"] != half]
    if half == "all" or not tracks:
        sys.exit(
            f"{args.set}: its clips come from all tracks, which leaves none to make synthetic tracks from; "
            "build it with --half test"
        )
    return tracks


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program} ended with {done.returncode}")
    return done.stdout


def search(args, scratch, rows, mode):
    listing = scratch / "clips.txt"
    listing.write_text("".join(f"{args.set.resolve() / row['file']}\n" for row in rows), encoding="utf-8")
    answers = list(csv.DictReader(run(args.build / "bench" / "search-library", args.data, listing, mode).splitlines()))
    if len(answers) != len(rows):
        sys.exit(f"{len(answers)} answers for {len(rows)} clips")
    return answers


def judged(row, answer, library):
    matches = []
    if answer["kind"]:
        path = library[int(answer["number"])] if answer["kind"] == "real" else f"synthetic:{answer['number']}"
        matches.append(Match(path, float(answer["offset_seconds"]), float(answer["confidence"])))
    return score.judge(row, Answer(matches, float(answer["again_ms"])))


def times(values):
    values = [float(v) for v in values]
    out = {f"p{int(100 * q)}": round(stats.quantile(values, q), 2) for q in (0.5, 0.95, 0.99)} if values else {}
    return {**out, "mean": round(sum(values) / max(1, len(values)), 2), "count": len(values)}


def measure(args, scratch, rows, library, threshold, size):
    grown = json.loads(
        run(
            args.build / "bench" / "grow-library",
            args.data,
            scratch / "real.txt",
            scratch / "seeds.txt",
            size,
            args.seconds,
        )
    )
    answers = search(args, scratch, rows, "warm")
    outcomes = [judged(row, answer, library) for row, answer in zip(rows, answers)]
    figures = score.summarise(outcomes, threshold, True)
    fives = [(row, answer) for row, answer in zip(rows, answers) if float(row["seconds"]) == 5]
    some = [row for row, _ in fives][:: max(1, len(fives) // max(1, args.cold))][: args.cold]
    cold = search(args, scratch, some, "cold") if some else []
    outside = [int(answer["postings"]) for row, answer in zip(rows, answers) if row["kind"] == "negative"]
    return {
        "synthetic": size,
        "library": grown,
        "all": {
            k: figures["all"][k]
            for k in (
                "positives",
                "right",
                "accepted",
                "wrong",
                "negatives",
                "alarms",
                "accepted_at_0.5",
                "offset_median_ms",
            )
        },
        "threshold_at_0.5": figures["what_if_thresholds"]["0.5"],
        "ece": figures["ece"],
        "to_synthetic": sum(o["matched"].startswith("synthetic:") and o["confidence"] >= threshold for o in outcomes),
        "warm_ms": times(answer["again_cpu_ms"] for _, answer in fives),
        "warm_inside_ms": times(answer["again_cpu_ms"] for row, answer in fives if row["kind"] == "positive"),
        "warm_clock_ms": times(answer["again_ms"] for _, answer in fives),
        "warm_inside_clock_ms": times(answer["again_ms"] for row, answer in fives if row["kind"] == "positive"),
        "cold_ms": times(answer["first_ms"] for answer in cold),
        "open_ms": times(answer["open_ms"] for answer in cold),
        "postings_per_clip_hour": sum(outside) / max(1, len(outside)) / grown["hours"],
    }


def line(m):
    lib, f = m["library"], m["all"]
    return (
        f"| {m['synthetic']:,} | {lib['hours']:,.0f} | {lib['bytes'] / 1e6 / lib['hours']:.2f} | "
        + " | ".join("{p50}, {p95}, {p99}".format(**m[k]) for k in ("warm_ms", "warm_inside_ms", "cold_ms"))
        + f" | {m['open_ms']['p50']} | {100 * f['right'] / f['positives']:.1f} | "
        f"{100 * f['accepted'] / f['positives']:.1f} | "
        f"{100 * f['accepted_at_0.5'] / f['positives']:.1f} | {f['alarms']} of {f['negatives']} | "
        f"{m['postings_per_clip_hour']:.1f} |"
    )


HEADER = [
    "| synthetic tracks | hours | MB an hour | warm 5 s clip, p50, p95, p99 ms | of them inside "
    "the library | cold, ms | open, cold, ms | top-1 % | accepted % | accepted % at 0.5 % false alarms | "
    "false alarms | postings a clip and hour |",
    "|---" * 12 + "|",
]


def table(measured):
    return "\n".join([*HEADER, *(line(m) for m in measured)])


def main():
    args = parse()
    rows = clips(args)
    library = (args.set / "library.txt").read_text(encoding="utf-8").splitlines()
    threshold = AudioIdent((args.build / "src" / "audio-ident").resolve()).default_threshold()
    measured = json.loads(args.out.read_text())["sizes"] if args.out and args.out.is_file() else []
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        scratch = Path(folder)
        (scratch / "real.txt").write_text("".join(f"{p}\n" for p in library), encoding="utf-8")
        (scratch / "seeds.txt").write_text("".join(f"{p}\n" for p in seeds(args)), encoding="utf-8")
        for size in map(int, args.sizes.split(",")):
            found = {
                **measure(args, scratch, rows, library, threshold, size),
                "track_seconds": args.seconds,
                "date": datetime.date.today().isoformat(),
                "cores": os.cpu_count(),
            }
            measured = sorted([m for m in measured if m["synthetic"] != size] + [found], key=lambda m: m["synthetic"])
            if args.out:
                args.out.write_text(json.dumps({"sizes": measured}, indent=1) + "\n")
            print(line(found), file=sys.stderr, flush=True)
    print(table(measured))


if __name__ == "__main__":
    main()
