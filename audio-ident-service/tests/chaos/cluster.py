"""Three replicas of the service on one PostgreSQL, three nodes of Qdrant and one S3 server, behind nginx."""

import contextlib
import pathlib
import shutil
import subprocess
import tempfile

import s3
from balancer import Balancer
from parts import Bucket, PostgreSql, QdrantNode, Replica
from service import PROGRAM, Home, form

REPLICAS = 3
NODES = 3


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="audio-ident-chaos-"))
        self.music = self.folder / "music"
        self.music.mkdir()
        self.parts = []
        self.replicas = []
        self.balancer = None
        self.probe = None  # a clip and the id of its track

    def start_stores(self, qdrant, search_seconds):
        """`qdrant`: the path of its program."""
        self.postgresql = self.add(PostgreSql())
        first = self.add(QdrantNode(qdrant, 0))
        self.qdrant = [first, *(self.add(QdrantNode(qdrant, number, first)) for number in range(1, NODES))]
        self.settings = {
            "POSTGRES_MODE": "external",
            "DATABASE_URL": self.postgresql.url,
            "FINGERPRINT_STORE": "postgresql",
            "QDRANT_MODE": "external",
            "QDRANT_URL": ",".join(node.url for node in self.qdrant),
            "QDRANT_SHARD_NUMBER": "3",
            "QDRANT_REPLICATION_FACTOR": "2",
            "INGEST_ROOTS": str(self.music),
            "INGEST_THREADS": "1",
            "SEARCH_TIMEOUT_SECONDS": str(search_seconds),
            "LOG_LEVEL": "warning",
        }
        # Each replica has a folder of its own, as on a machine of its own; without a bucket they must share one.
        self.bucket = self.add(Bucket()) if s3.program() else None
        self.settings |= self.bucket.settings if self.bucket else {"AUDIO_STORAGE_ROOT": str(self.folder / "uploads")}

    def add(self, part):
        self.parts.append(part)
        return part

    def command(self, *arguments, program=PROGRAM):
        """A command of the program, on a machine of its own."""
        home = Home()
        try:
            environment = home.environment(self.settings)
            return subprocess.run([program, *arguments], env=environment, text=True, capture_output=True)
        finally:
            home.close()

    def start_replicas(self):
        self.replicas = [self.add(Replica(number, self.settings)) for number in range(REPLICAS)]
        self.balancer = self.add(Balancer(self.replicas, int(self.settings["SEARCH_TIMEOUT_SECONDS"])))

    @property
    def address(self):
        return self.balancer.host, self.balancer.port

    def not_normal(self):
        """What is missing yet; None when each replica is ready and answers with both lanes."""
        for replica in self.replicas:
            if not replica.is_ready():
                return f"{replica.name} is not ready"
            if self.bucket and not replica.has_audio():
                return f"{replica.name} has no audio"
            body, headers = form({"mode": "both"}, self.probe.sound)
            try:
                answer = replica.service.request("POST", "/api/v1/search", body, headers)
            except OSError as error:
                return f"{replica.name}: {error}"
            if answer.status != 200:
                return f"{replica.name}: {answer.status} {answer.body}"
            if set(answer.json["lanes"].values()) != {"ok"}:
                return f"{replica.name}: {answer.json['lanes']}"
        return None

    def logs(self):
        """The logs of all parts that have one, by name."""
        logs = {replica.name: replica.home.folder / "log" for replica in self.replicas}
        logs |= {node.name: node.folder / "log" for node in self.qdrant}
        if self.bucket:
            logs[self.bucket.name] = self.bucket.server.folder / "log"
        logs["nginx"] = self.balancer.folder / "error.log"
        return {name: file.read_text(errors="replace") for name, file in logs.items()}

    def close(self):
        with contextlib.ExitStack() as ends:  # the last part first; all of them, though one of them fails
            ends.callback(shutil.rmtree, self.folder)
            for part in self.parts:
                ends.callback(part.close)
