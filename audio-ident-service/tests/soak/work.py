"""What clients ask of the service during a soak, at a bounded rate, each kind in a thread of its own. Every answer is
checked. What an outage of the service interrupts is done anew; what it must survive is waited for."""

import contextlib
import http.client
import itertools
import json
import random
import threading
import time
import traceback

from service import convert, form, music, write_wav
from service_runner import Wrong
from timelines_test import mix
from web_socket import WebSocket

BROKEN = (OSError, http.client.HTTPException)  # connections
ENDED = ("finished", "failed", "cancelled")
LONGEST_JOB = 300
CLIP_SECONDS = 6
UPLOAD_SECONDS = 12
UPLOADS = 8


class Interrupted(Exception):
    """The service refuses because it ends or begins."""


def expect(condition, message):
    if not condition:
        raise Wrong(message)


class Clip:
    """Sound as a browser sends it, and the id of the track that it comes from."""

    def __init__(self, sound, track):
        self.sound = sound
        self.track = track


def clip_of(home, source, begin, track, name="clip"):
    webm = home.folder / f"{name}.webm"
    convert(source, webm, "-ss", str(begin), "-t", str(CLIP_SECONDS), "-vn", "-c:a", "libopus", "-b:a", "48k")
    return Clip(webm.read_bytes(), track)


class Upload:
    """A song that only clients bring."""

    def __init__(self, home, number):
        self.title = f"Soak {number}"
        self.file_name = f"Soak band - {self.title}.wav"
        wav = home.folder / f"upload-{number}.wav"
        write_wav(wav, music(700 + number, UPLOAD_SECONDS))
        self.file = wav
        self.sound = wav.read_bytes()
        self.clip = clip_of(home, wav, 3, None, f"upload-{number}")


