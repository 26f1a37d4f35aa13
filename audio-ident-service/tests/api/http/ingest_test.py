"""Ingest over HTTP: uploads, jobs, and the leftovers of a killed service."""

import json
import signal
import time
import unittest
import uuid

from service import Home, Service, ServiceTest, music, write_wav


class Uploads(ServiceTest):
    songs = {1: "one.flac"}

    def song(self, seed, seconds=12):
        path = self.home.folder / "upload.wav"
        write_wav(path, music(seed, seconds))
        return path.read_bytes()

    def test_an_upload_is_a_track_that_is_found_and_played(self):
        answer = self.service.ingest(audio=self.song(20), file_name="../The Band - A Song.wav")
        self.assertEqual(answer.status, 200, answer.body)
        track = answer.json
        self.assertEqual((track["status"], track["artist"], track["title"]), ("ingested", "The Band", "A Song"))
        found = self.service.search(self.home.clip(20, 3, seconds_of_song=12), mode="exact").json["exact_matches"]
        self.assertEqual(found[0]["track"]["id"], track["track_id"])
        self.assertEqual(self.service.get(f"/api/v1/tracks/{track['track_id']}/audio").body, self.song(20))

        again = self.service.ingest(audio=self.song(20), file_name="other name.wav").json
        self.assertEqual((again["status"], again["track_id"]), ("duplicate", track["track_id"]))
        stored = [path for path in (self.home.folder / "data" / "uploads").rglob("*") if path.is_file()]
        self.assertEqual([path.name for path in stored], ["The Band - A Song.wav"])

        self.assertEqual(self.service.request("DELETE", f"/api/v1/tracks/{track['track_id']}").status, 204)
        self.assertFalse(stored[0].exists(), "an upload goes with its track")

    def test_music_that_is_there_in_other_bytes_is_a_duplicate(self):
        answer = self.service.ingest(audio=self.song(1, 15))
        self.assertEqual((answer.status, answer.json["status"], answer.json["title"]), (200, "duplicate", "Song 1"))

    def test_what_is_no_music_leaves_nothing(self):
        words = self.service.ingest(audio=b"words " * 1000, file_name="words.mp3")
        self.assert_error(words, 400, "UNSUPPORTED_FORMAT")
        self.assertRegex(words.json["error"]["message"], "^words.mp3: not audio", "the sender's name, not our path")
        self.assert_error(self.service.ingest(audio=b""), 400, "VALIDATION_ERROR")
        self.assert_error(self.service.ingest(audio=self.song(5, 0.5)), 400, "AUDIO_TOO_SHORT")
        folder = self.home.folder / "data" / "uploads"
        self.assertEqual([path for path in folder.rglob("*") if path.is_file()], [])

    def test_one_of_file_and_directory_is_needed(self):
        self.assert_error(self.service.ingest(), 400, "VALIDATION_ERROR")
        self.assert_error(self.service.ingest({"directory": "/x"}, audio=b"x"), 400, "VALIDATION_ERROR")


class Directories(ServiceTest):
    songs = {}

    def test_only_folders_below_the_roots(self):
        outside = self.home.folder / "outside"
        outside.mkdir()
        (self.home.music / "link").symlink_to(outside)
        for folder in (
            outside,
            "/",
            self.home.folder,
            f"{self.home.music}/../outside",
            self.home.music / "link",
            "/no/such/folder",
        ):
            self.assert_error(self.service.ingest({"directory": str(folder)}), 403, "FORBIDDEN")
        missing = self.service.ingest({"directory": str(self.home.music / "missing")})
        self.assert_error(missing, 404, "DIRECTORY_NOT_FOUND")

    def test_a_job_reports_follows_and_ends(self):
        for seed in (31, 32):
            self.home.add_song(seed, f"album/{seed}.flac")
        (self.home.music / "album" / "broken.mp3").write_bytes(b"no music" * 100)
        answer = self.service.ingest({"directory": str(self.home.music / "album")})
        self.assertEqual(answer.status, 202, answer.body)
        place = answer.headers["Location"]
        events = self.service.get(place + "/events")
        self.assertEqual(events.headers["Content-Type"], "text/event-stream")
        last = events.body.decode().strip().split("\n\n")[-1].split("\n")
        self.assertEqual(last[0], "event: end")
        job = json.loads(last[1].removeprefix("data: "))
        self.assertEqual(job, self.service.get(place).json)
        self.assertEqual((job["status"], job["report"]["ingested"], job["report"]["total"]), ("finished", 2, 3))
        self.assertEqual(
            [error["file"] for error in job["report"]["errors"]], [str(self.home.music / "album" / "broken.mp3")]
        )
        self.assertEqual(self.service.get("/api/v1/tracks").json["total"], 2)

    def test_jobs_that_are_not_there(self):
        for path in ("", "/events"):
            self.assert_error(self.service.get(f"/api/v1/ingest/jobs/{uuid.uuid4()}{path}"), 404, "NOT_FOUND")
            self.assert_error(self.service.get(f"/api/v1/ingest/jobs/x{path}"), 400, "VALIDATION_ERROR")
        self.assert_error(self.service.request("DELETE", f"/api/v1/ingest/jobs/{uuid.uuid4()}"), 404, "NOT_FOUND")


