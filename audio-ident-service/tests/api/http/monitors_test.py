"""Monitors over HTTP: stations on loopback with a programme made of the songs in sample/."""

import csv
import io
import json
import os
import re
import subprocess
import unittest

from service import ServiceTest, convert, form, music, write_wav
from stations import MP3_BYTES_A_SECOND, StationsTest, seconds, until
from streams import StreamServer, encode, endless_head
from timelines_test import EXACT_LANE_ONLY, SAMPLE, SONGS, mix

BEFORE_LISTENING = 8  # seconds of a playlist


class Monitors(StationsTest):
    def check_programme(self, plays):
        self.assertEqual([play["title"] for play in plays], ["Hungarian Dance No. 5", "Vibe Ace"])
        first, second = plays
        self.assertAlmostEqual(first["place_seconds"], 5, delta=0.5)
        self.assertAlmostEqual(seconds(first["ended_at"]) - seconds(first["started_at"]), 24, delta=1.5)
        self.assertAlmostEqual(seconds(second["started_at"]) - seconds(first["started_at"]), 36, delta=1.5)
        self.assertAlmostEqual(second["place_seconds"], 10, delta=0.5)
        self.assertAlmostEqual(first["speed"], 1, delta=0.01)
        self.assertGreater(min(play["confidence"] for play in plays), 0.9)

    def test_a_stream_is_logged_with_its_titles_kept_beside(self):
        _, monitor = self.add_stream("fast", speed=20, title="Some Band - Another Song")
        until(lambda: len(self.plays("fast")) == 2 and self.monitor(monitor)["status"] == "failing")
        plays = self.plays("fast")
        self.check_programme(plays)
        now = self.monitor(monitor)
        self.assertEqual(now["hint"], "Some Band - Another Song")
        self.assertEqual(plays[1]["hint"], "Some Band - Another Song")
        self.assertIn("ended the stream", now["detail"])
        self.assertEqual(
            self.service.get(f"/api/v1/monitors/{monitor['id']}/outages").json["items"][0]["reason"], now["detail"]
        )
        self.check_exports(plays)
        self.check_stations(plays)
        metrics = self.service.get("/metrics").body.decode()
        heard = re.search(r'audioident_monitor_heard_seconds_total\{monitor="fast"\} ([\d.]+)', metrics)
        self.assertAlmostEqual(float(heard[1]), 60, delta=3)

    def clip(self, begin):
        """Six seconds of the programme."""
        path = self.home.folder / f"clip-{begin}.wav"
        convert(self.wav, path, "-ss", str(begin), "-t", "6")
        return path

    def search_stations(self, clip):
        body, headers = form({}, clip)
        return self.service.request("POST", "/api/v1/search/stations", body, headers)

    def check_stations(self, plays):
        """What the station played can be found, whether the library has it or not."""
        first = seconds(plays[0]["started_at"])
        for begin in (10, 26):
            clip = self.clip(begin).read_bytes()
            match, *others = until(lambda c=clip: self.search_stations(c).json["station_matches"])
            self.assertEqual((match["monitor"], match["monitor_id"]), ("fast", plays[0]["monitor_id"]))
            self.assertAlmostEqual(seconds(match["played_at"]) - first, begin, delta=1.5)
            self.assertGreater(match["confidence"], 0.9)
            self.assertEqual(others, [])
        unheard = self.home.folder / "unheard.wav"
        write_wav(unheard, music(99, 6))
        self.assertEqual(self.search_stations(unheard.read_bytes()).json["station_matches"], [])
        self.assert_error(self.search_stations(b"no sound"), 400, "UNSUPPORTED_FORMAT")
        self.assert_error(self.search_stations(None), 400, "VALIDATION_ERROR")

    def check_exports(self, plays):
        answer = self.service.get("/api/v1/plays/export?format=csv&monitor=fast")
        self.assertEqual(answer.headers.get_content_type(), "text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual([row["title"] for row in rows], [play["title"] for play in plays])
        self.assertEqual(self.service.get("/api/v1/plays/export?monitor=fast").json["items"], plays[::-1])
        totals = self.service.get("/api/v1/plays/totals?by=artist&monitor=fast").json["items"]
        self.assertEqual({total["plays"] for total in totals}, {1})
        only = self.service.get(f"/api/v1/plays?track={plays[0]['track_id']}&monitor=fast").json
        self.assertEqual(only["total"], 1)
        later = self.service.get(f"/api/v1/plays?monitor=fast&from={plays[1]['started_at'][:19]}").json
        self.assertEqual(later["total"], 1)
        for query, status in (("from=yesterday", 400), ("monitor=nobody", 404), ("track=x", 400)):
            self.assertEqual(self.service.get(f"/api/v1/plays?{query}").status, status, query)
        listed = self.home.run("plays", "--monitor", "fast", "--format", "csv", settings=self.settings)
        self.assertEqual(listed.stdout.split(), answer.body.decode().split())

    def test_a_live_playlist_of_hls_is_logged(self):
        folder = self.home.folder / "hls"
        folder.mkdir()
        hls = ("-c:a", "aac", "-b:a", "96k", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0")
        encode(self.wav, folder / "list.m3u8", *hls)
        for segment in folder.glob("*.ts"):
            self.server.add_file(f"/hls/{segment.name}", segment.read_bytes(), "video/mp2t")
        lines = (folder / "list.m3u8").read_text()
        entries = re.findall(r"#EXTINF:[^\n]*\n[^\n]*\n", lines)

        def live(handler):
            # Each time it is asked for, four more segments are there.
            shown = min(len(entries), 4 * self.server.hits["/hls/live.m3u8"] - 1)
            first = max(0, shown - 6)
            text = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:{first}\n" + "".join(entries[first:shown])
            text += "#EXT-X-ENDLIST\n" if shown == len(entries) else ""
            handler.send_response(200)
            handler.send_header("Content-Type", "application/vnd.apple.mpegurl")
            handler.end_headers()
            handler.wfile.write(text.encode())

        self.server.paths["/hls/live.m3u8"] = live
        main = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=96000\nlive.m3u8\n"
        self.server.add_file("/hls/main.m3u8", main.encode(), "application/x-mpegurl")
        monitor = self.add("hls", self.server.url("/hls/main.m3u8"))
        until(lambda: self.monitor(monitor)["status"] == "ended")
        plays = self.plays("hls")
        self.check_programme(plays)
        self.assertTrue(all(play["final"] for play in plays))

    def test_a_playlist_that_ffmpeg_writes_is_logged(self):
        folder = self.home.folder / "ffmpeg"
        folder.mkdir()
        writer = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-readrate", "6", "-f", "mp3", "-i", "pipe:0", "-c:a", "aac", "-b:a", "96k"]
            + ["-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_flags", "temp_file"]
            + [str(folder / "live.m3u8")],
            stdin=subprocess.PIPE,
        )
        self.addCleanup(writer.wait)
        self.addCleanup(writer.kill)
        self.server.add_folder("/ffmpeg", folder)
        before = BEFORE_LISTENING * MP3_BYTES_A_SECOND
        writer.stdin.write(self.mp3[:before])
        writer.stdin.flush()
        until(lambda: (folder / "live.m3u8").is_file())
        monitor = self.add("ffmpeg", self.server.url("/ffmpeg/live.m3u8"))
        until(lambda: self.monitor(monitor)["status"] == "listening")
        writer.stdin.write(self.mp3[before:])
        writer.stdin.close()
        until(lambda: self.monitor(monitor)["status"] == "ended")
        first, second = self.plays("ffmpeg")
        self.assertEqual((first["title"], second["title"]), ("Hungarian Dance No. 5", "Vibe Ace"))
        begun = first["place_seconds"] - 5  # A listener of a live playlist begins near its end.
        self.assertLess(begun, BEFORE_LISTENING)
        self.assertAlmostEqual(seconds(second["started_at"]) - seconds(first["started_at"]), 36 - begun, delta=1.5)
        self.assertTrue(first["final"] and second["final"])

    def test_a_pipe_is_logged(self):
        pipe = self.home.music / "pipe"
        os.mkfifo(pipe)
        monitor = self.add("pipe", str(pipe))
        with open(pipe, "wb") as writer:
            writer.write(self.mp3)
        until(lambda: self.monitor(monitor)["status"] == "failing")
        self.check_programme(self.plays("pipe"))
        refused = self.change("POST", "/api/v1/monitors", name="x", source="/etc/passwd")
        self.assert_error(refused, 403, "FORBIDDEN")

    def test_a_form_that_is_too_long_is_refused(self):
        body = b"name=x&source=" + b"x" * (64 << 10)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for sent, code in ((body, "FILE_TOO_LARGE"), (iter([body]), "VALIDATION_ERROR")):  # With its length, in chunks.
            answer = self.service.request("POST", "/api/v1/monitors", sent, headers)
            self.assert_error(answer, 400, code)

    def test_says_what_is_wrong_with_a_source(self):
        self.server.add_file("/page", b"<html><body>The station has moved</body></html>", "text/html; charset=utf-8")
        self.server.add_file("/unsaid", b"<html><body>The station has moved</body></html>" * 9, "audio/mpeg")
        self.server.add_redirect("/loop", self.server.url("/loop"))
        self.server.add_redirect("/file", "file:///etc/passwd")
        self.server.paths["/head"] = endless_head
        self.server.add_file("/locked.m3u8", b"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=k\n", "audio/mpegurl")
        for path, wanted in (
            ("/page", "sends text/html, not audio"),
            ("/unsaid", "not audio"),
            ("/loop", "redirects again and again"),
            ("/file", "rotocol"),
            ("/head", "does not end"),
            ("/missing", "the server answered 404"),
            ("/locked.m3u8", "encrypted"),
        ):
            self.assertIn(wanted, self.detail_of(path, self.server.url(path)), path)

    def test_a_stream_that_turns_into_a_page_says_so(self):
        station, monitor = self.add_stream("turning", speed=20)
        until(lambda: self.monitor(monitor)["status"] == "listening")
        self.server.add_file("/turning", b"<html></html>", "text/html")
        station.is_down.set()
        until(lambda: self.monitor(monitor)["detail"] == "sends text/html, not audio")

    def add_jingles(self, name):
        """A file that plays a jingle three times between known songs."""
        talk = self.home.folder / "talk.wav"
        write_wav(talk, music(22, 12))
        dance, ace = (self.home.music / song for song in SONGS)
        played = (SAMPLE / "The Struggle Loop.ogg", 0, 16)
        songs = (dance, 5, 20), (ace, 10, 20), (dance, 22, 20)
        programme = mix(self.home, f"{name}.flac", played, songs[0], played, songs[1], (talk, 0, 12), played, songs[2])
        return self.add(name, str(programme.rename(self.home.music / programme.name)))

    def test_unknown_sounds_that_come_again_are_numbered_and_kept(self):
        url = f"/api/v1/monitors/{self.add_jingles('jingles')['id']}/sounds"
        sound = until(lambda: (items := self.service.get(url).json["items"]) and items[0]["has_audio"] and items[0])
        self.assertEqual((sound["number"], sound["plays"], sound["track_id"]), (1, 3, None))
        self.assertAlmostEqual(sound["seconds"], 16, delta=2)
        plays = self.service.get(f"{url}/1/plays").json["items"]
        begins = [seconds(play["started_at"]) for play in plays[::-1]]
        self.assertAlmostEqual(begins[1] - begins[0], 36, delta=2)
        self.assertAlmostEqual(begins[2] - begins[0], 84, delta=2)
        self.assertIn("unknown 1", self.command("monitor", "sounds", "jingles"))

        audio = self.service.get(f"{url}/1/audio")
        self.assertEqual((audio.status, audio.headers["Content-Type"], audio.body[:4]), (200, "audio/flac", b"fLaC"))
        heard = self.home.folder / "heard.flac"
        heard.write_bytes(audio.body)
        probe = ("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(heard))
        length = subprocess.run(probe, check=True, capture_output=True, text=True).stdout
        self.assertAlmostEqual(float(length), sound["seconds"], delta=2)
        part = self.service.request("GET", f"{url}/1/audio", headers={"Range": "bytes=0-3"})
        self.assertEqual((part.status, part.body), (206, b"fLaC"))
        for path in ("9/plays", "9/audio"):
            self.assert_error(self.service.get(f"{url}/{path}"), 404, "NOT_FOUND")
        self.assert_error(self.change("POST", f"{url}/9/keep", title="x"), 404, "NOT_FOUND")
        self.assert_error(self.change("POST", f"{url}/1/keep", title=" "), 400, "VALIDATION_ERROR")

        kept = self.change("POST", f"{url}/1/keep", title="News jingle", artist="Radio One")
        self.assertEqual((kept.status, kept.json["title"], kept.json["artist"]), (200, "News jingle", "Radio One"))
        self.addCleanup(lambda: self.service.request("DELETE", f"/api/v1/tracks/{kept.json['track_id']}"))
        self.assertEqual(self.service.get(url).json["items"][0]["track_id"], kept.json["track_id"])
        self.assert_error(self.change("POST", f"{url}/1/keep", title="Again"), 400, "VALIDATION_ERROR")
        self.command("monitor", "keep", "jingles", "1", "--title", "Again", code=2)

        again = self.add_jingles("again")
        until(lambda: self.monitor(again)["status"] == "ended")
        self.assertEqual([play["title"] for play in self.plays("again")][::2], ["News jingle"] * 3)

    def test_silence_is_no_play(self):
        silence = self.home.folder / "silence.wav"
        write_wav(silence, music(1, 30) * 0)
        content = encode(silence, self.home.folder / "silence.mp3", "-b:a", "64k", "-ar", "44100")
        _, monitor = self.add_stream("silent", content=content, speed=30)
        until(lambda: self.monitor(monitor)["status"] == "failing")
        self.assertEqual(self.plays("silent"), [])

    def test_are_renamed_paused_and_removed(self):
        hidden = self.add("hidden", self.server.url("/x").replace("://", "://user:secret@"))
        self.assertNotIn("secret", hidden["source"] + self.command("monitor", "list"))
        station, monitor = self.add_stream("paused", content=self.long)
        url = f"/api/v1/monitors/{monitor['id']}"
        until(lambda: self.monitor(monitor)["status"] == "listening")
        paused = self.change("PATCH", url, paused="true", name="Break")
        self.assertEqual((paused.status, paused.json["status"], paused.json["name"]), (200, "paused", "Break"))
        self.assert_error(self.change("PATCH", url), 400, "VALIDATION_ERROR")
        self.assert_error(
            self.change("POST", "/api/v1/monitors", name="Break", source="http://x/"), 400, "VALIDATION_ERROR"
        )
        self.assert_error(self.change("POST", "/api/v1/monitors", name="y", source="ftp://x/"), 400, "VALIDATION_ERROR")
        resumed = self.home.run("monitor", "resume", "Break", settings=self.settings)
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        until(lambda: self.monitor(monitor)["status"] == "listening")
        self.assertEqual(self.service.request("DELETE", url).status, 204)
        self.assert_error(self.service.get(url), 404, "NOT_FOUND")
        self.assert_error(self.service.request("DELETE", url), 404, "NOT_FOUND")

    def command(self, *arguments, code=0):
        done = self.home.run(*arguments, settings=self.settings)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def test_a_file_is_logged_for_the_command_line(self):
        path = self.home.music / "programme.ogg"
        encode(self.wav, path)
        self.command("monitor", "add", "From a shell", str(path))
        self.command("monitor", "add", "From a shell", str(path), code=2)
        until(lambda: "ended" in self.command("monitor", "list"))
        shown = json.loads(self.command("--json", "monitor", "show", "From a shell"))
        self.assertEqual((shown["status"], shown["outages"]), ("ended", []))
        plays = self.service.get("/api/v1/plays?monitor=From%20a%20shell").json["items"][::-1]
        self.check_programme(plays)
        self.assertTrue(all(play["final"] for play in plays))
        table = self.command("plays", "--monitor", "From a shell").splitlines()
        self.assertEqual([line.split("  ")[1] for line in table], ["From a shell"] * 2)
        self.assertIn("Kevin MacLeod – Vibe Ace", table[1])
        self.assertIn("Vibe Ace", self.command("plays", "--totals", "track", "--monitor", "From a shell"))
        self.assertEqual(self.command("plays", "--monitor", "From a shell", "--to", "2020-01-01"), "")
        clip = str(self.clip(40))
        told = until(lambda: (text := self.command("search", "--mode", "stations", clip)) and "From" in text and text)
        self.assertRegex(told, r"From a shell\n  played it at [-\d]+ [:\d]+ UTC; ")
        found = json.loads(self.command("--json", "search", "--mode", "stations", clip))["station_matches"][0]
        self.assertEqual(found["monitor"], "From a shell")
        self.command("search", "--mode", "stations", "--all", clip, code=2)
        self.command("plays", "--monitor", "nobody", code=1)
        self.command("plays", "--from", "yesterday", code=2)
        self.assertIn("paused", self.command("monitor", "pause", "From a shell"))
        self.command("monitor", "remove", "--yes", "From a shell")
        self.command("monitor", "show", "From a shell", code=1)


class PrivateAddresses(ServiceTest):
    songs = {}
    settings = EXACT_LANE_ONLY

    def test_are_refused_however_they_are_named(self):
        server = StreamServer()
        self.addCleanup(server.close)
        port = server.server.server_port
        hosts = (
            "127.0.0.1",
            "localhost",
            "[::1]",
            "2130706433",
            "[::ffff:127.0.0.1]",
            "10.0.0.1",
            "169.254.169.254",
            "0.0.0.0",
        )
        for host in hosts:
            body, headers = form({"name": host, "source": f"http://{host}:{port}/stream"})
            answer = self.service.request("POST", "/api/v1/monitors", body, headers)
            self.assertEqual(answer.status, 201, answer.body)
        for monitor in self.service.get("/api/v1/monitors").json["items"]:
            detail = until(lambda url=f"/api/v1/monitors/{monitor['id']}": self.service.get(url).json["detail"])
            self.assertIn("MONITOR_ALLOW_PRIVATE", detail, monitor["name"])
        self.assertEqual(server.hits, {}, "nothing was asked for")


if __name__ == "__main__":
    unittest.main()
