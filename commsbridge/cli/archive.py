"""The file a backup is: a zip with one entry a table, as COPY writes it, and a manifest of what must be in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

FORMAT = "commsbridge backup 1"
MANIFEST = "manifest.json"
BLOCK = 256 * 1024


class ArchiveError(Exception):
    """The file is no backup of ours, or no longer whole; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one table: its columns in order, how many rows, and the SHA-256 of its text."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``made_at`` is aware ISO 8601; ``sequences`` as owning.sequences gives them."""

    made_at: str
    revision: str
    tables: dict[str, Kept]
    sequences: dict[str, tuple[int, bool]]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(kept.rows for kept in self.tables.values())

    @property
    def made(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


class ArchiveWriter:
    """Writes a backup into ``file`` as it comes; without ``finish`` what was written is no backup."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._tables: dict[str, Kept] = {}

    def __enter__(self) -> Self:
        """Nothing more to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the zip; ``file`` itself stays open."""
        self._zip.close()

    def add(self, table: str, columns: Iterable[str], blocks: Iterable[bytes | bytearray | memoryview]) -> None:
        """Take one table's text; the rows are the lines, since COPY escapes every line break within one."""
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(_entry(table), "w", force_zip64=True) as entry:
            for block in blocks:
                text = bytes(block)
                digest.update(text)
                rows += text.count(b"\n")
                entry.write(text)
        self._tables[table] = Kept(list(columns), rows, digest.hexdigest())

    def finish(self, *, made_at: datetime, revision: str, sequences: dict[str, tuple[int, bool]]) -> Manifest:
        """Write the manifest: from now on it is a backup."""
        manifest = Manifest(made_at.isoformat(), revision, self._tables, sequences)
        self._zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))
        return manifest


class ArchiveReader:
    """Reads a backup. Raises ArchiveError when ``path`` is none, or is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = _manifest(self._zip.read(MANIFEST))
        except (zipfile.BadZipFile, zlib.error, AttributeError, KeyError, TypeError, ValueError) as error:
            msg = f"{path} is not a backup of commsbridge, or not a whole one."
            raise ArchiveError(msg) from error

    def __enter__(self) -> Self:
        """Nothing more to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._zip.close()

    def blocks(self, table: str) -> Iterator[bytes]:
        """One table's text. Raises ArchiveError at its end when it is not what the manifest says."""
        digest = hashlib.sha256()
        try:
            with self._zip.open(_entry(table)) as entry:
                while block := entry.read(BLOCK):
                    digest.update(block)
                    yield block
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
            raise self._damaged(table) from error
        if digest.hexdigest() != self.manifest.tables[table].sha256:
            raise self._damaged(table)

    def _damaged(self, table: str) -> ArchiveError:
        return ArchiveError(f"{self.path} is damaged: the rows of {table} are not those that were written.")


def _entry(table: str) -> str:
    return f"{table}.copy"


def _manifest(written: bytes) -> Manifest:
    """Raises AttributeError, KeyError, TypeError or ValueError when it is none of ours."""
    given = json.loads(written)
    if given.pop("format") != FORMAT:
        msg = "another format"
        raise ValueError(msg)
    return Manifest(
        made_at=datetime.fromisoformat(given["made_at"]).isoformat(),
        revision=str(given["revision"]),
        tables={str(name): Kept(**kept) for name, kept in given["tables"].items()},
        sequences={str(name): (int(last), bool(called)) for name, (last, called) in given["sequences"].items()},
    )
