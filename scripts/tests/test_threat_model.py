"""Every test that docs/threat-model.md names exists."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "threat-model.md"
TESTS = ROOT / "audio-ident-service" / "tests"
CODE = re.compile(r"`([^`\n]+)`")
PYTHON_TEST = re.compile(r"^(\w+_test)\.(\w+)\.(test_\w+)$")
GOOGLE_TEST = re.compile(r"^([A-Z]\w*)\.([A-Z]\w*)$")
GOOGLE_TEST_HEAD = re.compile(r"^\s*TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", re.MULTILINE)


def python_tests(folder):
    """All "file.Class.test_case" below a folder."""
    found = set()
    for path in folder.rglob("*_test.py"):
        group = None
        for line in path.read_text().splitlines():
            if match := re.match(r"class (\w+)", line):
                group = match[1]
            elif match := re.match(r"    def (test_\w+)", line):
                found.add(f"{path.stem}.{group}.{match[1]}")
    return found


def google_tests(folder):
    """All "Suite.Case" below a folder."""
    return {
        ".".join(match) for path in folder.rglob("*_test.cpp") for match in GOOGLE_TEST_HEAD.findall(path.read_text())
    }


def named_tests(text):
    return [word for word in CODE.findall(text) if PYTHON_TEST.match(word) or GOOGLE_TEST.match(word)]


def missing(text, tests):
    return [word for word in named_tests(text) if word not in tests]


def rows_without_a_test(text):
    """Rows of the tables of attacks whose last cell names nothing, or something that is no test."""
    rows, is_of_attacks = [], False
    for line in text.splitlines():
        if line.startswith("| attack"):
            is_of_attacks = True
        elif not line.startswith("|"):
            is_of_attacks = False
        elif is_of_attacks and not line.startswith("|-"):
            rows.append(line)
    for row in rows:
        shown = CODE.findall(row.strip("| ").rsplit(" | ", 1)[-1])
        if not shown or shown != named_tests(row.rsplit(" | ", 1)[-1]):
            yield row


class TheCheck(unittest.TestCase):
    def test_finds_what_is_missing(self):
        text = "`a_test.Some.test_it` `a_test.Some.test_gone` `Suite.Case` `Suite.Gone` `core/error.hpp` `NAME=value`"
        self.assertEqual(missing(text, {"a_test.Some.test_it", "Suite.Case"}), ["a_test.Some.test_gone", "Suite.Gone"])

    def test_finds_claims_without_a_test(self):
        good = "| attack | what | shown by |\n|---|---|---|\n| a | `X` | `Suite.Case`, `a_test.Some.test_it` |\n"
        self.assertEqual(list(rows_without_a_test(good + "\n| figure | 1 |\n")), [])
        for claim in ("| a | b | |", "| a | b | by hand |", "| a | b | `Suite.Case`, `misspelt` |"):
            self.assertEqual(list(rows_without_a_test(good + claim)), [claim])


class ThePage(unittest.TestCase):
    def setUp(self):
        self.text = PAGE.read_text()

    def test_names_tests_that_exist(self):
        tests = python_tests(TESTS) | google_tests(TESTS)
        self.assertGreater(len(named_tests(self.text)), 40)
        self.assertEqual(missing(self.text, tests), [])

    def test_has_a_test_for_each_claim(self):
        self.assertEqual(list(rows_without_a_test(self.text)), [])


if __name__ == "__main__":
    unittest.main()
