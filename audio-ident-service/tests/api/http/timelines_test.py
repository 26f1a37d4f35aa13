"""Timelines over HTTP, of recordings made of the songs in sample/."""

import json
import pathlib
import shutil
import signal
import subprocess
import time
import unittest
import uuid

from service import Home, Service, ServiceTest, form, music, write_wav

SAMPLE = pathlib.Path(__file__).resolve().parents[4] / "sample"
SONGS = ("Hungarian Dance No. 5.flac", "Vibe Ace.m4a")
EXACT_LANE_ONLY = {"EMBEDDING_MODEL": "clap-htsat-large"}


def mix(home, name, *parts):
    """A recording of parts: (file, begin, seconds)."""
    inputs, labels, filters = [], "", ""
    for i, (file, begin, seconds) in enumerate(parts):
        inputs += ["-ss", str(begin), "-t", str(seconds), "-i", str(file)]
        filters += f"[{i}:a]aresample=44100,aformat=channel_layouts=stereo[p{i}];"
        labels += f"[p{i}]"
    target = home.folder / name
    filters += f"{labels}concat=n={len(parts)}:v=0:a=1"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", filters, str(target)], check=True
    )
    return target


def make_library(home):
    for name in SONGS:
        shutil.copy(SAMPLE / name, home.music / name)
    done = home.run("ingest", str(home.music), settings=EXACT_LANE_ONLY)
    assert done.returncode == 0, done.stderr


def begin(service, fields=(), audio=None, file_name="set.mp3"):
    body, headers = form(fields, audio, file_name)
    return service.request("POST", "/api/v1/timelines", body, headers)


def change(service, method, path, **fields):
    body, headers = form(fields)
    return service.request(method, path, body, headers)


def titles(timeline):
    return [entry["track"]["title"] for entry in timeline["entries"]]


