"""Every catalogue holds every sentence the source says, whole, with its placeholders and its macrons."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from commsbridge.cli.catalogues import bring_up_to_date, gathered, problems, sentences
from commsbridge.foundation.language import LOCALES, Language, catalogue_path, forms, found, ids
from commsbridge.foundation.language import read_messages as read

MI, EN = Language.MI, Language.EN
HEADER = """# Not yet checked by a licensed translator.
#
msgid ""
msgstr ""
"Language: mi\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
PYTHON = """
raise Invalid(N_("marked"), field="x")
raise Conflict("not marked, and " "%(joined)s", joined=1)
say(language, "said %(name)s", name=say(language, "inside"))
say_many(language, "%(num)s thing", "%(num)s things", n)
"""
TEMPLATE = """{% trans %}
  in a
  template
{% endtrans %}{{ _("called") }}{{ ngettext("%(num)s day", "%(num)s days", n) }}"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small source tree with every way a sentence can be said."""
    root = tmp_path / "commsbridge"
    (root / "web" / "templates" / "deep").mkdir(parents=True)
    (root / "room.py").write_text(PYTHON, "utf-8")
    (root / "web" / "templates" / "deep" / "page.html").write_text(TEMPLATE, "utf-8")
    return root


@pytest.mark.parametrize("language", found(LOCALES), ids=str)
def test_the_catalogue_is_complete_and_sound(language: Language) -> None:
    assert list(problems(read(catalogue_path(language)), gathered(), language)) == []


def test_every_way_of_saying_a_sentence_is_gathered(source: Path) -> None:
    assert [ids(message) for message in sentences(gathered(source))] == [
        ("%(num)s day", "%(num)s days"),
        ("%(num)s thing", "%(num)s things"),
        ("called",),
        ("in a template",),
        ("inside",),
        ("marked",),
        ("not marked, and %(joined)s",),
        ("said %(name)s",),
    ]


def test_no_sentence_is_said_inside_of_another_string_where_nobody_gathers_it(checkout: Path) -> None:
    marked = {"N_", "_", "ngettext", "say_many"}
    for path in (checkout / "commsbridge").rglob("*.py"):
        written = path.read_text("utf-8")
        if "N_(" not in written and " _(" not in written:
            continue
        inside = [
            part for each in ast.walk(ast.parse(written)) if isinstance(each, ast.JoinedStr) for part in ast.walk(each)
        ]
        said = [each for each in inside if isinstance(each, ast.Call) and getattr(each.func, "id", None) in marked]
        assert not said, f"{path}:{said[0].lineno}"


def test_a_template_that_cannot_be_read_stops_the_gathering(source: Path) -> None:
    (source / "web" / "templates" / "broken.html").write_text("{% if %}", "utf-8")
    with pytest.raises(Exception, match="Expected an expression"):
        gathered(source)


def test_bringing_up_to_date_keeps_what_is_written_and_guesses_nothing(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "mi.po"
    kept = '# checked by a speaker\nmsgid "called"\nmsgstr "i karangatia"\n\n'
    path.write_text(HEADER + kept + 'msgid "said %(nam)s"\nmsgstr "gone"\n', "utf-8")
    bring_up_to_date(path, gathered(source), MI)
    written = {ids(message)[0]: forms(message) for message in sentences(read(path))}
    assert written["called"] == ("i karangatia",)
    assert written["said %(name)s"] == ("",)
    assert written["%(num)s day"] == ("", "")
    assert "said %(nam)s" not in path.read_text("utf-8")
    assert path.read_text("utf-8").startswith(HEADER)
    assert "# checked by a speaker\n#: commsbridge/web/templates/deep/page.html\n" in path.read_text("utf-8")


def test_english_is_its_own_message_id(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "en.po"
    path.write_text(HEADER, "utf-8")
    bring_up_to_date(path, gathered(source), EN)
    assert all(forms(message) == ids(message) for message in sentences(read(path)))
    assert list(problems(read(path), gathered(source), EN)) == []


def test_bringing_up_to_date_twice_changes_nothing_more(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "mi.po"
    path.write_text(HEADER, "utf-8")
    bring_up_to_date(path, gathered(source), MI)
    once = path.read_bytes()
    bring_up_to_date(path, gathered(source), MI)
    assert path.read_bytes() == once


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        ('msgid "a %(name)s"\nmsgstr ""', "mi: still to be written: 'a %(name)s'"),
        ('#, fuzzy\nmsgid "a %(name)s"\nmsgstr "a %(name)s"', "mi: fuzzy: 'a %(name)s'"),
        ('msgid "a %(name)s"\nmsgstr "a %(ingoa)s"', "mi: other placeholders than the English: 'a %(name)s'"),
        ('msgid "a %(name)s"\nmsgstr "a"', "mi: other placeholders than the English: 'a %(name)s'"),
        (
            'msgid "a %(name)s"\nmsgstr "a %(name)s, %(name)s"',
            "mi: a placeholder more often than in the English: 'a %(name)s'",
        ),
        ('msgid "<b>a</b>"\nmsgstr "a"', "mi: other markup than the English: '<b>a</b>'"),
        (
            'msgid "all of it"\nmsgstr "100% katoa"',
            "mi: a lone per cent sign (write %%), or a placeholder without a name: 'all of it'",
        ),
        ('msgid "family"\nmsgstr "whanau"', "mi: whanau: written whānau: 'family'"),
        (
            'msgid "one"\nmsgid_plural "%(num)s of them"\nmsgstr[0] "kotahi"\nmsgstr[1] "he maha"',
            "mi: other placeholders than the English: 'one'",
        ),
        ('msgid "extra"\nmsgstr "tāpiri"', "mi: said nowhere in the source: 'extra'"),
    ],
)
def test_every_fault_of_a_catalogue_is_named(source: Path, tmp_path: Path, entry: str, note: str) -> None:
    path = tmp_path / "mi.po"
    path.write_text(f"{HEADER}{entry}\n", "utf-8")
    assert note in list(problems(read(path), gathered(source), MI))


def test_a_counting_sentence_may_show_its_number_where_the_english_does_not(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "mi.po"
    entry = 'msgid "one"\nmsgid_plural "%(num)s of them"\nmsgstr[0] "mea: %(num)s"\nmsgstr[1] "mea: %(num)s"\n'
    path.write_text(HEADER + entry, "utf-8")
    notes = [note for note in problems(read(path), gathered(source), MI) if "'one'" in note]
    assert notes == ["mi: said nowhere in the source: 'one'"]


def test_a_sentence_missing_from_a_catalogue_is_named(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "mi.po"
    path.write_text(HEADER, "utf-8")
    assert "mi: not in the catalogue: 'called'" in list(problems(read(path), gathered(source), MI))
