"""Who may do what: every change needs the key, whatever it is; other web sites get nothing; secrets stay where they
are. docs/threat-model.md lists these tests."""

import pathlib
import re
import stat
import unittest
import uuid

from service import Home, Service, ServiceTest
from unwell_test import children_of

KEY = "open sesame"
METHODS = {"get", "post", "put", "patch", "delete"}
# They carry a clip, so they are POST, but change nothing.
SEARCHES = {"/api/v1/search", "/api/v1/search/stations"}


class Access(ServiceTest):
    settings = {"ADMIN_API_KEY": KEY}
    songs = {1: "one.flac"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operations = [
            (method.upper(), re.sub(r"\{\w+\}", str(uuid.UUID(int=1)), path))
            for path, methods in cls.service.get("/openapi.json").json["paths"].items()
            for method in METHODS & set(methods)
        ]

    def statuses(self, operations, headers):
        return {
            (method, path): self.service.request(method, path, headers=headers).status for method, path in operations
        }

    def changes(self):
        return [(method, path) for method, path in self.operations if method != "GET" and path not in SEARCHES]

    def test_every_change_needs_the_key(self):
        changes = self.changes()
        self.assertLessEqual({("POST", "/api/v1/ingest"), ("POST", "/api/v1/monitors")}, set(changes))
        for headers in ({}, {"Authorization": "Bearer open"}, {"Authorization": f"Basic {KEY}"}):
            self.assertEqual(set(self.statuses(changes, headers).values()), {401}, headers)
        allowed = self.statuses(changes, {"Authorization": f"Bearer {KEY}"})
        self.assertFalse({401, 403} & set(allowed.values()), allowed)

    def test_another_web_site_gets_nothing_even_with_the_key(self):
        asked = [(method, path) for method, path in self.operations if path != "/api/v1/live"]
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            answers = self.statuses(asked, {**headers, "Authorization": f"Bearer {KEY}"})
            self.assertEqual(set(answers.values()), {403}, answers)

    def test_the_decoders_do_not_have_the_key(self):
        self.assertEqual(self.service.search(self.home.clip(1, 3), mode="exact").status, 200)
        service = self.service.process.pid
        self.assertIn(KEY.encode(), pathlib.Path(f"/proc/{service}/environ").read_bytes())
        makers = children_of(service)
        self.assertTrue(makers)
        for process in [*makers, *(worker for maker in makers for worker in children_of(maker))]:
            for place in ("environ", "cmdline"):
                self.assertNotIn(KEY.encode(), pathlib.Path(f"/proc/{process}/{place}").read_bytes())


class OtherUsers(unittest.TestCase):
    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.close)

    def assert_only_the_owner_may_open(self):
        self.assertEqual(stat.S_IMODE((self.home.folder / "data").stat().st_mode), 0o700)

    def test_the_data_folder_of_a_command_is_its_owners(self):
        self.home.add_song(1, "one.flac", seconds=5)
        self.assertEqual(self.home.run("ingest", "--no-embed", str(self.home.music)).returncode, 0)
        self.assert_only_the_owner_may_open()

    def test_the_data_folder_of_a_service_is_its_owners(self):
        Service(self.home).stop()
        self.assert_only_the_owner_may_open()


if __name__ == "__main__":
    unittest.main()
