"""What the program does while its files fail."""

import http.client
import shutil
import time

from lab import expect, http_service


class Operation:
    """One change of a library."""

    codes = (0, 1, 75)  # That it may end with when a file fails.

    def prepare(self, lab):
        """Makes the library before the change, in lab.data."""
        raise NotImplementedError

    def run(self, lab, settings=(), answered=lambda: None):
        """The exit code; None when the program was killed. Calls `answered` when the caller knows that it is done."""
        raise NotImplementedError

    untouched = (1,)  # Songs that a search must find whatever happens.
    says_it_failed = False  # The last run: it took the change on, and said later why it could not make it.

    def keep_promise(self, lab):
        """What follows after an answer, even after a crash: by itself, or because people do it anyway."""

    def resume(self, lab):
        """What a user does next; then all is well."""
        code = self.run(lab)
        expect(code == 0, f"{self.name} does not finish afterwards: {code} {self.text}")

    @property
    def name(self):
        return type(self).__name__


def code_of(done):
    return None if done.returncode == -9 else done.returncode


class Command(Operation):
    """A change by a command of the program."""

    arguments = ()
    songs = (1, 2)

    def prepare(self, lab):
        for seed in self.songs:
            lab.add_song(seed, f"{seed}.flac")
            lab.must("ingest", str(lab.music / f"{seed}.flac"))  # One segment each.

    def words(self, lab):
        return [word.format(music=lab.music) for word in self.arguments]

    def run(self, lab, settings=(), answered=lambda: None):
        done = lab.run(*self.words(lab), settings=settings)
        self.text = done.stdout + done.stderr
        code = code_of(done)
        if code == 0:
            answered()
        return code


class FirstIngest(Command):
    untouched = ()
    arguments = ("ingest", "{music}")

    def prepare(self, lab):
        lab.data.mkdir()
        for seed in (1, 2):
            lab.add_song(seed, f"{seed}.flac")
        (lab.music / "broken.mp3").write_bytes(b"not music" * 999)

    codes = (0, 1, 3, 75)

    def resume(self, lab):
        code = self.run(lab)
        expect(code == 3, f"the next ingest ends with {code}, not with the report of the broken file: {self.text}")


class Ingest(Command):
    """New files, one that changed, a moved one, a duplicate, one that is gone."""

    arguments = ("ingest", "--prune", "{music}")
    songs = (1, 2, 3, 4)

    def prepare(self, lab):
        super().prepare(lab)
        music = lab.music
        for seed in (5, 6):
            lab.add_song(seed, f"{seed}.flac")
        lab.add_song(7, "2.flac")  # Other music now.
        (music / "3.flac").rename(music / "moved.flac")
        (music / "4.flac").unlink()
        shutil.copy(music / "1.flac", music / "copy.flac")


class Remove(Command):
    arguments = ("tracks", "remove", "--yes", "{music}/1.flac")
    untouched = (2,)
    songs = (1, 2, 3)

    def resume(self, lab):
        expect(self.run(lab) in (0, 1, 3), "a removal that was done already has another end")
        lab.must("ingest", str(lab.music / "2.flac"))  # Repairs.


class Reembed(Command):
    arguments = ("reembed",)
    songs = ()

    def prepare(self, lab):
        for seed in (1, 2):
            lab.add_song(seed, f"{seed}.flac")
        lab.must("ingest", "--no-embed", str(lab.music))


class ReembedAll(Command):
    arguments = ("reembed", "--all")


class Rebuild(Command):
    arguments = ("rebuild-index", "--from-scratch")
    untouched = ()


class Merge(Command):
    """An ingest after which the index is compacted."""

    arguments = ("ingest", "{music}")
    songs = (1, 2, 3, 4, 5, 6)

    def prepare(self, lab):
        super().prepare(lab)
        lab.add_song(7, "7.flac")


class UseModel(Command):
    arguments = ("model", "use", "musicnn")


class Upgrade(Command):
    untouched = ()
    arguments = ("db", "upgrade")

    def prepare(self, lab):
        super().prepare(lab)
        lab.must("db", "downgrade", "--yes", "--steps", "3")


class Reset(Command):
    untouched = ()
    arguments = ("db", "reset", "--yes")

    def keep_promise(self, lab):
        lab.must("ingest", str(lab.music / "1.flac"))

    def resume(self, lab):
        super().resume(lab)
        lab.must("ingest", str(lab.music / "1.flac"))


class Calibrate(Command):
    arguments = ("doctor", "--calibrate", "--tracks", "5")
    songs = (1, 2, 3, 4, 5, 6)
    slow = True


