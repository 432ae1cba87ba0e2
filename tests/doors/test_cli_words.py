"""`commsbridge words check`: broken te reo Māori is found in each kind of file, and the rest is left alone."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.doors.command_line import CommandLine

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Families"\nmsgstr "{}"\n'


@pytest.fixture
def call() -> CommandLine:
    """The command line without any setting."""
    return CommandLine({})


def written(folder: Path, name: str, text: str | bytes) -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("a.txt", "Ka pai.\nNga mihi\n", "line 2: Nga: written ngā"),
        ("a.txt", "te reo Mäori", "line 1: Mäori: an umlaut or circumflex where a macron belongs"),
        ("a.txt", "te reo Mâori", "line 1: Mâori: an umlaut or circumflex where a macron belongs"),
        ("a.txt", unicodedata.normalize("NFD", "te whānau"), "line 1: not in NFC: a macron stands apart"),
        ("a.txt", "Kei te messages", "line 1: messages: not open syllables of the te reo Māori alphabet"),
        ("a.po", PO.format("Nga whanau"), "'Families': whanau: written whānau"),
        ("a.json", '{"Pupils": ["te akonga", "ngā ākonga"]}', "'Pupils' 1: akonga: written ākonga"),
        ("a.json", '"te akonga"', "the text: akonga: written ākonga"),
        ("a.tsv", "text_en\ttext_mi\nFamilies\tte whanau\n\n", "row 2, text_mi: whanau: written whānau"),
        ("a.tsv", "english\tte_reo\nFamilies\tte whanau\n", "row 2, te_reo: whanau: written whānau"),
    ],
)
def test_what_is_broken_is_named_with_its_place(
    call: CommandLine, tmp_path: Path, name: str, text: str, note: str
) -> None:
    told = call.refuses("words", "check", written(tmp_path, name, text))
    assert note in told
    assert "Only somebody who speaks te reo Māori can say that it is right." in told


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "I āwhina a {name} i tētahi ākonga hou i tēnei rā.\n\n"),
        ("a.po", PO.format("Ngā whānau o %(school)s")),
        ("a.po", PO.format("")),
        ("a.json", '{"whanau": "whānau", "count": 3, "nothing": null}'),
        ("a.tsv", "text_en\ttext_mi\tnote\nThe whanau\tTe whānau\tnga\n"),
    ],
)
def test_good_te_reo_passes_and_is_told_what_that_proves(
    call: CommandLine, tmp_path: Path, name: str, text: str
) -> None:
    told = call.says("words", "check", written(tmp_path, name, text))
    assert "0 to mend" in told
    assert "It does not find a wrong word" in told


def test_a_name_can_be_allowed_and_a_column_chosen(call: CommandLine, tmp_path: Path) -> None:
    path = written(tmp_path, "a.tsv", "what\twords\n1\tKia ora Walsh\n")
    assert "Walsh: not open syllables" in call.refuses("words", "check", path, "--column", "words")
    assert "0 to mend" in call.says("words", "check", path, "--column", "words", "--allow", "walsh")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "x", "a.csv: give a file that ends in .po, .tsv, .json or .txt."),
        ("a.txt", b"ka pai\nm\xe4ori", "a.txt: line 2 is not UTF-8"),
        ("a.po", b'msgid "x"\nmsgstr "m\xe4"\n', "a.po: line 2 is not UTF-8"),
        ("a.po", "rubbish", "a.po: this is no catalogue"),
        ("a.json", "{", "a.json: this is no JSON"),
        ("a.tsv", "english\tnote\nx\ty\n", "row 1: name the column that holds te reo Māori with --column."),
        ("a.tsv", "english\ttext_mi\nx\n", "row 2: 1 cells, but 2 columns."),
    ],
)
def test_a_file_that_cannot_be_checked_is_refused_plainly(
    call: CommandLine, tmp_path: Path, name: str, text: str | bytes, told: str
) -> None:
    assert told in call.refuses("words", "check", written(tmp_path, name, text))


def test_a_column_that_is_not_there_is_refused(call: CommandLine, tmp_path: Path) -> None:
    path = written(tmp_path, "a.tsv", "text_mi\nka pai\n")
    assert "there is no column reo" in call.refuses("words", "check", path, "--column", "reo")


@pytest.mark.parametrize(
    "shipped",
    [
        "locales/mi/LC_MESSAGES/commsbridge.po",
        "commsbridge/foundation/data/glossary.tsv",
        "commsbridge/messages/bank/labels.tsv",
        "commsbridge/messages/bank/praises.tsv",
    ],
)
def test_what_the_project_ships_passes_its_own_check(call: CommandLine, checkout: Path, shipped: str) -> None:
    assert "0 to mend" in call.says("words", "check", str(checkout / shipped))
