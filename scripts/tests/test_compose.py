"""docker-compose.yml fits the program that it starts."""

import pathlib
import re
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def settings():
    """The names of all settings of the program."""
    return set(re.findall(r"^#([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


class Compose(unittest.TestCase):
    def setUp(self):
        self.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    def test_every_setting_is_one_of_the_program(self):
        for name in ("audio-ident", "service"):
            self.assertEqual(set(self.services[name]["environment"]) - settings(), set())

    def test_nothing_of_a_service_that_comes_several_times_can_be_there_only_once(self):
        service = self.services["service"]
        self.assertNotIn("ports", service)
        self.assertNotIn("container_name", service)
        self.assertNotIn("/data", [volume.split(":")[1] for volume in service["volumes"]])

    def test_the_profile_for_one_machine_and_that_for_several_share_only_postgresql(self):
        shared = {name for name, each in self.services.items() if {"dev", "scale"} <= set(each["profiles"])}
        self.assertEqual(shared, {"postgres"})


if __name__ == "__main__":
    unittest.main()
