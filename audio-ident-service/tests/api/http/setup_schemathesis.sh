#!/usr/bin/env bash
# Creates a virtual environment with a pinned schemathesis in the given folder. Fast when it exists. For the tests
# only.
set -euo pipefail
folder=$1
version=4.32.5
[ -e "$folder/$version" ] && exit 0
rm -rf "$folder"
/usr/bin/python3 -m venv "$folder"
"$folder/bin/pip" install -q --disable-pip-version-check "schemathesis==$version"
touch "$folder/$version"
