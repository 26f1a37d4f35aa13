"""Hostile clients: slow ones, many at once, and requests and media broken in every way.

Each test ends by itself. The service must keep running: no crash, no sanitizer report, no 5xx except 503 and 504, no
leaked descriptors or threads."""

import collections
import itertools
import os
import pathlib
import random
import re
import resource
import select
import socket
import statistics
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from service import ServiceTest, form, music, write_wav

SLOW_CONNECTIONS = 1500
SLOW_ROUNDS = int(os.environ.get("SLOW_ROUNDS", "1"))
MUTATED_REQUESTS = 2000
MALFORMED_FILES = 200
CLIENTS = 8  # at once; most of the time a client waits for an answer that does not come
# Searches share threads, which start when they are first needed. A warm-up cannot force all of them, and a thread lost
# with each of the requests would be far more.
THREADS_THAT_START_LATE = 16
CATALOG_DESCRIPTORS = (
    5 * 2 + 1
)  # four connections that read, one that writes: database and log each; shared memory once


def answer_statuses(host, port, data, timeout=20):
    """Sends bytes without a half-close. Returns the statuses of all answers until the server closes or goes silent."""
    received = b""
    with socket.create_connection((host, port), timeout=timeout) as client:
        try:
            client.sendall(data)
            client.settimeout(0.25)
            while piece := client.recv(65536):
                received += piece
        except (TimeoutError, ConnectionResetError, BrokenPipeError):
            pass
    return [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:] if part[:3].isdigit()]


def mutated(rng, request):
    data = bytearray(request)
    # Most damage goes where the syntax is.
    reach = len(data) if rng.random() < 0.3 else min(len(data), 600)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(max(1, min(reach, len(data))))
        kind = rng.randrange(5)
        if kind == 0 and data:
            data[at % len(data)] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randint(1, 20)]
        elif kind == 2:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 20)))
        elif kind == 3:
            data[at:at] = data[at : at + rng.randint(1, 200)]
        else:
            data[at:at] = rng.choice([b"\r\n", b"\r\n\r\n", b"\0", b"%", b"--", b":", b"9" * 20, b" " * 300])
    return bytes(data)


def damaged(rng, file, cut):
    data = bytearray(file)
    if cut:
        del data[rng.randrange(len(data)) :]
    for _ in range(rng.choice([1, 10, 200])):
        if data:
            data[rng.randrange(min(len(data), rng.choice([64, 1024, len(data)])))] = rng.randrange(256)
    return bytes(data)


def split(held):
    """Descriptors of the catalog's files, and the others."""
    catalog = collections.Counter({name: count for name, count in held.items() if "/catalog.db" in name})
    return catalog, held - catalog