class Requests(Operation):
    """A change through the service, which starts and stops with the faults."""

    songs = (1, 2)
    patience = 120  # Seconds; with a job that runs.

    def prepare(self, lab):
        for seed in self.songs:
            lab.add_song(seed, f"{seed}.flac")
        lab.must("ingest", str(lab.music))

    def ask(self, lab, service, answered):
        raise NotImplementedError

    def run(self, lab, settings=(), answered=lambda: None):
        self.says_it_failed = False
        (lab.folder / "log").unlink(missing_ok=True)
        # While the disk is full, a job waits for space.
        self.patience = 10 if dict(settings).get("FILE_FAULTS_ACT") == "full" else 120
        try:
            service = http_service.Service(lab, settings)
        except RuntimeError as error:
            self.text = str(error)
            return 75
        with lab.killing(service.process):
            try:
                self.ask(lab, service, answered)
            except (OSError, http.client.HTTPException):
                pass  # The service was killed.
        if service.process.poll() is None:
            service.process.terminate()
        code = service.process.wait(120)
        self.patience = Requests.patience
        service.process.stdout.close()
        self.text = service.log_text()
        service.log.close()
        return {-9: None, 143: 0}.get(code, code)

    def asked(self, answer, answered, *statuses):
        """Notes the answer. An answer that is none of these must be an error that says that the store failed."""
        if answer.status in statuses:
            answered()
            return answer
        expect(answer.status in (500, 503, 507), f"status {answer.status}: {answer.body}")
        expect(answer.code, "an error without a code")
        return None

    def resume(self, lab):
        answers = []
        code = self.run(lab, answered=lambda: answers.append(True))
        done = code == 0 and answers and not self.says_it_failed
        expect(done, f"{self.name} does not finish afterwards: {code} {self.text}")

    def wait_while_it_works(self, service, path):
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            answer = service.get(path)
            if answer.status != 200 or answer.json["status"] not in ("queued", "running"):
                return answer
            time.sleep(0.05)
        expect(self.patience < 120, f"{path} does not end")
        return answer


class Upload(Requests):
    def ask(self, lab, service, answered):
        song = lab.folder / "upload.flac"
        if not song.exists():
            http_service.write_wav(lab.folder / "song.wav", http_service.music(3, 15))
            http_service.convert(lab.folder / "song.wav", song)
        self.asked(service.ingest(audio=song.read_bytes(), file_name="three.flac"), answered, 200, 201)


class RemoveUpload(Upload):
    def prepare(self, lab):
        super().prepare(lab)
        upload = Upload()
        expect(upload.run(lab) == 0, "the upload works")

    def ask(self, lab, service, answered):
        items = service.get("/api/v1/tracks?per_page=100").json["items"]
        for track in items:
            if track["title"] == "three":
                self.asked(service.request("DELETE", f"/api/v1/tracks/{track['id']}"), answered, 200, 204)
        if not any(track["title"] == "three" for track in items):
            # The service settles in the background what a crash left.
            self.wait_until_settled(service)
            answered()

    @staticmethod
    def wait_until_settled(service):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            library = service.get("/api/v1/library").json
            if library["fingerprinted"] == library["tracks"]:
                return
            time.sleep(0.05)
        raise AssertionError(f"catalog and index stay different: {library}")


class IngestJob(Requests):
    jobs = ()  # The ids of all runs: a crash is made from the log of one of them.

    def keep_promise(self, lab):
        service = http_service.Service(lab)
        for job in self.jobs:
            self.wait_while_it_works(service, f"/api/v1/ingest/jobs/{job}")
        service.stop()

    def prepare(self, lab):
        super().prepare(lab)
        lab.add_song(3, "3.flac")

    def ask(self, lab, service, answered):
        answer = self.asked(service.ingest({"directory": str(lab.music)}), answered, 202)
        if answer:
            self.jobs = (*self.jobs, answer.json["id"])
            ended = self.wait_while_it_works(service, f"/api/v1/ingest/jobs/{answer.json['id']}")
            self.says_it_failed = ended.status == 200 and ended.json["status"] == "failed"
            expect(not self.says_it_failed or ended.json["error"], "a job fails without a word")


class SaveTimeline(Requests):
    def keep_promise(self, lab):
        service = http_service.Service(lab)
        items = service.get("/api/v1/timelines").json["items"]
        expect(items, "the timeline is gone")
        for job in items:
            ended = self.wait_while_it_works(service, f"/api/v1/timelines/{job['id']}").json
            expect(ended["status"] == "finished" and ended["can_play"], f"the timeline is {ended}")
        service.stop()

    def ask(self, lab, service, answered):
        body, headers = http_service.form({}, lab.clips[1].read_bytes(), "set.webm")
        answer = self.asked(service.request("POST", "/api/v1/timelines", body, headers), answered, 202)
        if answer:
            self.wait_while_it_works(service, f"/api/v1/timelines/{answer.json['id']}")


ALL = [
    FirstIngest, Ingest, Remove, Reembed, ReembedAll, Rebuild, Merge, UseModel, Upgrade, Reset, Upload, RemoveUpload,
    IngestJob, SaveTimeline, Calibrate,
]  # fmt: skip