class Interrupted(unittest.TestCase):
    COUNT = 12

    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.close)
        for seed in range(self.COUNT):
            write_wav(self.home.music / f"{seed:02}.wav", music(100 + seed, 12))

    def begin(self, service):
        job = service.ingest({"directory": str(self.home.music)}).json
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if service.get("/api/v1/tracks").json["total"] > 0:
                return job["id"]
            time.sleep(0.02)
        raise AssertionError("the job does not begin")

    def check_library(self, service):
        tracks = service.get("/api/v1/tracks?per_page=100").json
        paths = {service.get(f"/api/v1/tracks/{track['id']}").json["file_path"] for track in tracks["items"]}
        self.assertEqual((tracks["total"], len(paths)), (self.COUNT, self.COUNT))
        checked = self.home.run("doctor")
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_a_killed_service_goes_on_with_its_job(self):
        settings = {"INGEST_THREADS": "1"}
        service = Service(self.home, settings)
        job_id = self.begin(service)
        service.stop(signal.SIGKILL)
        between = json.loads(self.home.documents("jobs")[f"jobs/{job_id}.json"])
        self.assertEqual(between["status"], "running", "it was killed in the middle")

        service = Service(self.home, settings)
        job = service.wait_for_job(job_id, "finished", "failed")
        self.assertEqual((job["status"], job["restarts"], job["report"]["errors"]), ("finished", 1, []))
        report = job["report"]
        self.assertEqual(report["ingested"] + report["unchanged"] + report["updated"], self.COUNT)
        self.check_library(service)
        service.stop()

    def test_a_stopped_service_goes_on_too_and_a_cancelled_job_does_not(self):
        settings = {"INGEST_THREADS": "1"}
        service = Service(self.home, settings)
        job_id = self.begin(service)
        self.assertEqual(service.stop(), 143)
        service = Service(self.home, settings)
        waiting = service.ingest({"directory": str(self.home.music)}).json["id"]
        self.assertEqual(service.request("DELETE", f"/api/v1/ingest/jobs/{waiting}").status, 202)
        self.assertEqual(service.wait_for_job(waiting, "cancelled")["report"]["ingested"], 0)
        self.assertEqual(service.wait_for_job(job_id, "finished", "failed")["status"], "finished")
        self.check_library(service)
        service.stop()

    def test_requests_that_write_go_before_a_running_job(self):
        service = Service(self.home, {"INGEST_THREADS": "1"})
        job_id = self.begin(service)
        upload = self.home.folder / "upload.wav"
        write_wav(upload, music(50, 12))
        added = service.ingest(audio=upload.read_bytes(), file_name="Band - Upload.wav")
        self.assertEqual((added.status, added.json["status"]), (200, "ingested"), added.body)
        self.assertEqual(service.request("DELETE", f"/api/v1/tracks/{added.json['track_id']}").status, 204)
        self.assertEqual(service.get(f"/api/v1/ingest/jobs/{job_id}").json["status"], "running")
        job = service.wait_for_job(job_id, "finished", "failed")
        report = job["report"]
        self.assertEqual(
            (job["status"], report["total"], report["ingested"], report["unchanged"], report["errors"]),
            ("finished", self.COUNT, self.COUNT, 0, []),
            "as if it had not been paused",
        )
        self.check_library(service)
        service.stop()

    def test_a_running_job_can_be_cancelled(self):
        service = Service(self.home, {"INGEST_THREADS": "1"})
        job_id = self.begin(service)
        service.request("DELETE", f"/api/v1/ingest/jobs/{job_id}")
        job = service.wait_for_job(job_id, "cancelled", "finished")
        self.assertEqual(job["status"], "cancelled")
        total = service.get("/api/v1/tracks").json["total"]
        self.assertLess(total, self.COUNT)
        self.assertEqual(job["report"]["ingested"], total)
        service.stop()


if __name__ == "__main__":
    unittest.main()
