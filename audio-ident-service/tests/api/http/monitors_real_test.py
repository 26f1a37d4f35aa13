"""Monitors in real time: an outage and kill -9, of a station made for it and of a real Icecast."""

import os
import signal
import time
import unittest

import icecast
from service import Service
from stations import MP3_BYTES_A_SECOND, StationsTest, seconds, until
from streams import encode
from timelines_test import SONGS, mix

AT_ONCE = 14 * MP3_BYTES_A_SECOND  # Music is known only after some seconds.


class Interrupted(StationsTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Music backwards at half its speed: so long that it does not end while a busy machine starts the service again.
        dance, ace = (cls.home.music / name for name in SONGS)
        both = mix(cls.home, "both.wav", (dance, 0, 45), (ace, 0, 60))
        song = cls.home.music / "Long.flac"
        encode(both, song, "-map_metadata", "-1", "-af", "areverse,asetrate=22050")
        cls.long = encode(song, cls.home.folder / "song.mp3", "-b:a", "64k", "-ar", "44100")
        done = cls.home.run("ingest", str(song), settings=cls.settings)
        assert done.returncode == 0, done.stderr

    def start_again(self):
        self.service.process.send_signal(signal.SIGKILL)
        self.service.process.wait()
        service = type(self).service = Service(self.home, self.settings)
        self.addClassCleanup(service.stop)

    def test_an_outage_and_a_kill_leave_one_play_with_a_gap(self):
        station, monitor = self.add_stream("live", content=self.long, burst=AT_ONCE)
        play = until(lambda: self.plays("live"))[0]
        self.assertFalse(play["final"])
        station.is_down.set()
        went_down = time.monotonic()
        until(lambda: self.monitor(monitor)["status"] == "failing")
        station.burst = 0
        self.start_again()
        until(lambda: time.monotonic() > went_down + 2)  # a gap that is worth noting
        station.is_down.clear()
        until(lambda: self.monitor(monitor)["status"] == "listening")
        went_on = until(lambda: (now := self.plays("live"))[0]["gaps"] and now)
        self.assertEqual([one["id"] for one in went_on], [play["id"]], "no play is written twice")
        self.assertAlmostEqual(seconds(went_on[0]["started_at"]), seconds(play["started_at"]), delta=1)
        outages = self.outages(monitor)
        self.assertTrue(all(outage["ended_at"] for outage in outages) and outages)

    def outages(self, monitor):
        return self.service.get(f"/api/v1/monitors/{monitor['id']}/outages").json["items"]

    def feed(self, server, content):
        feed = icecast.Feed(server, "/live.mp3", content, MP3_BYTES_A_SECOND, AT_ONCE)
        self.addCleanup(feed.close)
        until(lambda: server.has("/live.mp3"))
        return feed

    def check_time(self, play, feed, place):
        """The feed began at this place of the track; its start is known by the clock."""
        told = seconds(play["started_at"]) - (play["place_seconds"] - place)
        self.assertAlmostEqual(told, feed.began, delta=5)

    @unittest.skipUnless(icecast.program(), "Icecast is missing; `make setup-tests` installs it")
    def test_a_real_icecast_is_logged_through_an_outage_and_a_kill(self):
        server = icecast.Icecast(self.home.folder, os.getuid() == 0)
        self.addCleanup(server.close)
        until(lambda: server.has(""))
        first = self.feed(server, self.long)
        monitor = self.add("icecast", server.url("/live.mp3"))
        server.set_title("/live.mp3", "Some Orchestra - Dance")
        play = until(lambda: self.plays("icecast"))[0]
        self.assertEqual((play["title"], self.monitor(monitor)["status"]), ("Long", "listening"))
        self.check_time(play, first, 0)
        until(lambda: self.monitor(monitor)["hint"] == "Some Orchestra - Dance")

        self.start_again()
        until(lambda: [outage["ended_at"] for outage in self.outages(monitor)] not in ([], [None]))
        now = until(lambda: (now := self.plays("icecast"))[0]["ended_at"] > play["ended_at"] and now)
        self.assertEqual([one["id"] for one in now], [play["id"]], "no play is written twice")

        first.close()
        until(lambda: self.monitor(monitor)["status"] == "failing")
        second = self.feed(server, self.ace)
        now = until(lambda: len(now := self.plays("icecast")) == 2 and now)
        self.assertEqual((now[0]["id"], now[1]["title"]), (play["id"], "Vibe Ace"))
        self.check_time(now[1], second, 10)
        outages = self.outages(monitor)
        self.assertEqual([bool(outage["ended_at"]) for outage in outages], [True, True])


if __name__ == "__main__":
    unittest.main()