class Timelines(ServiceTest):
    songs = {}
    settings = EXACT_LANE_ONLY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_library(cls.home)
        stranger = cls.home.folder / "stranger.wav"
        write_wav(stranger, music(7, 14))
        dance, ace = (cls.home.music / name for name in SONGS)
        cls.recording = mix(cls.home, "set.mp3", (dance, 5, 20), (stranger, 0, 14), (ace, 10, 20))

    def files_of_timelines(self):
        return list((self.home.folder / "data" / "uploads" / "timelines").iterdir())

    def test_an_upload_is_heard_shown_judged_learnt_from_and_removed(self):
        answer = begin(self.service, audio=self.recording.read_bytes(), file_name="Мой сет 🎧.mp3")
        self.assertEqual(answer.status, 202, answer.body)
        job = answer.json
        url = f"/api/v1/timelines/{job['id']}"
        self.assertEqual(
            (answer.headers["Location"], job["name"], job["timeline"], job["can_play"]),
            (url, "Мой сет 🎧.mp3", None, True),
        )
        events = self.service.get(url + "/events").body.decode().strip().split("\n\n")
        names = [event.split("\n")[0] for event in events if not event.startswith(":")]
        self.assertEqual((set(names[:-1]), names[-1]), ({"event: progress"}, "event: end"))
        self.assertEqual(json.loads(events[-1].split("data: ", 1)[1])["status"], "finished")
        self.assertTrue(
            any(json.loads(event.split("data: ", 1)[1])["timeline"] for event in events if "data: " in event),
            "blocks appear while it runs",
        )

        job = self.service.get(url).json
        timeline = job["timeline"]
        self.assertEqual((job["status"], job["error"], job["restarts"]), ("finished", None, 0))
        self.assertEqual(titles(timeline), ["Hungarian Dance No. 5", "Vibe Ace"])
        first, second = timeline["entries"]
        self.assertAlmostEqual(first["start"], 0, delta=1)
        self.assertAlmostEqual(first["first"]["offset_seconds"], 5, delta=0.3)
        self.assertAlmostEqual(second["start"], 34, delta=1.5)
        self.assertEqual([gap["kind"] for gap in timeline["gaps"]], ["unknown"])
        listed = self.service.get("/api/v1/timelines?per_page=1").json
        self.assertEqual((listed["items"][0]["id"], listed["items"][0]["entries"]), (job["id"], 2))

        self.check_exports(url)
        self.check_recording(url)
        self.check_verdicts(url)
        self.check_learning(url)

        self.assertEqual(self.service.request("DELETE", url).status, 204)
        self.assert_error(self.service.get(url), 404, "NOT_FOUND")
        self.assert_error(self.service.request("DELETE", url), 404, "NOT_FOUND")
        self.assertEqual([file for file in self.files_of_timelines() if job["id"] in file.name], [])

    def check_exports(self, url):
        for kind, media_type, wanted in (
            ("json", "application/json", '"title":"Vibe Ace"'),
            ("csv", "text/csv", "Vibe Ace"),
            ("cue", "application/x-cue", 'TITLE "Vibe Ace"'),
            ("m3u8", "application/vnd.apple.mpegurl", SONGS[1]),
            ("audacity", "text/plain", "Kevin MacLeod - Vibe Ace"),
        ):
            answer = self.service.get(f"{url}/export?format={kind}")
            self.assertEqual((answer.status, answer.headers.get_content_type()), (200, media_type))
            self.assertIn(wanted, answer.body.decode())
            self.assertIn("filename*=UTF-8''%D0%9C", answer.headers["Content-Disposition"])
        self.assert_error(self.service.get(f"{url}/export?format=pdf"), 400, "VALIDATION_ERROR")

    def check_recording(self, url):
        part = self.service.get(f"{url}/audio", Range="bytes=0-2")
        self.assertEqual((part.status, part.body), (206, self.recording.read_bytes()[:3]))
        waveform = self.service.get(f"{url}/waveform").json
        self.assertAlmostEqual(waveform["duration_seconds"], 54, delta=0.5)
        self.assertEqual(len(waveform["peaks"]), 800)
        self.assertGreater(max(waveform["peaks"]), 0.1)

    def check_verdicts(self, url):
        rejected = change(self.service, "PATCH", url + "/entries/0", verdict="rejected")
        self.assertEqual((rejected.status, rejected.json["verdict"]), (200, "rejected"))
        self.assertEqual(self.service.get(url).json["timeline"]["entries"][0]["verdict"], "rejected")
        labels = self.service.get(url + "/export?format=audacity").body.decode()
        self.assertNotIn("Hungarian", labels)
        self.assertIn("unknown", labels)
        self.assertIsNone(change(self.service, "PATCH", url + "/entries/0", verdict="none").json["verdict"])
        self.assert_error(change(self.service, "PATCH", url + "/entries/9", verdict="accepted"), 404, "NOT_FOUND")
        for fields in ({}, {"verdict": "maybe"}, {"track_id": "x"}, {"track_id": str(uuid.uuid4())}):
            answer = change(self.service, "PATCH", url + "/entries/0", **fields)
            self.assert_error(answer, 400, "VALIDATION_ERROR")

    def check_learning(self, url):
        gap = self.service.get(url).json["timeline"]["gaps"][0]
        for fields in ({"start": 1}, {"start": 5, "end": 4, "title": "x"}, {"start": 1, "end": 9, "title": " "}):
            self.assert_error(change(self.service, "POST", url + "/learn", **fields), 400, "VALIDATION_ERROR")
        beyond = change(self.service, "POST", url + "/learn", start=1000, end=1010, title="Nothing")
        self.assert_error(beyond, 400, "VALIDATION_ERROR")
        learnt = change(
            self.service, "POST", url + "/learn", start=gap["start"], end=gap["end"], title="Чужая", artist="Band 7"
        )
        self.assertEqual((learnt.status, learnt.json["status"]), (200, "ingested"), learnt.body)
        track = self.service.get(f"/api/v1/tracks/{learnt.json['track_id']}").json
        self.assertEqual((track["title"], track["artist"], track["format"]), ("Чужая", "Band 7", "flac"))
        self.assertAlmostEqual(track["duration_seconds"], gap["end"] - gap["start"], delta=0.1)
        timeline = self.service.get(url).json["timeline"]
        self.assertEqual(titles(timeline), ["Hungarian Dance No. 5", "Чужая", "Vibe Ace"])
        self.assertEqual((timeline["gaps"], timeline["entries"][1]["verdict"]), ([], "accepted"))

        self.assertEqual(self.service.request("DELETE", f"/api/v1/tracks/{track['id']}").status, 204)
        gone = self.service.get(url).json["timeline"]["entries"][1]
        self.assertEqual((gone["track"]["title"], gone["track_gone"]), ("Чужая", True))

    def test_what_is_no_recording_is_refused_and_leaves_nothing(self):
        before = len(self.files_of_timelines()) if (self.home.folder / "data/uploads/timelines").exists() else 0
        self.assert_error(begin(self.service), 400, "VALIDATION_ERROR")
        self.assert_error(begin(self.service, audio=b""), 400, "VALIDATION_ERROR")
        words = begin(self.service, audio=b"Just words.\n" * 99)
        self.assert_error(words, 400, "UNSUPPORTED_FORMAT")
        self.assertRegex(words.json["error"]["message"], "^set.mp3: not audio", "the sender's name, not our path")
        both = begin(self.service, {"path": str(self.home.music / SONGS[0])}, b"x")
        self.assert_error(both, 400, "VALIDATION_ERROR")
        for field, value in (("min_confidence", "2"), ("min_confidence", "sure"), ("name", "")):
            answer = begin(self.service, {"path": str(self.home.music / SONGS[0]), field: value})
            self.assert_error(answer, 400, "VALIDATION_ERROR")
        self.assert_error(begin(self.service, {"path": str(self.home.music / "none.mp3")}), 404, "FILE_NOT_FOUND")
        self.assert_error(begin(self.service, {"path": str(self.home.music)}), 404, "FILE_NOT_FOUND")
        self.assert_error(begin(self.service, {"path": "/etc/passwd"}), 403, "FORBIDDEN")
        self.assert_error(begin(self.service, {"path": str(self.home.music) + "/../set.mp3"}), 403, "FORBIDDEN")
        uploads = self.home.folder / "data" / "uploads"
        self.assertEqual([file for file in uploads.iterdir() if file.name.startswith("incoming")], [])
        self.assertEqual(len(self.files_of_timelines()), before)

    def test_timelines_that_are_not_there(self):
        track = self.service.get("/api/v1/tracks").json["items"][0]["id"]
        for wrong in (track, str(uuid.uuid4())):
            for rest in ("", "/events", "/export", "/audio", "/waveform"):
                self.assert_error(self.service.get(f"/api/v1/timelines/{wrong}{rest}"), 404, "NOT_FOUND")
            learn = change(self.service, "POST", f"/api/v1/timelines/{wrong}/learn", start=1, end=9, title="x")
            self.assert_error(learn, 404, "NOT_FOUND")
        self.assert_error(self.service.get("/api/v1/timelines/7"), 400, "VALIDATION_ERROR")


