#!/usr/bin/env bash
# Makes .venv hold what pyproject.toml and constraints.txt ask for; does nothing when it already does.
#   scripts/install.sh EXTRA[,EXTRA...]
# The stamp in .venv is written last, so an interrupted installation is finished by the next one. Which index
# pip asks is pip's own business: its configuration and PIP_* variables pass through.
set -euo pipefail
cd "$(dirname "$0")/.."

extras=$1
python=${PYTHON:-python3}
in_venv=.venv/bin/python
stamp=.venv/installed

# Two at once would undo each other's work; where there is no flock, they are on their own.
exec 9<pyproject.toml
if command -v flock >/dev/null; then flock 9; fi

fail() {
    echo "$*" >&2
    exit 1
}

fingerprint() { cat pyproject.toml constraints.txt | "$in_venv" -c '
import hashlib, sys
print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

# One line of the stamp per extra that is there, each with the fingerprint it was installed from.
is_stamped() {
    local extra
    for extra in ${extras//,/ }; do
        grep -qxF "$extra $(fingerprint)" "$stamp" 2>/dev/null || return 1
    done
}

# Every installed distribution still has its files: a killed or half-deleted installation does not.
is_whole() {
    "$in_venv" - <<'PYTHON' >/dev/null 2>&1
import importlib.metadata, pathlib, sys
for distribution in importlib.metadata.distributions():
    first = next((f for f in distribution.files or () if f.suffix == ".py" and ".." not in f.parts), None)
    if first is not None and not pathlib.Path(distribution.locate_file(first)).exists():
        sys.exit(1)
import pip
PYTHON
}

if [ -x "$in_venv" ] && is_whole; then
    is_stamped && exit 0
else
    rm -rf .venv
    command -v "$python" >/dev/null || fail "mjweb needs Python 3.11, 3.12 or 3.13, and $python was not found."
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
        fail "mjweb needs Python 3.11, 3.12 or 3.13: name one, as in make run PYTHON=python3.13."
    "$python" -m venv .venv ||
        fail "Python could not make a virtual environment in .venv; on Debian and Ubuntu install python3-venv."
fi

rm -f "$stamp.new"
{ cat "$stamp" 2>/dev/null || true; } | { grep -F " $(fingerprint)" || true; } >"$stamp.new"
rm -f "$stamp"
echo "Installing mjweb[$extras] into .venv; the first time takes some minutes." >&2
"$in_venv" -m pip install --quiet -c constraints.txt -e ".[$extras]"
"$in_venv" -m pip check --quiet || fail "The installed packages contradict each other: remove .venv and try again."
for extra in ${extras//,/ }; do echo "$extra $(fingerprint)" >>"$stamp.new"; done
mv "$stamp.new" "$stamp"
