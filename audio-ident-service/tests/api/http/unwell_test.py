"""What a client sees when decoding hangs or crashes and when it is too slow itself; what happens after it has left."""

import os
import pathlib
import re
import signal
import socket
import time
import unittest

from service import Answer, ServiceTest, form

PATIENCE = 120


def children_of(process_id):
    """The processes that it started. The thread sanitizer's llvm-symbolizer is not one."""
    found = []
    for task in pathlib.Path(f"/proc/{process_id}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return [child for child in found if "symbolizer" not in name_of(child)]


def name_of(process_id):
    try:
        return pathlib.Path(f"/proc/{process_id}/comm").read_text()
    except FileNotFoundError:
        return ""


def is_alive(process_id):
    try:
        return pathlib.Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class HeldDecoders:
    """Stops the service's decoding processes, as if a file had hung them, until the end of the block."""

    def __init__(self, service):
        self.service = service

    def __enter__(self):
        makers = children_of(self.service.process.pid)
        self.processes = [worker for maker in makers for worker in children_of(maker)]
        assert self.processes, "there are decoding processes"
        self.signal(signal.SIGSTOP)
        return self

    def __exit__(self, *_):
        self.signal(signal.SIGCONT)

    def signal(self, number):
        for process in self.processes:
            if is_alive(process):
                os.kill(process, number)

    def wait_for_the_end_of_one(self):
        return self.wait_until(lambda: not all(is_alive(process) for process in self.processes))

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait_until(lambda: not any(is_alive(process) for process in self.processes))

    @staticmethod
    def wait_until(condition):
        end = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < end:
            time.sleep(0.05)
        return condition()


class Decoding(ServiceTest):
    songs = {1: "one.flac"}
    settings = {"SEARCH_TIMEOUT_SECONDS": "8"}

    def setUp(self):
        self.clip = self.home.clip(1, 3)
        self.assert_it_works()

    def assert_it_works(self):
        answer = self.service.search(self.clip, mode="exact")
        self.assertEqual(
            (answer.status, answer.json["exact_matches"][0]["track"]["title"]), (200, "Song 1"), answer.body
        )

    def test_one_that_hangs_is_a_timeout_and_the_next_request_is_served(self):
        with HeldDecoders(self.service) as held:
            self.assert_error(self.service.search(self.clip, mode="exact"), 504, "SEARCH_TIMEOUT")
            self.assertTrue(held.wait_for_the_end_of_one(), "who hangs is ended")
        self.assert_it_works()

    def test_a_service_that_was_stopped_meanwhile_is_unavailable_and_the_clip_not_at_fault(self):
        body, headers = form({"mode": "exact"}, self.clip)
        connection = self.service.connect()
        self.addCleanup(connection.close)
        with HeldDecoders(self.service):
            connection.request("POST", "/api/v1/search", body, headers)
            self.service.wait_until_at_rest()
            self.service.process.send_signal(signal.SIGSTOP)
            time.sleep(8)
            self.service.process.send_signal(signal.SIGCONT)
            answer = Answer(connection.getresponse())
        self.assert_error(answer, 503, "SERVICE_UNAVAILABLE")
        self.assertIn("hardly ran", answer.json["error"]["message"])
        self.assert_it_works()

    def test_one_that_crashes_is_an_unsupported_file_and_the_next_request_is_served(self):
        body, headers = form({"mode": "exact"}, self.clip)
        connection = self.service.connect()
        self.addCleanup(connection.close)
        with HeldDecoders(self.service) as held:
            connection.request("POST", "/api/v1/search", body, headers)
            self.service.wait_until_at_rest()
            self.assertTrue(held.kill())
        self.assert_error(Answer(connection.getresponse()), 400, "UNSUPPORTED_FORMAT")
        self.assert_it_works()


class Clients(ServiceTest):
    songs = {1: "one.flac"}
    settings = {"SEARCH_TIMEOUT_SECONDS": "600"}

    def hang_ups(self):
        return int(re.search(r"^audioident_hang_ups_total (\d+)$", self.service.get("/metrics").body.decode(), re.M)[1])

    def test_the_work_for_one_that_hangs_up_is_given_up(self):
        clip = self.home.clip(1, 3)
        self.assertEqual(self.service.search(clip, mode="exact").status, 200)
        before = self.hang_ups()
        body, headers = form({"mode": "exact"}, clip)
        with HeldDecoders(self.service) as held:
            connection = self.service.connect()
            connection.request("POST", "/api/v1/search", body, headers)
            self.service.wait_until_at_rest()
            self.assertEqual(self.hang_ups(), before, "it is worked on")
            connection.close()
            self.assertTrue(held.wait_for_the_end_of_one(), "its decoding is ended long before its time is up")
        end = time.monotonic() + PATIENCE
        while self.hang_ups() == before and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(self.hang_ups(), before + 1)
        self.assertEqual(self.service.search(clip, mode="exact").status, 200)

    def test_one_whose_request_does_not_arrive_is_told_so(self):
        """Several clients wait for their limits at the same time."""
        begun = {
            "header": b"GET /health HTTP/1.1\r\nHost: local",
            "body": b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n",
        }
        clients = {}
        for part, data in begun.items():
            clients[part] = socket.create_connection((self.service.host, self.service.port), timeout=PATIENCE)
            self.addCleanup(clients[part].close)
            clients[part].sendall(data)
        for part, client in clients.items():
            answer = b""
            while piece := client.recv(65536):
                answer += piece
            self.assertTrue(answer.startswith(b"HTTP/1.1 408 "), f"{part}: {answer}")
            self.assertIn(b"REQUEST_TIMEOUT", answer)


if __name__ == "__main__":
    unittest.main()