class Interrupted(unittest.TestCase):
    def test_a_killed_service_goes_on_where_it_was(self):
        home = Home()
        self.addCleanup(home.close)
        make_library(home)
        dance, ace = (home.music / name for name in SONGS)
        long = mix(home, "long.flac", *[(dance, 0, 45), (ace, 0, 60)] * 4)
        shutil.move(long, home.music / "long.flac")
        shutil.copy(dance, home.music / "vanishes.flac")
        service = Service(home, EXACT_LANE_ONLY)
        running = begin(service, {"path": str(home.music / "long.flac"), "name": "Long"}).json["id"]
        waiting = begin(service, {"path": str(home.music / "vanishes.flac")}).json["id"]
        removed = begin(service, {"path": str(home.music / "vanishes.flac")}).json["id"]
        for url in (f"/api/v1/timelines/{waiting}/export", f"/api/v1/timelines/{running}/export?format=cue"):
            self.assertEqual((service.get(url).status, service.get(url).code), (409, "NOT_FINISHED"))
        self.assertEqual(service.request("DELETE", f"/api/v1/timelines/{removed}").status, 204)
        heard = home.folder / "data" / "uploads" / "timelines" / running / "heard"
        url = f"/api/v1/timelines/{running}"
        job = service.wait_for(url, "running", "finished")
        while not (job["timeline"] and job["timeline"]["entries"]):
            job = service.get(url).json
            self.assertEqual(job["status"], "running", "what is decided so far is shown")
        # What is heard is kept every five seconds. A fast machine would be done by then, so the service sleeps.
        service.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        service.process.send_signal(signal.SIGCONT)
        while not heard.exists():
            self.assertEqual(service.get(url).json["status"], "running")
            time.sleep(0.01)
        service.stop(signal.SIGKILL)
        (home.music / "vanishes.flac").unlink()

        service = Service(home, EXACT_LANE_ONLY)
        job = service.wait_for(f"/api/v1/timelines/{running}", "finished", "failed")
        self.assertEqual((job["status"], job["restarts"], job["name"]), ("finished", 1, "Long"))
        self.assertEqual(titles(job["timeline"]), ["Hungarian Dance No. 5", "Vibe Ace"] * 4)
        self.assertFalse(heard.exists())
        job = service.wait_for(f"/api/v1/timelines/{waiting}", "finished", "failed")
        self.assertEqual((job["status"], job["can_play"], job["timeline"]), ("failed", False, None))
        self.assertIn("vanishes.flac", job["error"])
        audio = service.get(f"/api/v1/timelines/{waiting}/audio")
        self.assertEqual((audio.status, audio.code), (404, "FILE_NOT_FOUND"))
        self.assertEqual(service.get("/api/v1/timelines").json["total"], 2)
        running_again = begin(service, {"path": str(home.music / "long.flac")}).json["id"]
        self.assertEqual(service.request("DELETE", f"/api/v1/timelines/{running_again}").status, 204)
        self.assertEqual(service.get(f"/api/v1/timelines/{running_again}").status, 404)
        service.stop()


if __name__ == "__main__":
    unittest.main()
