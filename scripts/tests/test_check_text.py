"""What the check of prose finds, and what it leaves alone."""

import tempfile
import unittest
from pathlib import Path

from scripts import check_text

LONG = "word " * 30


def widths(name, text):
    return [int(finding.split(":")[1]) for finding in check_text.width_findings(Path(name), text)]


class Width(unittest.TestCase):
    def test_prose_of_documents_is_wrapped(self):
        self.assertEqual(widths("a.md", f"short\n{LONG}\n- {LONG}\n"), [2, 3])

    def test_tables_links_and_code_blocks_may_be_longer(self):
        text = f"| {LONG} |\n\n    {LONG}\n\n```\n{LONG}\n```\n[a](b) {LONG}\n<!-- {LONG} -->\n"
        self.assertEqual(widths("a.md", text), [])

    def test_one_long_word_cannot_be_wrapped(self):
        self.assertEqual(widths("a.md", "- " + "x" * 130), [])

    def test_comments_of_each_language_are_wrapped(self):
        for name, line in {"a.cpp": f"// {LONG}", "a.hpp": f"int a;  ///< {LONG}", "a.ts": f"/* {LONG}"}.items():
            self.assertEqual(widths(name, f"\n{line}\n"), [2], name)
        self.assertEqual(widths("a.sh", f"echo\n# {LONG}\n"), [2])
        self.assertEqual(widths("a.py", f'"""One.\n\n{LONG}\n"""\nx = "{LONG}"\n'), [3])

    def test_files_without_a_suffix_have_comments_too(self):
        for name in ("Makefile", ".ci/run", "a/CMakeLists.txt", "b/Dockerfile"):
            self.assertTrue(check_text.has_comments(Path(name)), name)
        self.assertFalse(check_text.has_comments(Path("LICENSE")))

    def test_code_is_not_prose(self):
        self.assertEqual(widths("a.cpp", f'call("{LONG}");\n'), [])


class Links(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "there.md").write_text("# Title\n\n## The `map`, twice\n")

    def found(self, text):
        (self.root / "a.md").write_text(text)
        return list(check_text.link_findings(Path("a.md"), text, self.root))

    def test_a_dead_link_is_found(self):
        self.assertEqual(self.found("\n[x](gone.md)"), ["a.md:2: gone.md does not exist"])

    def test_a_dead_heading_is_found(self):
        self.assertEqual(self.found("[x](there.md#gone)"), ["a.md:1: there.md has no heading #gone"])

    def test_live_links_pass(self):
        self.assertEqual(self.found("[x](there.md#the-map-twice) [y](https://example.org/gone) ![z](there.md)"), [])


class Mentions(unittest.TestCase):
    def found(self, text):
        names = ["/audio-ident-service/src/core/error.hpp"]
        findings = check_text.mention_findings(Path("a.md"), text, names, {"run"}, {"SERVICE_PORT"})
        return [finding.split(": ", 1)[1] for finding in findings]

    def test_missing_files_and_folders_are_found(self):
        self.assertEqual(
            self.found("`core/gone.hpp` and `nowhere/`"), ["core/gone.hpp does not exist", "nowhere/ does not exist"]
        )

    def test_files_are_found_by_the_end_of_their_path(self):
        self.assertEqual(self.found("`core/error.hpp`, `src/core/`, `settings.json`"), [])

    def test_missing_targets_are_found(self):
        self.assertEqual(self.found("`make gone` after `make run`"), ["the Makefile has no target gone"])

    def test_unknown_settings_are_found(self):
        self.assertEqual(self.found("`SERVICE_PORT=1 SERVICE_PORTS`"), ["the program has no setting SERVICE_PORTS"])


class Comments(unittest.TestCase):
    def found(self, line):
        names = ["/audio-ident-service/src/core/error.hpp"]
        return len(list(check_text.comment_findings(Path("a.cpp"), line, names)))

    def test_a_source_file_that_is_gone_is_found(self):
        self.assertEqual(self.found("// see core/gone.cpp"), 1)

    def test_source_files_of_the_tree_placeholders_and_code_pass(self):
        self.assertEqual(self.found("// core/error.hpp, OUT.cpp, run.py()"), 0)
        self.assertEqual(self.found('#include "core/gone.hpp"'), 0)


class Tree(unittest.TestCase):
    def test_the_settings_of_the_program_are_known(self):
        self.assertLessEqual({"SERVICE_PORT", "EMBEDDING_MODEL"}, check_text.known_settings())


if __name__ == "__main__":
    unittest.main()
