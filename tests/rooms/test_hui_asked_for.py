"""What a family asks for by text: whom it brings, an interpreter, somebody to support it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.meetings.asked_for import AskedFor, read_asked_for


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("bring Nan", AskedFor(("Nan",))),
        ("Bring Nan, Uncle Tama and Aunty Moana", AskedFor(("Nan", "Uncle Tama", "Aunty Moana"))),
        ("Haria mai a Nan", AskedFor(("Nan",))),
        ("Interpreter Tongan", AskedFor(interpreter="Tongan")),
        ("an interpreter for NZSL please", AskedFor(interpreter="NZSL")),
        ("bring nan pls", AskedFor(("nan",))),
        ("Yes, bring Nan please!", AskedFor(("Nan",))),
        ("āe koa, haria mai a Nan", AskedFor(("Nan",))),
        ("yes an interpreter please", AskedFor(interpreter="an interpreter")),
        ("Samoan interpreter pls", AskedFor(interpreter="Samoan")),
        ("no interpreter", AskedFor(support="no interpreter")),
        ("kaiwhakamāori", AskedFor(interpreter="kaiwhakamāori")),
        ("bring Nan, interpreter Samoan", AskedFor(("Nan",), "Samoan")),
        ("Bring Nan. My advocate Ana from the trust", AskedFor(("Nan",), support="My advocate Ana from the trust")),
        ("Together", AskedFor(together=True)),
        ("bring Nan. Together please!", AskedFor(("Nan",), together=True)),
        ("Haria mai a Nan, hui tahi koa", AskedFor(("Nan",), together=True)),
        ("Apart", AskedFor(together=False)),
        ("hui wehe", AskedFor(together=False)),
        ("We get there together on the bus", AskedFor(support="We get there together on the bus")),
        ("Kāo", AskedFor()),
        ("no thanks!", AskedFor()),
    ],
)
def test_names_languages_and_the_rest_are_read_as_they_were_written(words: str, asked: AskedFor) -> None:
    assert read_asked_for(words) == asked


@given(st.text(max_size=200))
def test_whatever_is_written_nobody_without_a_name_is_brought(words: str) -> None:
    assert all(name.strip() for name in read_asked_for(words).bring)
