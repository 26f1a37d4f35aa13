"""What a round reads from the programs that it runs; these are scripts that print what the real ones print."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from bench import rounds

STAGES = {
    "benchmarks": [
        {"name": "extract", "real_time": 70.5, "cpu_time": 70, "time_unit": "ms"},
        {"name": "search", "real_time": 2500, "cpu_time": 2400, "time_unit": "us"},
    ]
}


class Rounds(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.build = self.folder / "build"
        (self.folder / "a.mp3").write_bytes(b"music")
        self.program("bench/stage-bench", f"echo '{json.dumps(STAGES)}'")
        self.program("bench/decode-all", "echo 1800")
        self.program(
            "src/audio-ident",
            'mkdir -p "$AUDIO_IDENT_DATA_DIR"; head -c 40960 /dev/zero >"$AUDIO_IDENT_DATA_DIR/data.mdb"',
        )
        with mock.patch.object(rounds, "make_clips", return_value=[]):
            self.measurement = rounds.Measurement(self.folder)
        self.addCleanup(self.measurement.close)

    def program(self, name, script):
        path = self.build / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def test_stages_are_in_milliseconds(self):
        self.assertEqual(
            self.measurement.stages(self.build),
            {
                "stage: extract": (70.5, "ms"),
                "stage: extract, processor": (70, "ms"),
                "stage: search": (2.5, "ms"),
                "stage: search, processor": (2.4, "ms"),
            },
        )

    def test_an_ingest_is_measured_with_its_index(self):
        program = str(self.build / "src" / "audio-ident")
        environment = {"PATH": "/bin:/usr/bin", "AUDIO_IDENT_DATA_DIR": f"{self.folder}/data"}
        found = self.measurement.ingest(self.build, program, environment, self.folder)
        self.assertAlmostEqual(found["index: an hour of music"][0], 0.08, 1)
        self.assertGreater(found["ingest: both lanes"][0], 0)
        self.assertEqual(
            {unit for _, unit in found.values()}, {"s", "MB"}, "smaller is better for all that is compared"
        )

    def test_the_time_of_the_processor_is_that_of_work(self):
        before = rounds.processor_seconds("self")
        while rounds.processor_seconds("self") < before + 0.02:
            pass

    def test_a_folder_without_music_is_said_to_be_one(self):
        with self.assertRaisesRegex(SystemExit, "no music"):
            rounds.Measurement(self.build)


if __name__ == "__main__":
    unittest.main()
