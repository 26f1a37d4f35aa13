"""PostgreSQL's primary dies in the middle of an ingest, and a standby takes over; a server hangs."""

import json
import signal
import subprocess
import time
import unittest

import postgres
import service

SONGS = 16


class Failover(unittest.TestCase):
    def setUp(self):
        self.primary = postgres.Server()
        self.addCleanup(self.primary.close)
        self.home = service.Home()
        self.addCleanup(self.home.close)
        self.primary.new_database()
        self.standby = postgres.Server(self.primary)
        self.addCleanup(self.standby.close)
        hosts = f"host={self.primary.folder},{self.standby.folder}&port=5432,5432"
        url = f"postgresql://audio_ident:secret@/home1?{hosts}&target_session_attrs=read-write"
        self.home.catalog = {"POSTGRES_MODE": "external", "DATABASE_URL": url}
        upgraded = self.home.run("db", "upgrade")
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        for seed in range(SONGS):
            self.home.add_song(seed, f"{seed}.flac", seconds=8)

    def wait_for_tracks(self, count):
        end = time.monotonic() + 240
        while int(self.primary.ask("SELECT count(*) FROM tracks", "home1")) < count:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def ingest_until_the_primary_dies(self, standby_is_behind):
        ingest = subprocess.Popen(
            [service.PROGRAM, "ingest", "--json", str(self.home.music)],
            env=self.home.environment(),
            cwd=self.home.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.wait_for_tracks(4)
        if standby_is_behind:
            self.standby.stop()
        self.wait_for_tracks(8)
        self.primary.stop("kill")
        if standby_is_behind:
            self.standby.start()
        self.standby.promote()
        out, error = ingest.communicate(timeout=240)
        self.assertIn(ingest.returncode, (0, 75), error)
        return json.loads(out)

    def check_whole_after_the_next_run(self):
        again = self.home.run("ingest", "--json", str(self.home.music))
        self.assertEqual(again.returncode, 0, again.stderr)
        paths = self.standby.ask("SELECT count(*), count(DISTINCT file_path) FROM tracks", "home1")
        self.assertEqual(paths, f"{SONGS}|{SONGS}")
        doctor = self.home.run("doctor")
        self.assertEqual(doctor.returncode, 0, doctor.stdout)
        self.assertIn("catalog and index have the same tracks", doctor.stdout)
        for seed in (0, 7, SONGS - 1):
            clip = self.home.folder / "clip.webm"
            clip.write_bytes(self.home.clip(seed, 1, seconds_of_song=8))
            found = json.loads(self.home.run("search", "--json", str(clip)).stdout)["exact_matches"]
            self.assertEqual([match["track"]["title"] for match in found], [f"Song {seed}"])
        return json.loads(again.stdout)

    def test_what_the_ingest_counted_is_there(self):
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names TO '*'")
        self.primary.ask("SELECT pg_reload_conf()")
        counted = self.ingest_until_the_primary_dies(standby_is_behind=False)["ingested"]
        again = self.check_whole_after_the_next_run()
        self.assertLessEqual(again["ingested"], SONGS - counted)

    def test_what_the_standby_did_not_get_is_ingested_again(self):
        self.ingest_until_the_primary_dies(standby_is_behind=True)
        again = self.check_whole_after_the_next_run()
        self.assertGreaterEqual(again["ingested"], 1)


class Hanging(unittest.TestCase):
    """PostgreSQL neither answers nor ends."""

    def test_searches_are_refused_in_time_and_work_when_it_goes_on(self):
        server = postgres.Server()
        self.addCleanup(server.close)
        home = service.Home()
        self.addCleanup(home.close)
        home.catalog = {"POSTGRES_MODE": "external", "DATABASE_URL": server.new_database()}
        home.catalog |= {"FINGERPRINT_STORE": "postgresql", "SEARCH_TIMEOUT_SECONDS": "4"}
        self.assertEqual(home.run("db", "upgrade").returncode, 0)
        home.add_song(1, "one.flac")
        self.assertEqual(home.run("ingest", str(home.music)).returncode, 0)
        running = service.Service(home)
        self.addCleanup(running.stop)
        clip = home.clip(1, 3)
        self.assertEqual(len(running.search(clip, mode="exact").json["exact_matches"]), 1)
        self.addCleanup(lambda: server.signal(signal.SIGCONT))
        server.signal(signal.SIGSTOP)
        refused = running.search(clip, mode="exact")
        self.assertEqual((refused.status, refused.code), (503, "SERVICE_UNAVAILABLE"), refused.body)
        self.assertTrue(refused.headers["Retry-After"])
        server.signal(signal.SIGCONT)
        end = time.monotonic() + 60
        while (answer := running.search(clip, mode="exact")).status != 200 and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(len(answer.json["exact_matches"]), 1, answer.body)


if __name__ == "__main__":
    unittest.main()
