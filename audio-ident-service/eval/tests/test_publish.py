"""The documents' tables from reports."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from eval import publish

FIGURES = {
    "positives": 24,
    "right": 23,
    "accepted": 22,
    "wrong": 0,
    "negatives": 12,
    "alarms": 1,
    "errors": 0,
    "offset_median_ms": 1.5,
    "offset_p95_ms": 9.0,
    "accepted_at_0.5": 21,
}


def report(system, **changed):
    figures = {**FIGURES, **changed}
    settings = {
        "audio": "/home/me/music",
        "pools": None,
        "half": "test",
        "positives": 24,
        "negatives": 12,
        "seed": 1,
        "split_seed": 1,
    }
    return {
        "run": {
            "system": system,
            "command": "run.py /home/me/set",
            "date": "2026-01-01",
            "library_hours": 2.0,
            "data_bytes": 4_000_000,
        },
        "set": {"settings": settings, "library": 90, "tracks": {"positive": 45, "negative": 15}},
        "threshold": 0.5,
        "what_if_thresholds": {"0.5": 0.7},
        "cells": {"noise_0db_5s": figures},
        "all": figures,
        "reliability": [(0.9, 1.0, 36, 0.95, 0.9)],
        "ece": 0.01,
        "outcomes": {"clip.wav": "A"},
    }


class Publish(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.docs = self.root / "docs"
        self.docs.mkdir()
        (self.docs / "evaluation.md").write_text(
            "before\n<!-- test half: written by eval/publish.py -->\nformer figures\n<!-- end of test half -->\nafter\n"
        )
        for name, path in (("RESULTS", self.root / "results"), ("DOCS", self.docs)):
            patch = mock.patch.object(publish, name, path)
            patch.start()
            self.addCleanup(patch.stop)

    def publish(self, *reports):
        paths = []
        for made in reports:
            paths.append(self.root / f"{made['run']['system']}.json")
            paths[-1].write_text(json.dumps(made))
        publish.main([str(p) for p in paths])
        return (self.docs / "evaluation.md").read_text()

    def test_ours_and_a_peer_stand_side_by_side(self):
        text = self.publish(report("audio-ident"), report("olaf", right=12))
        self.assertIn("| noise 0db 5s | 96 | 92 | 1 of 12 | 1.5 | 50; 1 |", text)
        self.assertTrue(text.startswith("before\n") and text.endswith("after\n"))
        self.assertNotIn("former figures", text)
        self.assertIn("audio-ident: noise", (self.docs / "accepted-over-snr.svg").read_text())

    def test_a_new_report_replaces_the_old_one_and_keeps_the_peers(self):
        self.publish(report("audio-ident"), report("olaf", right=12))
        self.assertIn(
            "| noise 0db 5s | 100 | 92 | 1 of 12 | 1.5 | 50; 1 |", self.publish(report("audio-ident", right=24))
        )

    def test_no_path_of_the_machine_is_kept(self):
        self.publish(report("audio-ident"))
        self.assertNotIn("/home/me", (self.root / "results" / "audio-ident.json").read_text())

    def test_a_document_without_the_marks_is_refused(self):
        (self.docs / "evaluation.md").write_text("nothing\n")
        with self.assertRaises(SystemExit):
            self.publish(report("audio-ident"))


if __name__ == "__main__":
    unittest.main()
