"""What clients ask of the cluster, each kind in threads of its own. Every answer is checked.

An answer is right, or it is 503 with Retry-After while something is wrong, and then the client asks again."""

import collections
import http.client
import itertools
import json
import random
import threading
import time
import traceback

from service import Answer, form
from sounds import Song

BROKEN = (OSError, http.client.HTTPException)  # connections
ENDED = ("finished", "failed", "cancelled")
CLIENT_TIMEOUT = 120  # seconds for an answer
LONGEST_JOB = 400  # seconds
BATCH = 3  # songs in a folder that a job takes in
REMOVED = 0.3  # of the uploads
BUSY = b"is locked by"  # another service changes the library: no outage, and the client comes again


class Wrong(Exception):
    """Something that must not happen."""


class Refused(Exception):
    """503: the client shall come again."""

    def __init__(self, answer):
        super().__init__(answer.body[:300])
        self.retry_after = float(answer.headers["Retry-After"])


def expect(condition, message):
    if not condition:
        raise Wrong(message)


class Clients:
    # Kinds, seconds between two of them, and threads.
    RATES = {"search": (0.5, 3), "read": (1.0, 1), "upload": (3.0, 1), "ingest": (15.0, 1)}

    def __init__(self, cluster, outages, clips, strangers, seed, songs_from):
        self.cluster = cluster
        self.outages = outages
        self.clips = list(clips)  # of tracks that stay
        self.strangers = strangers
        self.seed = seed
        self.numbers = itertools.count(songs_from)
        self.over = threading.Event()
        self.threads = []
        self.lock = threading.Lock()
        self.counts = collections.defaultdict(collections.Counter)  # kind -> outcome -> how often
        self.seconds = collections.defaultdict(list)  # ("calm" or "outage") -> of answered searches
        self.failures = []
        self.present = {}  # title -> Song, each with its track in clip.track

    # ---- Asking ----

    def ask(self, kind, method, path, body=None, headers=(), statuses=(200,)):
        """One request. An error that may not be is a failure, whatever the caller makes of it."""
        begin = time.time()
        answer = None
        connection = http.client.HTTPConnection(*self.cluster.address, timeout=CLIENT_TIMEOUT)
        try:
            connection.request(method, path, body, dict(headers))
            answer = Answer(connection.getresponse())
        except BROKEN as error:
            self.count(kind, "broken connection")
            self.fail(f"{method} {path}: {type(error).__name__} {error} after {time.time() - begin:.1f} s")
            raise
        finally:
            connection.close()
        if answer.status in statuses:
            return answer
        told = f"{method} {path}: {answer.status} {answer.body[:500]} after {time.time() - begin:.1f} s"
        self.count(kind, str(answer.status))
        expect(answer.status == 503, told)
        expect(answer.headers.get("Retry-After"), f"{told} without Retry-After")
        if BUSY not in answer.body:
            expect(self.outages.touched(begin), f"while nothing is wrong: {told}")
        raise Refused(answer)

    def until_answered(self, *arguments, **options):
        """The answer, and how many times the client asked."""
        for attempt in itertools.count(1):
            try:
                return self.ask(*arguments, **options), attempt
            except Refused as error:
                time.sleep(error.retry_after)
            except BROKEN:
                time.sleep(1)

    def searched(self, sound, mode="exact", kind="search"):
        begin = time.time()
        body, headers = form({"mode": mode}, sound)
        found = self.ask(kind, "POST", "/api/v1/search", body, headers).json
        disturbed = self.outages.touched(begin)
        self.seconds["outage" if disturbed else "calm"].append(time.time() - begin)
        wanted = {"exact": {"exact"}, "vibe": {"vibe"}, "both": {"exact", "vibe"}}[mode]
        failed = {lane: found["lanes"][lane] for lane in wanted if found["lanes"][lane] != "ok"}
        if failed:
            self.count(kind, "one lane")
            expect(disturbed, f"while nothing is wrong: lanes {found['lanes']} after {time.time() - begin:.1f} s")
        return found, failed

    def check_name(self, found, failed, wanted):
        """What the exact lane says, if it says anything."""
        if "exact" in failed:
            return
        names = [match["track"]["id"] for match in found["exact_matches"]]
        expect(names[:1] == ([wanted] if wanted else []), f"a clip of {wanted} is named {names}")

    def check_named(self, song, wanted):
        """Asks until the exact lane answers."""
        while True:
            try:
                found, failed = self.searched(song.clip.sound, kind="upload")
            except Refused as error:
                time.sleep(error.retry_after)
                continue
            except BROKEN:
                continue
            self.check_name(found, failed, wanted)
            if not failed:
                return

    # ---- The kinds of work ----

    def search(self, chance):
        mode = chance.choice(("exact", "exact", "both", "vibe"))
        is_stranger = chance.random() < 0.2
        clip = chance.choice(self.strangers if is_stranger else self.clips)
        begin = time.time()
        found, failed = self.searched(clip.sound, mode)
        if mode != "vibe":
            self.check_name(found, failed, clip.track)
        elif not is_stranger and not failed:
            near = [match["track"]["id"] for match in found["vibe_matches"]]
            if clip.track not in near:
                self.count("search", "vibe without its track")
                expect(self.outages.touched(begin), f"vibe: {clip.track} is not in {near}")

    def read(self, chance):
        track = chance.choice(self.clips).track
        paths = ("", "/waveform", "/similar", "/audio")
        choices = [f"/api/v1/tracks/{track}{path}" for path in paths]
        self.ask("read", "GET", chance.choice((*choices, "/api/v1/tracks?per_page=50", "/api/v1/library")))

    def upload(self, chance):
        song = Song(self.cluster.folder, next(self.numbers))
        body, headers = form((), song.sound, song.file_name)
        answer, attempts = self.until_answered("upload", "POST", "/api/v1/ingest", body, headers)
        added = answer.json
        right = ("ingested", "duplicate") if attempts > 1 else ("ingested",)
        expect(added["status"] in right, f"an upload, asked {attempts} times: {added}")
        song.clip.track = added["track_id"]
        self.check_named(song, song.clip.track)
        if chance.random() < REMOVED:
            begin = time.time()
            path = f"/api/v1/tracks/{song.clip.track}"
            answer, attempts = self.until_answered("upload", "DELETE", path, statuses=(204, 404))
            # The balancer asks again by itself when a replica dies before it answers.
            expect(answer.status == 204 or self.outages.touched(begin), f"a removal: {answer.status}")
            self.check_named(song, None)
        else:
            self.keep(song)

    def keep(self, song):
        with self.lock:
            self.present[song.title] = song
            self.clips.append(song.clip)

    def ingest(self, chance):
        """A folder of songs that are new, taken in by a job."""
        songs = [Song(self.cluster.folder, next(self.numbers)) for _ in range(BATCH)]
        folder = self.cluster.music / songs[0].title
        folder.mkdir()
        for song in songs:
            song.write(self.cluster.folder, folder / f"{song.title}.flac")
        self.finish_ingest(folder)
        for song in songs:
            song.clip.track = self.track_titled(song.title)
            self.check_named(song, song.clip.track)
            self.keep(song)

    def finish_ingest(self, folder):
        """A job fails when PostgreSQL goes away; then the client asks for it again."""
        while True:
            begin = time.time()
            job = self.job_of(folder)
            if job["status"] == "finished":
                break
            self.count("ingest", job["status"])
            expect(self.outages.touched_part("PostgreSQL", begin), f"a job: {job}")
            time.sleep(1)
        report = job["report"]
        whole = not report["errors"] and report["ingested"] + report["unchanged"] == report["total"] == BATCH
        expect(whole, f"a job: {job}")

    def job_of(self, folder):
        """The job when it has ended. Whichever replica takes it, every one answers for it."""
        body, headers = form({"directory": str(folder)})
        job = self.until_answered("ingest", "POST", "/api/v1/ingest", body, headers, (202,))[0].json
        end = time.monotonic() + LONGEST_JOB
        while job["status"] not in ENDED:
            expect(time.monotonic() < end, f"a job does not end: {job}")
            time.sleep(0.5)
            job = self.until_answered("ingest", "GET", f"/api/v1/ingest/jobs/{job['id']}")[0].json
        if job["restarts"]:
            self.count("ingest", "went on elsewhere")
        return job

    def track_titled(self, title):
        path = f"/api/v1/tracks?search={title.replace(' ', '%20')}"
        items = self.until_answered("ingest", "GET", path)[0].json["items"]
        found = [track["id"] for track in items if track["title"] == title]
        expect(len(found) == 1, f"the tracks {title}: {found}")
        return found[0]

    # ---- Running ----

    def start(self):
        for kind, (period, threads) in self.RATES.items():
            for number in range(threads):
                thread = threading.Thread(target=self.repeat, args=(kind, period, number), daemon=True)
                self.threads.append(thread)
                thread.start()

    def repeat(self, kind, period, number):
        chance = random.Random(f"{self.seed} {kind} {number}")
        while not self.over.wait(period * chance.uniform(0.5, 1.5)):
            self.once(kind, chance)

    def once(self, kind, chance):
        try:
            getattr(self, kind)(chance)
            self.count(kind, "right")
        except Refused as error:
            time.sleep(error.retry_after)
        except BROKEN:
            pass  # It has been counted.
        except Wrong as error:
            self.fail(f"{kind}: {error}")
        except (json.JSONDecodeError, KeyError, AssertionError):
            self.fail(f"{kind}: {traceback.format_exc()}")

    def count(self, kind, outcome):
        with self.lock:
            self.counts[kind][outcome] += 1

    def fail(self, text):
        self.failures.append(f"{time.strftime('%H:%M:%S')} {text}")
        print(f"FAILED {text[:2000]}", flush=True)

    def stop(self):
        """What has begun is finished."""
        self.over.set()
        for thread in self.threads:
            thread.join(LONGEST_JOB)
        if any(thread.is_alive() for thread in self.threads):
            self.fail("clients wait for an answer")
