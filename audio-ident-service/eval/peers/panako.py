"""Panako (github.com/JorenSix/Panako), strategy PANAKO. --peer: a program that starts it, such as its `panako` script.

Passes PANAKO_HOME, below which it is expected to keep its data (java -Duser.home). Its shortest match is set to 1 s,
since the default refuses every clip of 5 s and less, and clips get 3 s of silence after them, without which it never
looks at their last second or two. Score: aligned fingerprints, at its own limit for reporting a match.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from eval.kit.audio import decode, write_wav
from eval.kit.systems import Answer, Match, System, folder_bytes

OPTIONS = [
    "STRATEGY=PANAKO",
    "PANAKO_MIN_MATCH_DURATION=1",
    "PANAKO_CACHE_TO_FILE=FALSE",
    "PANAKO_USE_CACHED_PRINTS=FALSE",
    "CHECK_DUPLICATE_FILE_NAMES=FALSE",
]
LATENCY_SECONDS = 0.8  # its times are late by this, in clip and track alike; matters where the speed differs


class Peer(System):
    name = "panako"

    def __init__(self, program):
        self._program, self._environment = str(program), dict(os.environ)

    def version(self):
        return f"Panako, {' '.join(OPTIONS)}"

    def _run(self, verb, files):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listing:
            listing.write("".join(f"{f}\n" for f in files))
            listing.flush()
            return subprocess.run(
                [self._program, verb, *OPTIONS, listing.name],
                capture_output=True,
                text=True,
                errors="replace",
                env=self._environment,
                check=False,
            )

    def index(self, paths, folder):
        self._environment["PANAKO_HOME"] = str(folder)
        begin = time.monotonic()
        if paths:
            done = self._run("store", paths)
            if done.returncode:
                raise SystemExit(f"panako store: {done.stderr[-1000:]}")
        return {"ingest_seconds": round(time.monotonic() - begin, 1), "data_bytes": folder_bytes(folder)}

    def search(self, files):
        for begin in range(0, len(files), 200):
            with tempfile.TemporaryDirectory(prefix="panako-") as scratch:
                padded = [str(Path(scratch) / f"{k:03d}.wav") for k in range(len(files[begin : begin + 200]))]
                for file, target in zip(files[begin : begin + 200], padded):
                    clip = np.concatenate([decode(file, rate=16000), np.zeros(3 * 16000, np.float32)])
                    write_wav(clip, Path(target), rate=16000)
                done = self._run("query", padded)
            answers = self._read(done.stdout)
            for target in padded:
                yield answers.get(target, Answer(error=f"no answer: {done.stderr[-200:].strip()}"))

    @staticmethod
    def _read(text):
        """Fields, separated by semicolons: number, of, clip, start, stop, track, id, start, stop, score, time factor,
        pitch factor."""
        answers = {}
        for line in text.splitlines():
            parts = [p.strip() for p in line.split(";")]
            if len(parts) < 13 or not parts[0].isdigit():
                continue
            found = answers.setdefault(parts[2], Answer())
            if parts[5] != "null":
                time_ratio, pitch_ratio = (float(p.rstrip(" %")) for p in parts[10:12])
                offset = float(parts[7]) - LATENCY_SECONDS - time_ratio * (float(parts[3]) - LATENCY_SECONDS)
                found.matches.append(Match(parts[5], offset, float(parts[9]), time_ratio, pitch_ratio))
                found.matches.sort(key=lambda m: -m.confidence)
        return answers
