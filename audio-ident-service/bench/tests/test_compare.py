"""The comparison with a recorded commit: order of rounds, report, exit code, work trees. Nothing is built."""

import contextlib
import io
import json
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from bench import compare, series
from bench.series import Series


def comparisons(**sides):
    """name=(before, after, unit)"""
    before = {name: Series(unit, old) for name, (old, _, unit) in sides.items()}
    after = {name: Series(unit, new) for name, (_, new, unit) in sides.items()}
    return series.compare(before, after)


class Rounds(unittest.TestCase):
    def test_both_sides_take_turns(self):
        order = []

        def measure(build):
            order.append(build)
            return {"a": (len(order), "ms")}

        found = compare.alternate(measure, {"base": "A", "now": "B"}, 3, lambda _: None)
        self.assertEqual("".join(order), "ABABAB")
        self.assertEqual((found["base"]["a"].values, found["now"]["a"].values), ([1, 3, 5], [2, 4, 6]))

    def test_an_interrupted_round_does_not_count(self):
        def measure(build):
            if len(said) == 4:
                raise KeyboardInterrupt
            return {"a": (len(said), "ms")}

        said = []
        found = compare.alternate(measure, {"base": "A", "now": "B"}, 3, said.append)
        self.assertEqual((found["base"]["a"].values, found["now"]["a"].values), ([1], [2]))
        self.assertIn("interrupted", said[-1])


class Report(unittest.TestCase):
    def test_names_what_became_worse_with_ratio_and_spread(self):
        found = comparisons(
            search=([10, 10, 10], [12, 12, 13], "ms"), memory=([10] * 3, [11] * 3, "MB"), start=([10] * 3, [9] * 3, "s")
        )
        self.assertEqual(
            compare.worse_in(found),
            [
                "slower by 20.0%: search, 10.000 to 12.000 ms, half of the rounds between +20.0% and +25.0%",
                "larger by 10.0%: memory, 10.000 to 11.000 MB, half of the rounds between +10.0% and +10.0%",
            ],
        )
        lines = list(compare.report(found, (["gone"], [])))
        self.assertEqual([line.split()[0] for line in lines[1:4]], ["search", "memory", "start"], "the worst first")
        self.assertIn("WORSE", lines[1])
        self.assertIn("better", lines[3])
        self.assertEqual(lines[4:], ["only the base has: gone"])

    def test_what_is_unclear_does_not_fail(self):
        self.assertEqual(compare.worse_in(comparisons(a=([10] * 5, [8, 9, 12, 13, 14], "ms"))), [])


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        self.git("init", "-q")
        self.commits = [self.commit(text) for text in ("one", "two")]
        patch = mock.patch.object(compare, "HERE", self.repository)
        patch.start()
        self.addCleanup(patch.stop)

    def git(self, *arguments):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.repository, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, text):
        (self.repository / "file").write_text(text)
        self.git("add", "file")
        self.git("commit", "-q", "-m", text)
        return self.git("rev-parse", "HEAD")

    def test_a_commit_is_checked_out_once_and_its_build_kept(self):
        tree = self.folder / "base"
        for _ in range(2):
            self.assertEqual((compare.work_tree(self.commits[0], tree) / "file").read_text(), "one")
            (tree / "built").touch()
        self.assertTrue((tree / "built").exists())
        self.assertEqual((compare.work_tree(self.commits[1], tree) / "file").read_text(), "two")
        self.assertFalse((tree / "built").exists())

    def test_a_commit_that_is_not_there_is_named(self):
        self.assertEqual(compare.full_commit(self.commits[0][:8]), self.commits[0])
        with self.assertRaisesRegex(compare.CannotCompare, "no commit 1234567890; fetch the whole history"):
            compare.full_commit("1234567890")


class Command(unittest.TestCase):
    def code(self, outcome):
        """The exit code, and what was printed."""
        arguments = ["compare", "--music", "m", "--out", "o"]
        printed = io.StringIO()
        with (
            mock.patch("sys.argv", arguments),
            mock.patch.object(compare, "compared", side_effect=outcome),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            return compare.main(), printed.getvalue()

    def test_says_by_its_exit_code_what_it_found(self):
        self.assertEqual(self.code([["slower by 9 %: a"]]), (1, "slower by 9 %: a\n"))
        self.assertEqual(self.code([[]])[0], 0)
        self.assertEqual(self.code(compare.CannotCompare("no ninja")), (2, "bench-compare: no ninja\n"))


class Recorded(unittest.TestCase):
    def test_the_base_is_a_whole_commit(self):
        self.assertRegex(json.loads(compare.BASE.read_text())["commit"], r"^[0-9a-f]{40}$")


if __name__ == "__main__":
    unittest.main()
