#!/usr/bin/env python3
"""Makes tests/golden/musicnn/reference.json: the tags that the published MusiCNN gives for the clips beside it.

The network is the package's own code run by TensorFlow, in a virtual environment that is made for it; only the log-mel is
computed here, in 32 bits (the package's own overflows in 16), of samples brought to the level at which audio-ident listens.

    musicnn_reference.py [--venv FOLDER]
"""
import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import types
import venv
from pathlib import Path

CLIPS = Path(__file__).resolve().parents[1] / "tests" / "golden" / "musicnn"
NEEDS = ["tensorflow-cpu==2.15.1", "numpy==1.26.4"]
RATE, FFT, HOP, BANDS, FRAMES = 16000, 512, 256, 96, 187
LEVEL = 0.1  # root of the mean square of a window


def in_venv(folder):
    """Starts this script again in an environment that has what it needs."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *NEEDS], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "--no-deps", "musicnn==0.1.0"], check=True)
    os.execv(python, [str(python), __file__, "--venv", str(folder)])


def log_mel(x):
    import numpy as np
    def mel(hz):
        return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1) / 1000) * 27 / np.log(6.4))
    def hertz(m):
        return np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * np.log(6.4) / 27))
    points = hertz(np.linspace(0, mel(np.array(8000.0)), BANDS + 2))[:, None]
    bins = np.arange(FFT // 2 + 1)[None] * RATE / FFT
    up, down = (bins - points[:-2]) / np.diff(points, axis=0)[:-1], (points[2:] - bins) / np.diff(points, axis=0)[1:]
    bank = np.maximum(0, np.minimum(up, down)) * 2 / (points[2:] - points[:-2])
    padded = np.pad(x, FFT // 2, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)
    frames = np.stack([padded[k * HOP: k * HOP + FFT] * window for k in range(FRAMES)])
    return np.log10(10000 * (np.abs(np.fft.rfft(frames)) ** 2 @ bank.T) + 1).astype(np.float32)


def tags_of(batch):
    import tensorflow as tf
    # Without the package's __init__ and extractor, which want librosa.
    folder = Path(next(p for p in sys.path if (Path(p) / "musicnn").is_dir())) / "musicnn"
    package = types.ModuleType("musicnn")
    package.__path__ = [str(folder)]
    sys.modules["musicnn"] = package
    models = importlib.import_module("musicnn.models")
    v1 = tf.compat.v1
    v1.disable_eager_execution()
    x = v1.placeholder(tf.float32, [None, FRAMES, BANDS])
    training = v1.placeholder(tf.bool)
    with v1.variable_scope(""):
        logits = models.define_model(x, training, "MSD_musicnn", 50)[0]
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        v1.train.Saver().restore(session, f"{folder}/MSD_musicnn/")
        return session.run(tf.nn.sigmoid(logits), {x: batch, training: False})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--venv", type=Path, default=Path(tempfile.gettempdir()) / "audio-ident-musicnn-venv")
    args = p.parse_args()
    try:
        import numpy as np
        import tensorflow as tf
    except ImportError:
        in_venv(args.venv)
    clips, mels = sorted(CLIPS.glob("*.flac")), []
    for clip in clips:
        pcm = subprocess.run(["ffmpeg", "-v", "error", "-i", clip, "-f", "s16le", "pipe:1"], stdout=subprocess.PIPE, check=True)
        x = np.frombuffer(pcm.stdout, "<i2") / 32768
        mels.append(log_mel(x * LEVEL / np.sqrt(np.square(x).mean())))
    tags = tags_of(np.stack(mels))
    reference = {"tensorflow": tf.__version__, "package": "musicnn 0.1.0, MSD_musicnn",
                 "tags": {clip.name: [round(float(t), 7) for t in row] for clip, row in zip(clips, tags)}}
    (CLIPS / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")


if __name__ == "__main__":
    main()
