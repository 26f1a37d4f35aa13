"""An answer while the sound still plays: over a WebSocket, and on the command line."""

import json
import pathlib
import subprocess
import unittest

from service import PROGRAM, RATE, Service, ServiceTest, music
from web_socket import TEXT, WebSocket

LIVE = "/api/v1/live"
MANY = 24


def samples(seed, begin, seconds):
    return (music(seed, 15)[int(begin * RATE) : int((begin + seconds) * RATE)] * 32767).astype("<i2").tobytes()


def of_kind(events, kind):
    return [event for event in events if event["event"] == kind]


class LiveTest(ServiceTest):
    def listen(self, sound, query="", **options):
        client = WebSocket(self.service, LIVE + query)
        self.assertEqual(client.status, 101, client.head)
        client.send_sound(sound, **options)
        return client.events(), client.close_code

    def assert_refused(self, events, close_code, code, closed_with):
        self.assertEqual(events[-1]["event"], "error", events)
        self.assertEqual((events[-1]["code"], close_code), (code, closed_with), events[-1])
        self.assertTrue(events[-1]["message"])

    def assert_names(self, events, title):
        (match,) = of_kind(events, "match")
        self.assertEqual(match["play"]["track"]["title"], title)
        self.assertLess(match["needed_seconds"], 5)
        return match

    def test_names_what_a_browser_records(self):
        events, code = self.listen(self.home.clip(1, 4, 8))
        match = self.assert_names(events, "Song 1")
        self.assertAlmostEqual(match["play"]["offset_seconds"] - match["play"]["started"], 4, delta=0.1)
        self.assertEqual(events[-1]["event"], "finished")
        self.assertEqual(events[-1]["plays"], 1)
        self.assertEqual(code, 1000)
        (end,) = of_kind(events, "end")
        self.assertFalse(end["retracted"])
        self.assertTrue(of_kind(events, "level"))

    def test_names_samples_whose_format_the_query_tells(self):
        events, _ = self.listen(samples(2, 3, 6), f"?format=s16le&rate={RATE}&channels=1", piece=1001)
        self.assert_names(events, "Song 2")

    def test_answers_before_the_sound_ends(self):
        client = WebSocket(self.service, f"{LIVE}?format=s16le&rate={RATE}&channels=1")
        client.send(samples(1, 2, 6))
        event = {}
        while event.get("event") != "match":
            kind, payload = client.frame()
            self.assertEqual(kind, TEXT)
            event = json.loads(payload)
        self.assertEqual(event["play"]["track"]["title"], "Song 1")
        client.socket.close()

    def test_a_stranger_is_not_named(self):
        events, code = self.listen(self.home.clip(77, 1, 6))
        self.assertFalse(of_kind(events, "match"))
        self.assertTrue(of_kind(events, "listening") + of_kind(events, "candidates"))
        self.assertEqual((events[-1]["plays"], code), (0, 1000))

    def test_bad_input_gets_an_error_and_a_close_code(self):
        self.assert_refused(*self.listen(b"<!DOCTYPE html><html>no sound</html>"), "UNSUPPORTED_FORMAT", 1003)
        self.assert_refused(*self.listen(b""), "UNSUPPORTED_FORMAT", 1003)
        short = samples(1, 2, 0.5)
        self.assert_refused(*self.listen(short, f"?format=s16le&rate={RATE}&channels=1"), "AUDIO_TOO_SHORT", 1003)

        client = WebSocket(self.service, LIVE)
        client.send(b"hello", TEXT)
        self.assert_refused(client.events(), client.close_code, "VALIDATION_ERROR", 1003)

        client = WebSocket(self.service, f"{LIVE}?format=s16le")
        client.send(bytes(1_100_000))
        self.assert_refused(client.events(), client.close_code, "FILE_TOO_LARGE", 1009)

    def test_a_client_may_go_at_any_time(self):
        clip = self.home.clip(1, 2, 6)
        for bytes_sent in (0, 10, 3000, len(clip)):
            client = WebSocket(self.service, LIVE)
            if bytes_sent:
                client.send(clip[:bytes_sent])
            client.socket.close()
        half = WebSocket(self.service, LIVE)
        half.socket.sendall(b"\x82\xfe\x10")
        half.socket.close()
        self.assertEqual(self.service.get("/health").status, 200)

    def test_refuses_before_the_socket_opens(self):
        self.assertEqual(WebSocket(self.service, f"{LIVE}?format=mp3").status, 400)
        self.assertEqual(WebSocket(self.service, f"{LIVE}?format=s16le&rate=1").status, 400)
        self.assertEqual(WebSocket(self.service, LIVE, {"Origin": "http://elsewhere.example"}).status, 403)
        self.assertEqual(WebSocket(self.service, "/health").status, 200)
        self.assert_error(self.service.get(LIVE), 400, "VALIDATION_ERROR")

    def test_many_listen_at_once_while_others_ask(self):
        query = f"?format=s16le&rate={RATE}&channels=1"
        clients = [WebSocket(self.service, LIVE + query) for _ in range(MANY)]
        for number, client in enumerate(clients):
            client.send_sound(samples(1 + number % 3, 4, 5), piece=100_000)
        self.assertEqual(self.service.get("/health").status, 200)
        for number, client in enumerate(clients):
            self.assert_names(client.events(), f"Song {1 + number % 3}")
            self.assertEqual(client.close_code, 1000)


