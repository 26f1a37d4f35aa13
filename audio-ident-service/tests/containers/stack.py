"""The compose file's services in containers of Docker's engine, with volumes and ports of their own."""

import os
import pathlib
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
ROOT = TESTS.parents[1]
sys.path[:0] = [str(TESTS / "api" / "http"), str(TESTS / "chaos")]

from parts import answers, free_port  # noqa: E402
from service import Service, music, write_wav  # noqa: E402

PATIENCE = 120  # seconds for a start
KEY = "key of the test"
ADMIN = {"Authorization": f"Bearer {KEY}"}
SECONDS = 15  # of a song
KEPT = ("PATH", "HOME", "LANG")


def run(*command, **options):
    """What the command says."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


class Stack(Service):
    """A profile, and the door by which clients reach it. A Service without a process."""

    def __init__(self, home, profile):
        self.home, self.profile = home, profile
        self.host, self.port = "127.0.0.1", free_port()
        self.url = f"http://127.0.0.1:{self.port}/health/ready"
        self.project = f"audio-ident-{profile}-{os.getpid()}"
        # No setting may leak in from the person who runs the tests, nor from .env.
        kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("DOCKER_")}
        self.environment = {
            **kept,
            "COMPOSE_ENV_FILES": "/dev/null",
            "COMPOSE_PROJECT_NAME": self.project,
            "POSTGRES_MODE": "docker",
            "QDRANT_MODE": "docker",
            "ADMIN_API_KEY": KEY,
            "MUSIC_DIR": str(home.music),
            "SERVICE_PORT": str(self.port),
            **{name: str(free_port()) for name in ("POSTGRES_PORT", "QDRANT_HTTP_PORT", "QDRANT_GRPC_PORT")},
        }

    def compose(self, *arguments):
        return run("docker", "compose", "--profile", self.profile, *arguments, env=self.environment)

    def make(self, target, **settings):
        return run("make", "--silent", target, env={**self.environment, **settings})

    def up(self, *arguments):
        self.compose("up", "-d", "--no-build", *arguments)
        self.wait()

    def wait(self):
        """Until it answers searches."""
        end = time.monotonic() + PATIENCE
        while not answers(self.url):
            assert time.monotonic() < end, self.compose("logs", "--tail", "20")
            time.sleep(0.2)

    def containers(self, service=""):
        """The names of those that run."""
        wanted = ["--filter", f"label=com.docker.compose.project={self.project}"]
        if service:
            wanted += ["--filter", f"label=com.docker.compose.service={service}"]
        return sorted(run("docker", "ps", "--format", "{{.Names}}", *wanted).split())

    def container(self, service):
        return self.containers(service)[0]

    def say(self, service, command):
        """What a shell in the service's first container says."""
        return run("docker", "exec", self.container(service), "sh", "-c", command)

    def kill_program(self, service):
        """`kill -9` of the program in the service's first container, as the kernel does it when memory is short, until
        the container starts again by itself."""
        name = self.container(service)
        look = 'for at in /proc/[0-9]*; do [ "$(cat $at/comm)" != audio-ident ] || kill -9 ${at#/proc/}; done'
        before = self.restarts_of(name)
        subprocess.run(["docker", "exec", name, "sh", "-c", look], capture_output=True)  # It is killed as well.
        end = time.monotonic() + PATIENCE
        while self.restarts_of(name) == before:
            assert time.monotonic() < end, "the program was not killed"
            time.sleep(0.2)

    @staticmethod
    def restarts_of(name):
        return int(run("docker", "inspect", "-f", "{{.RestartCount}}", name))

    def upload(self, seed, name):
        """The answer to an upload of a song."""
        song = self.home.folder / "upload.wav"
        write_wav(song, music(seed, SECONDS))
        return self.ingest(audio=song.read_bytes(), file_name=name, headers=ADMIN)

    def ingest_music(self):
        """The report of the job that takes in /music."""
        job = self.ingest({"directory": "/music"}, headers=ADMIN)
        assert job.status == 202, job.body
        ended = self.wait_for_job(job.json["id"], "finished", "failed")
        assert ended["status"] == "finished", ended
        return ended["report"]

    def close(self):
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "45")
