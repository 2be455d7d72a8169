#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the image: the sandbox's packages, a Python, the grader.
# AUTOGRADER_ROOT and AUTOGRADER_VENV name other places, to try it elsewhere.
set -euo pipefail
umask 022

root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"
venv="${AUTOGRADER_VENV:-/opt/autograder-venv}"
updated=""

say() { echo "setup: $*"; }

add() {
    if [ -z "$updated" ]; then apt-get update -qq; updated=yes; fi
    say "installing $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
complete() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

command -v bwrap >/dev/null 2>&1 || add bubblewrap
ldconfig -p 2>/dev/null | grep -q 'libseccomp\.so\.2' || add libseccomp2

python=""
for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if new_enough "$name"; then python="$name"; break; fi
done
if [ -z "$python" ]; then
    for name in python3.14 python3.13 python3.12 python3.11; do
        if add "$name" "$name-venv" 2>/dev/null && new_enough "$name"; then python="$name"; break; fi
    done
fi
if [ -z "$python" ]; then
    say "this image has no Python 3.11 or later; choose a newer Ubuntu as the base image, and upload the zip again"
    exit 1
fi
if ! complete "$python"; then add "$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"; fi

say "making $venv with $("$python" --version)"
"$python" -m venv "$venv"
pip=("$venv/bin/python" -m pip --disable-pip-version-check install --quiet)
if ! "${pip[@]}" --constraint "$source/constraints.txt" "$source/package"; then
    say "the versions in constraints.txt are not to be had for this Python; taking the newest ones"
    "${pip[@]}" "$source/package"
fi

# The tests, the reference and the key are root's alone; students' code runs as another user.
chmod -R go-rwx "$source"
"$venv/bin/autograder" doctor || say "students' code is isolated by what is present above, and by this container"
