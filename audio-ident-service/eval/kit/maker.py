"""Makes the clips of a query set in parallel; the same seed gives the same clips whatever their number."""

import hashlib
import multiprocessing
import os
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from eval.kit.cells import all_cells, dark_cells, guard_cells, live_cells, vibe_cells
from eval.kit.draft import Draft
from eval.kit.store import Store

COLUMNS = [
    "file",
    "cell",
    "kind",
    "track",
    "offset_seconds",
    "time_ratio",
    "pitch_ratio",
    "seconds",
    "snr_db",
    "also_track",
    "also_offset_seconds",
    "other_offsets",
    "details",
]


def rng_for(*key):
    digest = hashlib.sha256("\0".join(map(str, key)).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest[:16], "<u4").tolist())


def plan(cells, counts, tracks, seed):
    """Jobs (cell name, kind, number, candidate tracks, second track), the tracks taken in turn."""
    jobs = []
    for cell in cells:
        for kind, count in counts.items():
            if kind == "positive" and cell.negatives_only:
                continue
            order = list(tracks[kind])
            rng_for(seed, cell.name, kind, "order").shuffle(order)
            if not order:
                continue
            for number in range(count):
                turn = [order[(number + k) % len(order)] for k in range(min(4, len(order)))]
                jobs.append((cell.name, kind, number, turn, order[(number + len(order) // 2) % len(order)]))
    return jobs


def clean_of(file):
    """Where the clip's passage is as it is in the track, for cells with `clean_too`."""
    return Path(file).with_name(f"{Path(file).stem}_clean.wav")


class Maker:
    def __init__(self, out, seed, pools):
        self._out, self._seed, self._pools = Path(out), seed, pools
        cells = all_cells() + dark_cells() + guard_cells() + live_cells() + vibe_cells()
        self._cells = {cell.name: cell for cell in cells}
        self._store = Store()

    def make(self, job):
        """One row of queries.csv, or a sentence when none of the candidate tracks can give the clip."""
        name, kind, number, candidates, other = job
        problem = ""
        for track in candidates:
            draft = Draft(
                self._cells[name],
                number,
                rng_for(self._seed, name, kind, number),
                track,
                self._store,
                self._pools,
                other if other != track else candidates[-1],
            )
            draft.stem = self._out / "clips" / name / f"{kind[0]}{number:04d}"
            try:
                self._cells[name].recipe(draft, **self._cells[name].options)
                if self._cells[name].clean_too:
                    draft.save_clean()
                return self._row(draft, kind)
            except (ValueError, RuntimeError) as error:
                problem = str(error)
        return f"{name} {kind} {number}: no clip: {problem}"

    def _row(self, draft, kind):
        row = {
            "file": str(draft.file.relative_to(self._out)),
            "cell": draft.cell.name,
            "kind": kind,
            "seconds": draft.seconds,
            "snr_db": "" if draft.snr is None else draft.snr,
        }
        if draft.offset is not None:
            draft.details["source"] = Path(draft.track).name
        if kind == "positive":
            elsewhere = self._store.repeats(draft.track).of(draft.offset, draft.seconds * draft.time_ratio)
            row.update(
                track=draft.track,
                offset_seconds=f"{draft.offset:.6f}",
                time_ratio=f"{draft.time_ratio:.6f}",
                pitch_ratio=f"{draft.pitch_ratio:.6f}",
                other_offsets=";".join(f"{o:.4f}" for o in elsewhere),
            )
            if draft.also_offset is not None:
                row.update(also_track=draft.other_track, also_offset_seconds=f"{draft.also_offset:.6f}")
        row["details"] = ";".join(f"{k}={v}" for k, v in draft.details.items())
        return row


_maker = None


def _start(out, seed, pools):
    global _maker
    _maker = Maker(out, seed, pools)


def _batch(jobs):
    return [_maker.make(job) for job in jobs]


def make_all(out, seed, pools, jobs, workers):
    """Rows in the order of the jobs. Work is handed out by track, so that each is decoded about once."""
    for name in {job[0] for job in jobs}:
        os.makedirs(Path(out) / "clips" / name, exist_ok=True)
    by_track = defaultdict(list)
    for index, job in enumerate(jobs):
        by_track[job[3][0]].append(index)
    batches = [indices[k : k + 100] for indices in by_track.values() for k in range(0, len(indices), 100)]
    results, done = [None] * len(jobs), 0
    with multiprocessing.Pool(workers, _start, (out, seed, pools)) as pool:
        answers = pool.imap(_batch, [[jobs[i] for i in batch] for batch in batches])
        for batch, rows in zip(batches, answers):
            for index, row in zip(batch, rows):
                results[index] = row
            done += len(batch)
            if sys.stderr.isatty():
                print(f"\r{done}/{len(jobs)} clips", end="" if done < len(jobs) else "\n", file=sys.stderr, flush=True)
    for problem in (r for r in results if isinstance(r, str)):
        print(problem, file=sys.stderr)
    return [r for r in results if not isinstance(r, str)]
