"""Paper: tagged PDF documents in the house's two faces, their words given as data and never pasted into the source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

import typst

from commsbridge.foundation.language import Language

HOUSE = "foundation/data/paper"


def set_on_paper(
    template: str, contents: Mapping[str, Any], *, title: str, foot: str, language: Language, made_at: datetime
) -> bytes:
    """A PDF made of a typst ``template`` of this package ("reports/papers/report.typ"), as PDF/UA-1 asks: tagged.

    ``contents`` is what json can hold, every human sentence already in ``language``; the template reads it as
    ``contents``, with ``title``, ``foot`` and ``language`` beside it. A picture in a template needs its words (alt).
    The same contents and ``made_at`` (aware) make the same bytes. Raises typst.TypstError for a template that is wrong.
    """
    given = {**contents, "title": title, "foot": foot, "language": language.value}
    with as_file(files("commsbridge")) as root:
        return typst.compile(
            root / template,
            root=root,
            font_paths=[root / HOUSE],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"contents": json.dumps(given, ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=int(made_at.timestamp()),
        )
