"""Pairs of files that share a passage (the same recording, another mix or edit), found with Chromaprint.

Keeps relatives of an indexed track out of the negatives. Needs an ffmpeg with the chromaprint muxer.
"""

import subprocess
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import numpy as np

WINDOW = 64  # sub-fingerprints compared at once, about 8 s
MAX_BIT_ERRORS = 0.26  # unrelated music stays above 0.35


def fingerprint(path, seconds=600):
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:a:0", "-t", str(seconds)]
    command += ["-f", "chromaprint", "-fp_format", "raw", "pipe:1"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], dtype="<u4")


def fingerprints(paths, workers):
    """In threads: each waits for its ffmpeg. A pool of processes inherits the caller's handler of SIGTERM, and with one
    that raises an exception the end of the pool can wait for ever."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(fingerprint, paths))


def related_pairs(prints):
    """Index pairs (a, b), a < b, of fingerprints that agree over WINDOW at some alignment."""
    postings = defaultdict(list)
    for track, values in enumerate(prints):
        for at, value in enumerate(values >> 12):
            postings[int(value)].append((track, at))
    votes = defaultdict(Counter)
    for places in postings.values():
        if len(places) > 200:  # silence and held tones: no evidence, much work
            continue
        for i, (a, at_a) in enumerate(places):
            for b, at_b in places[i + 1 :]:
                if a != b:
                    votes[(a, b)][at_b - at_a] += 1
    return sorted(
        pair
        for pair, shifts in votes.items()
        if any(_agree(prints[pair[0]], prints[pair[1]], shift) for shift, count in shifts.most_common(8) if count >= 3)
    )


def _agree(a, b, shift):
    begin, end = max(0, -shift), min(len(a), len(b) - shift)
    if end - begin < WINDOW:
        return False
    differing = (a[begin:end] ^ b[begin + shift : end + shift]).astype("<u4")
    errors = np.unpackbits(differing.view(np.uint8)).reshape(-1, 32).mean(axis=1)
    total = np.cumsum(np.concatenate([[0.0], errors]))
    return float((total[WINDOW:] - total[:-WINDOW]).min()) / WINDOW < MAX_BIT_ERRORS
