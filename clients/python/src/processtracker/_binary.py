"""Finding the processtracker program."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import List, Optional

from ._errors import BinaryNotFound

VARIABLE = "PROCESSTRACKER_BIN"

_HOW = (
    "get it with: go install github.com/processtracker/processtracker-go/cmd/processtracker@latest "
    f"(or copy it from a machine that has it), and put it on PATH or name it in {VARIABLE}"
)


def find_binary(binary: Optional[str] = None) -> str:
    """The program's path: what was named, else PROCESSTRACKER_BIN, else on PATH, else beside the package or the interpreter."""
    for path, where in ((binary, "binary"), (os.environ.get(VARIABLE), VARIABLE)):
        if path:
            found = shutil.which(os.path.expanduser(path))
            if not found:
                raise BinaryNotFound(f"{where} is {path!r}, which is no program that can be run; {_HOW}")
            return found
    found = shutil.which("processtracker")
    if found:
        return found
    beside = _beside()
    for directory in beside:
        found = shutil.which("processtracker", path=str(directory))
        if found:
            return found
    places = ", ".join(map(str, beside))
    raise BinaryNotFound(f"there is no program processtracker on PATH or in {places}; {_HOW}")


def _beside() -> List[Path]:
    package = Path(__file__).resolve().parent
    return [package, package / "bin", Path(sys.executable).parent]
