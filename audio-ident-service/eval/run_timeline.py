"""Measures how well `audio-ident timeline` tells who plays when, on recordings made from a folder of music and a seed.

Makes the recordings (kept in --out), indexes the library, writes report.json and prints a table. Beside the product
stands the naive way: a search for each window and a threshold. See docs/timeline.md."""

import argparse
import importlib
import json
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402

from eval import build_queries  # noqa: E402
from eval.kit import audio, effects, maker, noises  # noqa: E402
from eval.kit.systems import AudioIdent  # noqa: E402
from eval.timeline import answers, monitors, recordings, repeats, score  # noqa: E402
from eval.timeline.desk import Desk  # noqa: E402

HERE = Path(__file__).resolve().parent
FORMAT = 1  # raise it when the same settings would give other recordings
KINDS = {
    "dj": "DJ, recorded speed",
    "dj_speed": "DJ, speed ±6 %",
    "dj_tempo": "DJ, tempo ±6 %, pitch kept",
    "dj_drift": "DJ, speed moves within ±6 %",
    "radio": "radio hour",
    "party": "phone at a party",
    "tape": "worn tape",
    "strangers": "nothing from the library",
}
AGAIN = {"again_radio": "radio, unknown music repeats", "again_party": "phone at a party, unknown music repeats"}


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--audio", type=Path, default=build_queries.DEFAULT_AUDIO, help="folder of music")
    p.add_argument("--pools", type=Path, help="folder of noise, speech and rooms (default: the same folder)")
    p.add_argument("--out", type=Path, required=True, help="recordings, index and report go here")
    p.add_argument("--half", choices=["dev", "test"], default="dev")
    p.add_argument("--minutes", type=float, default=10, help="of each recording")
    p.add_argument("--each", type=int, default=2, help="recordings a kind")
    p.add_argument("--kinds", default=",".join(KINDS))
    p.add_argument("--again", type=int, default=0, help="recordings a kind in which unknown music repeats")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--split-seed", type=int, default=1)
    p.add_argument("--heldout", type=float, default=0.25)
    p.add_argument("--workers", type=int, default=os.cpu_count())
    p.add_argument("--binary", type=Path, default=HERE.parent / "build" / "release" / "src" / "audio-ident")
    p.add_argument("--no-naive", action="store_true", help="leave the naive way out")
    p.add_argument("--monitors", action="store_true", help="also hear them as monitors of the service do")
    p.add_argument("--system", choices=["audfprint", "panako"], help="a peer to measure beside, window by window")
    p.add_argument("--peer", type=Path, help="its program, see peers/")
    return p.parse_args()


def make(job):
    """One recording: the samples as a file, the truth beside it."""
    out, kind, number, args, tracks, strangers, pools, jingles = job
    file = out / f"{kind}-{number}.ogg"
    if file.with_suffix(".json").is_file():
        return file
    rng = maker.rng_for(args.seed, kind, number)
    share = 1.0 if kind == "strangers" else 0.3
    desk = Desk(rng, tracks, strangers, pools, share)
    if kind.startswith("dj_drift"):
        recordings.dj_drift(desk, args.minutes)
    elif kind.startswith("dj"):
        recordings.dj(desk, args.minutes, 0.0 if kind == "dj" else 0.06, kind == "dj_tempo")
    elif kind == "radio":
        recordings.radio(desk, args.minutes, [(path, audio.decode(path)) for path in jingles])
    elif kind == "party":
        recordings.party(desk, args.minutes, effects.shoebox(rng))
    elif kind == "again_radio":
        recordings.again_radio(desk, args.minutes)
    elif kind == "again_party":
        recordings.again_party(desk, args.minutes, effects.shoebox(rng))
    elif kind == "tape":
        recordings.tape(desk, args.minutes)
    else:
        recordings.strangers(desk, args.minutes)
    audio.encode(effects.fit(desk.samples), file, ["-c:a", "libvorbis", "-q:a", "5"])
    truth = {"kind": kind, "seconds": desk.seconds, "truth": desk.as_json(), "talk": desk.talk_as_json()}
    file.with_suffix(".json").write_text(json.dumps(truth, indent=1) + "\n")
    return file


def make_jingles(out, seed, strangers):
    """Short pieces of music that no recording has otherwise: 2 to 5 s, in the library."""
    folder = out / "jingles"
    folder.mkdir(parents=True, exist_ok=True)
    rng = maker.rng_for(seed, "jingles")
    paths = []
    for number, path in enumerate(strangers[:6]):
        file = folder / f"jingle-{number}.wav"
        samples = audio.decode(path)
        seconds = rng.uniform(2, 5)
        begin = int(rng.uniform(0.2, 0.6) * len(samples))
        audio.write_wav(effects.fit(samples[begin : begin + int(seconds * audio.RATE)]), file)
        paths.append(str(file))
    return paths


def prepare(args):
    """Makes what is missing; (files of the recordings, library, pairs of related tracks)."""
    items, related = build_queries.split(args)
    queried = [i for i in items if i.half == args.half]
    pools = {kind: [i.path for i in queried if i.kind == kind] for kind in ("noise", "speech")}
    pools["noise"] = pools["noise"] + noises.BROAD[args.half]
    tracks = [i.path for i in queried if i.role == "library"]
    strangers = [i.path for i in queried if i.role == "heldout"]
    # Jingles come from strangers of the other half, so that nothing else of theirs is heard.
    others = [i.path for i in items if i.role == "heldout" and i.half != args.half]
    jingles = make_jingles(args.out, args.seed, others)
    jobs = [
        (args.out, kind, number, args, tracks, strangers, pools, jingles)
        for kind in filter(None, args.kinds.split(","))
        for number in range(args.each)
    ]
    jobs += [
        (args.out, kind, number, args, tracks, strangers, pools, jingles)
        for kind in AGAIN
        for number in range(args.again)
    ]
    with multiprocessing.Pool(args.workers) as pool:
        files = pool.map(make, jobs, chunksize=1)
    return files, [i.path for i in items if i.role == "library"] + jingles, related


