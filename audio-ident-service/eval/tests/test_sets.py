"""Whole runs on a folder of made-up music, against a made-up system."""

import contextlib
import csv
import io
import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from eval import build_queries, run
from eval.kit import audio, corpus, maker, siblings

CELLS = "clean_2s,noise_0db_2s,only_noise"

FAKE = """#!{python}
import csv, json, os, sys
arguments = sys.argv[1:]
if arguments[0] == "version": print("fake 1.0")
elif "--help" in arguments:
    print("  --min-seconds S (default 3)\\n  --min-confidence 0-1:FLOAT in [0 - 1]\\n   At least (default 0.5)\\n  --x")
elif arguments[0] == "search":
    for file in arguments[arguments.index("--min-confidence") + 2:]:
        here = os.path.dirname(os.path.dirname(os.path.dirname(file)))
        rows = csv.DictReader(open(here + "/queries.csv"))
        row = next(r for r in rows if file.endswith(r["file"]))
        match = {{"track": {{"file_path": row["track"]}}, "confidence": 0.8, "aligned_hashes": 9,
                  "offset_seconds": float(row["offset_seconds"] or 0) + 0.004}}
        matches = [match] if row["track"] and not row["file"].endswith("p0000.wav") else []
        print(json.dumps({{"file": file, "query_duration_ms": 3, "exact_matches": matches}}))
"""


