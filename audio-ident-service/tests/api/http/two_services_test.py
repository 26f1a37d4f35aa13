"""Two services, each with a data folder of its own, on one PostgreSQL: one library, and nothing twice."""

import collections
import signal
import time
import unittest

import postgres
from service import Home, Service, music, write_wav

SERVERS = {"POSTGRES_MODE": "external", "FINGERPRINT_STORE": "postgresql"}


class TwoServices(unittest.TestCase):
    COUNT = 10

    def setUp(self):
        self.database = postgres.new_database()
        self.home = Home()
        self.addCleanup(self.home.close)
        upgraded = self.home.run("db", "upgrade", settings=self.settings("first"))
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        self.services = {name: self.start(name) for name in ("first", "second")}
        self.addCleanup(lambda: [service.stop() for service in self.services.values()])

    def settings(self, name):
        return {
            **SERVERS,
            "DATABASE_URL": self.database,
            "AUDIO_IDENT_DATA_DIR": str(self.home.folder / name),
            "INGEST_THREADS": "1",
        }

    def start(self, name):
        return Service(self.home, self.settings(name))

    def add_songs(self, count=COUNT):
        for seed in range(count):
            write_wav(self.home.music / f"{seed:02}.wav", music(100 + seed, 12))

    def job(self, name):
        answer = self.services[name].ingest({"directory": str(self.home.music)})
        self.assertEqual(answer.status, 202, answer.body)
        return answer.json["id"]

    def wait_for_tracks(self, name, count):
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self.services[name].get("/api/v1/tracks").json["total"] >= count:
                return
            time.sleep(0.02)
        raise AssertionError(f"there are never {count} tracks")

    def check_library(self, count):
        for service in self.services.values():
            tracks = service.get("/api/v1/tracks?per_page=100").json
            paths = [service.get(f"/api/v1/tracks/{track['id']}").json["file_path"] for track in tracks["items"]]
            self.assertEqual(collections.Counter(paths).most_common(1)[0][1], 1, "a file is in the library twice")
            self.assertEqual(tracks["total"], count)
        checked = self.home.run("doctor", settings=self.settings("first"))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def found(self, name, seed):
        matches = self.services[name].search(self.home.clip(seed, 3, seconds_of_song=12), mode="exact").json
        return [
            (match["track"]["id"], match["offset_seconds"], match["confidence"]) for match in matches["exact_matches"]
        ]

    def test_what_one_takes_in_the_other_finds_and_can_remove(self):
        upload = self.home.folder / "upload.wav"
        write_wav(upload, music(20, 12))
        added = self.services["first"].ingest(audio=upload.read_bytes(), file_name="Band - Upload.wav")
        self.assertEqual((added.status, added.json["status"]), (200, "ingested"), added.body)
        track = added.json["track_id"]
        self.assertEqual([match[0] for match in self.found("second", 20)], [track])
        self.assertEqual(self.found("first", 20), self.found("second", 20), "the same answer")
        again = self.services["second"].ingest(audio=upload.read_bytes(), file_name="other name.wav")
        self.assertEqual((again.json["status"], again.json["track_id"]), ("duplicate", track))
        self.assertEqual(self.services["second"].request("DELETE", f"/api/v1/tracks/{track}").status, 204)
        self.assertEqual(self.found("first", 20), [])

    def test_both_ingest_the_same_folder_and_nothing_is_there_twice(self):
        self.add_songs()
        jobs = {name: self.job(name) for name in self.services}
        reports = {}
        for name, job in jobs.items():
            ended = self.services[name].wait_for_job(job, "finished", "failed")
            self.assertEqual((ended["status"], ended["report"]["errors"]), ("finished", []), ended)
            reports[name] = ended["report"]
        self.assertEqual(sum(report["ingested"] for report in reports.values()), self.COUNT)
        self.assertEqual(sum(report["unchanged"] for report in reports.values()), self.COUNT)
        self.check_library(self.COUNT)

    def test_one_is_killed_and_the_other_goes_on(self):
        self.add_songs()
        self.job("first")
        self.wait_for_tracks("second", 1)
        waiting = self.job("second")
        self.services["first"].stop(signal.SIGKILL)
        ended = self.services["second"].wait_for_job(waiting, "finished", "failed")
        self.assertEqual((ended["status"], ended["report"]["errors"]), ("finished", []), ended)
        self.assertTrue(self.found("second", 100 + self.COUNT - 1))
        self.services["first"] = self.start("first")
        self.check_library(self.COUNT)

    def test_an_upload_goes_before_the_job_of_the_other(self):
        self.add_songs()
        job = self.job("first")
        self.wait_for_tracks("second", 1)
        upload = self.home.folder / "upload.wav"
        write_wav(upload, music(20, 12))
        added = self.services["second"].ingest(audio=upload.read_bytes(), file_name="Band - Upload.wav")
        self.assertEqual((added.status, added.json["status"]), (200, "ingested"), added.body)
        ended = self.services["first"].wait_for_job(job, "finished", "failed")
        self.assertEqual((ended["status"], ended["report"]["ingested"]), ("finished", self.COUNT), ended)
        self.check_library(self.COUNT + 1)

    def test_the_job_of_a_killed_service_goes_on_elsewhere(self):
        self.add_songs()
        self.services.pop("second").stop()  # It could take the job.
        job = self.job("first")
        self.wait_for_tracks("first", 1)
        path = f"/api/v1/ingest/jobs/{job}"
        self.assertEqual(self.services["first"].get(path).json["status"], "running")
        self.services["first"].stop(signal.SIGKILL)
        self.services["second"] = self.start("second")
        # Instead of waiting for the end of its lease.
        postgres.ask(self.database, "UPDATE job_leases SET held_until = now()")
        ended = self.services["second"].wait_for_job(job, "finished", "failed")
        self.assertEqual((ended["status"], ended["restarts"], ended["report"]["errors"]), ("finished", 1, []), ended)
        self.services["first"] = self.start("first")
        self.assertEqual(self.services["first"].get(path).json["status"], "finished")
        self.check_library(self.COUNT)

    def test_every_service_shows_follows_and_cancels_a_job(self):
        self.add_songs(50)
        job = self.job("first")
        path = f"/api/v1/ingest/jobs/{job}"
        self.wait_for_tracks("second", 1)
        cancelled = self.services["second"].request("DELETE", path)
        self.assertEqual((cancelled.status, cancelled.json["id"]), (202, job), cancelled.body)
        events = self.services["second"].get(path + "/events").body.decode()
        self.assertIn("event: end", events)
        self.assertIn('"status":"cancelled"', events)
        self.assertEqual(self.services["first"].wait_for_job(job, "cancelled")["id"], job)

    def test_what_one_measures_the_other_uses_without_a_restart(self):
        seen = self.home.run("doctor", settings=self.settings("second")).stdout
        self.assertIn("as shipped", seen)
        text = '{"slope":0.5,"offset":0,"measured_at":"2026-11-29T10:00:00.000000Z","fingerprint_version":3}'
        write_wav(self.home.music / "20.wav", music(20, 12))
        ended = self.services["first"].wait_for_job(self.job("first"), "finished", "failed")
        self.assertEqual(ended["report"]["ingested"], 1, ended)
        before = self.found("second", 20)[0][2]
        postgres.ask(
            self.database,
            f"INSERT INTO documents (name, content) VALUES ('calibration.json', convert_to('{text}', 'UTF8'))",
        )
        self.assertIn("measured on this library", self.home.run("doctor", settings=self.settings("second")).stdout)
        end = time.monotonic() + 60
        while self.found("second", 20)[0][2] == before and time.monotonic() < end:
            time.sleep(0.2)
        self.assertLess(self.found("second", 20)[0][2], before)
        self.assertEqual(self.found("first", 20), self.found("second", 20), "the same answer")

    def test_a_command_that_finds_the_library_locked_says_by_whom(self):
        self.add_songs()
        self.job("first")
        self.wait_for_tracks("first", 1)
        refused = self.home.run("ingest", str(self.home.music), settings=self.settings("third"))
        self.assertEqual(refused.returncode, 75, refused.stderr)
        self.assertRegex(refused.stderr, r"locked by pid \d+ on .*: audio-ident serve")


if __name__ == "__main__":
    unittest.main()
