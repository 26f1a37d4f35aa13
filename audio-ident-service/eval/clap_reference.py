"""Makes tests/golden/clap: a tiny CLAP model with random weights, and reference.json to test the C++ code against.

    PYTHONPATH=.. python3 -m eval.clap_reference [--venv FOLDER]
    PYTHONPATH=.. python3 -m eval.clap_reference --full FOLDER [--threads N]

The model has the published architecture; scripts/clap/export.py exports it. reference.json holds the vectors that
Hugging Face's transformers computes with it for some sounds and texts. --full does the same in full size (780 MB) in
FOLDER, and measures how long transformers takes."""

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path

from scripts.clap import export

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden" / "clap"
RATE = 48000
TEXTS = [
    "slow dreamy piano",
    "Fast drum'n'bass, 174 BPM!",
    "",
    " ",
    "  two  spaces ",
    "it's what they'd like",
    "naïve café",
    "ピアノの静かな曲",
    "慢节奏的钢琴",
    "музыка для сна",
    "🎹🎶 lo-fi 🌙",
    "a\tb\nc\r\n",
    "x" * 40,
    "½ of 100₂ ٣ Ⅷ",
    "e\u0301 \u00a0 \u3000z",
]
BOOK = """A slow dreamy piano plays softly in the rain while a warm bass hums below it. Drums, guitar and a female voice; loud
rock music with fast drums. An orchestra swells, strings sing and the brass answers. Someone whistles, someone claps, the
crowd cheers. It's what they'd like to hear: calm ambient sounds, a bird song, the sea, electronic beats at 120 BPM."""  # noqa: E501
SMALL_AUDIO = {
    "depths": [1, 1, 2, 1],
    "patch_embeds_hidden_size": 4,
    "hidden_size": 32,
    "num_attention_heads": [1, 1, 1, 1],
}
FULL_AUDIO = {"depths": [2, 2, 12, 2], "patch_embeds_hidden_size": 128, "hidden_size": 1024}
SMALL_TEXT = {
    "vocab_size": 512,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}
SHOWN_FRAMES = [0, 1, 2, 3, *range(50, 1000, 95), 997, 998, 999, 1000]


def sounds():
    """Test sounds. The C++ test computes the same samples."""
    import numpy as np

    t = np.arange(10 * RATE) / RATE
    chirp = 0.5 * np.sin(2 * math.pi * (50 * t + 1000 * t * t))
    state, noise = 1, np.empty(10 * RATE)
    for i in range(noise.size):
        state = (1664525 * state + 1013904223) % 2**32
        noise[i] = (state >> 8) / 2**24 - 0.5
    beats = noise * np.exp(-8 * (t % 0.5)) + 0.2 * np.sin(2 * math.pi * 110 * t)
    return {
        name: x.astype(np.float32)
        for name, x in {
            "chirp": chirp,
            "noise": 0.1 * noise,
            "beats": beats,
            "short beats": beats[: 3 * RATE + 7],
        }.items()
    }


def make_tokenizer(folder, full):
    from tokenizers import ByteLevelBPETokenizer
    from tokenizers.processors import RobertaProcessing
    from transformers import RobertaTokenizerFast

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        [BOOK],
        vocab_size=512,
        min_frequency=1,
        show_progress=False,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
    )
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    return RobertaTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))


def print_time(model, extractor, samples, threads):
    """Prints the time for a window of 10 s. bench/clap_cost.cpp prints the same for audio-ident."""
    import torch

    torch.set_num_threads(threads)
    for batch in (1, 8):
        parts = [0.0, 0.0]
        for attempt in range(3):
            begin = time.perf_counter()
            features = extractor([samples] * batch, sampling_rate=RATE, return_tensors="pt")["input_features"]
            middle = time.perf_counter()
            with torch.no_grad():
                model.get_audio_features(input_features=features)
            if attempt:  # the first one warms up
                parts = [parts[0] + (middle - begin) / 2 / batch, parts[1] + (time.perf_counter() - middle) / 2 / batch]
        print(
            f"{sum(parts):.3f} s a window ({parts[0]:.3f} features, {parts[1]:.3f} tower), "
            f"batch {batch}, {threads} thread(s)"
        )


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--full", type=Path)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--venv", type=Path, default=Path(tempfile.gettempdir()) / "audio-ident-clap-venv")
    args = p.parse_args()
    try:
        import torch
        import transformers
    except ImportError:
        export.in_venv(["-m", "eval.clap_reference", *sys.argv[1:]], args.venv)
    torch.manual_seed(0)
    folder = args.full or GOLDEN
    folder.mkdir(parents=True, exist_ok=True)
    config = transformers.ClapConfig(
        audio_config=FULL_AUDIO if args.full else SMALL_AUDIO,
        text_config={} if args.full else SMALL_TEXT,
        projection_dim=512 if args.full else 32,
        attn_implementation="eager",
    )
    model = transformers.ClapModel(config).eval()
    # Random weights and norms as wide as trained ones, or all sounds would give nearly the same vector.
    with torch.no_grad():
        norm = model.audio_model.audio_encoder.batch_norm
        norm.running_mean.fill_(-30)
        norm.running_var.fill_(100)
        for parameter in model.parameters():
            if parameter.dim() > 1:
                torch.nn.init.normal_(parameter, std=1.5 / math.sqrt(parameter[0].numel()))
    tokenizer = make_tokenizer(folder, args.full)
    extractor = transformers.ClapFeatureExtractor(
        frequency_min=50, frequency_max=14000, truncation="rand_trunc", padding="repeatpad"
    )
    reference = {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "frames": SHOWN_FRAMES,
        "sounds": {},
        "texts": [],
    }
    with torch.no_grad():
        for name, samples in sounds().items():
            features = extractor(samples, sampling_rate=RATE, return_tensors="pt")["input_features"]
            assert tuple(features.shape) == export.WINDOW
            reference["sounds"][name] = {
                "features": [round(float(x), 5) for x in features[0, 0, SHOWN_FRAMES].flatten()],
                "embedding": [round(float(x), 7) for x in model.get_audio_features(input_features=features)[0]],
            }
        for text in TEXTS:
            ids = tokenizer(text, return_tensors="pt")["input_ids"]
            reference["texts"].append(
                {
                    "text": text,
                    "tokens": ids[0].tolist(),
                    "embedding": [round(float(x), 7) for x in model.get_text_features(input_ids=ids)[0]],
                }
            )
    if args.full:
        print_time(model, extractor, sounds()["beats"], args.threads)
    export.write_towers(model, folder)
    export.write_manifest("clap-htsat-large", "random weights", config.projection_dim, folder)
    (folder / "reference.json").write_text(json.dumps(reference, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
