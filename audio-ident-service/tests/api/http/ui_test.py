"""The web page as the program serves it, and the hint of a program that was built without the page."""

import gzip
import re

from service import ServiceTest


class Ui(ServiceTest):
    songs = {}

    def setUp(self):
        self.page = self.service.get("/", Accept_Encoding="identity")
        self.assertEqual(self.page.status, 200)
        if b"_app/" not in self.page.body:
            self.assertIn(b"make build", self.page.body)
            self.skipTest("built without the page")

    def test_the_page_runs_scripts_of_this_service_only(self):
        policy = self.page.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertRegex(policy, r"script-src 'self' 'sha256-[^']+'")
        self.assertNotIn("unsafe-inline", policy)
        self.assertNotIn(b"http-equiv", self.page.body)

    def test_every_view_is_there(self):
        some = "6a0e7b3e-4d0b-4b0e-9d5c-0f3a8f0d2a11"
        views = ("/library", "/add", "/timelines", "/monitors", "/history", "/status")
        for path in (*views, f"/tracks/{some}", f"/timelines/{some}", f"/monitors/{some}"):
            answer = self.service.get(path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assert_error(self.service.get("/nothing"), 404, "NOT_FOUND")

    def test_it_is_compressed_for_those_who_take_it(self):
        packed = self.service.get("/", Accept_Encoding="br, gzip")
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), self.page.body)
        self.assertIn("Accept-Encoding", packed.headers.get_all("Vary"))
        for refused in ("identity", "gzip;q=0", "gzip; q=0.0"):
            self.assertIsNone(self.service.get("/", Accept_Encoding=refused).headers["Content-Encoding"], refused)

    def test_what_the_browser_has_is_not_sent_again(self):
        self.assertEqual(self.page.headers["Cache-Control"], "no-cache")
        again = self.service.get("/", If_None_Match=self.page.headers["ETag"])
        self.assertEqual((again.status, again.body), (304, b""))
        script = re.search(rb"/_app/immutable/[^\"]+\.js", self.page.body)[0].decode()
        answer = self.service.get(script)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/javascript; charset=utf-8"))
        self.assertIn("immutable", answer.headers["Cache-Control"])
