#!/usr/bin/env bash
# Makes the virtual environment with schemathesis, pinned, in the folder given; cheap when it is there. For the tests
# only.
set -euo pipefail
folder=$1
version=4.32.5
[ -e "$folder/$version" ] && exit 0
rm -rf "$folder"
/usr/bin/python3 -m venv "$folder"
"$folder/bin/pip" install -q --disable-pip-version-check "schemathesis==$version"
touch "$folder/$version"
