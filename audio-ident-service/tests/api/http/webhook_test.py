"""The webhook of monitors: a receiver on loopback gets each play once it is final."""

import hashlib
import hmac
import http.server
import json
import re
import signal
import threading
import time
import unittest

from service import Service
from stations import StationsTest, until
from streams import encode
from timelines_test import EXACT_LANE_ONLY

SECRET = "a secret of 'both' sides"
TITLES = ["Hungarian Dance No. 5", "Vibe Ace"]


def is_signed(headers, body):
    """As docs/monitors.md tells receivers to check it."""
    timestamp = headers["X-Audio-Ident-Timestamp"]
    code = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    is_fresh = abs(time.time() - int(timestamp)) < 300
    return is_fresh and hmac.compare_digest(headers["X-Audio-Ident-Signature"], "sha256=" + code)


class Receiver:
    """Takes events, or answers with `status`; keeps silent while `is_awake` is not set."""

    def __init__(self):
        self.status = 200
        self.answer = b"thank you\x1b\n"
        self.is_awake = threading.Event()
        self.is_awake.set()
        self.refused = []
        self.taken = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert is_signed(self.headers, body) and self.headers["Content-Type"] == "application/json"
                event = json.loads(body)
                assert event["id"] == self.headers["X-Audio-Ident-Delivery"]
                status = outer.status
                (outer.taken if status == 200 else outer.refused).append(event)
                outer.is_awake.wait(60)
                try:
                    self.send_response(status)
                    self.send_header("Location", "/elsewhere")
                    self.end_headers()
                    self.wfile.write(outer.answer)
                except OSError:
                    pass  # The sender has waited long enough.

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/plays"

    def close(self):
        self.is_awake.set()
        self.server.shutdown()
        self.server.server_close()


class Webhook(StationsTest):
    @classmethod
    def setUpClass(cls):
        cls.receiver = Receiver()
        cls.addClassCleanup(cls.receiver.close)
        # Without MONITOR_ALLOW_PRIVATE: the operator chose the address.
        cls.settings = {**EXACT_LANE_ONLY, "MONITOR_WEBHOOK_URL": cls.receiver.url, "MONITOR_WEBHOOK_SECRET": SECRET}
        super().setUpClass()
        encode(cls.wav, cls.home.music / "programme.ogg")

    def setUp(self):
        self.receiver.status = 200
        self.receiver.taken.clear()
        self.receiver.refused.clear()

    def hear_file(self, name):
        monitor = self.add(name, str(self.home.music / "programme.ogg"))
        until(lambda: self.monitor(monitor)["status"] == "ended")

    def metric(self, name):
        text = self.service.get("/metrics").body.decode()
        return int(re.search(rf"^audioident_webhook_{name} (\d+)$", text, re.M)[1])

    def test_each_final_play_comes_once_and_in_order_through_failures_and_a_kill(self):
        receiver = self.receiver
        receiver.status = 503
        receiver.is_awake.clear()
        self.hear_file("first")
        until(lambda: receiver.refused)
        self.hear_file("second")  # A silent receiver holds nothing up.
        receiver.is_awake.set()
        until(lambda: len(receiver.refused) > 2)
        self.assertEqual({event["id"] for event in receiver.refused}, {self.plays("first")[0]["id"]}, "others wait")
        self.assertGreaterEqual(self.metric("failed_attempts_total"), 2)
        self.assertEqual(self.metric("waiting"), 4)

        self.service.process.send_signal(signal.SIGKILL)
        self.service.process.wait()
        receiver.status = 200
        type(self).service = Service(self.home, self.settings)
        self.addClassCleanup(self.service.stop)
        until(lambda: self.metric("delivered_total") == 4)
        self.assertEqual(self.metric("waiting"), 0)
        self.assertEqual([event["play"] for event in receiver.taken], self.plays("first") + self.plays("second"))
        self.assertEqual([event["play"]["title"] for event in receiver.taken], TITLES * 2)
        self.assertEqual({event["type"] for event in receiver.taken}, {"play.final"})
        self.assertTrue(all(event["play"]["final"] for event in receiver.taken))

    def test_a_person_can_try_it(self):
        done = self.home.run("monitor", "test-webhook", settings=self.settings)
        self.assertEqual((done.returncode, done.stdout), (0, "200  thank you\\x1B\n"), done.stderr)
        self.assertEqual([event["type"] for event in self.receiver.taken], ["test"])
        self.addCleanup(setattr, self.receiver, "answer", self.receiver.answer)
        self.receiver.answer = b"y" * 10_000_000
        done = self.home.run("monitor", "test-webhook", settings=self.settings)
        self.assertEqual((done.returncode, done.stdout), (0, f"200  {'y' * 4096}\n"), "no more is read")
        self.receiver.status = 302
        done = self.home.run("--json", "monitor", "test-webhook", settings=self.settings)
        self.assertEqual((done.returncode, json.loads(done.stdout)["status"]), (1, 302))
        self.assertIn("redirects are not followed", done.stderr)
        self.assertEqual(len(self.receiver.refused), 1)
        done = self.home.run("monitor", "test-webhook", settings=EXACT_LANE_ONLY)
        self.assertEqual(done.returncode, 2)
        self.assertIn("MONITOR_WEBHOOK_URL", done.stderr)
        nowhere = {**self.settings, "MONITOR_WEBHOOK_URL": "http://me:hidden@127.0.0.1:1/"}
        done = self.home.run("monitor", "test-webhook", settings=nowhere)
        self.assertEqual((done.returncode, done.stdout), (75, ""))
        self.assertIn("the receiver at http://me:***@127.0.0.1:1/ does not answer", done.stderr)
        shown = self.home.run("config", settings=self.settings).stdout
        self.assertNotIn(SECRET, shown)
        self.assertIn(self.receiver.url, shown)


if __name__ == "__main__":
    unittest.main()
