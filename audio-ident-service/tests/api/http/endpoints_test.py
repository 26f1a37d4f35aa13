"""Every endpoint, and every error that a client can cause."""

import gzip
import json
import os
import pathlib
import re
import socket
import subprocess
import time
import unittest
import uuid

import numpy

from service import RATE, Home, Service, ServiceTest, convert, form, music, write_wav


class Search(ServiceTest):
    def test_names_the_recording_and_the_place(self):
        answer = self.service.search(self.home.clip(2, 5), mode="exact", max_results=3)
        self.assertEqual(answer.status, 200, answer.body)
        found = answer.json
        self.assertEqual(found["request_id"], answer.headers["X-Request-ID"])
        self.assertEqual(found["mode_used"], "exact")
        self.assertEqual(found["lanes"], {"exact": "ok", "vibe": None})
        self.assertEqual(found["vibe_matches"], [])
        match = found["exact_matches"][0]
        self.assertEqual((match["track"]["title"], match["track"]["artist"]), ("Song 2", "Band 2"))
        self.assertAlmostEqual(match["offset_seconds"], 5, delta=0.15)
        self.assertGreater(match["confidence"], 0.5)
        self.assertGreater(match["aligned_hashes"], 0)

    def test_both_lanes_are_asked_for_by_default_and_what_it_is_is_not_what_it_sounds_like(self):
        answer = self.service.search(self.home.clip(1, 3))
        self.assertEqual(answer.json["mode_used"], "both")
        self.assertEqual(answer.json["lanes"], {"exact": "ok", "vibe": "ok"})
        self.assertEqual(answer.json["exact_matches"][0]["track"]["title"], "Song 1")
        self.assertNotIn("Song 1", [match["track"]["title"] for match in answer.json["vibe_matches"]])

    def test_a_stranger_is_an_answer(self):
        answer = self.service.search(self.home.clip(77, 3), mode="exact")
        self.assertEqual((answer.status, answer.json["exact_matches"]), (200, []))

    def test_the_vibe_lane_alone_names_what_sounds_like_it_and_where(self):
        answer = self.service.search(self.home.clip(1, 3), mode="vibe")
        self.assertEqual(
            (answer.status, answer.json["lanes"], answer.json["exact_matches"]),
            (200, {"exact": None, "vibe": "ok"}, []),
        )
        match = next(match for match in answer.json["vibe_matches"] if match["track"]["title"] == "Song 1")
        self.assertEqual(match["embedding_model"], "musicnn")
        self.assertTrue(0.6 <= match["similarity"] <= 1 and match["matched_chunks"] >= 1, match)
        self.assertTrue(
            match["tags"] and all(tag["name"] and 0 < tag["probability"] <= 1 for tag in match["tags"]), match
        )
        self.assertAlmostEqual(match["best_moment_seconds"], 3, delta=5)

    def test_similar_tracks(self):
        track = self.service.get("/api/v1/tracks").json["items"][0]
        path = f"/api/v1/tracks/{track['id']}/similar"
        for query in ("", "?at=4.5", "?at=0&limit=1", "?diverse=true"):
            answer = self.service.get(path + query)
            self.assertEqual(answer.status, 200, answer.body)
            self.assertNotIn(track["id"], [match["track"]["id"] for match in answer.json["vibe_matches"]])
            self.assertLessEqual(len(answer.json["vibe_matches"]), 1 if "limit" in query else 10)
        self.assert_error(self.service.get(f"/api/v1/tracks/{uuid.uuid4()}/similar"), 404, "NOT_FOUND")
        for query, named in (
            ("at=-1", "at"),
            ("at=soon", "at"),
            ("at=nan", "at"),
            ("at=1e9", "at"),
            ("limit=0", "limit"),
            ("limit=51", "limit"),
            ("diverse=yes", "diverse"),
        ):
            answer = self.service.get(f"{path}?{query}")
            self.assert_error(answer, 400, "VALIDATION_ERROR")
            self.assertIn(named, answer.json["error"]["message"])

    def test_each_wrong_field_is_named(self):
        clip = self.home.clip(1, 3)
        for fields, named in (
            ({"mode": "loud"}, "mode"),
            ({"max_results": 0}, "max_results"),
            ({"max_results": 51}, "max_results"),
            ({"max_results": "many"}, "max_results"),
            ({"diverse": "yes"}, "diverse"),
        ):
            answer = self.service.search(clip, **fields)
            self.assert_error(answer, 400, "VALIDATION_ERROR")
            self.assertIn(named, answer.json["error"]["message"])
        self.assert_error(self.service.search(None, mode="exact"), 400, "VALIDATION_ERROR")

    def test_what_is_no_audio_is_refused(self):
        for body in (b"", b"this is text, not music\n" * 20, os.urandom(5000), gzip.compress(b"x" * 9000)):
            self.assert_error(self.service.search(body, mode="exact"), 400, "UNSUPPORTED_FORMAT")

    def test_too_short_and_too_long_clips_are_refused(self):
        wav = self.home.folder / "odd.wav"
        write_wav(wav, music(1, 2))
        self.assert_error(self.service.search(wav.read_bytes(), mode="exact"), 400, "AUDIO_TOO_SHORT")
        opus = self.home.folder / "long.opus"
        os.system(f"ffmpeg -v error -y -f lavfi -i anoisesrc=duration=620:sample_rate=8000 -c:a libopus -b:a 6k {opus}")
        self.assert_error(self.service.search(opus.read_bytes(), mode="exact"), 400, "AUDIO_TOO_LONG")

    def test_a_large_upload_is_refused_before_it_is_read_and_the_answer_arrives(self):
        for chunked in (False, True):
            with socket.create_connection((self.service.host, self.service.port), timeout=60) as client:
                head = (
                    b"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\n"
                    b"Content-Type: multipart/form-data; boundary=b\r\n"
                )
                part = b'--b\r\nContent-Disposition: form-data; name="audio"; filename="x"\r\n\r\n'
                client.sendall(
                    head + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 3000000000\r\n\r\n")
                )
                block = part + bytes(1 << 20)
                sent = 0
                try:
                    # A simple client sends until the server closes the connection.
                    while sent < 40 << 20:
                        client.sendall(b"%x\r\n" % len(block) + block + b"\r\n" if chunked else block)
                        sent += len(block)
                        block = bytes(1 << 20)
                except (BrokenPipeError, ConnectionResetError, TimeoutError):
                    pass
                answer = b""
                while piece := client.recv(65536):
                    answer += piece
                self.assertIn(b" 400 ", answer.split(b"\r\n")[0])
                self.assertIn(b"FILE_TOO_LARGE", answer)
                self.assertIn(b"Connection: close", answer)

    def test_ten_megabytes_are_taken_and_one_byte_more_is_not(self):
        limit = 10 << 20
        self.assert_error(self.service.search(bytes(limit), mode="exact"), 400, "UNSUPPORTED_FORMAT")
        self.assert_error(self.service.search(bytes(limit + 1), mode="exact"), 400, "FILE_TOO_LARGE")

    def test_expect_100_continue_is_answered_before_the_body(self):
        body, headers = form({"mode": "exact"}, self.home.clip(1, 3))
        with socket.create_connection((self.service.host, self.service.port), timeout=60) as client:
            client.sendall(
                f"POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: {headers['Content-Type']}\r\n"
                f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode()
            )
            self.assertEqual(client.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            client.sendall(body)
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200"))

    def test_a_form_that_is_none_is_refused(self):
        for body, content_type in (
            (b"{}", "application/json"),
            (b"x", "multipart/form-data"),
            (b"--b\r\nbroken", "multipart/form-data; boundary=b"),
        ):
            answer = self.service.request("POST", "/api/v1/search", body, {"Content-Type": content_type})
            self.assert_error(answer, 400, "VALIDATION_ERROR")


class Tracks(ServiceTest):
    def test_the_library_is_listed_page_by_page(self):
        page = self.service.get("/api/v1/tracks?page=2&per_page=2").json
        self.assertEqual(
            (page["total"], page["page"], page["per_page"], page["pages"], len(page["items"])), (3, 2, 2, 2, 1)
        )
        self.assertEqual(self.service.get("/api/v1/tracks?page=9").json["items"], [])
        found = self.service.get("/api/v1/tracks?search=BAND%203").json["items"]
        self.assertEqual([track["title"] for track in found], ["Song 3"])
        self.assertEqual(set(found[0]), {"id", "title", "artist", "album", "duration_seconds", "ingested_at"})

    def test_how_far_the_lanes_are_with_the_library(self):
        counts = self.service.get("/api/v1/library").json
        self.assertEqual((counts["tracks"], counts["unfinished"], counts["fingerprinted"]), (3, 0, 3))
        self.assertEqual((counts["embedding_model"], counts["embedded"]), ("musicnn", 3))

    def test_the_library_is_sorted_as_asked(self):
        def titles(query):
            return [track["title"] for track in self.service.get("/api/v1/tracks?" + query).json["items"]]

        songs = ["Song 1", "Song 2", "Song 3"]
        self.assertEqual(titles("sort=title"), songs)
        self.assertEqual(titles("sort=artist&order=desc&per_page=2"), ["Song 3", "Song 2"])
        self.assertEqual(sorted(titles("sort=duration&search=song")), songs)
        self.assertEqual(titles("sort=added&order=asc"), titles("")[::-1])
        for query, named in (
            ("sort=loudness", "sort must be one of added, title, artist, album, duration"),
            ("sort=", "sort"),
            ("sort=title&order=up", "order must be one of asc, desc"),
        ):
            answer = self.service.get("/api/v1/tracks?" + query)
            self.assert_error(answer, 400, "VALIDATION_ERROR")
            self.assertIn(named, answer.json["error"]["message"])

    def test_wrong_pages_are_refused(self):
        for query in (
            "page=0",
            "page=-1",
            "page=x",
            "per_page=0",
            "per_page=501",
            "page=99999999999999999999",
            "search=" + "x" * 501,
            "page=1&page=2",
            "search=%FF",
            "search=%00",
            "page=%",
        ):
            self.assert_error(self.service.get("/api/v1/tracks?" + query), 400, "VALIDATION_ERROR")

    def track(self, title):
        items = self.service.get("/api/v1/tracks").json["items"]
        return next(track["id"] for track in items if track["title"] == title)

    def test_a_track_tells_all(self):
        detail = self.service.get("/api/v1/tracks/" + self.track("Song 1")).json
        self.assertEqual((detail["format"], detail["channels"], detail["sample_rate"]), ("flac", 1, 22050))
        self.assertEqual(detail["file_path"], str(self.home.music / "one.flac"))
        self.assertTrue(detail["fingerprint_indexed"])

    def test_ids_that_are_none_and_that_are_not_there(self):
        for path in ("", "/audio"):
            self.assert_error(self.service.get(f"/api/v1/tracks/{uuid.uuid4()}{path}"), 404, "NOT_FOUND")
            self.assert_error(self.service.get(f"/api/v1/tracks/seven{path}"), 400, "VALIDATION_ERROR")

    def test_audio_comes_whole_and_in_ranges(self):
        path = f"/api/v1/tracks/{self.track('Song 2')}/audio"
        data = (self.home.music / "two.mp3").read_bytes()
        whole = self.service.get(path)
        tag = whole.headers["ETag"]
        self.assertEqual((whole.status, whole.body, whole.headers["Content-Type"]), (200, data, "audio/mpeg"))
        self.assertEqual(whole.headers["Accept-Ranges"], "bytes")
        head = self.service.request("HEAD", path)
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(data))))

        def ranged(text, **headers):
            answer = self.service.get(path, Range=text, **headers)
            return answer.status, answer.headers.get("Content-Range"), answer.body

        size = len(data)
        self.assertEqual(ranged("bytes=100-199"), (206, f"bytes 100-199/{size}", data[100:200]))
        self.assertEqual(ranged(f"bytes={size - 5}-"), (206, f"bytes {size - 5}-{size - 1}/{size}", data[-5:]))
        self.assertEqual(ranged("bytes=-7"), (206, f"bytes {size - 7}-{size - 1}/{size}", data[-7:]))
        self.assertEqual(ranged("bytes=0-1,4-5"), (200, None, data))
        self.assertEqual(ranged("bytes=0-1", If_Range=tag)[0], 206)
        self.assertEqual(ranged("bytes=0-1", If_Range='"other"')[0], 200)
        beyond = self.service.get(path, Range=f"bytes={size}-")
        self.assert_error(beyond, 416, "RANGE_NOT_SATISFIABLE")
        self.assertEqual(beyond.headers["Content-Range"], f"bytes */{size}")
        same = self.service.get(path, If_None_Match=tag)
        self.assertEqual((same.status, same.body), (304, b""))

    def test_audio_is_transcoded_for_browsers(self):
        path = f"/api/v1/tracks/{self.track('Song 1')}/audio?as=opus"
        whole = self.service.get(path)
        self.assertEqual((whole.status, whole.headers["Content-Type"], whole.body[:4]), (200, "audio/ogg", b"OggS"))
        file = self.home.folder / "heard.opus"
        file.write_bytes(whole.body)
        probed = subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name:format=duration", "-of", "json", file],
            capture_output=True,
            check=True,
        )
        probed = json.loads(probed.stdout)
        self.assertEqual(probed["streams"][0]["codec_name"], "opus")
        self.assertAlmostEqual(float(probed["format"]["duration"]), 15, delta=0.1)
        found = self.service.search(whole.body, mode="exact").json["exact_matches"]
        self.assertEqual(found[0]["track"]["title"], "Song 1")
        part = self.service.get(path, Range="bytes=1000-1999", If_Range=whole.headers["ETag"])
        self.assertEqual((part.status, part.body), (206, whole.body[1000:2000]))
        self.assert_error(self.service.get(path + "3"), 400, "VALIDATION_ERROR")

    def test_transcoding_leaves_left_and_right_where_they_are(self):
        wav, flac, opus = (self.home.folder / f"both.{kind}" for kind in ("wav", "flac", "opus"))
        write_wav(wav, music(12, 8))
        convert(wav, flac, "-af", "pan=stereo|c0=c0|c1=0.1*c0")
        track = self.service.ingest(audio=flac.read_bytes(), file_name="both.flac").json["track_id"]
        opus.write_bytes(self.service.get(f"/api/v1/tracks/{track}/audio?as=opus").body)
        self.service.request("DELETE", f"/api/v1/tracks/{track}")
        decoded = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", opus, "-f", "f32le", "-"], capture_output=True, check=True
        )
        left, right = numpy.frombuffer(decoded.stdout, "<f4").reshape(-1, 2).astype(float).T
        self.assertAlmostEqual(len(left) / 48000, 8, delta=0.05)
        self.assertAlmostEqual(right.std() / left.std(), 0.1, delta=0.02)

    def test_the_waveform_follows_the_music(self):
        silence_then_noise = numpy.concatenate(
            [numpy.zeros(RATE * 5), 0.5 * music(9, 5) / numpy.abs(music(9, 5)).max()]
        )
        path = self.home.folder / "half.wav"
        write_wav(path, silence_then_noise)
        track = self.service.ingest(audio=path.read_bytes(), file_name="half.wav").json["track_id"]
        answer = self.service.get(f"/api/v1/tracks/{track}/waveform")
        peaks = answer.json["peaks"]
        self.assertEqual((answer.json["track_id"], len(peaks)), (track, 500))
        self.assertLess(max(peaks[:240]), 0.01)
        self.assertAlmostEqual(max(peaks[250:]), 0.5, delta=0.1)
        again = self.service.get(f"/api/v1/tracks/{track}/waveform", If_None_Match=answer.headers["ETag"])
        self.assertEqual((again.status, again.body), (304, b""))

        self.home.forget_documents("waveforms")  # as if all tracks had been ingested before waveforms existed
        self.assertEqual(self.service.get(f"/api/v1/tracks/{track}/waveform").json, answer.json)
        self.assertEqual(len(self.home.documents("waveforms")), 1, "it is kept now")
        self.service.request("DELETE", f"/api/v1/tracks/{track}")
        self.assertEqual(self.home.documents("waveforms"), {}, "it goes with its track")

    def test_a_file_that_is_gone_and_a_track_that_is_removed(self):
        track = self.track("Song 3")
        clip = self.home.clip(3, 4)
        song = self.home.music / "three.ogg"
        song.rename(song.with_suffix(".away"))
        self.assert_error(self.service.get(f"/api/v1/tracks/{track}/audio"), 404, "FILE_NOT_FOUND")
        self.assertEqual(self.service.get(f"/api/v1/tracks/{track}/waveform").status, 200, "made at the ingest")
        self.home.forget_documents("waveforms")
        self.assert_error(self.service.get(f"/api/v1/tracks/{track}/waveform"), 404, "FILE_NOT_FOUND")
        song.with_suffix(".away").rename(song)
        self.assertEqual(self.service.request("DELETE", f"/api/v1/tracks/{track}").status, 204)
        self.assert_error(self.service.get(f"/api/v1/tracks/{track}"), 404, "NOT_FOUND")
        self.assert_error(self.service.request("DELETE", f"/api/v1/tracks/{track}"), 404, "NOT_FOUND")
        self.assertEqual(self.service.search(clip, mode="exact").json["exact_matches"], [])
        self.assertTrue(song.exists(), "the user's own file stays")
        self.assertEqual(self.home.run("ingest", str(self.home.music)).returncode, 0)
        self.assertTrue(
            self.service.search(clip, mode="exact").json["exact_matches"], "another program's ingest is seen"
        )

    def test_while_another_program_writes_a_removal_is_asked_to_come_again(self):
        import fcntl

        with open(self.home.folder / "data" / "lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            answer = self.service.request("DELETE", f"/api/v1/tracks/{self.track('Song 1')}")
            self.assert_error(answer, 503, "SERVICE_UNAVAILABLE")
            self.assertTrue(answer.headers["Retry-After"].isdigit())


class WithoutVectors(ServiceTest):
    """The exact lane of a library without embeddings."""

    songs = {1: "one.flac"}
    ingest_options = ["--no-embed"]

    def test_the_exact_lane_answers_and_the_other_one_says_what_is_missing(self):
        clip = self.home.clip(1, 3)
        both = self.service.search(clip)
        self.assertEqual((both.status, both.json["lanes"]), (200, {"exact": "ok", "vibe": "unavailable"}))
        self.assertEqual(both.json["exact_matches"][0]["track"]["title"], "Song 1")
        track = both.json["exact_matches"][0]["track"]["id"]
        for answer in (self.service.search(clip, mode="vibe"), self.service.get(f"/api/v1/tracks/{track}/similar")):
            self.assert_error(answer, 503, "SERVICE_UNAVAILABLE")
            self.assertIn("audio-ident reembed", answer.json["error"]["message"])
            self.assertTrue(answer.headers["Retry-After"].isdigit())


class Around(ServiceTest):
    """What all endpoints share."""

    settings = {"LOG_FORMAT": "json"}
    songs = {}

    def test_health_and_readiness(self):
        self.assertEqual(self.service.get("/health").json["status"], "ok")
        ready = self.service.get("/health/ready")
        self.assertEqual(
            (ready.status, ready.json),
            (
                200,
                {
                    "status": "ok",
                    "stores": {"catalog": "ok", "fingerprint_index": "ok", "vector_index": "ok", "audio": None},
                },
            ),
        )

    def test_version(self):
        version = self.service.get("/api/v1/version").json
        self.assertEqual((version["name"], version["api_version"]), ("audio-ident", "1.12.0"))
        self.assertIn("FFmpeg", [component["name"] for component in version["components"]])

    def test_an_empty_library_has_no_tracks_and_no_matches(self):
        self.assertEqual(self.service.get("/api/v1/tracks").json["total"], 0)
        self.assertEqual(self.service.search(self.home.clip(1, 2), mode="exact").json["exact_matches"], [])

    def test_the_docs_need_no_other_site(self):
        page = self.service.get("/docs")
        self.assertEqual(page.headers["Content-Type"], "text/html; charset=utf-8")
        for link in re.findall(r'(?:src|href)="([^"]+)"', page.body.decode()):
            self.assertEqual(self.service.get(link).status, 200, link)
            self.assertTrue(link.startswith("/"), link)

    def test_unknown_paths_and_methods(self):
        self.assert_error(self.service.get("/api/v1/nothing"), 404, "NOT_FOUND")
        self.assert_error(self.service.get("/%FF"), 400, "VALIDATION_ERROR")
        answer = self.service.request("PUT", "/api/v1/tracks")
        self.assert_error(answer, 405, "METHOD_NOT_ALLOWED")
        self.assertEqual(answer.headers["Allow"], "GET, HEAD, OPTIONS")
        self.assertEqual(self.service.request("OPTIONS", "/api/v1/search").headers["Allow"], "POST, OPTIONS")

    def test_other_web_sites_and_other_names_are_refused(self):
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Host": "evil.example"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        ):
            self.assert_error(self.service.request("GET", "/api/v1/tracks", headers=headers), 403, "FORBIDDEN")
            self.assert_error(
                self.service.ingest({"directory": str(self.home.music)}, headers=headers), 403, "FORBIDDEN"
            )

    def test_the_page_may_use_the_service(self):
        origin = "http://localhost:17000"
        answer = self.service.get("/api/v1/tracks", Origin=origin)
        self.assertEqual((answer.status, answer.headers["Access-Control-Allow-Origin"]), (200, origin))
        self.assertIn("Origin", answer.headers["Vary"])
        preflight = self.service.request(
            "OPTIONS", "/api/v1/search", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        )
        self.assertEqual(preflight.status, 204)
        self.assertIn("POST", preflight.headers["Access-Control-Allow-Methods"])

    def test_a_connection_serves_many_requests(self):
        connection = self.service.connect()
        connection.connect()
        first = connection.sock
        for _ in range(3):
            self.assertEqual(self.service.request("GET", "/health", connection=connection).status, 200)
        self.assertIs(connection.sock, first)
        connection.close()

    def test_requests_that_came_together_are_answered_in_turn(self):
        with socket.create_connection((self.service.host, self.service.port), timeout=30) as client:
            client.sendall(
                b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2
                + b"GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            text = b""
            while piece := client.recv(65536):
                text += piece
        self.assertEqual(text.count(b"HTTP/1.1 200 OK"), 3)

    def test_a_header_that_is_too_long(self):
        self.assert_error(self.service.get("/health", X_Long="x" * 20000), 431, "HEADERS_TOO_LARGE")

    def test_log_lines_are_objects_with_the_request(self):
        answer = self.service.get("/api/v1/nothing")
        end = time.monotonic() + 10
        while answer.headers["X-Request-ID"] not in self.service.log_text() and time.monotonic() < end:
            time.sleep(0.05)
        lines = [json.loads(line) for line in self.service.log_text().splitlines()]
        line = next(line for line in lines if line.get("request_id") == answer.headers["X-Request-ID"])
        self.assertIn("404 NOT_FOUND", line["message"])

    def test_metrics_count(self):
        def count():
            text = self.service.get("/metrics").body.decode()
            found = re.search(
                r'audioident_http_requests_total\{method="GET",route="/api/v1/version",status="200"\} (\d+)', text
            )
            return int(found[1]) if found else 0

        before = count()
        self.service.get("/api/v1/version")
        end = time.monotonic() + 10
        while count() != before + 1 and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(count(), before + 1)


class Keys(ServiceTest):
    settings = {"ADMIN_API_KEY": "open sesame", "RATE_LIMIT_PER_MINUTE": "30"}
    songs = {}

    def test_writes_need_the_key_and_many_requests_must_wait(self):
        body = {"directory": str(self.home.music)}
        refused = self.service.ingest(body)
        self.assert_error(refused, 401, "UNAUTHORIZED")
        self.assertEqual(refused.headers["WWW-Authenticate"], "Bearer")
        self.assert_error(self.service.ingest(body, headers={"Authorization": "Bearer open"}), 401, "UNAUTHORIZED")
        self.assertEqual(self.service.ingest(body, headers={"Authorization": "Bearer open sesame"}).status, 202)
        self.assertEqual(self.service.get("/api/v1/tracks").status, 200)
        for _ in range(40):
            answer = self.service.get("/health")
        self.assert_error(answer, 429, "RATE_LIMITED")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertEqual(self.service.get("/").status, 200, "files of the page do not count")


class IndexMadeAnew(ServiceTest):
    """Another program deletes the index while the service runs."""

    def wait_until(self, condition):
        end = time.monotonic() + 120
        while not condition():
            self.assertLess(time.monotonic(), end, self.service.log_text()[-3000:])
            time.sleep(0.1)

    def finds(self, seed):
        try:
            answer = self.service.search(self.home.clip(seed, 3), mode="exact")
        except OSError:
            return False  # the service is opening the new index
        return answer.status == 200 and [match["track"]["title"] for match in answer.json["exact_matches"]] == [
            f"Song {seed}"
        ]

    def test_the_service_goes_on_with_the_new_one(self):
        self.assertTrue(self.finds(1))
        done = self.home.run("rebuild-index", "--from-scratch")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.wait_until(lambda: "the fingerprint index was replaced" in self.service.log_text())
        self.wait_until(lambda: self.finds(1))
        # The service adds tracks to the index that others see.
        path = self.home.add_song(9, "nine.flac")
        self.assertEqual(self.service.ingest(audio=path.read_bytes()).json["status"], "ingested")
        self.assertTrue(self.finds(9))
        well = self.home.run("doctor")
        self.assertEqual(well.returncode, 0, well.stdout)

        self.assertEqual(self.home.run("db", "reset", "--yes").returncode, 0)
        self.wait_until(lambda: self.service.log_text().count("the fingerprint index was replaced") == 2)
        self.wait_until(lambda: (self.home.folder / "data" / "fingerprints" / "data.mdb").exists())
        self.assertEqual(self.home.run("ingest", str(self.home.music)).returncode, 0)
        self.wait_until(lambda: self.finds(2))


class Start(unittest.TestCase):
    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.close)

    def test_other_machines_get_in_with_a_key_or_a_flag_only(self):
        refused = self.home.run("serve", "--host", "0.0.0.0")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("ADMIN_API_KEY", refused.stderr)
        Service(self.home, {"SERVICE_HOST": "0.0.0.0", "ADMIN_API_KEY": "x"}).stop()
        Service(self.home, {"SERVICE_HOST": "0.0.0.0"}, ["--allow-anonymous-writes"]).stop()

    def test_a_port_that_is_taken(self):
        first = Service(self.home)
        other = self.home.run("serve", settings={"SERVICE_PORT": str(first.port)})
        self.assertEqual(other.returncode, 75)
        self.assertIn("SERVICE_PORT", other.stderr)
        first.stop()

    def test_stores_that_cannot_be_reached(self):
        data = self.home.folder / "data"
        (data / "fingerprints").mkdir(parents=True)
        (data / "fingerprints" / "data.mdb").write_bytes(b"not an index" * 1000)
        done = self.home.run("serve")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("FATAL: Cannot reach the fingerprint index at " + str(data / "fingerprints"), done.stderr)

    def test_a_server_that_cannot_be_reached_is_named_without_its_password(self):
        done = self.home.run(
            "serve", settings={"POSTGRES_MODE": "external", "DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:1/music"}
        )
        self.assertEqual(done.returncode, 75)
        self.assertIn("FATAL: Cannot reach PostgreSQL at postgresql://me:***@127.0.0.1:1/music. Error: ", done.stderr)
        self.assertNotIn("hunter2", done.stderr)

    def test_systemd_takes_the_end_after_its_stop_for_success(self):
        unit = pathlib.Path(__file__).parents[3] / "systemd" / "audio-ident.service"
        code = Service(self.home).stop()
        self.assertIn(f"SuccessExitStatus={code}", unit.read_text().splitlines())

    def test_a_stop_lets_the_running_request_finish(self):
        service = Service(self.home)
        body, headers = form({"mode": "exact"}, self.home.clip(1, 2))
        connection = service.connect()
        connection.putrequest("POST", "/api/v1/search")
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body[:1000])
        idle = service.connect()
        idle.connect()
        service.wait_until_at_rest()
        service.process.terminate()
        service.wait_until_at_rest()
        connection.send(body[1000:])
        self.assertEqual(connection.getresponse().status, 200)
        self.assertEqual(service.stop(), 143)
        with self.assertRaises(OSError):
            service.get("/health")

    def test_a_stop_says_that_it_is_coming(self):
        service = Service(self.home, {"SHUTDOWN_DELAY_SECONDS": "600"})
        kept = service.connect()
        ready = service.request("GET", "/health/ready", connection=kept)
        self.assertEqual((ready.status, ready.headers["Connection"]), (200, None))
        service.process.terminate()
        end = time.monotonic() + 60
        while service.get("/health/ready").status == 200 and time.monotonic() < end:
            time.sleep(0.05)
        leaving = service.request("GET", "/health/ready", connection=kept)
        self.assertEqual((leaving.status, leaving.headers["Connection"]), (503, "close"))
        self.assertEqual((leaving.json["status"], leaving.json["stores"]["catalog"]), ("unavailable", "ok"))
        self.assertEqual(service.search(self.home.clip(1, 2), mode="exact").status, 200, "it answers as before")
        self.assertEqual(service.stop(), 143, "a second signal ends it at once")

    def test_a_stop_with_a_delay_comes(self):
        service = Service(self.home, {"SHUTDOWN_DELAY_SECONDS": "1"})
        service.process.terminate()
        self.assertEqual(service.process.wait(timeout=120), 143)
        self.assertIn("stopped", service.log_text())
        service.process.stdout.close()
        service.log.close()


if __name__ == "__main__":
    unittest.main()
