"""The image and the compose file on Docker's engine; see README.md."""

import collections
import http.client
import threading
import time
import unittest

from stack import PATIENCE, Stack, run

from service import Home

MEGABYTE = 10**6


def setUpModule():
    run("docker", "compose", "version")
    run("docker", "image", "inspect", "audio-ident")  # `docker build` made it


class StackTest(unittest.TestCase):
    """One stack with three songs for all tests of a class."""

    profile = ""
    arguments = ()
    songs = (1, 2, 3)

    @classmethod
    def setUpClass(cls):
        cls.home = Home()
        cls.addClassCleanup(cls.home.close)
        cls.home.folder.chmod(0o755)  # The service is another user.
        cls.clips = {seed: cls.home.clip(seed, 4) for seed in range(1, 7)}
        for seed in cls.songs:
            cls.home.add_song(seed, f"{seed}.flac")
        cls.stack = Stack(cls.home, cls.profile)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up(*cls.arguments)
        report = cls.stack.ingest_music()
        assert report["ingested"] == len(cls.songs), report

    def titles(self, seed):
        answer = self.stack.search(self.clips[seed], mode="both")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json["lanes"], {"exact": "ok", "vibe": "ok"})
        return [match["track"]["title"] for match in answer.json["exact_matches"]]


class OneService(StackTest):
    profile = "dev"

    def test_the_image_is_small(self):
        self.assertLessEqual(int(run("docker", "image", "inspect", "-f", "{{.Size}}", "audio-ident")), 250 * MEGABYTE)

    def test_the_service_has_no_rights(self):
        status = self.stack.say("audio-ident", "cat /proc/self/status")
        values = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        self.assertNotIn("0", values["Uid"].split())
        self.assertEqual({values[each] for each in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}, {"0" * 16})
        self.assertEqual(values["NoNewPrivs"], "1")
        refused = self.stack.say("audio-ident", "touch /file /usr/file /music/file 2>&1; ls /music")
        self.assertEqual(refused.count("Read-only file system"), 3, refused)
        self.stack.say("audio-ident", "touch /data/file /tmp/file")

    def test_all_health_checks_pass(self):
        end = time.monotonic() + 60
        while True:
            states = [
                run("docker", "inspect", "-f", "{{.State.Health.Status}}", name) for name in self.stack.containers()
            ]
            if states == ["healthy"] * 3:
                break
            self.assertLess(time.monotonic(), end, states)
            time.sleep(1)

    def test_a_library_survives_the_end_of_all_containers(self):
        self.stack.compose("down")
        self.assertEqual(self.stack.containers(), [])
        self.stack.up()
        for seed in self.songs:
            self.assertEqual(self.titles(seed), [f"Song {seed}"])

    def test_a_stop_is_orderly(self):
        name = self.stack.container("audio-ident")
        run("docker", "stop", "-t", "45", name)
        code = run("docker", "inspect", "-f", "{{.State.ExitCode}}", name)
        self.stack.up()
        self.assertEqual(code, "143")

    def test_changes_need_the_key(self):
        self.assertEqual(self.stack.ingest({"directory": "/music"}).status, 401)


class ThreeServices(StackTest):
    profile = "scale"
    arguments = ("--scale", "service=3")

    def setUp(self):
        self.counts = collections.Counter()
        self.over = threading.Event()

    def search_on(self, mode):
        """Searches until the end of the test, and counts what comes."""
        while not self.over.is_set():
            for seed in self.songs:
                try:
                    answer = self.stack.search(self.clips[seed], mode=mode)
                    self.counts[self.outcome_of(answer, seed)] += 1
                except (OSError, http.client.HTTPException, ValueError) as error:
                    self.counts[type(error).__name__] += 1

    @staticmethod
    def outcome_of(answer, seed):
        if answer.status != 200:
            return str(answer.status)
        late = {lane: state for lane, state in answer.json["lanes"].items() if state not in ("ok", None)}
        found = [match["track"]["title"] for match in answer.json["exact_matches"]]
        return f"without {late}" if late else "right" if found == [f"Song {seed}"] else f"wrong: {found}"

    def during(self, *events, mode="exact", errors=()):
        """Clients search while these happen, one after the other. All answers are right, but for such errors."""
        client = threading.Thread(target=self.search_on, args=(mode,))
        client.start()
        try:
            for event in events:
                event()
                wanted = self.counts["right"] + 30
                end = time.monotonic() + PATIENCE
                while self.counts["right"] < wanted:
                    self.assertLess(time.monotonic(), end, self.counts)
                    time.sleep(0.1)
        finally:
            self.over.set()
            client.join()
        self.assertLessEqual(set(self.counts), {"right", *errors}, self.counts)

    def docker(self, *command, of):
        name = self.stack.container(of)
        return lambda: run("docker", *command, name)

    def test_searches_go_on_when_services_die_end_come_and_go(self):
        self.during(
            lambda: self.stack.kill_program("service"),
            self.docker("restart", "-t", "45", of="service"),
            lambda: self.stack.up("--scale", "service=5"),
            lambda: self.stack.up("--scale", "service=3"),
        )
        self.assertEqual(len(self.stack.containers("service")), 3)

    def test_searches_in_both_lanes_go_on_without_a_node_of_qdrant(self):
        stop, start = self.docker("kill", of="qdrant-2"), self.docker("start", of="qdrant-2")
        self.during(stop, start, mode="both")

    def test_searches_wait_for_postgresql(self):
        self.during(self.docker("restart", of="postgres"), errors=("503", "without {'exact': 'failed'}"))

    def test_without_s3_uploads_are_refused_and_later_taken(self):
        stop, start = self.docker("kill", of="s3"), self.docker("start", of="s3")
        self.during(stop, lambda: self.assertEqual(self.stack.upload(4, "Band - Fourth.wav").status, 503), start)
        end = time.monotonic() + 60
        while (added := self.stack.upload(4, "Band - Fourth.wav")).status == 503 and time.monotonic() < end:
            time.sleep(1)
        self.assertEqual((added.status, added.json["status"]), (200, "ingested"), added.body)
        self.assertEqual(self.titles(4), ["Fourth"])

    def test_doctor_sees_all_parts(self):
        said = self.stack.compose("exec", "service", "audio-ident", "doctor", "--cluster")
        for part in ("3 nodes", "6 of 6 replicas active", "primary, version 16", "s3://audio-ident"):
            self.assertIn(part, said)

    def test_changes_need_the_key(self):
        self.assertEqual(self.stack.ingest({"directory": "/music"}).status, 401)


class Make(unittest.TestCase):
    """`make docker-up` and what it starts in each mode."""

    def setUp(self):
        home = Home()
        self.addCleanup(home.close)
        self.stack = Stack(home, "dev")
        self.addCleanup(self.stack.close)

    def services(self):
        return {name.split("-")[-2] for name in self.stack.containers()}

    def test_the_stores_whose_mode_is_docker_start_and_end(self):
        for modes, wanted in (
            ({}, {"postgres", "qdrant"}),
            ({"POSTGRES_MODE": "external"}, {"qdrant"}),
            ({"QDRANT_MODE": "external"}, {"postgres"}),
        ):
            with self.subTest(**modes):
                self.stack.make("docker-up", **modes)
                self.assertEqual(self.services(), wanted)
                self.stack.make("docker-down", **modes)
                self.assertEqual(self.services(), set())


if __name__ == "__main__":
    unittest.main()
