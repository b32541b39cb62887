#!/usr/bin/env bash
# Builds the wheel and the source archive of clients/python, and uses the wheel as its users do: installed in an environment
# of its own, and in a program that is type-checked. The argument is an environment that .ci/python.sh lint has made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$1/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -R clients/python "$work/source" # a build leaves files beside its source
"$tools/python" -m build --quiet --outdir "$work/dist" "$work/source"
ls "$work/dist"
"$tools/python" -m venv "$work/user"
"$work/user/bin/pip" install --quiet --disable-pip-version-check --no-index "$work"/dist/*.whl
cat >"$work/job.py" <<'PROGRAM'
from typing import List

import processtracker as pt
from processtracker import ExtractTracker, ProcessTracker


@pt.process("Teams Load", type="Load")
def load(run: pt.Run, day: str) -> int:
    claimed: List[pt.Extract] = run.claim(10, process="Teams Extract", glob="*.csv")
    for f in claimed:
        run.loaded(f, count=3)
    return len(claimed)


def count(day: str) -> int:
    return load(day)


classes = [ExtractTracker, ProcessTracker]
PROGRAM
(cd "$work" && user/bin/python -c 'import job, processtracker as pt; print("processtracker-go", pt.__version__)')
"$tools/mypy" --strict --python-executable "$work/user/bin/python" "$work/job.py"
