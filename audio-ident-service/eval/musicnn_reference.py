"""Makes tests/golden/musicnn/reference.json: the tags that the published MusiCNN gives to the clips beside it.

    python3 -m eval.musicnn_reference [--venv FOLDER]

TensorFlow runs the package's own code for the network, in a virtual environment that this tool creates. Only the
log-mel spectrogram is computed here: the package computes it in 16 bits, which overflow. The samples are brought to the
level that audio-ident uses."""

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import types
import venv
from pathlib import Path

import numpy as np

from eval.vibe.mel import BANDS, FFT, FRAMES, HOP, LEVEL, hann, mel_bank

CLIPS = Path(__file__).resolve().parents[1] / "tests" / "golden" / "musicnn"
NEEDS = ["tensorflow-cpu==2.15.1", "numpy==1.26.4"]


def in_venv(folder):
    """Starts this tool again in an environment with the packages that it needs."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *NEEDS], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "--no-deps", "musicnn==0.1.0"], check=True)
    os.execv(python, [str(python), "-m", "eval.musicnn_reference", "--venv", str(folder)])


def log_mel(x):
    padded = np.pad(x, FFT // 2, mode="reflect")
    frames = np.stack([padded[k * HOP : k * HOP + FFT] * hann() for k in range(FRAMES)])
    return np.log10(10000 * (np.abs(np.fft.rfft(frames)) ** 2 @ mel_bank()) + 1).astype(np.float32)


def tags_of(batch):
    import tensorflow as tf

    # Bypasses the package's __init__ and extractor, which need librosa.
    folder = Path(importlib.util.find_spec("musicnn").submodule_search_locations[0])
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
        import tensorflow as tf
    except ImportError:
        in_venv(args.venv)
    clips, mels = sorted(CLIPS.glob("*.flac")), []
    for clip in clips:
        pcm = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", clip, "-f", "s16le", "pipe:1"], stdout=subprocess.PIPE, check=True
        )
        x = np.frombuffer(pcm.stdout, "<i2") / 32768
        mels.append(log_mel(x * LEVEL / np.sqrt(np.square(x).mean())))
    tags = tags_of(np.stack(mels))
    reference = {
        "tensorflow": tf.__version__,
        "package": "musicnn 0.1.0, MSD_musicnn",
        "tags": {clip.name: [round(float(t), 7) for t in row] for clip, row in zip(clips, tags)},
    }
    (CLIPS / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")


if __name__ == "__main__":
    main()
