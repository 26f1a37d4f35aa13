"""Olaf's C core (github.com/JorenSix/Olaf). --peer: the built program, bin/olaf_core.

Score: aligned fingerprints of the best match, at Olaf's own limit for reporting one. It reads raw 16 kHz floats, so
clips pass through ffmpeg, and it keeps its database below HOME.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from eval.kit.audio import decode
from eval.kit.systems import Answer, Match, System, folder_bytes


class Peer(System):
    name = "olaf"

    def __init__(self, program):
        self._program, self._environment = str(program), dict(os.environ)

    def version(self):
        return "Olaf C core, default settings"

    def _run(self, verb, raw, name):
        return subprocess.run(
            [self._program, verb, str(raw), name],
            capture_output=True,
            text=True,
            errors="replace",
            env=self._environment,
            check=False,
        )

    def index(self, paths, folder):
        self._environment["HOME"] = str(folder)
        (Path(folder) / ".olaf" / "db").mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        for path in paths:
            with tempfile.NamedTemporaryFile(suffix=".raw") as raw:
                decode(path, rate=16000, seconds=36000).tofile(raw.name)
                done = self._run("store", raw.name, path)
                if done.returncode:
                    raise SystemExit(f"olaf store {path}: {done.stderr[-500:]}")
        return {"ingest_seconds": round(time.monotonic() - begin, 1), "data_bytes": folder_bytes(folder)}

    def search(self, files):
        for file in files:
            with tempfile.NamedTemporaryFile(suffix=".raw") as raw:
                decode(file, rate=16000).tofile(raw.name)
                begin = time.monotonic()
                done = self._run("query", raw.name, "clip")
                spent = 1000 * (time.monotonic() - begin)
            yield Answer(self._matches(done.stdout), spent, "" if done.returncode == 0 else done.stderr[-200:])

    @staticmethod
    def _matches(text):
        """Lines: count, query start, query stop, path, id, reference start, reference stop. A path may hold commas."""
        found = []
        for line in text.splitlines():
            parts = line.split(", ")
            if len(parts) >= 7 and parts[0].strip().isdigit() and int(parts[0]) > 0:
                path = ", ".join(parts[3:-3])
                found.append(Match(path, float(parts[-2]) - float(parts[1]), float(parts[0])))
        return sorted(found, key=lambda m: -m.confidence)
