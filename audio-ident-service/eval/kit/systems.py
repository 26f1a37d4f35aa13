"""What can be evaluated: something that indexes files and answers clips. The product here, peers in peers/."""

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Match:
    path: str
    offset_seconds: float
    confidence: float  # peers: their own score
    time_ratio: float = None
    pitch_ratio: float = None


@dataclass
class Answer:
    matches: list = field(default_factory=list)  # best first
    milliseconds: float = None
    error: str = ""


class System:
    """One thing under test. `calibrated` says whether Match.confidence is meant as a probability."""

    name = "system"
    calibrated = False

    def version(self):
        raise NotImplementedError

    def default_threshold(self):
        return 0.0

    def index(self, paths, folder):
        """Indexes `paths` into the empty `folder`; returns a dict of figures for the report."""
        raise NotImplementedError

    def search(self, files):
        """Yields one Answer a file, in order."""
        raise NotImplementedError


def folder_bytes(folder):
    return sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())


class AudioIdent(System):
    name = "audio-ident"
    calibrated = True

    def __init__(self, binary, batch=100, options=()):
        self._binary, self._batch, self._options = str(binary), batch, list(options)
        self._environment = None

    def _run(self, *arguments):
        return subprocess.run([self._binary, *arguments], capture_output=True, env=self._environment, check=False)

    def version(self):
        return self._run("version").stdout.decode().strip()

    def default_threshold(self):
        text = self._run("search", "--help").stdout.decode()
        found = re.search(r"--min-confidence\b(?:(?!\n *-).)*?default:? *([0-9.]*[0-9])", text, re.DOTALL)
        if not found:
            raise SystemExit(f"{self._binary} search --help names no default for --min-confidence; give --threshold")
        return float(found.group(1))

    def index(self, paths, folder):
        self._environment = {**os.environ, "AUDIO_IDENT_DATA_DIR": str(folder)}
        listing = Path(folder).parent / "library.list"
        listing.write_text("".join(f"{p}\n" for p in paths), encoding="utf-8")
        begin = time.monotonic()
        done = self._run("ingest", "--no-embed", "--allow-duplicates", "--from-file", str(listing))
        seconds = time.monotonic() - begin
        if done.returncode not in (0, 3):
            raise SystemExit(f"ingest ended with {done.returncode}:\n{done.stderr.decode(errors='replace')[-2000:]}")
        if done.returncode == 3:
            print(done.stderr.decode(errors="replace")[-2000:])
        return {"ingest_seconds": round(seconds, 1), "data_bytes": folder_bytes(folder)}

    def search(self, files):
        for begin in range(0, len(files), self._batch):
            batch = files[begin : begin + self._batch]
            done = self._run(
                "search",
                "--json",
                "--mode",
                "exact",
                "--min-seconds",
                "1",
                "--min-confidence",
                "0",
                *self._options,
                *batch,
            )
            lines = done.stdout.decode(errors="replace").splitlines()
            for index, file in enumerate(batch):
                if index < len(lines):
                    yield self._answer(file, lines[index])
                else:
                    yield Answer(error=f"no answer, exit code {done.returncode}: {done.stderr.decode()[-200:].strip()}")

    @staticmethod
    def _answer(file, line):
        try:
            reply = json.loads(line)
        except ValueError:
            return Answer(error=f"not JSON: {line[:100]}")
        if reply.get("file") != file:
            return Answer(error=f"an answer for {reply.get('file')} where {file} was asked")
        if "error" in reply:
            return Answer(error=json.dumps(reply["error"]))
        matches = [
            Match(
                m["track"]["file_path"], m["offset_seconds"], m["confidence"], m.get("time_ratio"), m.get("pitch_ratio")
            )
            for m in reply["exact_matches"]
        ]
        return Answer(matches, reply.get("query_duration_ms"))
