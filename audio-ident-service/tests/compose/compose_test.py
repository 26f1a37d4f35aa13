"""`docker compose --profile scale up -d --scale service=3`: what it starts works together (containers.py)."""

import http.client
import signal
import unittest

import containers
import network

import s3
from balancer import nginx_program
from parts import qdrant_program
from service import Answer, Home, form, music, write_wav

REPLICAS = 3
SECONDS = 12
ADMIN = {"Authorization": f"Bearer {containers.ADMIN_KEY}"}


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not nginx_program() or not network.may_enter():
            raise unittest.SkipTest("needs nginx, and the right to make a network")
        qdrant = cls.enterClassContext(qdrant_program())
        if not qdrant:
            raise unittest.SkipTest("needs Qdrant: name it in QDRANT_BIN, or put qdrant-*.tar.xz into ../shared/tools")
        if not s3.program():
            raise unittest.SkipTest(s3.ABSENT)
        network.enter()
        cls.home = Home()
        cls.addClassCleanup(cls.home.close)
        cls.services = containers.compose("scale", ADMIN_API_KEY=containers.ADMIN_KEY, MUSIC_DIR=str(cls.home.music))
        cls.addresses = containers.addresses(cls.services, REPLICAS)
        network.NameServer(cls.addresses, cls.home.folder)
        cls.start_stores(qdrant)
        cls.start_replicas()
        cls.started(containers.Balancer(cls.services["balancer"], cls.addresses["balancer"][0]))

    @classmethod
    def started(cls, *several):
        for container in several:
            cls.addClassCleanup(container.close)
        for container in several:
            container.wait()

    @classmethod
    def start_stores(cls, qdrant):
        server = containers.start_postgres(cls.services["postgres"], cls.addresses["postgres"][0])
        cls.addClassCleanup(server.close)
        cls.started(containers.S3(cls.services["s3"], cls.addresses["s3"][0]))
        # One after the other: nothing here starts a node again that did not find the first.
        for name in cls.services:
            if name.startswith("qdrant"):
                cls.started(containers.Qdrant(name, cls.addresses[name][0], cls.services[name], qdrant))

    @classmethod
    def start_replicas(cls):
        folders = {"/music": str(cls.home.music)}
        settings = cls.services["service"]["environment"]
        cls.replicas = [
            containers.Replica(number, address, settings, folders)
            for number, address in enumerate(cls.addresses["service"], 1)
        ]
        cls.started(*cls.replicas)

    def ask(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection(self.addresses["balancer"][0], timeout=120)
        try:
            connection.request(method, path, body, {"Host": "localhost:17010", **dict(headers)})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def upload(self, seed, name):
        song = self.home.folder / "upload.wav"
        write_wav(song, music(seed, SECONDS))
        body, headers = form((), song.read_bytes(), name)
        added = self.ask("POST", "/api/v1/ingest", body, {**headers, **ADMIN})
        self.assertEqual((added.status, added.json["status"]), (200, "ingested"), added.body)
        return added.json["track_id"]

    def found(self, seed, ask):
        body, headers = form({"mode": "both"}, self.home.clip(seed, 3, seconds_of_song=SECONDS))
        answer = ask("POST", "/api/v1/search", body, headers)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(set(answer.json["lanes"].values()), {"ok"}, answer.body)
        return [match["track"]["id"] for match in answer.json["exact_matches"]]

    def requests_of(self, replica):
        """How many searches a replica has answered."""
        lines = replica.get("/metrics").body.decode().splitlines()
        counts = [line for line in lines if line.startswith("audioident_http_requests_total") and "/search" in line]
        return sum(float(line.rsplit(" ", 1)[1]) for line in counts)

    def test_every_replica_finds_what_was_uploaded_through_the_balancer(self):
        track = self.upload(1, "Band - First.wav")
        for replica in self.replicas:
            self.assertEqual(self.found(1, replica.request), [track], replica.name)
        self.assertEqual(self.found(1, self.ask), [track])

    def test_every_replica_plays_what_was_uploaded(self):
        track = self.upload(5, "Band - Fifth.wav")
        for replica in self.replicas:
            self.assertEqual(replica.get(f"/api/v1/tracks/{track}/audio").status, 200, replica.name)

    def test_a_folder_of_music_is_ingested(self):
        self.home.add_song(2, "second.flac", seconds=SECONDS)
        body, headers = form({"directory": str(self.home.music)})
        job = self.ask("POST", "/api/v1/ingest", body, {**headers, **ADMIN})
        self.assertEqual(job.status, 202, job.body)
        for replica in self.replicas:
            ended = replica.wait_for_job(job.json["id"], "finished", "failed")
            self.assertEqual(ended["report"]["ingested"], 1, ended)

    def test_clients_need_the_key_to_change_the_library(self):
        body, headers = form({"directory": str(self.home.music)})
        self.assertEqual(self.ask("POST", "/api/v1/ingest", body, headers).status, 401)

    def test_the_balancer_uses_all_replicas_and_does_without_one(self):
        track = self.upload(3, "Band - Third.wav")
        before = [self.requests_of(replica) for replica in self.replicas]
        for _ in range(2 * REPLICAS):
            self.assertEqual(self.found(3, self.ask), [track])
        after = [self.requests_of(replica) for replica in self.replicas]
        self.assertTrue(all(then < now for then, now in zip(before, after)), (before, after))
        self.replicas[0].stop(signal.SIGKILL)
        for _ in range(2 * REPLICAS):
            self.assertEqual(self.found(3, self.ask), [track])
        self.replicas[0].start()
        self.replicas[0].wait()

    def test_doctor_sees_all_parts(self):
        self.upload(4, "Band - Fourth.wav")
        code, checks = self.replicas[0].doctor()
        self.assertEqual(code, 0, checks)
        services = [check for check in checks if check["check"] == "service"]
        self.assertEqual(len(services), REPLICAS, checks)
        said = " ".join(check["message"] for check in checks)
        for part in ("qdrant-1:6333", "qdrant-2:6333", "qdrant-3:6333", "3 nodes"):
            self.assertIn(part, said)


if __name__ == "__main__":
    unittest.main()