class Hostile(ServiceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warm_up()

    @classmethod
    def warm_up(cls):
        """Makes the service open everything that it opens once and keeps: a decoding process and a connection to the
        catalog for each of its threads. Anything it holds beyond that afterwards has leaked."""
        clip = cls.home.clip(1, 3)

        def use():
            for _ in range(4):
                cls.service.search(clip, mode="exact")
                cls.service.get("/api/v1/tracks?search=b")
                cls.service.ingest(audio=b"no music")

        threads = [threading.Thread(target=use) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def usage(self):
        process = pathlib.Path(f"/proc/{self.service.process.pid}")
        held = []
        for entry in (process / "fd").iterdir():
            try:
                held.append(re.sub(r"\d+", "", os.readlink(entry)))  # "socket:[]"
            except FileNotFoundError:
                pass  # closed meanwhile
        return collections.Counter(held), len(list((process / "task").iterdir()))

    def quiet_usage(self):
        """When connections that ended are closed: the same at two looks in a row."""
        usage = self.usage()
        for _ in range(240):
            time.sleep(0.5)
            last, usage = usage, self.usage()
            if usage == last:
                break
        return usage

    def assert_well(self, before):
        self.assertIsNone(self.service.process.poll(), self.service.log_text()[-5000:])
        self.assertEqual(self.service.get("/health/ready").status, 200)
        # The catalog's pool opens one more connection when two threads ask at once; no warm-up can force that.
        others_before = split(before[0])[1]
        end = time.monotonic() + 120
        while True:
            now = self.usage()
            catalog, others = split(now[0])
            if (
                catalog.total() <= CATALOG_DESCRIPTORS
                and others.total() <= others_before.total() + 2
                and now[1] <= before[1] + THREADS_THAT_START_LATE
            ):
                return
            if time.monotonic() > end:
                break
            time.sleep(0.5)
        self.fail(f"more is held than before: {now[0] - before[0]} of {now[0]}; threads: {before[1]}, {now[1]}")

    def test_mutated_requests(self):
        rng = random.Random(1)
        clip = self.home.clip(1, 3)
        body, headers = form({"mode": "exact", "max_results": "5"}, clip[:20000])
        head = "".join(
            f"{name}: {value}\r\n"
            for name, value in {**headers, "Content-Length": len(body), "Host": "localhost"}.items()
        )
        track = self.service.get("/api/v1/tracks").json["items"][0]["id"]
        seeds = [
            f"POST /api/v1/search HTTP/1.1\r\n{head}\r\n".encode() + body,
            b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            + f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
            + b"%x\r\n" % len(body)
            + body
            + b"\r\n0\r\n\r\n",
            b"GET /api/v1/tracks?page=1&per_page=2&search=b%20c HTTP/1.1\r\nHost: localhost\r\n\r\n",
            f"GET /api/v1/tracks/{track}/audio HTTP/1.1\r\nHost: localhost\r\n".encode()
            + b'Range: bytes=5-99\r\nIf-Range: "a"\r\n\r\n',
            f"POST /api/v1/ingest HTTP/1.1\r\n{head}\r\n".encode() + body,
            b"OPTIONS /api/v1/search HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:17000\r\n\r\n",
        ]
        requests = [mutated(rng, rng.choice(seeds)) for _ in range(MUTATED_REQUESTS)]
        before = self.quiet_usage()

        def answers_to(request):
            return answer_statuses(self.service.host, self.service.port, request)

        with ThreadPoolExecutor(CLIENTS) as clients:
            seen = collections.Counter(itertools.chain.from_iterable(clients.map(answers_to, requests)))
        self.assertEqual({status for status in seen if status >= 500} - {503, 504}, set(), seen)
        self.assertGreater(seen[400], MUTATED_REQUESTS / 20, seen)
        self.assert_well(before)

    def test_malformed_media(self):
        rng = random.Random(2)
        wav = self.home.folder / "seed.wav"
        write_wav(wav, music(1, 5))
        seeds = [self.home.clip(1, 3), wav.read_bytes(), *(path.read_bytes() for path in self.home.music.iterdir())]
        files = [damaged(rng, rng.choice(seeds), index % 4 == 0) for index in range(MALFORMED_FILES)]
        before = self.quiet_usage()
        with ThreadPoolExecutor(CLIENTS) as clients:
            for answer in clients.map(lambda file: self.service.search(file, mode="exact"), files):
                self.assertIn(answer.status, (200, 400, 503, 504), answer.body)
        self.assert_well(before)

    def durations(self, clip, count):
        connection = self.service.connect()
        taken = []
        for _ in range(count):
            begin = time.perf_counter()
            self.assertEqual(self.service.search(clip, connection=connection, mode="exact").status, 200)
            taken.append(time.perf_counter() - begin)
        connection.close()
        return taken

    def test_slow_connections_do_not_slow_others(self):
        """Prints medians over rounds. Each round has a quiet and a crowded half, so that other load falls on both. For
        figures run the release build on a quiet machine:
        SLOW_ROUNDS=5 AUDIO_IDENT_PROGRAM=…/build/release/src/audio-ident \\
            python3 -m unittest hostile_test.Hostile.test_slow_connections_do_not_slow_others"""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, SLOW_CONNECTIONS + 500)), hard))
        clip = self.home.clip(2, 4)
        before = self.quiet_usage()
        self.durations(clip, 5)
        rounds = []
        for _ in range(SLOW_ROUNDS):
            quiet = self.durations(clip, 40)
            with SlowConnections(self.service) as slow:
                crowded = self.durations(clip, 40)
                self.assertGreater(slow.open_now(), SLOW_CONNECTIONS * 0.8)
            rounds.append([statistics.quantiles(values, n=20)[18] for values in (quiet, crowded)])
        quiet, crowded, ratio = (
            statistics.median(values)
            for values in zip(*((quiet, crowded, crowded / quiet) for quiet, crowded in rounds))
        )
        print(
            f"p95 {quiet * 1e3:.1f} ms quiet, {crowded * 1e3:.1f} ms beside "
            f"{SLOW_CONNECTIONS} slow connections: {ratio:.2f} times"
        )
        self.assert_well(before)


class SlowConnections:
    """Each sends one byte of its request a second, and starts again when the service closes its connection."""

    REQUEST = b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"

    def __init__(self, service):
        self.address = (service.host, service.port)
        self.clients = []
        self.sent = [0] * SLOW_CONNECTIONS
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.trickle)

    def __enter__(self):
        self.clients = [self.connect() for _ in range(SLOW_CONNECTIONS)]
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        for client in self.clients:
            client.close()

    def connect(self):
        client = socket.create_connection(self.address, timeout=30)
        client.setblocking(False)
        return client

    def trickle(self):
        while not self.ending.is_set():
            for index, client in enumerate(self.clients):
                try:
                    at = self.sent[index]
                    client.send(self.REQUEST[at : at + 1] or b"x")
                    self.sent[index] = at + 1
                except OSError:
                    client.close()
                    self.sent[index] = 0
                    try:
                        self.clients[index] = self.connect()
                    except OSError:
                        pass
            self.ending.wait(1)

    def open_now(self):
        """The connections that have not received anything yet."""
        poll = select.poll()
        for client in self.clients:
            if client.fileno() >= 0:
                poll.register(client, select.POLLIN)
        return SLOW_CONNECTIONS - len(poll.poll(0))


if __name__ == "__main__":
    unittest.main()
