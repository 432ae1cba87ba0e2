"""A form that was on its way when a door asked who is there: carried through the door, and given to its writer alone.

It travels inside the door's own page, sealed: nothing is kept here, and nobody else who signs in can read it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
import zlib
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app, render_template, request, session

from commsbridge.web.errors import WRITTEN, form_can_be_read

WRITER = "writer"
SEALED = "carried"


@dataclass(frozen=True, slots=True)
class Carried:
    """A form that was being sent: where to, its fields in their order, and whether files were left behind."""

    path: str
    fields: tuple[tuple[str, str], ...]
    without_files: bool

    @property
    def words(self) -> str:
        """What a person had written in it, to show it again."""
        typed = dict(self.fields)
        return next((typed[name] for name in WRITTEN if typed.get(name)), "")


def note_writer(account_id: uuid.UUID) -> None:
    """Remember in the form cookie who writes on this device's pages, for when their sign-in has ended."""
    if session.get(WRITER) != str(account_id):
        session[WRITER] = str(account_id)


def last_writer() -> uuid.UUID | None:
    """Whose pages this device had before the sign-in ended; None when nobody's, or after signing out."""
    known = session.get(WRITER)
    return uuid.UUID(known) if known else None


def seal(writer: uuid.UUID | None) -> str | None:
    """The form of this request, sealed for its writer; None when there is none to carry."""
    if writer is None or not form_can_be_read():
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in {"csrf_token", SEALED}]
    told = [str(writer), request.full_path.rstrip("?"), fields, any(file.filename for file in request.files.values())]
    return _seals().encrypt(zlib.compress(json.dumps(told).encode())).decode()


def unseal(writer: uuid.UUID) -> Carried | None:
    """The form that the door's page carried, when ``writer`` is whose it was; None for anybody else."""
    try:
        told = _seals().decrypt(request.form.get(SEALED, "").encode())
    except InvalidToken:
        return None
    owner, path, fields, without_files = json.loads(zlib.decompress(told))
    if owner != str(writer):
        return None
    return Carried(path, tuple((name, value) for name, value in fields), without_files)


def go_on(carried: Carried) -> str:
    """The page behind the door: the form as it was, one press from going on; a script presses by itself.

    A file cannot be carried: then a form that can show itself again is asked to, instead of going without it.
    """
    fields = carried.fields
    if carried.without_files:
        fields = (*((name, value) for name, value in fields if name != "act"), ("act", "preview"))
    return render_template(
        "carried.html",
        path=carried.path,
        fields=fields,
        words=carried.words,
        without_files=carried.without_files,
    )


def _seals() -> MultiFernet:
    """Seals made of the secret key, the old one still opening while keys change."""
    keys = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    digests = [hashlib.sha256(b"carried\0" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
