"""Starts the real program for a test, in a home of its own, and talks HTTP to it."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import unittest
import uuid
import wave

import numpy

import postgres

PROGRAM = os.environ["AUDIO_IDENT_PROGRAM"]
RATE = 22050
SANITIZERS = ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")


def assert_no_report(text):
    """That no sanitizer reported anything in this log of a program."""
    report = re.search("Sanitizer|runtime error", text)
    assert not report, text[max(0, report.start() - 200) :][:20000]


def music(seed, seconds):
    """A kind of music: chords of decaying notes, a new one every 0.4 s."""
    random = numpy.random.default_rng(seed)
    samples = numpy.zeros(int(seconds * RATE))
    note_time = numpy.arange(int(0.8 * RATE)) / RATE
    for begin in range(0, len(samples), int(0.4 * RATE)):
        for _ in range(4):
            pitch = 110 * 2 ** (random.integers(0, 48) / 12)
            note = sum(numpy.sin(2 * numpy.pi * pitch * k * note_time) / k for k in (1, 2, 3)) * numpy.exp(
                -4 * note_time
            )
            part = samples[begin : begin + len(note)]
            part += 0.12 * note[: len(part)]
    return numpy.clip(samples, -1, 1)


def write_wav(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def convert(source, target, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", source, *options, target], check=True)


def form(fields=(), audio=None, file_name="clip.wav"):
    """A multipart body and its headers."""
    boundary = uuid.uuid4().hex
    body = b""
    for name, value in dict(fields).items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    if audio is not None:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="audio"; filename="{file_name}"\r\n\r\n'.encode()
        body += audio + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def end_on_sigterm():
    """Lets SIGTERM end this program in order, so that no part of it stays, and print where it stood."""

    def end(_, frame):
        traceback.print_stack(frame)
        sys.exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The code of an error answer. Checks the envelope."""
        error = self.json["error"]
        assert set(error) == {"code", "message", "details"} and error["message"], error
        assert error["details"]["request_id"] == self.headers["X-Request-ID"], error
        return error["code"]


class Home:
    """A folder with music in it, and data."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="audio-ident-test-"))
        self.music = self.folder / "music"
        self.music.mkdir()
        self.catalog = {}
        if os.environ.get("API_TEST_CATALOG") == "postgresql":
            self.catalog = {"POSTGRES_MODE": "external", "DATABASE_URL": postgres.new_database()}
            upgraded = self.run("db", "upgrade")
            assert upgraded.returncode == 0, upgraded.stderr

    def close(self):
        shutil.rmtree(self.folder)

    def environment(self, settings=()):
        # No setting may leak in from the environment of the person who runs the tests.
        kept = {name: os.environ[name] for name in ("PATH", "LANG", *SANITIZERS) if name in os.environ}
        return {
            **kept,
            "HOME": str(self.folder),
            "AUDIO_IDENT_DATA_DIR": str(self.folder / "data"),
            "SERVICE_PORT": "0",
            "INGEST_ROOTS": str(self.music),
            "SEARCH_TIMEOUT_SECONDS": "60",
            **self.catalog,
            **dict(settings),
        }

    def run(self, *arguments, settings=(), program=PROGRAM):
        done = subprocess.run(
            [program, *arguments],
            env=self.environment(settings),
            cwd=self.folder,
            text=True,
            capture_output=True,
            timeout=300,
        )
        assert_no_report(done.stderr)
        return done

    def documents(self, folder):
        """What the library keeps beside its tracks, by name: files, or rows of the catalog's PostgreSQL."""
        if self.catalog:
            rows = f"FROM documents WHERE starts_with(name, '{folder}/')"
            found = postgres.ask(self.catalog["DATABASE_URL"], f"SELECT name, encode(content, 'hex') {rows}")
            return {name: bytes.fromhex(content) for name, content in (row.split("|") for row in found.splitlines())}
        data = self.folder / "data"
        return {str(path.relative_to(data)): path.read_bytes() for path in (data / folder).rglob("*") if path.is_file()}

    def forget_documents(self, folder):
        if self.catalog:
            postgres.ask(self.catalog["DATABASE_URL"], f"DELETE FROM documents WHERE starts_with(name, '{folder}/')")
        else:
            shutil.rmtree(self.folder / "data" / folder)

    def add_song(self, seed, name, seconds=15):
        wav = self.folder / "song.wav"
        write_wav(wav, music(seed, seconds))
        path = self.music / name
        path.parent.mkdir(exist_ok=True)
        convert(wav, path, "-metadata", f"title=Song {seed}", "-metadata", f"artist=Band {seed}")
        return path

    def clip(self, seed, begin, seconds=6, seconds_of_song=15):
        """Bytes of a WebM with Opus, as a browser sends it."""
        wav, webm = self.folder / "clip.wav", self.folder / "clip.webm"
        write_wav(wav, music(seed, seconds_of_song)[int(begin * RATE) : int((begin + seconds) * RATE)])
        convert(wav, webm, "-c:a", "libopus", "-b:a", "48k", "-ar", "48000")
        return webm.read_bytes()


