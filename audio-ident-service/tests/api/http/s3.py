"""An S3 server for the tests only, on a port of its own, with one bucket."""

import atexit
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

REGION = "eu-test-1"
BUCKET = "music"
ACCESS_KEY = "audio-ident"
SECRET_KEY = "a secret/of+40=characters"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABSENT = "no S3 server here: name versitygw in S3_SERVER_BIN, or run scripts/s3_server.sh, which needs Go"


def program():
    """The path of the program, or None."""
    if named := os.environ.get("S3_SERVER_BIN"):
        return named
    script = pathlib.Path(__file__).resolve().parents[4] / "scripts" / "s3_server.sh"
    built = subprocess.run(["bash", script, "--where"], check=True, text=True, capture_output=True).stdout
    return built if os.access(built, os.X_OK) else None


def needed(test):
    """For classes of tests that cannot run without a server."""
    return unittest.skipUnless(program(), ABSENT)(test)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="audio-ident-s3-"))
        for name in ("objects", "notes"):
            (self.folder / name).mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()
        self.request("PUT", "")
        atexit.register(self.close)

    def start(self):
        folders = ["--sidecar", str(self.folder / "notes"), str(self.folder / "objects")]
        keys = ["--access", ACCESS_KEY, "--secret", SECRET_KEY, "--region", REGION]
        address = ["--port", f"127.0.0.1:{self.port}", "--health", "/health"]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", program(), *keys, *address, "posix", *folders], stdout=log, stderr=log
            )
        end = time.monotonic() + 120
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def answers(self):
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def stop(self):
        self.process.kill()
        self.process.wait()

    def signal(self, number):
        """SIGSTOP: it hangs, SIGCONT: it goes on."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def request(self, method, name):
        """A signed request without a body. Returns what curl prints."""
        keys = ["--aws-sigv4", f"aws:amz:{REGION}:s3", "--user", f"{ACCESS_KEY}:{SECRET_KEY}"]
        head = ["-H", f"x-amz-content-sha256: {EMPTY}"]
        command = ["curl", "-sf", "-X", method, *keys, *head, f"{self.url}/{BUCKET}{name}"]
        return subprocess.run(command, check=True, text=True, capture_output=True).stdout

    def objects(self, prefix=""):
        """The names of all objects, as the server stores them."""
        bucket = self.folder / "objects" / BUCKET
        files = (path.relative_to(bucket) for path in bucket.rglob("*") if path.is_file())
        return sorted(str(path)[len(prefix) :] for path in files if str(path).startswith(prefix))

    def settings(self, prefix="library"):
        return {
            "AUDIO_STORAGE_URL": f"s3://{BUCKET}/{prefix}",
            "S3_ENDPOINT": self.url,
            "S3_REGION": REGION,
            "S3_ACCESS_KEY": ACCESS_KEY,
            "S3_SECRET_KEY": SECRET_KEY,
        }

    def close(self):
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
