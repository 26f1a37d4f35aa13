"""Runs all checks of schemathesis against the real service and its /openapi.json.

setup_schemathesis.sh makes the virtual environment. Without a network it cannot; the test is then skipped, and says so.
"""

import os
import pathlib
import subprocess
import unittest

from service import ServiceTest

HERE = pathlib.Path(__file__).parent
VENV = pathlib.Path(os.environ["SCHEMATHESIS_VENV"])


class Schemathesis(ServiceTest):
    songs = {1: "one.flac"}

    def test_no_check_fails(self):
        made = subprocess.run(["bash", HERE / "setup_schemathesis.sh", VENV], capture_output=True, text=True)
        if made.returncode != 0:
            self.skipTest("schemathesis cannot be installed: " + made.stderr[-500:])
        job = self.service.ingest({"directory": str(self.home.music)}).json["id"]
        track = self.service.get("/api/v1/tracks").json["items"][0]["id"]
        done = subprocess.run(
            [
                VENV / "bin" / "st",
                "--config-file",
                HERE / "schemathesis.toml",
                "run",
                "--checks",
                "all",
                "--no-color",
                "--seed",
                "1",
                f"http://{self.service.host}:{self.service.port}/openapi.json",
            ],
            cwd=self.home.folder,
            capture_output=True,
            text=True,
            timeout=1500,
            env={
                **os.environ,
                "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
                "PYTHONPATH": str(HERE),
                "KNOWN_JOB": job,
                "KNOWN_TRACK": track,
            },
        )
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-2000:])


if __name__ == "__main__":
    unittest.main()
