"""`make run`, with a program that does nothing but tell what is in the library."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = """#!/bin/sh
echo "$*" >>"$ASKED"
case "$1 $2" in "tracks list") cat "$TRACKS" ;; esac
"""


class TryIt(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.program = self.folder / "program"
        self.program.write_text(PROGRAM)
        self.program.chmod(0o755)

    def run_with(self, music, path):
        tracks = self.folder / "tracks"
        tracks.write_text(json.dumps({"items": [{"file_path": str(path), "duration_seconds": 30}]}))
        settings = {"ASKED": str(self.folder / "asked"), "TRACKS": str(tracks)}
        return subprocess.run(
            ["bash", ROOT / "scripts" / "try_it.sh", self.program, music],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
        )

    def test_music_behind_a_link_is_found(self):
        (ROOT / "audio-ident-service" / "build").mkdir(exist_ok=True)
        link = self.folder / "Music"
        link.symlink_to(ROOT / "sample")
        song = sorted((ROOT / "sample").glob("*.*"), key=lambda path: path.stat().st_size)[-1]
        for path in (link / song.name, song):
            done = self.run_with(link, path)
            self.assertEqual(done.returncode, 0, done.stderr)
            asked = (self.folder / "asked").read_text().splitlines()
            self.assertEqual(asked[-1], "serve")
            self.assertIn("search --mode exact", asked[-2])

    def test_says_that_there_is_no_music(self):
        done = self.run_with(self.folder, "/elsewhere/song.mp3")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no track of 12 seconds or more", done.stderr)


if __name__ == "__main__":
    unittest.main()
