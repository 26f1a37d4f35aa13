"""How the coverage of a parser is read from llvm-cov's export."""

import unittest
from pathlib import Path

from scripts import coverage

EXPORT = "\n".join(
    [
        "SF:/s/a.cpp",
        "FN:1,_ZN5other",
        "FN:5,_ZN4read",
        "FN:6,_ZZN4readENKUlvE_",
        "FN:9,_ZN5write",
        "FNDA:1,_ZN4read",
        "DA:1,0",
        "DA:2,0",
        "DA:5,3",
        "DA:6,3",
        "DA:7,0",
        "DA:9,1",
        "end_of_record",
        "SF:/s/build/../b.cpp",
        "DA:1,1",
        "DA:1,2",
        "end_of_record",
    ]
)


class Coverage(unittest.TestCase):
    def setUp(self):
        self.files = coverage.read_lcov(EXPORT)

    def of(self, wanted):
        return coverage.coverage_of("it", wanted, self.files, Path("/s"))

    def test_counts_the_lines_of_all_its_files(self):
        found = self.of({"a.cpp": (), "b.cpp": ()})
        self.assertEqual((found.lines, found.run, found.missed), (7, 4, ["a.cpp:1", "a.cpp:2", "a.cpp:7"]))

    def test_counts_only_functions_that_parse_with_their_lambdas(self):
        found = self.of({"a.cpp": ("read",)})
        self.assertEqual((found.lines, found.run, found.missed), (3, 2, ["a.cpp:7"]))

    def test_a_file_that_was_not_built_covers_nothing(self):
        self.assertEqual(self.of({"gone.cpp": ()}).percent, 0)

    def test_tells_which_parser_is_below_the_limit(self):
        lines = list(coverage.table([self.of({"b.cpp": ()}), self.of({"a.cpp": ()})]))
        self.assertEqual(
            lines[1:], ["it                    1      1   100.0", "it                    6      3    50.0  below 90 %"]
        )


class Parsers(unittest.TestCase):
    def test_are_those_that_are_fuzzed_and_their_files_exist(self):
        service = Path(__file__).resolve().parents[2] / "audio-ident-service"
        self.assertEqual(set(coverage.PARSERS), {path.name for path in (service / "fuzz" / "seeds").iterdir()})
        for wanted in coverage.PARSERS.values():
            for path, names in wanted.items():
                text = (service / "src" / path).read_text()
                self.assertTrue(all(name in text for name in names), path)


if __name__ == "__main__":
    unittest.main()
