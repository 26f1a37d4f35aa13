#!/usr/bin/env python3
"""Exports a CLAP checkpoint from Hugging Face's format for `audio-ident model install --from PATH`.

    export.py clap-htsat-large FOLDER                          # from the published checkpoint, 780 MB
    export.py clap-htsat-large FILE.tar                        # one file, for a machine without a network
    export.py clap-htsat-unfused FOLDER --checkpoint COPY      # from a copy of its folder, without a network

Writes the audio and text towers as ONNX files, the tokenizer and model.json. The Python packages that it needs go into
a virtual environment that it creates."""

import argparse
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
import venv
from pathlib import Path

CHECKPOINTS = {
    "clap-htsat-large": "laion/larger_clap_music_and_speech",
    "clap-htsat-unfused": "laion/clap-htsat-unfused",
}
NEEDS = ["torch==2.6.0", "transformers==4.49.0", "onnx==1.17.0", "numpy==1.26.4"]
WINDOW = (1, 1, 1001, 64)  # ten seconds in mel bands, one at a time


def in_venv(script, folder):
    """Starts the script again in an environment with the packages that it needs."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", *NEEDS], check=True)
    os.execv(python, [str(python), *map(str, script)])


def write_towers(model, folder):
    import torch

    class Tower(torch.nn.Module):
        def __init__(self, tower, projection):
            super().__init__()
            self.tower, self.projection = tower, projection

        def forward(self, x):
            return self.projection(self.tower(x).pooler_output)

    model.eval()
    options = {"opset_version": 17, "dynamo": False}
    with torch.no_grad():
        torch.onnx.export(
            Tower(model.audio_model, model.audio_projection),
            (torch.zeros(WINDOW),),
            folder / "audio_model.onnx",
            input_names=["input_features"],
            output_names=["audio_embeds"],
            **options,
        )
        torch.onnx.export(
            Tower(model.text_model, model.text_projection),
            (torch.tensor([[0, 5, 6, 2]]),),
            folder / "text_model.onnx",
            input_names=["input_ids"],
            output_names=["text_embeds"],
            dynamic_axes={"input_ids": {1: "tokens"}},
            **options,
        )


def write_manifest(name, source, dimension, folder):
    files = []
    for role, file in (("audio", "audio_model.onnx"), ("text", "text_model.onnx"), ("tokenizer", "tokenizer.json")):
        path = folder / file
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        files.append({"role": role, "name": file, "bytes": path.stat().st_size, "sha256": digest})
    manifest = {"format": 1, "model": name, "source": source, "dimension": dimension, "files": files}
    (folder / "model.json").write_text(json.dumps(manifest, indent=1) + "\n")


def export(name, checkpoint, folder):
    from transformers import AutoTokenizer, ClapModel

    source = checkpoint or CHECKPOINTS[name]
    model = ClapModel.from_pretrained(source, attn_implementation="eager")
    if model.config.audio_config.enable_fusion:
        raise SystemExit(f"{source} mixes several windows (fusion), which audio-ident does not do")
    write_towers(model, folder)
    AutoTokenizer.from_pretrained(source, use_fast=True).backend_tokenizer.save(str(folder / "tokenizer.json"))
    write_manifest(name, source, model.config.projection_dim, folder)


def write_archive(folder, target):
    with tarfile.open(target, "w") as archive:
        for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_size):  # the manifest first
            archive.add(path, path.name)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", choices=CHECKPOINTS)
    p.add_argument("target", type=Path)
    p.add_argument("--checkpoint", help="a folder, or another name on the hub")
    p.add_argument("--venv", type=Path, default=Path(tempfile.gettempdir()) / "audio-ident-clap-venv")
    args = p.parse_args()
    try:
        import transformers  # noqa: F401
    except ImportError:
        import sys

        in_venv(sys.argv, args.venv)
    if args.target.suffix == ".tar":
        with tempfile.TemporaryDirectory(dir=args.target.absolute().parent) as folder:
            export(args.model, args.checkpoint, Path(folder))
            write_archive(Path(folder), args.target)
    else:
        args.target.mkdir(parents=True, exist_ok=True)
        export(args.model, args.checkpoint, args.target)
    print(f"now: audio-ident model install {args.model} --from {args.target}")


if __name__ == "__main__":
    main()
