"""What failed is printed, and nothing else."""

import io
import unittest
from xml.sax.saxutils import escape

from scripts.failed_tests import LINES, text_of


def report(*cases):
    """(name, whether it failed, output)"""
    text = "".join(
        f'<testcase name="{name}">{"<failure/>" if failed else ""}<system-out>{escape(output)}</system-out></testcase>'
        for name, failed, output in cases
    )
    return io.StringIO(f"<testsuite>{text}</testsuite>")


class FailedTests(unittest.TestCase):
    def test_only_what_failed_is_printed(self):
        text = text_of(report(("good", False, "fine"), ("bad", True, "1 < 2 & 3\n"), ("silent", True, "")))
        self.assertEqual(text, "== bad failed:\n1 < 2 & 3\n\n== silent failed:\n")

    def test_of_much_the_end_is_printed(self):
        text = text_of(report(("long", True, "\n".join(str(i) for i in range(LINES + 5)))))
        self.assertEqual(text.split("\n")[:3], ["== long failed:", "(5 lines before)", "5"])
        self.assertTrue(text.endswith(f"\n{LINES + 4}"))


if __name__ == "__main__":
    unittest.main()
