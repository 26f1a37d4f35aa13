"""Runs the program with faults, and checks what a user finds afterwards."""

import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "api" / "http"))

import service as http_service  # noqa: E402

SHIM = os.environ["FILE_FAULTS_LIBRARY"]


class Wrong(Exception):
    """The library is not as it must be."""


def expect(condition, message):
    if not condition:
        raise Wrong(message)


class Lab(http_service.Home):
    """A home whose data folder is put back before each trial."""

    def __init__(self):
        super().__init__()
        self.data = self.folder / "data"
        self.log = self.folder / "calls"
        self.clips = {}
        self.kill_after = None  # Seconds; of the next run of an operation.

    def run(self, *arguments, settings=()):
        command = [http_service.PROGRAM, *arguments]
        environment = self.environment(settings)
        with subprocess.Popen(
            command, env=environment, cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            with self.killing(process):
                out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    @contextlib.contextmanager
    def killing(self, process):
        """Kills the process after kill_after, if that is set."""
        if self.kill_after is None:
            yield
            return
        timer = threading.Timer(self.kill_after, process.kill)
        self.kill_after = None
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def faults(self, act="", at=0, log=False):
        """The environment that loads the interposed library."""
        self.log.unlink(missing_ok=True)
        return {
            "LD_PRELOAD": SHIM,
            "FILE_FAULTS_ROOT": str(self.data),
            "FILE_FAULTS_LOG": str(self.log) if log else "",
            "FILE_FAULTS_ACT": act,
            "FILE_FAULTS_AT": str(at),
            "ASAN_OPTIONS": "verify_asan_link_order=0",  # Of a program with sanitizers.
        }

    def put_back(self, base):
        if self.data.exists():
            shutil.rmtree(self.data)
        shutil.copytree(base, self.data)

    def make_clip(self, seed, begin=4, seconds=6):
        path = self.folder / f"clip{seed}.webm"
        path.write_bytes(self.clip(seed, begin, seconds))
        self.clips[seed] = path

    def must(self, *arguments, codes=(0,)):
        done = self.run(*arguments)
        expect(
            done.returncode in codes,
            f"`{' '.join(arguments)}` ends with {done.returncode} instead of {codes}: {done.stdout}{done.stderr}",
        )
        return done

    def answers(self):
        """What the library says, without ids, which are random, and without times."""
        found = self.must("search", "--json", "--mode", "both", *map(str, self.clips.values()))
        answers = [self._plain(json.loads(line)) for line in found.stdout.splitlines()]
        return {
            "tracks": [self._plain(row) for row in self.rows()],
            "lanes": [answer["lanes"] for answer in answers],
            "answers": answers,
        }

    def _plain(self, value):
        dropped = {"id", "ingested_at", "updated_at", "created_at", "request_id", "kin", "query_duration_ms"}
        if isinstance(value, dict):
            return {key: self._plain(each) for key, each in value.items() if key not in dropped}
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        if isinstance(value, float):
            return round(value, 4)
        return str(value).replace(str(self.folder), "") if isinstance(value, str) else value

    def rows(self):
        """The rows of the tracks, in the order of their paths."""
        with contextlib.closing(sqlite3.connect(self.data / "catalog.db")) as catalog:
            catalog.row_factory = sqlite3.Row
            rows = [dict(row) for row in catalog.execute("select * from tracks order by file_path")]
        for row in rows:
            if "/uploads/" in row["file_path"]:
                del row["file_modified_ns"]  # the moment of the upload
        return rows

    def assert_healthy(self):
        """What must hold after the next run: doctor agrees, every track is ready, has its file, and every upload is a
        track's."""
        self.must("doctor")
        rows = self.rows()
        pending = [row for row in rows if row["state"] != "ready"]
        expect(not pending, f"tracks are not ready: {pending}")
        paths = {row["file_path"] for row in rows}
        missing = [path for path in paths if not os.path.exists(path)]
        expect(not missing, f"tracks without a file: {missing}")
        uploads = [str(path) for path in (self.data / "uploads").glob("??/*/*")]
        stray = sorted(set(uploads) - paths)
        expect(not stray, f"files of no track: {stray}")
