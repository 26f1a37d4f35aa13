"""Learns src/embedding/musicnn_clip_map.bin: the linear map from the channels of a clip, as the air has left it, to the
vector of the music as it was before.

    python3 -m eval.train_clip_map MUSIC [--passages 2] [--pools ../shared/audio] [--features FOLDER]
        [--out musicnn_clip_map.bin]

MUSIC is a folder of music that no evaluation uses, as for train_embedding.py. Each recording gives PASSAGES passages of
5.5 s, each clean and in nine versions (vibe/versions.py). The map is that of recordings, plus what ridge regression
finds between the channels of a version (mean and maximum over each window) and what is missing to the unit vector of
the clean passage. FOLDER keeps the channels, one file for each passage, so that a run can be stopped and go on, and a
run with more passages computes only these; a passage takes a core about one second and a half. The network is read from
the build."""

import argparse
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
from eval.train_embedding import SERVICE, in_venv  # noqa: E402

try:
    import numpy as np
    import openvino  # noqa: F401
except ImportError:
    in_venv(Path(tempfile.gettempdir()) / "audio-ident-openvino-venv", "eval.train_clip_map")

from eval.kit import audio, corpus, maker  # noqa: E402
from eval.vibe.features import CHANNELS, Network  # noqa: E402
from eval.vibe.mel import RATE  # noqa: E402
from eval.vibe.versions import Versions  # noqa: E402

VERSIONS = 9
SECONDS, BEFORE, SHIFT = 5.5, 1.5, 1.25  # a version begins up to SHIFT before or after the clean passage
DECODED = 40
REGULAR = 0.2


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("music", type=Path)
    p.add_argument("--pools", type=Path, default=SERVICE.parents[1] / "shared" / "audio", help="noise, speech, rooms")
    p.add_argument("--network", type=Path, default=SERVICE / "build" / "release" / "src" / "embedding" / "musicnn.onnx")
    p.add_argument("--features", type=Path, default=SERVICE / "build" / "eval" / "clip-map")
    p.add_argument("--map", type=Path, default=SERVICE / "src" / "embedding" / "musicnn_map.bin")
    p.add_argument("--out", type=Path, default=SERVICE / "src" / "embedding" / "musicnn_clip_map.bin")
    p.add_argument("--passages", type=int, default=2, help="of each recording (default: %(default)s)")
    p.add_argument("--most", type=int, help="passages to use, for a quick trial")
    return p.parse_args()


def piece_of(path, rng):
    """A passage with BEFORE and SHIFT around it; None when the recording is too short, silent or cannot be read."""
    need = int((SECONDS + BEFORE + 2 * SHIFT) * RATE)
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    try:
        duration = float(told)
    except ValueError:
        return None
    begin = rng.uniform(0, max(0, min(duration, 900) - DECODED))
    command = ["ffmpeg", "-v", "error", "-nostdin", "-ss", f"{begin:.2f}", "-t", str(DECODED), "-i", str(path)]
    command += ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "pipe:1"]
    samples = np.frombuffer(subprocess.run(command, capture_output=True, check=False).stdout, "<f4")
    if len(samples) < need + 10:
        return None
    for _ in range(40):
        at = int(rng.integers(0, len(samples) - need))
        if (audio.frame_powers(samples[at : at + need], RATE) > 1e-5).mean() > 0.7:
            return samples[at : at + need]
    return None


def clips_of(path, number, versions):
    """The clean passage and its versions; the first of these is the passage a little earlier or later."""
    piece = piece_of(path, maker.rng_for(path.name, number))
    if piece is None:
        return []
    count, before, shift = (int(seconds * RATE) for seconds in (SECONDS, BEFORE, SHIFT))
    clips = [piece[before + shift : before + shift + count]]
    for version in range(VERSIONS):
        rng = maker.rng_for(path.name, number, version)
        at = int(rng.integers(0, 2 * shift + 1))
        heard = piece[at : at + before + count]
        clips.append(versions.make(heard, rng, before)[:count] if version else heard[before:])
    return clips


def features(args):
    """[passages, 1 + versions, windows, mean and maximum of each channel]"""
    args.features.mkdir(parents=True, exist_ok=True)
    network, versions = Network(str(args.network)), Versions(args.pools)
    music = [Path(i.path) for i in corpus.scan(args.music) if i.kind == "music"]
    music = list({path.resolve(): path for path in music}.values())  # some packages link a file under several names
    maker.rng_for("order").shuffle(music)
    found = []
    for number in range(0, 2 * args.passages, 2):
        for path in music:
            if args.most and len(found) >= args.most:
                return np.array(found)
            kept = args.features / f"{'__'.join(path.relative_to(args.music.resolve()).parts)}.{number}.npy"
            if not kept.is_file():
                clips = clips_of(path, number, versions)
                rows = [np.concatenate(network.means_and_maxima(clip), axis=1) for clip in clips]
                np.save(kept, np.array(rows, np.float16))
            rows = np.load(kept).astype(np.float32)
            if len(rows):
                found.append(rows)
    return np.array(found)


def learn(rows, centre, matrix):
    """Centre and matrix of the map of clips; `centre` and `matrix` are those of recordings."""
    passages, versions = rows.shape[:2]
    channels = rows.mean(axis=2).reshape(-1, 2 * CHANNELS).astype(np.float64)
    middle = rows.mean(axis=(0, 1, 2))
    spread = rows.std(axis=(0, 1, 2))
    spread = spread + 1e-2 * np.median(spread) + 1e-6
    mapped = ((channels[:, :CHANNELS] - centre) @ matrix.T).reshape(passages, versions, -1)
    lengths = np.linalg.norm(mapped[:, 0], axis=1, keepdims=True)
    base = np.hstack([matrix / lengths.mean(), np.zeros_like(matrix)]).T
    wanted = (mapped[:, :1] / lengths[:, None] - mapped / lengths.mean()).reshape(passages * versions, -1)
    scaled = (channels - middle) / spread
    square = scaled.T @ scaled / len(scaled)
    square += REGULAR * np.trace(square) / len(square) * np.eye(len(square))
    added = np.linalg.solve(square, scaled.T @ (wanted - wanted.mean(axis=0)) / len(scaled)) / spread[:, None]
    constant = wanted.mean(axis=0) - middle @ added - np.append(centre, np.zeros(CHANNELS)) @ base
    both = base + added
    # A centre that the map turns into that constant.
    return np.linalg.lstsq(both.T, -constant, rcond=None)[0], (both / np.abs(both).max()).T


def read_map(file):
    data = file.read_bytes()
    inputs, outputs = struct.unpack_from("<II", data)
    numbers = np.frombuffer(data, "<f4", offset=8).astype(np.float64)
    return numbers[:inputs], numbers[inputs:].reshape(outputs, inputs)


def main():
    args = parse()
    rows = features(args)
    print(f"{len(rows)} passages", file=sys.stderr)
    centre, matrix = learn(rows, *read_map(args.map))
    args.out.write_bytes(
        struct.pack("<II", *matrix.shape[::-1]) + centre.astype("<f4").tobytes() + matrix.astype("<f4").tobytes()
    )


if __name__ == "__main__":
    main()
