"""Learns src/embedding/musicnn_map.bin: the linear map from MusiCNN's channels to the vectors that are compared.

    python3 -m eval.train_embedding MUSIC [--pools ../shared/audio] [--out musicnn_map.bin]

MUSIC is a folder of music that no evaluation uses. eval/training_music.sh fetches the music behind the map in the
repository. Each recording gives two passages, each in several versions: clean, in noise, in rooms through a phone's
microphone, over a telephone, clipped and equalised. Linear discriminant analysis, regularised, keeps the directions in
which passages differ from each other; a direction counts less the more the versions of one passage differ in it. Noises
and rooms come from the dev half of the evaluation. The network is read from the build; OpenVINO comes from PyPI, in an
environment that this tool creates."""

import argparse
import multiprocessing
import os
import struct
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

NEEDS = ["openvino==2026.4.1", "numpy==1.26.4"]
SERVICE = Path(__file__).resolve().parents[1]
PASSAGES, SECONDS, BEFORE = 2, 10.6, 1.5
VERSIONS = ("clean", "noise", "room", "noise", "room", "phone", "equalised")
DIMENSION, REGULAR = 128, 0.1


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("music", type=Path)
    p.add_argument("--pools", type=Path, default=SERVICE.parents[1] / "shared" / "audio", help="noise and rooms")
    p.add_argument("--network", type=Path, default=SERVICE / "build" / "dev" / "src" / "embedding" / "musicnn.onnx")
    p.add_argument("--out", type=Path, default=SERVICE / "src" / "embedding" / "musicnn_map.bin")
    p.add_argument("--venv", type=Path, default=Path(tempfile.gettempdir()) / "audio-ident-openvino-venv")
    return p.parse_args()


def in_venv(folder, module):
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *NEEDS], check=True)
    os.execv(python, [str(python), "-m", module, *sys.argv[1:]])


try:
    import numpy as np
    import openvino  # noqa: F401
except ImportError:
    in_venv(parse().venv, "eval.train_embedding")

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
from eval.kit import audio, corpus, effects, maker  # noqa: E402
from eval.vibe.features import CHANNELS, Network  # noqa: E402


class Versions:
    """The versions of a passage."""

    def __init__(self, pools):
        items = corpus.scan(pools)
        self._pools = {}
        for kind in ("noise", "rir"):
            found = [i for i in items if i.kind == kind]
            corpus.split_pool(found, maker.rng_for(1, kind))
            self._pools[kind] = [i.path for i in found if i.half == "dev"]

    def _noise(self, rng, count):
        parts = []
        while sum(map(len, parts)) < count:
            sound = audio.decode(self._pools["noise"][rng.integers(len(self._pools["noise"]))])
            parts.append(sound[int(rng.integers(0, max(1, len(sound) - count))) :][:count])
        return np.concatenate(parts)[:count]

    def make(self, kind, passage, before, rng):
        if kind == "noise":
            return effects.fit(effects.mix(passage, self._noise(rng, len(passage)), rng.uniform(-2, 14)))
        if kind == "room":
            measured = rng.random() < 0.5 and self._pools["rir"]
            response = (
                audio.decode(self._pools["rir"][rng.integers(len(self._pools["rir"]))])
                if measured
                else effects.shoebox(rng)
            )
            wet = effects.reverberate(np.concatenate([before, passage]), response)[-len(passage) :]
            return effects.microphone(effects.mix(wet, self._noise(rng, len(passage)), rng.uniform(2, 16)), rng)
        if kind == "phone":
            return effects.fit(audio.band(passage, 300, 3400, order=6))
        if kind == "equalised":
            return effects.fit(effects.equalise(effects.clip(passage, rng), rng))
        return passage


def start(network, pools):
    global _network, _versions
    _network, _versions = Network(str(network)), Versions(pools)


def passages_of(path):
    """For each passage of a recording: the channels of its versions, one row for each version."""
    samples = audio.decode(path, seconds=900)
    count, found = int(SECONDS * audio.RATE), []
    if len(samples) < count + audio.RATE:
        return found
    for number in range(PASSAGES):
        rng = maker.rng_for(path.name, number)
        for _ in range(40):
            begin = int(rng.integers(0, len(samples) - count))
            passage = samples[begin : begin + count]
            if (audio.frame_powers(passage) > 1e-5).mean() > 0.7:
                break
        before = samples[max(0, begin - int(BEFORE * audio.RATE)) : begin]
        versions = [
            _versions.make(kind, passage, before, maker.rng_for(path.name, number, place))
            for place, kind in enumerate(VERSIONS)
        ]
        found.append(np.array([_network.channels(v).mean(axis=0) for v in versions], np.float64))
    return found


def learn(passages):
    """Centre and matrix from passages [P, versions, channels]."""
    centre, spread = passages[:, 0].mean(axis=0), passages[:, 0].std(axis=0)
    spread = spread + 1e-3 * np.median(spread) + 1e-6
    scaled = (passages - centre) / spread
    middle = scaled.mean(axis=1)
    apart = (scaled - middle[:, None]).reshape(-1, CHANNELS)
    within = apart.T @ apart / (passages.shape[0] * (passages.shape[1] - 1))
    within += REGULAR * np.trace(within) / CHANNELS * np.eye(CHANNELS)
    values, vectors = np.linalg.eigh(within)
    whiten = (vectors / np.sqrt(values)) @ vectors.T
    _, directions = np.linalg.eigh(whiten @ np.cov(middle.T) @ whiten)
    matrix = (whiten @ directions[:, ::-1][:, :DIMENSION]) / spread[:, None]
    return centre, (matrix / np.abs(matrix).max()).T


def main():
    args = parse()
    music = [Path(i.path) for i in corpus.scan(args.music) if i.kind == "music"]
    with multiprocessing.Pool(initializer=start, initargs=(args.network, args.pools)) as pool:
        passages = [p for found in pool.imap(passages_of, music) for p in found]
    print(f"{len(music)} recordings, {len(passages)} passages", file=sys.stderr)
    centre, matrix = learn(np.array(passages))
    args.out.write_bytes(
        struct.pack("<II", CHANNELS, DIMENSION) + centre.astype("<f4").tobytes() + matrix.astype("<f4").tobytes()
    )


if __name__ == "__main__":
    main()
