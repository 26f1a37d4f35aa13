"""Prints the last lines of each test that failed, from the JUnit file of ctest.

Among the output of 1,400 tests a failure is hard to find, and a log that is cut keeps its end.
"""

import sys
import xml.etree.ElementTree as xml

LINES = 80


def failures(report):
    """(name, output) of each test of a JUnit file that failed."""
    for case in xml.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None:
            yield case.get("name"), case.findtext("system-out") or ""


def text_of(report):
    parts = []
    for name, output in failures(report):
        lines = output.rstrip().split("\n")
        left_out = [f"({len(lines) - LINES} lines before)"] if len(lines) > LINES else []
        parts.append("\n".join([f"== {name} failed:", *left_out, *lines[-LINES:]]))
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(text_of(sys.argv[1]))
