"""What tells who plays when: the product; and a search for each window of ten seconds, by it or a peer."""

import json
import subprocess
import tempfile
import time
from pathlib import Path

from eval.kit import audio
from eval.timeline.repeats import Named
from eval.timeline.score import Entry

WINDOW, STEP = 10.0, 5.0
JOIN = 0.75  # seconds between stretches that count as one


def timeline(binary, environment, file, options=()):
    """(entries, seconds that it took) of `audio-ident timeline`."""
    begin = time.monotonic()
    done = subprocess.run(
        [binary, "timeline", "--json", *options, str(file)], capture_output=True, env=environment, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"timeline ended with {done.returncode}:\n{done.stderr.decode(errors='replace')[-2000:]}")
    answer = json.loads(done.stdout)
    entries = [Entry(e["track"]["file_path"], e["start"], e["end"], e["confidence"]) for e in answer["entries"]]
    return entries, time.monotonic() - begin


def unknowns(binary, environment, file):
    """(gaps that have a name, seconds that it took) of `audio-ident timeline`."""
    begin = time.monotonic()
    done = subprocess.run([binary, "timeline", "--json", str(file)], capture_output=True, env=environment, check=True)
    gaps = [Named(g["name"], g["start"], g["end"]) for g in json.loads(done.stdout)["gaps"] if g["name"]]
    return gaps, time.monotonic() - begin


def _cut(samples, folder):
    """[(seconds of its beginning, file)] of the windows of a recording, which overlap by half."""
    windows = []
    for k in range(max(1, int((len(samples) / 16000 - WINDOW) / STEP) + 1)):
        at = k * STEP
        name = Path(folder) / f"{int(at * 1000):09d}.wav"
        audio.write_wav(samples[int(at * 16000) : int((at + WINDOW) * 16000)], name, 16000)
        windows.append((at, str(name)))
    return windows


def _join(spans):
    """Entries of {path: [(start, end, confidence)]}: stretches of a track with a gap of JOIN or less are one."""
    entries = []
    for path, found in spans.items():
        own = []
        for start, end, confidence in sorted(found):
            if own and start <= own[-1].end + JOIN:
                own[-1].end = max(own[-1].end, end)
                own[-1].confidence = max(own[-1].confidence, confidence)
            else:
                own.append(Entry(path, start, end, confidence))
        entries += own
    return sorted(entries, key=lambda e: e.start)


def naive(binary, environment, file, least=0.5):
    """Windows that overlap by half, each match of at least `least`, stretches joined: what `search --all` did once."""
    samples = audio.decode(file, rate=16000, seconds=100000)
    begin = time.monotonic()
    spans = {}
    with tempfile.TemporaryDirectory() as folder:
        windows = _cut(samples, folder)
        for first in range(0, len(windows), 100):
            some = windows[first : first + 100]
            done = subprocess.run(
                [binary, "search", "--json", "--mode", "exact", "--min-confidence", str(least)]
                + [name for _, name in some],
                capture_output=True,
                env=environment,
                check=False,
            )
            for (at, _), line in zip(some, done.stdout.decode().splitlines()):
                for match in json.loads(line).get("exact_matches", []):
                    for span in match["matched_seconds"]:
                        where = (at + span["start"], at + span["end"], match["confidence"])
                        spans.setdefault(match["track"]["file_path"], []).append(where)
    return _join(spans), time.monotonic() - begin


def by_windows(peer, file):
    """A peer's best answer for each window. It does not say which part of the window agrees: the middle half counts."""
    samples = audio.decode(file, rate=16000, seconds=100000)
    begin = time.monotonic()
    spans = {}
    with tempfile.TemporaryDirectory() as folder:
        windows = _cut(samples, folder)
        for (at, _), answer in zip(windows, peer.search([name for _, name in windows])):
            for match in answer.matches[:1]:
                middle = at + (WINDOW - STEP) / 2
                spans.setdefault(match.path, []).append((middle, middle + STEP, match.confidence))
    return _join(spans), time.monotonic() - begin
