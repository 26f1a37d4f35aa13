"""The packages of the web page run with the oldest Node.js that `make setup` may find: Debian 12's."""

import json
import pathlib
import re
import unittest

PAGE = pathlib.Path(__file__).resolve().parents[2] / "audio-ident-ui"
OLDEST = 18


class PagePackages(unittest.TestCase):
    def test_those_that_are_named_run_with_the_oldest_node(self):
        packages = json.loads((PAGE / "package-lock.json").read_text())["packages"]
        for name in packages[""]["devDependencies"]:
            package = packages[f"node_modules/{name}"]
            wanted = package.get("engines", {}).get("node", f">={OLDEST}")
            ranges = re.findall(r"(>=|\^|~)? ?(\d+)", re.sub(r"\.\d+", "", wanted))
            runs = any(int(major) == OLDEST or (sign == ">=" and int(major) < OLDEST) for sign, major in ranges)
            self.assertTrue(runs, f"{name} {package['version']} needs Node.js {wanted}")


if __name__ == "__main__":
    unittest.main()
