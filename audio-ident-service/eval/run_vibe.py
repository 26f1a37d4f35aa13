"""Measures the vibe lane. See docs/evaluation.md.

    python3 -m eval.run_vibe [--audio ../shared/audio] [--out FOLDER] [--model musicnn] [--bliss PROGRAM]
                             [--musly LIBRARY]

Four questions: (a) Do tracks from one source find each other (mean average precision, precision among five)? (b) Does a
clip find its own track: clean, coded, in noise, under talk, through a room and a phone? (c) Does it find its own place
in the track? (d) How many of the ten tracks that the clean passage names does it name too? Noises, talk and rooms come
from the test half, which no model was trained on. Writes OUT/vibe.json and OUT/vibe.md; the latter has a table of
answers for a person to judge."""

import argparse
import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from eval.kit import corpus, maker  # noqa: E402
from eval.kit.cells import vibe_cells  # noqa: E402
from eval.peers import bliss, musly  # noqa: E402
from eval.vibe import scores, table  # noqa: E402

SERVICE = Path(__file__).resolve().parents[1]
THRESHOLD = 0.6  # kDefaultMinSimilarity


def parse(arguments):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--tool", type=Path, default=SERVICE / "build" / "release" / "eval" / "vibe-answers")
    p.add_argument("--audio", type=Path, default=SERVICE.parents[1] / "shared" / "audio")
    p.add_argument("--out", type=Path, default=SERVICE / "build" / "eval" / "vibe")
    p.add_argument("--model", default="musicnn")
    p.add_argument("--bliss", type=Path, help="the built program of peers/bliss; measures (a) for it as well")
    p.add_argument(
        "--musly", type=Path, help="the library that peers/build_musly.sh builds; measures (a) for it as well"
    )
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=os.cpu_count())
    return p.parse_args(arguments)


def make_clips(args, items, music):
    """One clip for each track and cell, kept for the next run."""
    settings = {"seed": args.seed, "audio": str(args.audio), "tracks": len(music)}
    made, queries = args.out / "set.json", args.out / "queries.csv"
    if not made.is_file() or json.loads(made.read_text()) != settings:
        pools = {}
        for kind in ("noise", "speech", "rir"):
            found = [i for i in items if i.kind == kind]
            corpus.split_pool(found, maker.rng_for(1, kind))
            pools[kind] = [i.path for i in found if i.half == "test"]
        jobs = maker.plan(vibe_cells(), {"positive": len(music)}, {"positive": [i.path for i in music]}, args.seed)
        rows = maker.make_all(args.out.resolve(), args.seed, pools, jobs, args.workers)
        with open(queries, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, maker.COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        made.write_text(json.dumps(settings))
    with open(queries, newline="", encoding="utf-8") as file:
        return [{**row, "file": str(args.out.resolve() / row["file"])} for row in csv.DictReader(file)]


def ask(args, tracks, clips):
    """The answers of vibe-answers, for tracks and for clips by path, and its speed."""
    lists = args.out / "tracks.txt", args.out / "clips.txt"
    for file, paths in zip(lists, (tracks, clips)):
        file.write_text("".join(f"{p}\n" for p in paths), encoding="utf-8")
    done = subprocess.run([args.tool, args.model, *lists], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{args.tool}: {done.stderr}")
    *problems, speed = done.stderr.strip().splitlines()
    print("\n".join(problems), file=sys.stderr)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return (
        {a["track"]: a for a in answers if "track" in a},
        {a["clip"]: a["similar"] for a in answers if "clip" in a},
        json.loads(speed),
    )


def offsets_of(clip):
    return [float(o) for o in (clip["offset_seconds"], *clip["other_offsets"].split(";")) if o]


def same_source(rankings, sources):
    """Figures for each system, ours first. The others also say how far behind they are, track by track."""
    scored = {name: scores.same_source(similar, sources) for name, similar in rankings.items()}
    ours = next(iter(scored.values()))[0]
    found = {}
    for name, (precisions, in_five) in scored.items():
        found[name] = {
            "tracks": len(precisions),
            "map": scores.mean_interval(precisions.values()),
            "precision_5": scores.mean_interval(in_five.values()),
            "behind": scores.mean_interval(ours[track] - p for track, p in precisions.items()),
        }
    return found


def main(arguments=None):
    args = parse(arguments)
    args.out.mkdir(parents=True, exist_ok=True)
    items = corpus.scan(args.audio)
    music = [i for i in items if i.kind == "music"]
    clips = make_clips(args, items, music)
    passages = [str(maker.clean_of(c["file"])) for c in clips if maker.clean_of(c["file"]).exists()]
    tracks, heard, speed = ask(args, [i.path for i in music], [c["file"] for c in clips] + passages)
    sources = {i.path: i.source for i in music}
    rankings = {"audio-ident": {path: [other for other, _, _ in track["similar"]] for path, track in tracks.items()}}
    for name, peer, built in (("bliss-audio", bliss, args.bliss), ("Musly", musly, args.musly)):
        if built:
            rankings[name] = peer.similar(built, list(tracks))
    report = {
        "model": speed["model"],
        "date": date.today().isoformat(),
        "seed": args.seed,
        "tracks": len(tracks),
        "sources": len(set(sources.values())),
        "speed": speed,
        "same_source": same_source(rankings, sources),
        "cells": {},
    }
    for cell in vibe_cells():
        made = [c for c in clips if c["cell"] == cell.name and c["file"] in heard]
        found = scores.own_track([(c["track"], offsets_of(c), heard[c["file"]]) for c in made], THRESHOLD)
        if cell.clean_too:
            found["same_ten"] = scores.same_answers(
                (c["track"], heard[c["file"]], heard[str(maker.clean_of(c["file"]))]) for c in made
            )
        report["cells"][cell.name] = found
    (args.out / "vibe.json").write_text(json.dumps(report, indent=1) + "\n")
    text = table.text(report, tracks, args.audio.resolve())
    (args.out / "vibe.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
