"""What tells who plays when: the product, and the naive way, a search for each window of ten seconds."""

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


def naive(binary, environment, file, least=0.5):
    """Windows that overlap by half, each match of at least `least`, stretches joined: what `search --all` did once."""
    samples = audio.decode(file, rate=16000, seconds=100000)
    begins = [k * STEP for k in range(max(1, int((len(samples) / 16000 - WINDOW) / STEP) + 1))]
    begin = time.monotonic()
    spans = {}
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for at in begins:
            name = Path(folder) / f"{int(at * 1000):09d}.wav"
            audio.write_wav(samples[int(at * 16000) : int((at + WINDOW) * 16000)], name, 16000)
            files.append(str(name))
        for first in range(0, len(files), 100):
            done = subprocess.run(
                [binary, "search", "--json", "--mode", "exact", "--min-confidence", str(least)]
                + files[first : first + 100],
                capture_output=True,
                env=environment,
                check=False,
            )
            for at, line in zip(begins[first : first + 100], done.stdout.decode().splitlines()):
                for match in json.loads(line).get("exact_matches", []):
                    for span in match["matched_seconds"]:
                        where = (at + span["start"], at + span["end"], match["confidence"])
                        spans.setdefault(match["track"]["file_path"], []).append(where)
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
    return sorted(entries, key=lambda e: e.start), time.monotonic() - begin