def tune(seed, seconds=6):
    """Random notes; two seeds have nothing in common."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(0.25 * audio.RATE)) / audio.RATE
    notes = [
        sum(np.sin(2 * np.pi * f * t) for f in 110 * 2 ** (rng.integers(0, 48, 3) / 12)) * np.exp(-3 * t)
        for _ in range(seconds * 4)
    ]
    return (0.2 * np.concatenate(notes)).astype(np.float32)


class Sets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        cls.root = Path(cls._folder.name)
        music = cls.root / "music"
        for k in range(12):
            (music / f"album{k}").mkdir(parents=True)
            audio.write_wav(tune(k), music / f"album{k}" / "one.wav")
        cls.set = cls.root / "set"
        cls.build(cls.set, positives=3)

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    @classmethod
    def build(cls, out, positives, cells=CELLS, *options):
        with contextlib.redirect_stderr(io.StringIO()):
            build_queries.main(
                [
                    "--audio",
                    str(cls.root / "music"),
                    "--out",
                    str(out),
                    "--cells",
                    cells,
                    "--positives",
                    str(positives),
                    "--negatives",
                    "2",
                    *options,
                ]
            )

    def rows(self, folder):
        with open(folder / "queries.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_queries_hold_the_truth(self):
        rows = self.rows(self.set)
        self.assertEqual(
            sorted({(r["cell"], r["kind"]) for r in rows}),
            [
                ("clean_2s", "negative"),
                ("clean_2s", "positive"),
                ("noise_0db_2s", "negative"),
                ("noise_0db_2s", "positive"),
                ("only_noise_5s", "negative"),
            ],
        )
        library = (self.set / "library.txt").read_text().splitlines()
        heldout = (self.set / "heldout.txt").read_text().splitlines()
        self.assertEqual((len(library), len(heldout)), (9, 3))
        self.assertFalse(set(library) & set(heldout))
        for row in rows:
            self.assertEqual(bool(row["track"]), row["kind"] == "positive")
            self.assertIn(row["track"], ["", *library])
        clean = next(r for r in rows if r["cell"] == "clean_2s" and r["track"])
        clip, track = audio.decode(self.set / clean["file"]), audio.decode(clean["track"])
        begin = round(float(clean["offset_seconds"]) * audio.RATE)
        self.assertLess(np.abs(clip - track[begin : begin + len(clip)]).max(), 1e-3)

    def test_a_larger_set_begins_with_the_smaller_one(self):
        larger = self.root / "larger"
        self.build(larger, positives=4)
        for row in self.rows(self.set):
            self.assertEqual((self.set / row["file"]).read_bytes(), (larger / row["file"]).read_bytes(), row["file"])

    def test_dark_music_is_indexed_dark(self):
        dark = self.root / "dark"
        self.build(dark, 3, "dark_10db", "--dark")
        rows = self.rows(dark)
        self.assertEqual({(r["cell"], r["snr_db"]) for r in rows}, {("dark_10db_5s", "10")})
        library = (dark / "library.txt").read_text().splitlines()
        self.assertEqual(len(library), 9)
        for track in library:
            samples, cutoff = audio.decode(track), int(Path(track).name.split("hz_")[0])
            low, high = audio.band(samples, 20, cutoff), audio.band(samples, 4 * cutoff, 20000)
            self.assertGreater(np.square(low).mean(), 30 * np.square(high).mean(), track)
        for row in rows:
            self.assertIn(row["track"], ["", *library])

    def run_with(self, script, *options):
        binary = self.root / "fake"
        binary.write_text(script.format(python=sys.executable))
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
        out = self.root / "report"
        argv = ["run.py", str(self.set), "--binary", str(binary), "--out", str(out), *options]
        with (
            mock.patch.object(sys, "argv", argv),
            contextlib.redirect_stdout(io.StringIO()) as printed,
            contextlib.redirect_stderr(io.StringIO()),
        ):
            run.main()
        return json.loads((out / "report.json").read_text()), (out / "report.md").read_text(), printed.getvalue()

    def test_a_run_is_scored_and_reported(self):
        result, text, printed = self.run_with(FAKE)
        figures = result["cells"]["clean_2s"]
        self.assertEqual((figures["positives"], figures["accepted"], figures["alarms"]), (3, 2, 0))
        self.assertAlmostEqual(figures["offset_median_ms"], 4.0, places=2)
        self.assertEqual(result["threshold"], 0.5)
        self.assertIn("66.7", text)
        self.assertIn("fake 1.0", text)
        self.assertIn("only_noise_5s", printed)
        self.assertTrue((self.root / "report" / "reliability.svg").read_text().startswith("<svg"))

    def test_missing_answers_are_errors_not_silence(self):
        result, text, _ = self.run_with(FAKE.replace("matches}}))", "matches}})); sys.exit(9)"))
        self.assertEqual(result["all"]["errors"], len(self.rows(self.set)) - 1)
        self.assertIn("gave an error", text)


class Splitting(unittest.TestCase):
    def items(self):
        return [
            corpus.Item(f"/m/s{k // 3}/{k}.ogg", "music", f"s{k // 3}", "same artist" if k in (0, 11) else "")
            for k in range(48)
        ]

    def test_relatives_stay_together(self):
        music = self.items()
        corpus.group_music(music, [(5, 40)])
        corpus.split_music(music, maker.rng_for(1), 0.25)
        together = [(k, k + 1) for k in range(0, 48, 3)] + [(0, 11), (5, 40)]
        for a, b in together:
            self.assertEqual((music[a].role, music[a].half), (music[b].role, music[b].half))
        heldout = sum(i.role == "heldout" for i in music)
        self.assertTrue(6 <= heldout <= 12, heldout)
        for role in ("library", "heldout"):
            halves = [i.half for i in music if i.role == role]
            self.assertLessEqual(abs(halves.count("dev") - halves.count("test")), 6)

    def test_one_speaker_is_in_one_half(self):
        pool = [corpus.Item(f"/s/{k:02d}_{k // 4}77-{k}.flac", "speech", "x") for k in range(32)]
        corpus.split_pool(pool, maker.rng_for(1))
        for speaker in range(8):
            self.assertEqual(len({i.half for i in pool[4 * speaker : 4 * speaker + 4]}), 1)
        self.assertEqual(sum(i.half == "dev" for i in pool), 16)


class Siblings(unittest.TestCase):
    def test_a_shared_passage_is_found_in_another_codec_and_place(self):
        with tempfile.TemporaryDirectory() as folder:
            one, two, three = (os.path.join(folder, n) for n in ("one.wav", "two.mp3", "three.wav"))
            common = tune(1, 15)
            audio.write_wav(np.concatenate([common, tune(2, 10)]), Path(one))
            audio.encode(np.concatenate([tune(3, 12), common]), two, ["-b:a", "96k"])
            audio.write_wav(tune(4, 25), Path(three))
            prints = [siblings.fingerprint(p) for p in (one, two, three)]
        if any(len(p) == 0 for p in prints):
            self.skipTest("this ffmpeg has no chromaprint muxer")
        self.assertEqual(siblings.related_pairs(prints), [(0, 1)])

    def test_fingerprints_end_in_a_program_that_handles_sigterm(self):
        program = """
import signal, sys
from eval.kit import siblings
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
siblings.fingerprint = len
for _ in range(200):
    assert siblings.fingerprints(["a", "bc", "def"], 2) == [1, 2, 3]
"""
        subprocess.run([sys.executable, "-B", "-c", program], check=True, timeout=120)


if __name__ == "__main__":
    unittest.main()
