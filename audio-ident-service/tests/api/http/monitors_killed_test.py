"""A station that plays in real time, an outage, and kill -9. Apart from the other tests of monitors, because it mostly
waits: music is known only after some seconds."""

import signal
import time
import unittest

from service import Service
from stations import MP3_BYTES_A_SECOND, StationsTest, seconds, until


class Killed(StationsTest):
    def test_an_outage_and_a_kill_leave_one_play_with_a_gap(self):
        station, monitor = self.add_stream("live", content=self.long, burst=14 * MP3_BYTES_A_SECOND)
        play = until(lambda: self.plays("live"))[0]
        self.assertFalse(play["final"])
        station.is_down.set()
        went_down = time.monotonic()
        until(lambda: self.monitor(monitor)["status"] == "failing")
        self.service.process.send_signal(signal.SIGKILL)
        self.service.process.wait()
        station.burst = 0
        until(lambda: time.monotonic() > went_down + 2)  # a gap that is worth noting
        station.is_down.clear()
        service = type(self).service = Service(self.home, self.settings)
        self.addClassCleanup(service.stop)
        until(lambda: self.monitor(monitor)["status"] == "listening")
        went_on = until(lambda: (now := self.plays("live"))[0]["gaps"] and now)
        self.assertEqual([one["id"] for one in went_on], [play["id"]], "no play is written twice")
        self.assertAlmostEqual(seconds(went_on[0]["started_at"]), seconds(play["started_at"]), delta=1)
        outages = self.service.get(f"/api/v1/monitors/{monitor['id']}/outages").json["items"]
        self.assertTrue(all(outage["ended_at"] for outage in outages) and outages)


if __name__ == "__main__":
    unittest.main()
