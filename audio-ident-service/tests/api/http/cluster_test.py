"""`doctor --cluster`: which services share a library, and how its servers are."""

import json
import signal
import subprocess
import time
import unittest

import postgres
from service import Home, Service

SERVERS = {"POSTGRES_MODE": "external", "FINGERPRINT_STORE": "postgresql"}


class Cluster(unittest.TestCase):
    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.close)
        self.database = postgres.new_database()

    def settings(self, name, **more):
        data = str(self.home.folder / name)
        return {**SERVERS, "DATABASE_URL": self.database, "AUDIO_IDENT_DATA_DIR": data, **more}

    def doctor(self, **more):
        done = self.home.run("doctor", "--cluster", "--json", settings=self.settings("doctor", **more))
        return done.returncode, json.loads(done.stdout)["checks"]

    def services(self):
        return [check for check in self.doctor()[1] if check["check"] == "service"]

    def wait_for_services(self, count):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = self.services()
            if len(found) == count:
                return found
        raise AssertionError(f"there are never {count} services: {found}")

    def test_services_come_and_go_and_one_that_was_killed_is_missed(self):
        upgraded = self.home.run("db", "upgrade", settings=self.settings("doctor"))
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        self.assertEqual(self.services(), [])
        running = [Service(self.home, self.settings(name)) for name in ("first", "second")]
        self.addCleanup(lambda: [service.stop() for service in running])
        text = " ".join(check["message"] for check in self.wait_for_services(2))
        for service in running:
            self.assertIn(f"pid {service.process.pid} at http://{service.host}:{service.port}, version", text)
        self.assertRegex(text, r"index generation 0, cache 0 B of 1\.1 GB, copy 0 B of 17\.2 GB, seen \d s ago")
        code, checks = self.doctor()
        self.assertEqual(code, 0, checks)
        (server,) = [check for check in checks if check["check"] == "PostgreSQL"]
        self.assertRegex(server["message"], r"postgresql://audio_ident:\*\*\*@.*, primary, version \d+")
        self.assertIn("in the data folder of each service", [check["message"] for check in checks][-1])

        running.pop().stop()
        self.assertEqual(len(self.wait_for_services(1)), 1, "it took its row away")
        running.pop().stop(signal.SIGKILL)
        sql = "UPDATE services SET seen_at = seen_at - interval '40 seconds'"
        subprocess.run(["psql", "-qc", sql, self.database], check=True, cwd="/")
        code, checks = self.doctor()
        self.assertEqual((code, checks[0]["status"]), (1, "FAIL"))
        self.assertRegex(checks[0]["message"], r"not seen for 4\d s")
        self.assertIn("killed", checks[0]["advice"])

    def test_two_services_on_one_data_folder_are_two(self):
        upgraded = self.home.run("db", "upgrade", settings=self.settings("doctor"))
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        running = [Service(self.home, self.settings("one")) for _ in range(2)]
        self.addCleanup(lambda: [service.stop() for service in running])
        text = " ".join(check["message"] for check in self.wait_for_services(2))
        for service in running:
            self.assertIn(f"pid {service.process.pid} at", text)
        running.pop(0).stop()
        (left,) = self.wait_for_services(1)
        self.assertIn(f"pid {running[0].process.pid} at", left["message"])

    def test_a_service_has_the_index_before_anybody_searches(self):
        self.home.run("db", "upgrade", settings=self.settings("doctor"))
        self.home.add_song(1, "one.flac")
        done = self.home.run("ingest", str(self.home.music), settings=self.settings("doctor"))
        self.assertEqual(done.returncode, 0, done.stderr)
        service = Service(self.home, self.settings("first"))
        self.addCleanup(service.stop)
        (found,) = self.wait_for_services(1)
        self.assertRegex(found["message"], r"index generation [1-9]\d*, .*(cache|copy) [1-9][\d.]* [kM]?B of")

    def test_a_server_of_vectors_that_is_away_is_named(self):
        self.home.run("db", "upgrade", settings=self.settings("doctor"))
        code, checks = self.doctor(QDRANT_MODE="external", QDRANT_URL="http://127.0.0.1:1")
        self.assertEqual((code, checks[-1]["check"], checks[-1]["status"]), (1, "Qdrant", "FAIL"))
        self.assertIn("cannot reach Qdrant at http://127.0.0.1:1", checks[-1]["message"])

    def test_a_library_on_one_machine_says_so(self):
        done = self.home.run("doctor", "--cluster")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("there is none: this library is in the data folder of one machine", done.stdout)


if __name__ == "__main__":
    unittest.main()
