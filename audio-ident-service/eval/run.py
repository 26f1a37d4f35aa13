"""Indexes the library of a query set, searches its clips and scores the answers. eval.build_queries makes the set.

Writes report.md, report.json and SVG figures into --out, and prints the table. A peer that is installed runs on the
same clips: --system audfprint|olaf|panako --peer PATH (see peers/)."""

import argparse
import csv
import datetime
import importlib
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from eval.kit import charts, compare, report, score
from eval.kit.systems import AudioIdent

HERE = Path(__file__).resolve().parent
PEERS = ("audfprint", "olaf", "panako")


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("set", type=Path, nargs="?", help="folder made by build_queries.py")
    p.add_argument("--binary", type=Path, default=HERE.parent / "build" / "release" / "src" / "audio-ident")
    p.add_argument("--system", choices=["audio-ident", *PEERS], default="audio-ident")
    p.add_argument("--peer", type=Path, help="where the peer is installed")
    p.add_argument("--out", type=Path, help="folder of the report (default: SET/report-SYSTEM)")
    p.add_argument(
        "--data", type=Path, help="keep the index here; used again when it exists (default: a temporary folder)"
    )
    p.add_argument("--threshold", type=float, help="confidence that counts as accepted (default: the product's)")
    p.add_argument("--option", action="append", default=[], help="passed on to `audio-ident search`, may be repeated")
    p.add_argument("--cells", help="only cells whose names contain one of these, separated by commas")
    p.add_argument("--compare", type=Path, metavar="OLD.json", help="also print the differences to an earlier report")
    p.add_argument(
        "--against", type=Path, metavar="NEW.json", help="with --compare: only compare two reports, run nothing"
    )
    args = p.parse_args()
    if not args.set and not args.against:
        p.error("a query set is needed")
    return args


def system_of(args):
    if args.system == "audio-ident":
        if not args.binary.is_file():
            sys.exit(f"{args.binary} does not exist; build it with `cmake --build --preset release` or give --binary")
        return AudioIdent(args.binary.resolve(), options=args.option)
    if not args.peer or not args.peer.exists():
        sys.exit(f"--peer must name an installed {args.system}; eval/peers/{args.system}.py says what it needs")
    return importlib.import_module(f"eval.peers.{args.system}").Peer(args.peer.resolve())


def load(folder, cells):
    with open(folder / "queries.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = [w for w in (cells or "").split(",") if w]
    rows = [r for r in rows if not wanted or any(w in r["cell"] for w in wanted)]
    return rows, (folder / "library.txt").read_text(encoding="utf-8").splitlines()


def hours(paths):
    """Of music in the library; None where ffprobe is missing."""
    total = 0.0
    for path in paths:
        probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
        try:
            total += float(subprocess.run(probe, capture_output=True, check=True).stdout)
        except (OSError, ValueError, subprocess.CalledProcessError):
            return None
    return round(total / 3600, 3)


def evaluate(args):
    system = system_of(args)
    threshold = system.default_threshold() if args.threshold is None else args.threshold
    rows, library = load(args.set, args.cells)
    with tempfile.TemporaryDirectory(prefix="eval-") as scratch:
        data = args.data or Path(scratch) / "data"
        kept = data.is_dir() and any(data.iterdir())
        data.mkdir(parents=True, exist_ok=True)
        print(f"indexing {len(library)} tracks" if not kept else f"using the index in {data}", file=sys.stderr)
        indexing = system.index([] if kept else library, data.resolve())
        outcomes = []
        for row, answer in zip(rows, system.search([str(args.set.resolve() / r["file"]) for r in rows])):
            outcomes.append(score.judge(row, answer))
            if sys.stderr.isatty():
                print(f"\r{len(outcomes)}/{len(rows)} clips", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print(file=sys.stderr)
    if len(outcomes) != len(rows):
        sys.exit(f"{len(outcomes)} answers for {len(rows)} clips")
    result = score.summarise(outcomes, threshold, system.calibrated)
    result["run"] = {
        "system": system.name,
        "version": system.version(),
        "command": shlex.join(["run.py", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "library_hours": hours(library),
        **indexing,
    }
    result["set"] = json.loads((args.set / "set.json").read_text())
    result["outcomes"] = {r["file"]: score.letter(o, threshold) for r, o in zip(rows, outcomes)}
    return result, rows, outcomes


def save(folder, result, rows, outcomes):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(result, indent=1) + "\n")
    (folder / "report.md").write_text(report.markdown(result) + "\n")
    (folder / "snr.svg").write_text(charts.over_snr([(result["run"]["system"], result)]))
    (folder / "length.svg").write_text(charts.over_length([(result["run"]["system"], result)]))
    if "ece" in result:
        (folder / "reliability.svg").write_text(charts.reliability(result))
    names = ["file", "kind", "right", "confidence", "offset_ms", "ms", "matched", "error"]
    with open(folder / "outcomes.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, names, extrasaction="ignore")
        table.writeheader()
        table.writerows({**o, "file": r["file"]} for r, o in zip(rows, outcomes))


def main():
    args = parse()
    if args.against:
        result = json.loads(args.against.read_text())
    else:
        old = json.loads(args.compare.read_text()) if args.compare else None  # before --out may overwrite it
        result, rows, outcomes = evaluate(args)
        folder = args.out or args.set / f"report-{result['run']['system']}"
        save(folder, result, rows, outcomes)
        print(report.summary(result))
        print(f"\nreport: {folder / 'report.md'}")
    if args.compare:
        print("\n".join(compare.compare(old if not args.against else json.loads(args.compare.read_text()), result)))


if __name__ == "__main__":
    main()
