"""The comparison of package versions with a small made-up file of Debian's tracker."""

import contextlib
import io
import json
import subprocess
import tempfile
import unittest
from itertools import pairwise
from pathlib import Path
from unittest import mock

from scripts import known_cves
from scripts.known_cves import Package

TRACKER = {
    "ffmpeg": {
        "CVE-1": {"description": "a heap overflow", "releases": {"bookworm": {"status": "open", "urgency": "low"}}},
        "CVE-2": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "7:5.1.7-0+deb12u1"}}},
        "CVE-3": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "7:5.1.6-0+deb12u1"}}},
        "CVE-4": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "0"}}},
        "CVE-5": {"releases": {"bookworm": {"status": "open", "urgency": "unimportant"}}},
        "CVE-6": {"releases": {"bookworm": {"status": "undetermined"}}},
        "CVE-7": {"releases": {"trixie": {"status": "open"}}},
    },
    "curl": {"CVE-8": {"releases": {"bookworm": {"status": "open"}}}},
}
VERSION = "7:5.1.6-0+deb12u1"
PACKAGES = [Package(name, VERSION, "ffmpeg", VERSION) for name in ("libavcodec59", "libavformat59")]


class Comparison(unittest.TestCase):
    def test_tells_what_is_fixed_elsewhere_open_and_unimportant(self):
        found = known_cves.compare(PACKAGES, "bookworm", TRACKER)
        self.assertEqual(
            [(finding.cve, finding.state) for finding in found],
            [("CVE-1", "open"), ("CVE-2", "fixed"), ("CVE-5", "unimportant"), ("CVE-6", "undetermined")],
        )

    def test_a_source_that_the_tracker_does_not_know_has_none(self):
        self.assertEqual(known_cves.compare([Package("a", "1", "a", "1")], "bookworm", TRACKER), [])

    def test_the_report_names_what_to_upgrade_first_and_counts(self):
        lines = list(known_cves.report(known_cves.compare(PACKAGES, "bookworm", TRACKER), PACKAGES, "bookworm"))
        self.assertEqual(lines[0], f"CVE-2  ffmpeg {VERSION}: fixed in 7:5.1.7-0+deb12u1")
        self.assertEqual(lines[1], f"CVE-1  ffmpeg {VERSION}: not fixed in this release. a heap overflow")
        self.assertEqual(
            lines[2],
            "2 packages of 1 sources in bookworm: 1 CVEs fixed by a version that is not installed, 1 open in Debian, "
            "1 undetermined, 1 that Debian calls unimportant",
        )


class Versions(unittest.TestCase):
    def test_are_ordered_as_dpkg_orders_them(self):
        ordered = ["1~rc1", "1", "1-0+deb12u1", "1-1~bpo12+1", "1-1", "1-1+b1", "1.0.9", "1.0.10", "1.0+dfsg-1"]
        ordered += ["1.1-2-3", "1a", "2", "1:0.5"]
        for low, high in pairwise(ordered):
            dpkg = subprocess.run(["dpkg", "--compare-versions", low, "lt", high], check=False).returncode == 0
            ours = known_cves.version_key(low) < known_cves.version_key(high)
            self.assertEqual((ours, dpkg), (dpkg, dpkg), f"{low} {high}")
        self.assertEqual(known_cves.version_key("0:1.0-0"), known_cves.version_key("1.0"))


class Packages(unittest.TestCase):
    def test_are_read_from_what_a_package_depends_on(self):
        text = "libc6 (>= 2.36), libcurl4 | libcurl4t64 (>= 7), adduser,\n libstdc++6:any"
        self.assertEqual(
            known_cves.names_in_depends(text), ["adduser", "libc6", "libcurl4", "libcurl4t64", "libstdc++6"]
        )

    def test_are_those_of_the_libraries_of_a_program(self):
        names = known_cves.library_names("/usr/bin/dpkg-deb")
        self.assertIn("libc6", names)
        packages, absent = known_cves.installed([*names, "no-such-package"])
        self.assertEqual(absent, ["no-such-package"])
        self.assertIn("glibc", {package.source for package in packages})

    def test_of_the_set_up_and_others_sources_are_named(self):
        self.assertLessEqual({"libavformat-dev", "postgresql"}, set(known_cves.setup_names()))
        self.assertTrue(any(entry.startswith("openvino ") for entry in known_cves.not_debians()))

    def test_of_which_apt_has_a_newer_version_are_named(self):
        policy = "libavcodec59:\n  Installed: {0}\n  Candidate: {1}\n  Version table:\nother:\n  Installed: (none)\n"
        for candidate, wanted in (("7:5.1.10-0", ["libavcodec59 7:5.1.10-0"]), (VERSION, []), ("(none)", [])):
            self.assertEqual(known_cves.newer_in(policy.format(VERSION, candidate), PACKAGES), wanted)


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name, "tracker.json")

    def code(self, *arguments, packages=PACKAGES):
        """The exit code, and what was printed."""
        printed = io.StringIO()
        with (
            mock.patch.object(known_cves, "installed", return_value=(packages, [])),
            mock.patch.object(known_cves, "run", return_value=""),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            return known_cves.main([*arguments, "--data", str(self.data)]), printed.getvalue()

    def test_says_by_its_exit_code_what_it_found(self):
        self.data.write_text(json.dumps(TRACKER))
        self.assertEqual(self.code("--release", "bookworm")[0], 1)
        newer = [Package("libavcodec59", "7:5.1.8-0", "ffmpeg", "7:5.1.8-0")]
        self.assertEqual(self.code("--release", "bookworm", packages=newer)[0], 0)
        text = self.code("--list", "--release", "sid")[1]
        self.assertIn(f"libavcodec59 {VERSION} (source ffmpeg {VERSION}", text)
        self.assertIn("the libraries that it loads are not among them", text)

    def test_says_when_nothing_was_compared(self):
        for arguments in (["--release", "bookworm"], ["--release", ""]):
            code, text = self.code(*arguments)
            self.assertEqual(code, 2)
            self.assertTrue(text.endswith("NOTHING WAS COMPARED\n"), text)
        self.data.write_text("<html>")
        self.assertEqual(self.code("--release", "bookworm")[0], 2)


if __name__ == "__main__":
    unittest.main()
