"""What the tests of monitors share."""

import datetime
import time

from service import ServiceTest, form, music, write_wav
from streams import Station, StreamServer, encode
from timelines_test import EXACT_LANE_ONLY, SONGS, make_library, mix

MP3_BYTES_A_SECOND = 8000
SETTINGS = {**EXACT_LANE_ONLY, "MONITOR_ALLOW_PRIVATE": "on"}
PATIENCE = 90


def until(question, patience=PATIENCE):
    """The first answer that is true."""
    end = time.monotonic() + patience
    while not (answer := question()):
        if time.monotonic() > end:
            raise AssertionError("it does not become true")
        time.sleep(0.1)
    return answer


def seconds(time_text):
    return datetime.datetime.fromisoformat(time_text.replace("Z", "+00:00")).timestamp()


class StationsTest(ServiceTest):
    """A service with two songs, and stations that play them."""

    songs = {}
    settings = SETTINGS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_library(cls.home)
        cls.server = StreamServer()
        cls.addClassCleanup(cls.server.close)
        dance, ace = (cls.home.music / name for name in SONGS)
        stranger = cls.home.folder / "stranger.wav"
        write_wav(stranger, music(7, 12))
        cls.wav = mix(cls.home, "programme.wav", (dance, 5, 24), (stranger, 0, 12), (ace, 10, 24))
        cls.mp3 = encode(cls.wav, cls.home.folder / "programme.mp3", "-b:a", "64k", "-ar", "44100")
        cls.long = encode(dance, cls.home.folder / "long.mp3", "-b:a", "64k", "-ar", "44100")
        cls.ace = encode(ace, cls.home.folder / "ace.mp3", "-ss", "10", "-b:a", "64k", "-ar", "44100")

    def change(self, method, path, **fields):
        body, headers = form(fields)
        return self.service.request(method, path, body, headers)

    def add(self, name, source):
        answer = self.change("POST", "/api/v1/monitors", name=name, source=source)
        self.assertEqual(answer.status, 201, answer.body)
        self.addCleanup(lambda: self.service.request("DELETE", f"/api/v1/monitors/{answer.json['id']}"))
        return answer.json

    def add_stream(self, name, **options):
        station = Station(options.pop("content", self.mp3), MP3_BYTES_A_SECOND, **options)
        self.server.paths[f"/{name}"] = station.send
        return station, self.add(name, self.server.url(f"/{name}"))

    def monitor(self, monitor):
        return self.service.get(f"/api/v1/monitors/{monitor['id']}").json

    def plays(self, name):
        """Oldest first."""
        return self.service.get(f"/api/v1/plays?monitor={name}").json["items"][::-1]

    def detail_of(self, name, source):
        monitor = self.add(name, source)
        return until(lambda: (now := self.monitor(monitor))["status"] == "failing" and now["detail"])
