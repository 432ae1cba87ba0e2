"""Every sentence is said in the reader's language, with its slots filled."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from commsbridge.foundation.language import N_, Catalogue, Language, catalogue, read_catalogue, say, say_many

HEADER = """msgid ""
msgstr ""
"Language: mi\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
ENTRIES = """msgid "Good news about %(name)s"
msgstr "He rongo pai mō %(name)s"

msgid "%(num)s student"
msgid_plural "%(num)s students"
msgstr[0] "ākonga: kotahi"
msgstr[1] "ākonga: %(num)s"

msgid "half written"
msgid_plural "halves written"
msgstr[0] "kotahi"
msgstr[1] ""

msgid "not written"
msgstr ""

#, fuzzy
msgid "guessed"
msgstr "he pōhēhē"
"""


@pytest.fixture
def reo(tmp_path: Path) -> Catalogue:
    path = tmp_path / "commsbridge.po"
    path.write_text(HEADER + ENTRIES, "utf-8")
    return read_catalogue(path, Language.MI)


def test_a_sentence_is_said_as_it_is_written(reo: Catalogue) -> None:
    assert reo.gettext("Good news about %(name)s") % {"name": "Wī"} == "He rongo pai mō Wī"


@pytest.mark.parametrize(("n", "said"), [(0, "ākonga: %(num)s"), (1, "ākonga: kotahi"), (2, "ākonga: %(num)s")])
def test_none_one_and_two_have_their_forms(reo: Catalogue, n: int, said: str) -> None:
    assert reo.ngettext("%(num)s student", "%(num)s students", n) == said


@pytest.mark.parametrize("msgid", ["not written", "half written", "guessed", "nowhere"])
def test_a_sentence_that_is_not_written_is_said_in_english(reo: Catalogue, msgid: str) -> None:
    assert reo.gettext(msgid) == msgid


def test_english_forms_stand_in_for_a_counting_sentence_that_is_not_written(reo: Catalogue) -> None:
    assert [reo.ngettext("half written", "halves written", n) for n in (0, 1, 2)] == [
        "halves written",
        "half written",
        "halves written",
    ]


def test_a_broken_catalogue_is_a_fault_not_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "commsbridge.po"
    path.write_text("<<<<<<< ours", "utf-8")
    with pytest.raises(PoFileError):
        read_catalogue(path, Language.MI)


def test_say_fills_its_slots_and_a_missing_slot_is_a_fault() -> None:
    assert say(Language.EN, "%(one)s and 100%%", one="Wī") == "Wī and 100%"
    with pytest.raises(KeyError, match="one"):
        say(Language.EN, "%(one)s")


@pytest.mark.parametrize(("n", "said"), [(0, "0 of 3 things"), (1, "1 of 3 thing"), (2, "2 of 3 things")])
def test_say_many_fills_the_number_by_itself(n: int, said: str) -> None:
    assert say_many(Language.EN, "%(num)s of %(all)s thing", "%(num)s of %(all)s things", n, all=3) == said


def test_marking_a_sentence_leaves_it_as_it_is() -> None:
    assert N_("Kia ora") == "Kia ora"


def test_both_catalogues_of_the_house_can_be_read_and_are_read_once() -> None:
    for language in Language:
        assert catalogue(language).language is language
        assert catalogue(language) is catalogue(language)
