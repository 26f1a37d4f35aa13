"""Two services on one PostgreSQL and one bucket, each with a folder of its own, as on two machines."""

import hashlib
import os
import signal
import time
import unittest

import postgres
import s3
from service import Home, Service, form, music, write_wav
from timelines_test import SAMPLE, SONGS, mix, titles

SERVERS = {"POSTGRES_MODE": "external", "FINGERPRINT_STORE": "postgresql", "EMBEDDING_MODEL": "clap-htsat-large"}


@s3.needed
class AudioInS3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = s3.Server()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.database = postgres.new_database()
        self.homes = {name: Home() for name in ("first", "second")}
        self.prefix = f"{self.id().rsplit('.')[-1]}/"
        self.services = {}
        for home in self.homes.values():
            self.addCleanup(home.close)
        self.addCleanup(lambda: [service.stop() for service in self.services.values()])
        self.addCleanup(self.server.signal, signal.SIGCONT)
        upgraded = self.run_program("first", "db", "upgrade")
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        self.services = {name: self.start(name) for name in self.homes}

    def settings(self, name, **more):
        root = self.homes[name].folder / "uploads"
        data = self.homes[name].folder / "data"
        own = {"DATABASE_URL": self.database, "AUDIO_STORAGE_ROOT": str(root), "AUDIO_IDENT_DATA_DIR": str(data)}
        return {**SERVERS, **self.server.settings(self.prefix), **own, "INGEST_THREADS": "1", **more}

    def run_program(self, name, *arguments, **more):
        return self.homes[name].run(*arguments, settings=self.settings(name, **more))

    def start(self, name, **more):
        return Service(self.homes[name], self.settings(name, **more))

    def song(self, seed, seconds=12):
        path = self.homes["first"].folder / f"song-{seed}.wav"
        if not path.exists():
            write_wav(path, music(seed, seconds))
        return path.read_bytes()

    def upload(self, name, seed, file_name="Band - Upload.wav"):
        return self.services[name].ingest(audio=self.song(seed), file_name=file_name)

    def added(self, name, seed, file_name="Band - Upload.wav"):
        answer = self.upload(name, seed, file_name)
        self.assertEqual((answer.status, answer.json.get("status")), (200, "ingested"), answer.body)
        return answer.json["track_id"]

    def audio(self, name, track, query="", **headers):
        return self.services[name].get(f"/api/v1/tracks/{track}/audio{query}", **headers)

    def found(self, name, seed):
        clip = self.homes["first"].clip(seed, 3, seconds_of_song=12)
        answer = self.services[name].search(clip, mode="exact")
        self.assertEqual(answer.status, 200, answer.body)
        return [match["track"]["id"] for match in answer.json["exact_matches"]]

    def files_of(self, name):
        root = self.homes[name].folder / "uploads"
        return [path for path in root.rglob("*") if path.is_file()]

    def objects_of_timelines(self):
        return [name for name in self.server.objects(self.prefix) if name.startswith("timelines")]

    def assert_unavailable(self, answer):
        self.assertEqual((answer.status, answer.code), (503, "SERVICE_UNAVAILABLE"), answer.body)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)

    def until(self, what, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "it does not come about")
            time.sleep(0.1)

    def test_what_one_takes_in_the_other_plays_and_removes(self):
        for seed, name in ((20, "Band - Upload.wav"), (21, "Björk + 曲 100% (live) #1.wav")):
            track = self.added("first", seed, name)
            self.assertEqual(self.files_of("second"), [])
            self.assertEqual(self.found("second", seed), [track])
            played = self.audio("second", track)
            self.assertEqual((played.status, played.body), (200, self.song(seed)))
            part = self.audio("second", track, Range="bytes=100-199")
            self.assertEqual((part.status, part.body), (206, self.song(seed)[100:200]))
            again = self.upload("second", seed, "other name.wav")
            self.assertEqual((again.json["status"], again.json["track_id"]), ("duplicate", track))
            digest = hashlib.sha256(self.song(seed)).hexdigest()
            self.assertEqual(self.server.objects(self.prefix), [f"{digest[:2]}/{digest}/{name}"])
            self.assertEqual(self.services["second"].request("DELETE", f"/api/v1/tracks/{track}").status, 204)
            self.assertEqual(self.server.objects(self.prefix), [])
            self.assertEqual(self.found("first", seed), [])
            for path in self.files_of("second"):
                path.unlink()

    def test_copies_may_vanish_at_any_time(self):
        track = self.added("first", 20)
        for name in self.services:
            for path in self.files_of(name):
                path.unlink()
            self.assertEqual(self.audio(name, track).body, self.song(20))
            opus = self.audio(name, track, "?as=opus")
            self.assertEqual((opus.status, opus.headers["Content-Type"]), (200, "audio/ogg"))
        for path in [*self.files_of("first"), *self.files_of("second")]:
            path.unlink()
        rebuilt = self.run_program("second", "rebuild-index")
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
        self.assertEqual(self.found("first", 20), [track])
        for path in self.files_of("first"):
            path.unlink()
        checked = self.run_program("first", "doctor")
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertIn(f"s3://music/{self.prefix[:-1]}", checked.stdout)
        # The same bytes in a folder are a duplicate, and do not take the track away from S3.
        write_wav(self.homes["first"].music / "copy.wav", music(20, 12))
        ingested = self.run_program("first", "ingest", str(self.homes["first"].music))
        self.assertEqual(ingested.returncode, 0, ingested.stderr)
        shown = self.services["first"].get(f"/api/v1/tracks/{track}").json
        self.assertTrue(shown["file_path"].endswith("/Band - Upload.wav"), shown["file_path"])

    def test_the_folder_keeps_what_was_used_last(self):
        self.services.pop("second").stop()
        size = len(self.song(20))
        self.services["second"] = self.start("second", AUDIO_CACHE_BYTES=str(3 * size + 1000))
        tracks = [self.added("first", seed) for seed in range(20, 26)]
        for track in tracks[:3]:
            self.audio("second", track)
        long_ago = time.time() - 3600
        for path in self.files_of("second"):
            os.utime(path, (long_ago, path.stat().st_mtime))
        for track in tracks[3:]:
            self.assertEqual(self.audio("second", track).status, 200)
        self.until(lambda: len(self.files_of("second")) <= 3)
        self.assertEqual(len(self.server.objects(self.prefix)), 6)
        self.assertEqual(self.audio("second", tracks[0]).body, self.song(20))

    def test_while_the_bucket_is_away_searches_go_on(self):
        track = self.added("first", 20)
        for stop, resume in ((self.server.stop, self.server.start), (self.hang, self.go_on)):
            stop()
            try:
                self.assert_unavailable(self.upload("first", 30))
                self.assert_unavailable(self.audio("second", track))
                self.assert_unavailable(self.audio("second", track, "?as=opus"))
                self.assert_unavailable(self.services["second"].request("DELETE", f"/api/v1/tracks/{track}"))
                self.assertEqual(self.audio("first", track).body, self.song(20), "it has a copy")
                self.assertEqual(self.found("second", 20), [track])
                ready = self.services["first"].get("/health/ready")
                self.assertEqual((ready.status, ready.json["stores"]["audio"]), (200, "unavailable"))
                checked = self.run_program("first", "doctor", "--cluster")
                self.assertEqual(checked.returncode, 1)
                self.assertRegex(checked.stdout, r"(?m)^FAIL +audio")
            finally:
                resume()
            self.assertEqual(self.services["first"].get("/health/ready").json["stores"]["audio"], "ok")
        self.assertEqual(self.audio("second", track).body, self.song(20))
        self.added("first", 30)
        checked = self.run_program("first", "doctor", "--cluster")
        self.assertRegex(checked.stdout, r"(?m)^ok +audio")

    def hang(self):
        self.server.signal(signal.SIGSTOP)

    def go_on(self):
        self.server.signal(signal.SIGCONT)

    def test_a_service_may_start_before_the_bucket(self):
        self.services.pop("second").stop()
        self.server.stop()
        try:
            self.services["second"] = self.start("second")
            self.assertIn("uploads fail", self.services["second"].log_text())
        finally:
            self.server.start()
        self.added("second", 20)

    def test_wrong_keys_are_named(self):
        for name, value, words in (
            ("S3_SECRET_KEY", "wrong", "SignatureDoesNotMatch"),
            ("S3_ACCESS_KEY", "wrong", "check the access key"),
            ("AUDIO_STORAGE_URL", "s3://no-such-bucket", "NoSuchBucket"),
        ):
            with self.assertRaises(RuntimeError) as refused:
                self.start("first", **{name: value})
            self.assertIn(words, str(refused.exception))
            self.assertNotIn(s3.SECRET_KEY, str(refused.exception))
            checked = self.run_program("first", "doctor", **{name: value})
            self.assertEqual(checked.returncode, 1, checked.stdout)
            self.assertIn(words, checked.stdout)

    def test_what_is_refused_leaves_nothing(self):
        noise = self.services["first"].ingest(audio=b"no music at all" * 1000, file_name="noise.mp3")
        self.assertEqual((noise.status, noise.code), (400, "UNSUPPORTED_FORMAT"), noise.body)
        self.assertEqual(self.server.objects(self.prefix), [])
        self.assertEqual(self.files_of("first"), [])

    def begin_timeline(self):
        """On the first service, while there is no other that could take the job. Returns its id, and the recording."""
        self.services.pop("second").stop()
        dance, ace = (SAMPLE / name for name in SONGS)
        for song in (dance, ace):
            added = self.services["first"].ingest(audio=song.read_bytes(), file_name=song.name)
            self.assertEqual((added.status, added.json.get("status")), (200, "ingested"), added.body)
        whole = mix(self.homes["first"], "set.flac", *[(dance, 0, 45), (ace, 0, 60)] * 4).read_bytes()
        body, headers = form(audio=whole, file_name="My set + é.flac")
        begun = self.services["first"].request("POST", "/api/v1/timelines", body, headers)
        self.assertEqual(begun.status, 202, begun.body)
        path = f"/api/v1/timelines/{begun.json['id']}"
        while (now := self.services["first"].get(path).json)["heard_seconds"] < 60:
            time.sleep(0.02)
        self.assertEqual(now["status"], "running")
        return begun.json["id"], whole

    def assert_goes_on_at_second(self, job):
        self.services["second"] = self.start("second")
        path = f"/api/v1/timelines/{job}"
        resumed = [0]
        while (ended := self.services["second"].get(path).json)["status"] in ("queued", "running"):
            resumed.append(ended["resumed_seconds"])
            time.sleep(0.05)
        self.assertEqual((ended["status"], ended["restarts"]), ("finished", 1), ended)
        self.assertEqual(titles(ended["timeline"]), ["Hungarian Dance No. 5", "Vibe Ace"] * 4)
        self.assertTrue(ended["can_play"])
        self.assertGreater(max(resumed), 0, "what the first one heard is not heard again")

    def test_a_timeline_goes_on_where_it_was_on_another_service(self):
        job, whole = self.begin_timeline()
        path, heard = f"/api/v1/timelines/{job}", f"timelines/{job}/heard"
        # What is heard is kept every five seconds. A fast machine would be done by then, so the service sleeps.
        self.services["first"].process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        self.services["first"].process.send_signal(signal.SIGCONT)
        self.until(lambda: heard in self.server.objects(self.prefix))
        self.services.pop("first").stop(signal.SIGKILL)
        # Instead of waiting for the end of its lease.
        postgres.ask(self.database, "UPDATE job_leases SET held_until = now()")
        self.assert_goes_on_at_second(job)
        self.services["first"] = self.start("first")
        for name in self.services:
            played = self.services[name].get(path + "/audio", Range="bytes=0-999")
            self.assertEqual((played.status, played.body), (206, whole[:1000]))
            self.assertGreater(len(self.services[name].get(path + "/waveform").json["peaks"]), 100)
        self.assertNotIn(heard, self.server.objects(self.prefix))
        self.assertEqual(self.services["second"].request("DELETE", path).status, 204)
        self.until(lambda: not self.objects_of_timelines())

    def test_a_timeline_that_is_removed_while_it_is_made_leaves_nothing(self):
        job, _ = self.begin_timeline()
        self.assertNotEqual(self.objects_of_timelines(), [])
        self.assertEqual(self.services["first"].request("DELETE", f"/api/v1/timelines/{job}").status, 204)
        self.until(lambda: not self.objects_of_timelines())
        self.services.pop("first").stop()  # What it was about to write is written.
        self.assertEqual(self.objects_of_timelines(), [])

    def test_a_service_that_ends_leaves_what_it_heard_to_another(self):
        job, _ = self.begin_timeline()
        self.services.pop("first").stop()
        self.assert_goes_on_at_second(job)


if __name__ == "__main__":
    unittest.main()
