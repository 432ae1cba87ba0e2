"""Keeping the town on disk between two starts: one JSON file, written whole and then put in place."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from commsbridge.neighbourhood.letters import Attachment, Letter
from commsbridge.neighbourhood.signatures import EventKey
from commsbridge.neighbourhood.texts import Media, Text
from commsbridge.neighbourhood.town import Town

TOWN_FILE = "town.json"
KEY_FILE = "event-key.pem"
TIMES = ("created_at", "updated_at", "sent_at")


def save(town: Town, directory: Path) -> None:
    """Write the whole town; a crash in between leaves the last one as it was."""
    kept = {
        "texts": [asdict(text) for text in reversed(town.texts())],
        "letters": [asdict(letter) for letter in town.letters()],
        "settings": town.settings(),
    }
    new = directory / (TOWN_FILE + ".new")
    new.write_text(json.dumps(kept, default=_plain, ensure_ascii=False), encoding="utf-8")
    new.replace(directory / TOWN_FILE)


def load(town: Town, directory: Path) -> None:
    """Fill an empty town with what was kept, if anything was. Raises ValueError when the file cannot be read."""
    file = directory / TOWN_FILE
    if not file.exists():
        return
    kept = json.loads(file.read_text(encoding="utf-8"))
    for written in kept["texts"]:
        town.add_text(_text(written))
    for written in kept["letters"]:
        town.add_letter(_letter(written))
    for kind, key, value in kept["settings"]:
        town.put_back(kind, key, value)


def event_key(directory: Path | None) -> EventKey:
    """The key pair kept in a directory, made (and kept, readable by its owner alone) when there is none."""
    if directory is None:
        return EventKey()
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / KEY_FILE
    if file.exists():
        return EventKey(file.read_bytes())
    key = EventKey()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key.pem)
    return key


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"cannot keep a {type(value).__name__}")


def _timed(written: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in TIMES and value else value for name, value in written.items()
    }


def _text(written: dict[str, Any]) -> Text:
    media = tuple(
        Media(each["sid"], each["content_type"], base64.b64decode(each["content"])) for each in written["media"]
    )
    return Text(**{**_timed(written), "media": media})


def _letter(written: dict[str, Any]) -> Letter:
    files = tuple(
        Attachment(each["name"], each["content_type"], base64.b64decode(each["content"]))
        for each in written["attachments"]
    )
    return Letter(**{**_timed(written), "attachments": files, "categories": tuple(written["categories"])})
