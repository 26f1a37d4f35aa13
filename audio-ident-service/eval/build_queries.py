"""Builds a set of degraded clips with known answers from a folder of music. See --help and docs/evaluation.md.

Writes into OUT: clips/, queries.csv (the truth), library.txt (files to index), heldout.txt, tracks.csv (the split) and
set.json (how the set was made). In queries.csv, second t of a clip was recorded at second
offset_seconds + time_ratio · t of its track."""

import argparse
import csv
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from eval.kit import corpus, dark, maker, noises, siblings  # noqa: E402
from eval.kit.cells import all_cells, dark_cells, live_cells  # noqa: E402

FORMAT = 3  # raise it when the same settings would give other clips
DEFAULT_AUDIO = Path(__file__).resolve().parents[3] / "shared" / "audio"


def parse(arguments):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--audio", type=Path, default=DEFAULT_AUDIO, help="folder of music (default: ../shared/audio)")
    p.add_argument("--pools", type=Path, help="folder of noise, speech and rooms (default: the same folder)")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--half", choices=["dev", "test", "all"], default="all", help="which half of the tracks is queried")
    p.add_argument("--positives", type=int, default=24, metavar="N", help="clips of indexed tracks a cell")
    p.add_argument("--negatives", type=int, default=12, metavar="N", help="clips of held-out tracks a cell")
    p.add_argument("--dark", action="store_true", help="low-pass all music first; clips of the dark cells")
    p.add_argument("--live", action="store_true", help="the longer clips of the live answer's cells (eval.run_live)")
    p.add_argument("--cells", help="only cells whose names contain one of these, separated by commas")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--split-seed", type=int, default=1, help="seed of the split into library, held-out, dev and test")
    p.add_argument("--heldout", type=float, default=0.25, metavar="SHARE")
    p.add_argument("--workers", type=int, default=os.cpu_count())
    return p.parse_args(arguments)


def split(args):
    """All items, with their role and half. Exits when there is too little music to split."""
    items = corpus.scan(args.audio)
    if args.pools:
        items = [i for i in items if i.kind == "music"] + [i for i in corpus.scan(args.pools) if i.kind != "music"]
    music = [i for i in items if i.kind == "music"]
    if len(music) < 8:
        sys.exit(
            f"{args.audio}: {len(music)} music files found; at least 8 are needed to split into library and held-out"
        )
    print(f"{len(music)} tracks; looking for relatives", file=sys.stderr)
    related = siblings.related_pairs(siblings.fingerprints([i.path for i in music], args.workers))
    corpus.group_music(music, related)
    corpus.split_music(music, maker.rng_for(args.split_seed, "music"), args.heldout)
    for kind in ("noise", "speech", "rir"):
        corpus.split_pool([i for i in items if i.kind == kind], maker.rng_for(args.split_seed, kind))
    return items, [(music[a].path, music[b].path) for a, b in related]


def write(out, name, lines):
    (out / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def main(arguments=None):
    args = parse(arguments)
    settings = {
        k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items() if k not in ("workers", "out", "live")
    }
    settings["format"] = FORMAT
    if args.live:
        settings["live"] = True
    made = args.out / "set.json"
    if made.is_file() and json.loads(made.read_text())["settings"] == settings:
        print(f"{args.out}: already built with these settings", file=sys.stderr)
        return
    shutil.rmtree(args.out / "clips", ignore_errors=True)
    args.out.mkdir(parents=True, exist_ok=True)
    made.unlink(missing_ok=True)

    items, related = split(args)
    if args.dark:
        dark.darken([i for i in items if i.kind == "music"], args.out.resolve() / "music", args.workers)
    queried = [i for i in items if args.half in ("all", i.half)]
    pools = {kind: [i.path for i in queried if i.kind == kind] for kind in ("noise", "speech", "rir")}
    pools["noise"] = [*(pools["noise"] or noises.COLOURS), *noises.BROAD[args.half]]
    tracks = {
        kind: [i.path for i in queried if i.role == role]
        for kind, role in (("positive", "library"), ("negative", "heldout"))
    }
    wanted = [w for w in (args.cells or "").split(",") if w]
    of_set = dark_cells() if args.dark else live_cells() if args.live else all_cells()
    cells = [c for c in of_set if (not wanted or any(w in c.name for w in wanted)) and all(pools[n] for n in c.needs)]
    if not pools["speech"]:
        print("no speech found: the cells that need it are left out", file=sys.stderr)
    jobs = maker.plan(cells, {"positive": args.positives, "negative": args.negatives}, tracks, args.seed)
    rows = maker.make_all(args.out.resolve(), args.seed, pools, jobs, args.workers)

    write(args.out, "library.txt", [i.path for i in items if i.role == "library"])
    write(args.out, "heldout.txt", [i.path for i in items if i.role == "heldout"])
    with open(args.out / "tracks.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, ["path", "kind", "source", "artist", "role", "half", "group"])
        table.writeheader()
        table.writerows(asdict(i) for i in items)
    with open(args.out / "queries.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, maker.COLUMNS, restval="")
        table.writeheader()
        table.writerows(rows)
    made.write_text(
        json.dumps(
            {
                "settings": settings,
                "tracks": {k: len(v) for k, v in tracks.items()},
                "library": sum(i.role == "library" for i in items),
                "queries": len(rows),
                "related": related,
            },
            indent=1,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
