"""bliss-audio (crates.io): which tracks sound alike? Its program: `cargo build --release` in peers/bliss.

Tracks are compared as in its own playlists by default: by the Euclidean distance between their descriptions."""

import subprocess
import tempfile

import numpy as np

from eval.kit.audio import decode


def similar(program, paths):
    """For each track the other tracks, most similar first."""
    rows = []
    for path in paths:
        with tempfile.NamedTemporaryFile(suffix=".raw") as raw:
            decode(path, rate=22050, seconds=36000).astype("<f4").tofile(raw.name)
            done = subprocess.run([program, raw.name], capture_output=True, text=True, check=True)
        rows.append([float(number) for number in done.stdout.split()])
    rows = np.array(rows)
    distances = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    return {path: [paths[j] for j in np.argsort(distances[i], kind="stable") if j != i] for i, path in enumerate(paths)}