def settings_of(args):
    names = ("audio", "half", "minutes", "seed", "split_seed", "heldout")
    return {**{n: str(getattr(args, n)) for n in names}, "format": FORMAT}


def row(label, speed, s):
    return (
        f"| {label} | {100 * s.wrong:.1f} | {100 * s.missed / max(s.music, 1):.1f} | "
        f"{100 * s.false / max(s.music, 1):.2f} | {100 * s.confused / max(s.music, 1):.1f} | {s.f1:.2f} | "
        f"{s.border:.2f} | {speed:.0f}x |"
    )


def judge_again(args, environment, files):
    """Prints and returns how many pairs of places that sound the same have one name."""
    print(
        "\n| unknown music that repeats | pairs found | of | wrong pairs | names |\n|---|---|---|---|---|", flush=True
    )
    report = {}
    for kind, label in AGAIN.items():
        total, details = repeats.Score(), []
        for file in (f for f in files if f.stem.rsplit("-", 1)[0] == kind):
            known = json.loads(file.with_suffix(".json").read_text())
            gaps, took = answers.unknowns(str(args.binary.resolve()), environment, file)
            one = repeats.judge(known["truth"], known["talk"], gaps)
            total.add(one)
            details.append({"file": file.name, "seconds": took, **vars(one), "told": [vars(g) for g in gaps]})
        report[kind] = details
        print(f"| {label} | {total.found} | {total.pairs} | {total.wrong} | {total.names} |", flush=True)
    return report


def peer_of(args):
    if not args.peer or not args.peer.is_file():
        sys.exit("give the peer's program with --peer")
    return importlib.import_module(f"eval.peers.{args.system}").Peer(args.peer.resolve())


def judge_monitors(args, environment, files, same):
    """Prints and returns how the log of a monitor agrees with the truth, and what it costs."""
    print("\n| monitor | plays | told | recall % | precision % | start, median s | % of a core |", flush=True)
    print("|---|---|---|---|---|---|---|", flush=True)
    report = {}
    with monitors.Service(str(args.binary.resolve()), environment, args.out.resolve()) as service:
        for kind in filter(None, args.kinds.split(",")):
            total, spent = score.Score(), 0.0
            for file in (f for f in files if f.stem.rsplit("-", 1)[0] == kind):
                known = json.loads(file.with_suffix(".json").read_text())
                entries, seconds = service.log_of(file)
                total.add(score.judge(known["truth"], entries, known["seconds"], same))
                spent += seconds
            recall, precision = total.found / max(1, total.entries), total.found / max(1, total.told)
            start = float(np.median(total.starts)) if total.starts else float("nan")
            cost = spent / max(total.seconds, 1e-9)
            report[kind] = {"recall": recall, "precision": precision, "start": start, "core": cost}
            print(
                f"| {KINDS[kind]} | {total.entries} | {total.told} | {100 * recall:.1f} | {100 * precision:.1f} | "
                f"{start:.2f} | {100 * cost:.2f} |",
                flush=True,
            )
    return report


def measure(args, files, same, ways):
    """Prints and returns how each way does on each kind of recording."""
    report = {}
    header = "wrong % | missed % | false % | confused % | F1 ±2 s | border, median s | speed |"
    for way, ask in ways.items():
        print(f"\n| {way} | {header}\n|---|---|---|---|---|---|---|---|", flush=True)
        for kind in filter(None, args.kinds.split(",")):
            total, spent, details = score.Score(), 0.0, []
            for file in (f for f in files if f.stem.rsplit("-", 1)[0] == kind):
                known = json.loads(file.with_suffix(".json").read_text())
                entries, took = ask(file)
                one = score.judge(known["truth"], entries, known["seconds"], same)
                total.add(one)
                spent += took
                details.append({"file": file.name, "wrong": one.wrong, "told": [vars(e) for e in entries]})
            report.setdefault(way, {})[kind] = {"wrong": total.wrong, "f1": total.f1, "files": details}
            print(row(KINDS[kind], total.seconds / max(spent, 1e-9), total), flush=True)
    return report


def main():
    args = parse()
    args.out.mkdir(parents=True, exist_ok=True)
    stamp = args.out / "settings.json"
    if stamp.is_file() and json.loads(stamp.read_text()) != settings_of(args):
        sys.exit(f"{args.out} was made with other settings; give another --out, or remove it")
    stamp.write_text(json.dumps(settings_of(args)))
    files, library, related = prepare(args)
    pairs = {frozenset(pair) for pair in related}
    system = AudioIdent(args.binary.resolve())
    data = args.out / "data"
    environment = {**os.environ, "AUDIO_IDENT_DATA_DIR": str(data)}
    system.index(library, data)

    def same(a, b):
        return a == b or frozenset((a, b)) in pairs

    program = str(args.binary.resolve())
    ways = {"timeline": lambda file: answers.timeline(program, environment, file)}
    if not args.no_naive:
        ways["naive"] = lambda file: answers.naive(program, environment, file)
    with tempfile.TemporaryDirectory() as folder:
        if args.system:
            peer = peer_of(args)
            peer.index(library, folder)
            ways[args.system] = lambda file: answers.by_windows(peer, file)
        report = measure(args, files, same, ways)
    if args.monitors:
        report["monitors"] = judge_monitors(args, environment, files, same)
    if args.again:
        report["again"] = judge_again(args, environment, files)
    (args.out / "report.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
