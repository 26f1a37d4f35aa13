"""Monitors of real servers on loopback: Icecast, and a live playlist of HLS that ffmpeg writes."""

import os
import signal
import subprocess
import unittest

import icecast
from service import Service
from stations import MP3_BYTES_A_SECOND, StationsTest, seconds, until

BEFORE_LISTENING = 8  # seconds of a playlist
AT_ONCE = 14 * MP3_BYTES_A_SECOND  # music is known after some seconds


@unittest.skipUnless(icecast.program(), "Icecast is missing; `make setup-tests` installs it")
class RealIcecast(StationsTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = icecast.Icecast(cls.home.folder, os.getuid() == 0)
        cls.addClassCleanup(cls.server.close)
        until(lambda: cls.server.has(""))

    def feed(self, content):
        feed = icecast.Feed(self.server, "/live.mp3", content, MP3_BYTES_A_SECOND, AT_ONCE)
        self.addCleanup(feed.close)
        until(lambda: self.server.has("/live.mp3"))
        return feed

    def start_again(self):
        self.service.process.send_signal(signal.SIGKILL)
        self.service.process.wait()
        service = type(self).service = Service(self.home, self.settings)
        self.addClassCleanup(service.stop)

    def check_time(self, play, feed, place):
        """The feed began at this place of the track; its start is known by the clock."""
        told = seconds(play["started_at"]) - (play["place_seconds"] - place)
        self.assertAlmostEqual(told, feed.began, delta=5)

    def test_plays_an_outage_and_a_kill(self):
        first = self.feed(self.long)
        monitor = self.add("live", self.server.url("/live.mp3"))
        self.server.set_title("/live.mp3", "Some Orchestra - Dance")
        play = until(lambda: self.plays("live"))[0]
        self.assertEqual((play["title"], self.monitor(monitor)["status"]), ("Hungarian Dance No. 5", "listening"))
        self.check_time(play, first, 0)
        until(lambda: self.monitor(monitor)["hint"] == "Some Orchestra - Dance")

        self.start_again()
        until(lambda: self.monitor(monitor)["status"] == "listening")
        now = until(lambda: (now := self.plays("live"))[0]["ended_at"] > play["ended_at"] and now)
        self.assertEqual([one["id"] for one in now], [play["id"]], "no play is written twice")

        first.close()
        until(lambda: self.monitor(monitor)["status"] == "failing")
        second = self.feed(self.ace)
        now = until(lambda: len(now := self.plays("live")) == 2 and now)
        self.assertEqual((now[0]["id"], now[1]["title"]), (play["id"], "Vibe Ace"))
        self.check_time(now[1], second, 10)
        outages = self.service.get(f"/api/v1/monitors/{monitor['id']}/outages").json["items"]
        self.assertEqual([bool(outage["ended_at"]) for outage in outages], [True, True])


class RealHls(StationsTest):
    def test_is_logged(self):
        folder = self.home.folder / "hls"
        folder.mkdir()
        writer = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-readrate", "6", "-f", "mp3", "-i", "pipe:0", "-c:a", "aac", "-b:a", "96k"]
            + ["-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_flags", "temp_file"]
            + [str(folder / "live.m3u8")],
            stdin=subprocess.PIPE,
        )
        self.addCleanup(writer.wait)
        self.addCleanup(writer.kill)
        self.server.add_folder("/hls", folder)
        before = BEFORE_LISTENING * MP3_BYTES_A_SECOND
        writer.stdin.write(self.mp3[:before])
        writer.stdin.flush()
        until(lambda: (folder / "live.m3u8").is_file())
        monitor = self.add("hls", self.server.url("/hls/live.m3u8"))
        until(lambda: self.monitor(monitor)["status"] == "listening")
        writer.stdin.write(self.mp3[before:])
        writer.stdin.close()
        until(lambda: self.monitor(monitor)["status"] == "ended")
        first, second = self.plays("hls")
        self.assertEqual((first["title"], second["title"]), ("Hungarian Dance No. 5", "Vibe Ace"))
        begun = first["place_seconds"] - 5  # A listener of a live playlist begins near its end.
        self.assertLess(begun, BEFORE_LISTENING)
        self.assertAlmostEqual(seconds(second["started_at"]) - seconds(first["started_at"]), 36 - begun, delta=1.5)
        self.assertTrue(first["final"] and second["final"])


if __name__ == "__main__":
    unittest.main()
