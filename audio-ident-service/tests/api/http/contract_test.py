"""docs/api-contract.md, /openapi.json and the answers' types say the same."""

import json
import pathlib
import re
import unittest

from service import ServiceTest

ROOT = pathlib.Path(__file__).resolve().parents[4]
CONTRACT = ROOT / "docs" / "api-contract.md"


def typescript(schema):
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " | ".join(typescript(one) for one in schema["anyOf"])
    if schema["type"] == "array":
        return typescript(schema["items"]) + "[]"
    return {"integer": "number"}.get(schema["type"], schema["type"])


class Contract(ServiceTest):
    songs = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.service.get("/openapi.json").json
        cls.text = CONTRACT.read_text()
        cls.types = {
            name: schema for name, schema in cls.api["components"]["schemas"].items() if name != "ErrorEnvelope"
        }

    def test_every_copy_is_the_one(self):
        for part in ("audio-ident-service", "audio-ident-ui"):
            self.assertEqual((ROOT / part / "docs" / "api-contract.md").read_text(), self.text)

    def test_interfaces(self):
        documented = {
            name: re.findall(r"^  (\w+): (.+);$", body, re.M)
            for name, body in re.findall(r"^interface (\w+) \{\n(.*?)^\}", self.text, re.M | re.S)
        }
        documented.pop("ErrorEnvelope")
        described = {
            name: [(member, typescript(type_)) for member, type_ in schema["properties"].items()]
            for name, schema in self.types.items()
            if schema["type"] == "object"
        }
        self.assertEqual(documented, described)
        for name, schema in self.types.items():
            if schema["type"] == "object":
                self.assertEqual(schema["required"], list(schema["properties"]), name)

    def test_enums(self):
        documented = {
            name: re.findall(r'"(\w+)"', values)
            for name, values in re.findall(r"^type (\w+) = (.+);$", self.text, re.M)
        }
        described = {name: schema["enum"] for name, schema in self.types.items() if "enum" in schema}
        self.assertEqual(documented, {name: values for name, values in described.items() if name in documented})
        self.assertEqual(described["SearchMode"], ["exact", "vibe", "both"])
        used = set(re.findall(r": (\w+)", "\n".join(re.findall(r"```typescript(.*?)```", self.text, re.S))))
        self.assertLessEqual(
            used - {"string", "number", "boolean", "code", "message", "details", "request_id"},
            set(documented) | set(self.types),
        )

    def test_errors(self):
        documented = re.findall(r"^\| ([A-Z_]+) \| (\d+) \|", self.text, re.M)
        codes = self.api["components"]["schemas"]["ErrorEnvelope"]["properties"]["error"]["properties"]["code"]["enum"]
        self.assertEqual([code for code, _ in documented], codes)
        statuses = {
            status
            for path in self.api["paths"].values()
            for operation in path.values()
            for status, answer in operation["responses"].items()
            if int(status) >= 400
        }
        self.assertLessEqual({status for _, status in documented} - {"405"}, statuses)

    def test_what_is_referred_to_is_there_and_errors_are_described_once(self):
        for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(self.api))):
            at = self.api
            for step in reference.split("/"):
                self.assertIn(step, at, reference)
                at = at[step]
        inline = [
            (path, method, status)
            for path, operations in self.api["paths"].items()
            for method, operation in operations.items()
            for status, answer in operation["responses"].items()
            if int(status) >= 400 and "$ref" not in answer
        ]
        self.assertEqual(
            {path for path, _, _ in inline}, {"/health/ready"}, "which says in its 503 which store is away"
        )

    def test_endpoints_and_version(self):
        self.assertEqual(
            (self.api["openapi"], self.api["info"]["version"]),
            ("3.1.0", re.search(r"Version \*\*(.+?)\*\*", self.text)[1]),
        )
        for path, operations in self.api["paths"].items():
            self.assertIn(path, self.text)
            for method in operations:
                self.assertTrue(method == "head" or method.upper() in self.text)


if __name__ == "__main__":
    unittest.main()
