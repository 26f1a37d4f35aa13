"""The parts of a cluster, each of which can die, hang and come back."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import postgres
import s3
from service import PROGRAM, Home, Service

PATIENCE = 120  # seconds for a part to start


def free_port():
    """A port that was free a moment ago. Nothing can reserve it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


class Part:
    """`kill` and `resume` of subclasses leave the part as a supervisor finds it, and `start` is what that does."""

    name = ""

    def processes(self):
        """The processes that hang when the part hangs."""
        raise NotImplementedError

    def pause(self):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)

    def resume(self):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


class Replica(Part):
    """A service with a data folder of its own."""

    def __init__(self, number, settings, program=PROGRAM):
        self.name = f"replica {number}"
        self.program = program
        self.home = Home()
        self.settings = dict(settings)
        self.service = None
        self.start()

    def start(self):
        self.service = Service(self.home, self.settings, program=self.program)
        self.settings["SERVICE_PORT"] = str(self.service.port)

    def processes(self):
        return [self.service.process.pid]

    def kill(self):
        self.service.stop(signal.SIGKILL)

    def stores(self):
        """What the service says of its stores; None when it is not ready."""
        try:
            answer = self.service.request("GET", "/health/ready", connection=self.service.connect(10))
        except OSError:
            return None
        return answer.json["stores"] if answer.status == 200 else None

    def is_ready(self):
        return self.stores() is not None

    def has_audio(self):
        return (self.stores() or {}).get("audio") == "ok"

    def close(self):
        if self.service and self.service.process.poll() is None:
            self.resume()
            self.service.stop()
        self.home.close()


class PostgreSql(Part):
    name = "PostgreSQL"

    def __init__(self):
        self.server = postgres.Server()
        self.url = self.server.new_database()

    def start(self):
        self.server.start()

    def processes(self):
        return self.server.processes()

    def kill(self):
        self.server.stop("kill")

    def ask(self, sql):
        return self.server.ask(sql, "home1")

    def close(self):
        self.resume()
        self.server.close()


class Bucket(Part):
    """An S3 server."""

    name = "S3"

    def __init__(self):
        self.server = s3.Server()
        self.settings = self.server.settings()

    def start(self):
        self.server.start()

    def processes(self):
        return [self.server.process.pid]

    def kill(self):
        self.server.stop()

    def uploads(self):
        """The names of all objects."""
        return set(self.server.objects("library/"))

    def close(self):
        self.resume()
        self.server.close()


class QdrantNode(Part):
    """A node of a cluster of Qdrant: its first one, or one that joins the first."""

    def __init__(self, program, number, first=None):
        self.name = f"Qdrant {number}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="audio-ident-qdrant-"))
        self.port, self.peer_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        peer = f"http://127.0.0.1:{self.peer_port}"
        self.command = ["setpriv", "--pdeathsig=KILL", program, "--uri", peer]
        if first:
            self.command += ["--bootstrap", f"http://127.0.0.1:{first.peer_port}"]
        self.environment = {
            "PATH": os.environ["PATH"],
            "QDRANT__SERVICE__HOST": "127.0.0.1",
            "QDRANT__SERVICE__HTTP_PORT": str(self.port),
            "QDRANT__SERVICE__GRPC_PORT": str(free_port()),
            "QDRANT__CLUSTER__ENABLED": "true",
            "QDRANT__CLUSTER__P2P__PORT": str(self.peer_port),
            "QDRANT__LOG_LEVEL": "WARN",
            "QDRANT__TELEMETRY_DISABLED": "true",
        }
        self.start()

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE
        while not answers(self.url + "/healthz"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)

    def processes(self):
        return [self.process.pid]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def qdrant_program():
    """The path of the program, or None: QDRANT_BIN, or the archive in ../shared/tools beside the repository."""
    if named := os.environ.get("QDRANT_BIN"):
        yield named
        return
    tools = pathlib.Path(__file__).resolve().parents[3].parent / "shared" / "tools"
    archives = sorted(tools.glob("qdrant-*.tar.xz"))
    if not archives:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="audio-ident-qdrant-") as folder:
        subprocess.run(["tar", "xJf", archives[-1], "-C", folder], check=True)
        yield folder + "/qdrant"