class Work:
    def __init__(self, runner, tracks, seed, clips):
        self.runner = runner
        self.home = runner.home
        self.over = threading.Event()
        self.seed = seed
        self.done = {}
        self.interrupted = {}
        self.failures = []
        self.threads = []
        chance = random.Random(f"{seed} clips")
        self.tracks = tracks
        self.uploads = [Upload(self.home, number) for number in range(UPLOADS)]
        self.clips = self.known_clips(chance, clips)
        stranger = self.home.folder / "nobody.wav"
        write_wav(stranger, music(999, 10))
        self.stranger = clip_of(self.home, stranger, 2, None)
        self.recording, self.recorded = self.make_recording(chance)

    def known_clips(self, chance, count):
        """Clips that the service names rightly now, and so must always."""
        clips, tried = [], 0
        for track in chance.sample(self.tracks, min(count, len(self.tracks))):
            begin = chance.uniform(2, track["duration_seconds"] - CLIP_SECONDS - 2)
            clip = clip_of(self.home, track["file_path"], begin, track["id"])
            tried += 1
            if self.named(clip) == track["id"]:
                clips.append(clip)
        expect(len(clips) >= 0.8 * tried, f"only {len(clips)} of {tried} clips are named rightly")
        return clips

    def make_recording(self, chance):
        chosen = chance.sample(self.tracks, 2)
        parts = [(track["file_path"], chance.uniform(2, track["duration_seconds"] - 27), 25) for track in chosen]
        return mix(self.home, "recording.mp3", *parts).read_bytes(), [track["id"] for track in chosen]

    # ---- Asking ----

    def ask(self, method, path, body=None, headers=(), statuses=(200,)):
        answer = self.runner.service.request(method, path, body, headers)
        self.check_status(f"{method} {path}", answer, statuses)
        return answer

    def check_status(self, what, answer, statuses):
        if answer.status in statuses:
            return
        told = f"{what}: {answer.status} {answer.body[:500]}"
        expect(answer.status != 503 or answer.headers.get("Retry-After"), f"{told} without Retry-After")
        if answer.status == 503:
            raise Interrupted(told)
        raise Wrong(told)

    def send(self, path, fields=(), audio=None, file_name="clip.webm", statuses=(200,)):
        return self.ask("POST", path, *form(fields, audio, file_name), statuses=statuses).json

    def named(self, clip, mode="exact"):
        """The id of the track that the exact lane names, or None."""
        found = self.send("/api/v1/search", {"mode": mode}, clip.sound)
        wanted = {"exact": ("ok", None), "vibe": (None, "ok"), "both": ("ok", "ok")}[mode]
        expect((found["lanes"]["exact"], found["lanes"]["vibe"]) == wanted, f"lanes of {mode}: {found['lanes']}")
        matches = found["vibe_matches" if mode == "vibe" else "exact_matches"]
        return matches[0]["track"]["id"] if matches else None

    def follow(self, path):
        """The job when it has ended. It survives outages of the service."""
        end = time.monotonic() + LONGEST_JOB
        while time.monotonic() < end:
            self.runner.is_up.wait(LONGEST_JOB)
            begin = time.time()
            try:
                self.ask("GET", path + "/events")
                job = self.ask("GET", path).json
                if job["status"] in ENDED:
                    return job
                expect(self.runner.was_down_since(begin), f"the events of {path} end before the job: {job['status']}")
            except (*BROKEN, Interrupted):
                if not self.runner.was_down_since(begin):
                    raise
            time.sleep(0.2)
        raise Wrong(f"{path} does not end")

    def hang_up(self, path):
        """A client that leaves in the middle of the events."""
        connection = self.runner.service.connect()
        connection.request("GET", path + "/events")
        connection.getresponse().read(1)
        connection.close()

    def remove(self, title):
        """What an interrupted attempt may have left."""
        for track in self.ask("GET", f"/api/v1/tracks?search={title.replace(' ', '%20')}").json["items"]:
            if track["title"] == title:
                self.ask("DELETE", f"/api/v1/tracks/{track['id']}", statuses=(204, 404))

    # ---- The kinds of work ----

    def search(self, chance):
        mode = chance.choice(("exact", "exact", "both", "vibe"))
        if mode != "vibe" and chance.random() < 0.2:
            expect(self.named(self.stranger, mode) is None, "a stranger is named")
            return
        clip = chance.choice(self.clips)
        name = self.named(clip, mode)
        if mode != "vibe":
            expect(name == clip.track, f"a clip of {clip.track} is named {name}")

    def listen(self, chance):
        clip = chance.choice(self.clips)
        client = WebSocket(self.runner.service, "/api/v1/live")
        expect(client.status == 101, client.head)
        if chance.random() < 0.3:
            client.send(clip.sound[: chance.randrange(1, len(clip.sound))])
            client.socket.close()
            return
        client.send_sound(clip.sound)
        events = client.events()
        if client.close_code == 1012:
            raise Interrupted("the conversation ends with the service")
        expect(events[-1]["event"] == "finished", f"live: {events[-1]}")
        names = [e["play"]["track"]["id"] for e in events if e["event"] == "match"]
        retracted = [e["play"]["track"]["id"] for e in events if e["event"] == "end" and e["retracted"]]
        kept = [name for name in names if name not in retracted]
        expect(set(kept) <= {clip.track}, f"live: a clip of {clip.track} is named {kept}")

    def upload(self, chance):
        song = chance.choice(self.uploads[: UPLOADS // 2])
        self.remove(song.title)
        added = self.send("/api/v1/ingest", audio=song.sound, file_name=song.file_name)
        expect(added["status"] == "ingested", f"an upload: {added}")
        name = self.named(song.clip)
        expect(name == added["track_id"], f"the upload {added['track_id']} is named {name}")
        self.ask("DELETE", f"/api/v1/tracks/{added['track_id']}", statuses=(204,))
        expect(self.named(song.clip) is None, "a removed upload is named")

    def ingest(self, chance):
        """A song comes into the folder, and goes again."""
        song = chance.choice(self.uploads[UPLOADS // 2 :])
        file = self.home.music / "coming" / f"{song.title}.flac"
        file.parent.mkdir(exist_ok=True)
        with contextlib.ExitStack() as cleaning:
            cleaning.callback(file.unlink, missing_ok=True)
            self.remove(song.title)
            convert(song.file, file, "-metadata", f"title={song.title}")
            report = self.ingest_folder(len(self.tracks) + 1)
            expect(report["ingested"] + report["unchanged"] == report["total"], f"ingest of a new song: {report}")
            name = self.named(song.clip)
            expect(name, "a song that was ingested is not named")
            self.ask("DELETE", f"/api/v1/tracks/{name}", statuses=(204,))
        self.ingest_folder(None)

    def ingest_folder(self, least):
        job = self.send("/api/v1/ingest", {"directory": str(self.home.music)}, statuses=(202,))
        path = f"/api/v1/ingest/jobs/{job['id']}"
        job = self.follow(path)
        report = job["report"]
        expect(job["status"] == "finished" and not report["errors"], f"an ingest: {job}")
        expect(least is None or report["total"] >= least, f"an ingest misses files: {report}")
        return report

    def timeline(self, chance):
        job = self.send("/api/v1/timelines", {"name": "Soak"}, self.recording, "soak.mp3", statuses=(202,))
        path = f"/api/v1/timelines/{job['id']}"
        if chance.random() < 0.5:
            self.hang_up(path)
        job = self.follow(path)
        expect(job["status"] == "finished", f"a timeline: {job}")
        names = [entry["track"]["id"] for entry in job["timeline"]["entries"]]
        expect(names == self.recorded, f"a timeline of {self.recorded} has {names}")
        self.ask("GET", f"{path}/export?format={chance.choice(('json', 'csv', 'cue', 'm3u8', 'audacity'))}")
        self.ask("GET", f"{path}/audio", headers={"Range": "bytes=0-99"}, statuses=(206,))
        self.ask("DELETE", path, statuses=(204,))

    def read(self, chance):
        """A page, as a person at the web page asks for it."""
        track = chance.choice(self.tracks)["id"]
        station = f"Station%20{chance.randrange(16):02}"
        path = chance.choice(
            (
                "/api/v1/plays?per_page=50",
                f"/api/v1/plays?track={track}",
                "/api/v1/plays/totals?by=track",
                "/api/v1/plays/totals?by=day",
                "/api/v1/plays/export?format=csv",
                "/api/v1/monitors",
                "/api/v1/timelines",
                f"/api/v1/tracks?per_page=20&page={chance.randrange(1, 4)}",
                f"/api/v1/tracks/{track}",
                f"/api/v1/tracks/{track}/waveform",
                f"/api/v1/tracks/{track}/similar",
                f"/api/v1/tracks/{track}/audio",
                "/api/v1/library",
                "/metrics",
                "/health/ready",
                "/",
                "/openapi.json",
                f"/api/v1/plays?monitor={station}",
            )
        )
        statuses = (200, 404) if "monitor=" in path else (200,)
        answer = self.ask("GET", path, statuses=statuses)
        if path.startswith("/api/v1/plays?") and answer.status == 200:
            ids = [play["id"] for play in answer.json["items"]]
            expect(len(ids) == len(set(ids)), "a page has a play twice")

    # ---- Running ----

    RATES = {"read": 1.0, "search": 3.0, "listen": 10.0, "upload": 20.0, "ingest": 45.0, "timeline": 60.0}  # seconds

    def start(self):
        for name, period in self.RATES.items():
            self.done[name] = self.interrupted[name] = 0
            thread = threading.Thread(target=self.repeat, args=(name, period), daemon=True)
            self.threads.append(thread)
            thread.start()

    def repeat(self, name, period):
        chance = random.Random(f"{self.seed} {name}")
        for number in itertools.count():
            self.runner.is_up.wait()
            self.once(name, number, chance)
            if self.over.wait(period * chance.uniform(0.7, 1.3)):
                return

    def once(self, name, number, chance):
        begin = time.time()
        try:
            getattr(self, name)(chance)
            self.done[name] += 1
        except (*BROKEN, Interrupted) as error:
            if self.runner.was_down_since(begin):
                self.interrupted[name] += 1
            else:
                self.fail(f"{name} {number}: {type(error).__name__}: {error}")
        except Wrong as error:
            self.fail(f"{name} {number}: {error}")
        except (json.JSONDecodeError, KeyError, AssertionError):
            self.fail(f"{name} {number}: {traceback.format_exc()}")

    def fail(self, text):
        self.failures.append(text)
        print(f"FAILED {text[:2000]}", flush=True)

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(LONGEST_JOB)
        if left := [thread for thread in self.threads if thread.is_alive()]:
            self.fail(f"{len(left)} clients wait for an answer")
