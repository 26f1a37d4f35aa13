"""audfprint (github.com/dpwe/audfprint). --peer: audfprint.py; its Python is AUDFPRINT_PYTHON, else this one.

Density 70 and four shifts, the settings for hard clips. Score: aligned hashes, at its own limit for reporting a match.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eval.kit.systems import Answer, Match, System, folder_bytes

OPTIONS = ["--density", "70", "--shifts", "4"]


class Peer(System):
    name = "audfprint"

    def __init__(self, script):
        self._command = [os.environ.get("AUDFPRINT_PYTHON", sys.executable), str(script)]
        self._base = None

    def version(self):
        return f"audfprint, {' '.join(OPTIONS)}"

    def _run(self, verb, files):
        with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as listing:
            listing.write("".join(f"{f}\n" for f in files))
            listing.flush()
            return subprocess.run(
                [*self._command, verb, "--dbase", str(self._base), *OPTIONS, "--list", listing.name],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )

    def index(self, paths, folder):
        self._base = Path(folder) / "base.pklz"
        begin = time.monotonic()
        if paths:
            done = self._run("new", paths)
            if done.returncode or not self._base.is_file():
                raise SystemExit(f"audfprint new: {done.stderr[-1000:]}")
        return {"ingest_seconds": round(time.monotonic() - begin, 1), "data_bytes": folder_bytes(folder)}

    def search(self, files):
        for begin in range(0, len(files), 200):
            batch = files[begin : begin + 200]
            done = self._run("match", batch)
            answers = {}
            for line in done.stdout.splitlines():
                hit = re.match(
                    r"Matched (.+) [0-9.]+ sec \d+ raw hashes as (.+) at +(-?[0-9.]+) s with +(\d+) of", line
                )
                miss = re.match(r"NOMATCH (.+) [0-9.]+ sec \d+ raw hashes", line)
                if hit:
                    answers[hit.group(1)] = Answer([Match(hit.group(2), float(hit.group(3)), float(hit.group(4)))])
                elif miss:
                    answers[miss.group(1)] = Answer()
            for file in batch:
                yield answers.get(file) or Answer(error=f"no answer: {done.stderr[-200:].strip()}")
