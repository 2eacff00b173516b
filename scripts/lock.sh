#!/usr/bin/env bash
# Rewrites constraints.txt: exactly what a clean installation of every extra gets today.
# Run it to take newer versions, then `make test`, then commit both or neither.
set -euo pipefail
cd "$(dirname "$0")/.."

clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
"${PYTHON:-python3}" -m venv "$clean/venv"
"$clean/venv/bin/python" -m pip install --quiet -e '.[local,engine,train,test]'
# A local version (+cpu) names one machine's build of torch, and the CUDA packages come with another's.
"$clean/venv/bin/python" -m pip freeze --exclude-editable |
    sed -E 's/\+[a-z0-9.]+$//' | { grep -vE '^(nvidia|cuda|triton)' || true; } >"$clean/constraints.txt"
mv "$clean/constraints.txt" constraints.txt
echo "constraints.txt pins $(wc -l <constraints.txt) packages."