class Service:
    def __init__(self, home, settings=(), arguments=(), program=PROGRAM):
        self.home = home
        self.log = open(home.folder / "log", "ab+")
        self.process = subprocess.Popen(
            [program, "serve", *arguments],
            env=home.environment(settings),
            cwd=home.folder,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        line = self.process.stdout.readline()
        match = re.search(r"http://(.*):(\d+)", line)
        if not match:
            raise RuntimeError(f"the service did not start: {self.log_text()}")
        self.host, self.port = match[1].replace("0.0.0.0", "127.0.0.1"), int(match[2])

    def log_text(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def connect(self, timeout=120):
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def request(self, method, path, body=None, headers=(), connection=None):
        own = connection or self.connect()
        try:
            own.request(method, path, body, dict(headers))
            return Answer(own.getresponse())
        finally:
            if not connection:
                own.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def search(self, audio, connection=None, headers=(), **fields):
        body, form_headers = form(fields, audio)
        return self.request("POST", "/api/v1/search", body, {**form_headers, **dict(headers)}, connection)

    def ingest(self, fields=(), audio=None, file_name="song.wav", headers=()):
        body, form_headers = form(fields, audio, file_name)
        return self.request("POST", "/api/v1/ingest", body, {**form_headers, **dict(headers)})

    def wait_for_job(self, job_id, *statuses):
        return self.wait_for(f"/api/v1/ingest/jobs/{job_id}", *statuses)

    def wait_for(self, path, *statuses, seconds=240):
        """The resource at the path, when it has one of these statuses. A busy service may say 503, and when to come
        again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            answer = self.get(path)
            if answer.status == 200 and answer.json["status"] in statuses:
                return answer.json
            comes_again = answer.status == 503 and answer.headers["Retry-After"]
            assert answer.status == 200 or comes_again, f"{path}: {answer.status} {answer.body}"
            time.sleep(0.05)
        raise AssertionError(f"{path}: {answer.body}")

    def wait_until_at_rest(self, seconds=60):
        """Waits until every thread sleeps at four looks in a row, so what was sent to the service has been read and it
        waits for something else. Better than a pause, which is too short on a busy machine."""
        end = time.monotonic() + seconds
        looks = 0
        while looks < 4 and time.monotonic() < end:
            time.sleep(0.05)
            looks = looks + 1 if self.thread_states() == {"S"} else 0
        assert looks == 4, "the service does not come to rest"

    def thread_states(self):
        states = set()
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                states.add((task / "stat").read_text().rsplit(")", 1)[1].split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass  # The thread has ended meanwhile.
        return states

    def stop(self, number=signal.SIGTERM):
        """The exit code. Checks that no sanitizer reported anything."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=120)
        self.process.stdout.close()
        text = self.log_text()
        self.log.close()
        assert_no_report(text)
        return code


class ServiceTest(unittest.TestCase):
    """One service with a small library for all tests of a class."""

    settings = {}
    songs = {1: "one.flac", 2: "two.mp3", 3: "three.ogg"}
    ingest_options = []

    @classmethod
    def setUpClass(cls):
        cls.home = Home()
        cls.addClassCleanup(cls.home.close)
        for seed, name in cls.songs.items():
            cls.home.add_song(seed, name)
        if cls.songs:
            done = cls.home.run("ingest", *cls.ingest_options, str(cls.home.music))
            assert done.returncode == 0, done.stderr
        cls.service = Service(cls.home, cls.settings)
        cls.addClassCleanup(cls.service.stop)

    def assert_error(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body)