class EndingTest(ServiceTest):
    songs = {1: "one.flac"}

    def test_the_end_of_the_service_ends_conversations(self):
        service = Service(self.home)
        client = WebSocket(service, f"{LIVE}?format=s16le&rate={RATE}&channels=1")
        client.send(samples(1, 2, 2))
        self.assertEqual(client.frame()[0], TEXT)
        service.process.terminate()
        events = client.events()
        self.assertEqual((events[-1]["event"], client.close_code), ("error", 1012))
        self.assertEqual(service.stop(), 143)


class CommandTest(ServiceTest):
    songs = {1: "one.flac", 2: "two.mp3"}

    def pipe(self, sound, *arguments):
        return subprocess.run(
            [PROGRAM, *arguments, "listen", "-"],
            input=sound,
            env=self.home.environment(),
            cwd=self.home.folder,
            capture_output=True,
            timeout=300,
        )

    def test_names_what_comes_from_a_pipe(self):
        done = self.pipe(self.home.clip(2, 3, 6))
        self.assertEqual(done.returncode, 0, done.stderr)
        begins, ends = done.stdout.decode().splitlines()
        self.assertRegex(begins, r"^0:0\d\.\d  begins  Band 2 – Song 2 at 0:0\d\.\d, certain")
        self.assertRegex(ends, r"^0:0\d\.\d  ends    Band 2 – Song 2, \d s$")

    def test_prints_json(self):
        done = subprocess.run(
            [PROGRAM, "listen", "-", "--json", "--once", "--format", "s16le", "--rate", str(RATE), "--channels", "1"],
            input=samples(1, 1, 10),
            env=self.home.environment(),
            capture_output=True,
            timeout=300,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(of_kind(events, "match")[0]["play"]["track"]["title"], "Song 1")
        self.assertEqual(events[-1]["event"], "finished")

    def test_says_what_is_wrong(self):
        done = self.pipe(b"not a sound")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"not audio", done.stderr)
        self.assertEqual(self.home.run("listen", "song.mp3").returncode, 2)
        self.assertEqual(self.home.run("listen", "--device", "cello").returncode, 2)

    @unittest.skipIf(pathlib.Path("/dev/snd").exists(), "this machine may have a microphone")
    def test_says_when_there_is_no_microphone(self):
        for arguments in (["listen"], ["listen", "--devices"]):
            done = self.home.run(*arguments)
            self.assertEqual(done.returncode, 75, done.stderr)
            self.assertRegex(done.stderr, "there is no microphone or line-in|library of devices is not installed")


if __name__ == "__main__":
    unittest.main()
