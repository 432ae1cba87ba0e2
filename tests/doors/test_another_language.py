"""A language is data: one that nobody speaks is given a folder, and staff and families have it, with no code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from commsbridge import messages, whanau
from commsbridge.cli import catalogues, checking
from commsbridge.foundation.asked_language import language_meant
from commsbridge.foundation.idiom import IdiomFault, read_idiom
from commsbridge.foundation.language import (
    LOCALES,
    NOT_READY,
    Language,
    catalogue,
    catalogue_path,
    found,
    read_messages,
    say_many,
    shown_in,
)
from commsbridge.foundation.reo_dates import clock_time, list_of, long_date, margin_day, relative_day, short_date
from commsbridge.foundation.segments import count
from commsbridge.messages import State, Why, letters
from tests.brackets import CODE, IDIOM, brackets, spoken, write_brackets
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.doors.test_link_pages import as_link, praise
from tests.story import Story

TAG = "art-x-brackets"
IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of languages with one in it."""
    root = tmp_path_factory.mktemp("locales")
    write_brackets(root)
    return root


@pytest.fixture
def bracketish(locales: Path) -> Iterator[Language]:
    """The language, while the service has it."""
    with spoken(locales):
        yield brackets()


def choose(visitor: Visitor, path: str = "/today") -> Page:
    """Press the language's own name in the switch."""
    visitor.open(path)
    visitor.act("/language", language=CODE, next=path)
    return visitor.follow()


def left_in_english(page: Page) -> list[str]:
    """The product's own sentences that stand on a page outside any brackets."""
    text = unescape(page.text)
    while (without := IN_BRACKETS.sub(" ", text)) != text:
        text = without
    # Which language a contact asked for is said by that language's own name.
    names = {language.title for language in Language} | {"te reo Māori"}
    own = [msgid for msgid in catalogue(Language.EN).sentences if len(msgid) > 11 and "%(" not in msgid]
    return [msgid for msgid in own if msgid in text and msgid not in names]


def ask(story: Story, contact: str, language: str) -> None:
    with story.work() as work:
        them = work.session.get_one(whanau.Contact, story.contacts[contact].id)
        whanau.ask_language(work, them, language, by_family=True)


# ---- staff ----


def test_the_switch_offers_it_by_its_own_name_and_keeps_it_for_the_person(
    bracketish: Language, sign_in: SignIn
) -> None:
    walsh = sign_in("walsh")
    page = walsh.open("/today")
    assert (CODE, "Brackets") in [(value, label) for form in page.forms for _, value, label in form.buttons]
    assert f'lang="{TAG}">Brackets</button>' in page.response.text
    page = choose(walsh)
    assert f'<html lang="{TAG}">' in page.response.text
    assert "[Today]" in page.text
    assert sign_in("walsh").open("/today").text.startswith("[Skip to the page]")


def test_pages_say_all_their_own_sentences_in_it(bracketish: Language, sign_in: SignIn, stranger: Visitor) -> None:
    assert left_in_english(choose(stranger, "/sign-in")) == []
    walsh = sign_in("walsh")
    choose(walsh)
    pages = ["/today", "/students", "/replies", "/school"]
    pages += [link for link in walsh.open("/students").links if re.fullmatch(r"/students/[-0-9a-f]{36}", link)][:1]
    pages += [link for link in walsh.open(pages[-1]).links if link.endswith("/praise")][:1]
    assert len(pages) == 6
    for path in pages:
        page = walsh.open(path)
        assert page.status == 200
        assert f'<html lang="{TAG}">' in page.response.text
        assert left_in_english(page) == [], path


def test_the_english_of_the_bank_says_on_the_page_that_it_is_english(bracketish: Language, sign_in: SignIn) -> None:
    walsh = sign_in("walsh")
    choose(walsh)
    student = next(link for link in walsh.open("/students").links if re.fullmatch(r"/students/[-0-9a-f]{36}", link))
    page = walsh.open(next(link for link in walsh.open(student).links if link.endswith("/praise")))
    assert 'lang="en-NZ"' in page.response.text


def test_a_device_without_a_sign_in_keeps_it_and_an_unknown_language_changes_nothing(
    bracketish: Language, stranger: Visitor
) -> None:
    choose(stranger, "/sign-in")
    stranger.act("/language", language="xx", next="/sign-in")
    assert f'<html lang="{TAG}">' in stranger.follow().response.text


def test_whoever_chose_a_language_that_is_gone_reads_english(
    locales: Path, web: Flask, sign_in: SignIn, story: Story
) -> None:
    with spoken(locales):
        choose(sign_in("walsh"))
    page = sign_in("walsh").open("/today")
    assert page.status == 200
    assert '<html lang="en-NZ">' in page.response.text
    assert shown_in(CODE) is Language.EN


# ---- families ----


def test_a_family_that_asks_for_it_is_written_to_in_it_and_the_phrase_stays_openly_in_english(
    bracketish: Language, story: Story
) -> None:
    ask(story, "ngaire", CODE)
    body = praise(story, "aroha")["ngaire"].body
    with story.work("walsh") as work:
        phrase = messages.offered_phrases(work, story.students["hemi"])[0].text_en.replace("{name}", "Aroha")
    assert body.startswith(f"Rimu Road School: {phrase}\n[From Ms Walsh]\n[The school wrote this in English.]")
    assert not {"\u00a0", "\u202f"} & set(body)
    assert count(body).segments <= 2


def test_a_mail_in_it_marks_each_language(bracketish: Language, story: Story) -> None:
    ask(story, "dave", "Bracketish")
    sent = praise(story, "aroha")["dave"]
    with story.work() as work:
        found = messages.delivery_of(work, sent.id)
        assert found is not None
        html = found[0].html or ""
        assert found[0].language == CODE
    assert f'<html lang="{TAG}">' in html
    assert '<p lang="en-NZ"' in html
    assert "[Good news about Aroha]" in html
    assert "[The school wrote this in English.]" in html


def test_own_words_stand_in_its_letter_as_typed(bracketish: Language, story: Story) -> None:
    ask(story, "ngaire", CODE)
    draft = messages.Draft(words="She swept the path for Koro.", words_language=Language.EN)
    body = praise(story, "aroha", draft)["ngaire"].body
    assert body.startswith("Rimu Road School: She swept the path for Koro.\n[From Ms Walsh]")
    assert "in English" not in body


def test_a_notice_in_both_languages_stands_in_its_letter_in_english(bracketish: Language) -> None:
    words = {Language.MI: "He hui āpōpō.", Language.EN: "A hui tomorrow."}
    notice = letters.Notice("Mr Burns", words)
    assert notice.home(bracketish) is Language.EN
    assert letters.Notice("Mr Burns", {Language.MI: words[Language.MI]}).home(bracketish) is Language.MI
    reads = notice.reads(letters.Reads(CODE))
    school = letters.School(name_mi="Te Kura o Rimu", name_en="Rimu Road School", text_name="Rimu Road School")
    reader = letters.Recipient("Sina", reads)
    text = letters.notice_text(school, letters.TextSender(False, False), reader, notice)
    assert text == "Rimu Road School: A hui tomorrow.\n[From Mr Burns]"
    assert '<p lang="en-NZ"' in letters.notice_mail(school, reader, notice, change_link="https://rimu.example/c").html


def test_the_pages_of_a_family_are_in_it_and_lead_to_the_other_languages(
    bracketish: Language, story: Story, stranger: Visitor
) -> None:
    ask(story, "ngaire", CODE)
    sent = as_link(story)["ngaire"]
    for path in (sent.note.rstrip("]"), sent.change):
        page = stranger.open(path)
        assert page.status == 200
        assert f'<html lang="{TAG}">' in page.response.text
        assert left_in_english(page) == []
        assert {"Te reo Māori", "English"} <= set(
            re.findall(r'hreflang="[^"]*" lang="[^"]*">([^<]*)<', page.response.text)
        )
        assert '<html lang="mi">' in stranger.open(f"{path}?reo=mi").response.text
    assert ">Brackets</a>" in stranger.open(f"{sent.change}?reo=en").response.text


def test_the_office_chooses_it_for_a_contact_by_name(bracketish: Language, story: Story, jan: Visitor) -> None:
    page = jan.open(f"/contacts/{story.contacts['dave'].id}")
    form = next(form for form in page.forms if "language" in form.choices)
    assert form.choices["language"] == ["mi", "en", CODE, "both", "other"]
    assert jan.send(form, language=CODE).status == 302
    with story.work() as work:
        assert whanau.language_of(work, story.contacts["dave"].id, on=date(2026, 11, 20)) == CODE


def test_a_family_that_asked_before_we_had_it_gets_it_and_before_that_a_person_is_told(
    locales: Path, story: Story
) -> None:
    ask(story, "ngaire", "bracketish")

    def first(child: str) -> tuple[str, str | None]:
        with story.work() as work:
            found = messages.delivery_of(work, praise(story, child)["ngaire"].id)
            assert found is not None
            return str(found[0].state), found[0].why

    assert first("aroha") == (State.BY_HAND, Why.OTHER_LANGUAGE)
    with spoken(locales):
        assert first("wi")[0] != State.BY_HAND
    assert language_meant("bracketish") is None


# ---- days, lists, counts ----


def test_days_times_lists_and_counts_follow_its_own_file(bracketish: Language) -> None:
    day = date(2026, 7, 2)
    assert long_date(day, bracketish) == "2026 [vii] 2 [4]"
    assert short_date(day, bracketish) == "2026 [vii] 2"
    assert relative_day(day, date(2026, 7, 3), bracketish) == "[day gone]"
    assert margin_day(date(2026, 6, 2), day, bracketish) == "[vi] 2"
    assert margin_day(date(2025, 6, 2), day, bracketish) == "2025 [vi] 2"
    assert clock_time(time(14, 50), bracketish) == "14.50 [o'clock]"
    assert list_of(["a", "b", "c"], bracketish) == "a + b & c"
    assert list_of(["a", "b"], bracketish, "or") == "a | b"
    one, many = "%(num)s reply has no child yet", "%(num)s replies have no child yet"
    one, many = next(
        (message.id[0], message.id[1])
        for message in read_messages(catalogue_path(bracketish))
        if isinstance(message.id, list | tuple) and message.id[0].startswith("%(num)s ")
    )
    assert [say_many(bracketish, one, many, n) for n in (0, 1, 2)] == [
        f"[none of {many % {'num': 0}}]",
        f"[{one % {'num': 1}}]",
        f"[{many % {'num': 2}}]",
    ]


# ---- what is refused ----


@pytest.mark.parametrize(
    ("was", "becomes", "wants"),
    [
        ('"[From %(writer)s]"', '""', "1 sentences to write, 0 to mend"),
        ('"[From %(writer)s]"', '"[From]"', "0 sentences to write, 1 to mend"),
        ('"[From %(writer)s]"', '"[From %(writer)s %(writer)s]"', "0 sentences to write, 1 to mend"),
        ('msgid "From %(writer)s"', '#, fuzzy\nmsgid "From %(writer)s"', "1 sentences to write, 0 to mend"),
        ('msgid "From %(writer)s"', 'msgid "From %(writer)s', ""),
    ],
)
def test_a_language_that_is_not_whole_is_offered_to_nobody(
    tmp_path: Path, locales: Path, was: str, becomes: str, wants: str
) -> None:
    folder = tmp_path / CODE
    (folder / "LC_MESSAGES").mkdir(parents=True)
    (folder / "language.toml").write_text(IDIOM, "utf-8")
    written = catalogue_path(Language.at(locales / CODE)).read_text("utf-8")
    assert was in written
    catalogue_path(Language.at(folder)).write_text(written.replace(was, becomes), "utf-8")
    with spoken(tmp_path):
        assert CODE not in list(Language)
        assert wants in NOT_READY[CODE]
        assert language_meant("Bracketish") is None


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('name = "brackets"', "", "name: write it here"),
        ('"[6]", "[7]"]', '"[6]"]', "dates.days: write 7 names"),
        ('"{month} {day}"', '"{month} {dy}"', "dates.margin: its places are"),
        ('"{month} {day}"', '"{month} {day"', "dates.margin: its braces do not close"),
        ("{others} & {last}", "{last}", "lists.and: its places are {last}, {others}"),
        ("until = 24", "until = 23", "times.parts: each part ends at a later hour"),
        ('"[day gone]"', '"[day\u00a0gone]"', "dates.yesterday: write plain spaces"),
        ('name = "brackets"', "name = brackets", "cannot be read"),
    ],
)
def test_a_language_file_that_is_not_sound_says_what_it_wants(
    tmp_path: Path, was: str, becomes: str, says: str
) -> None:
    path = tmp_path / "language.toml"
    assert was in IDIOM
    path.write_text(IDIOM.replace(was, becomes), "utf-8")
    with pytest.raises(IdiomFault, match=re.escape(says)) as refused:
        read_idiom(path)
    assert str(path) in str(refused.value)


def test_a_folder_that_is_no_language_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(IdiomFault, match="has its code as a name"):
        Language.at(tmp_path / "gagana-samoa")


@pytest.mark.parametrize(("code", "says"), [("mi", "There is a folder"), ("Gagana", "is no code"), ("s", "is no code")])
def test_a_language_is_not_begun_twice_nor_without_a_code(code: str, says: str) -> None:
    refused = CliRunner().invoke(catalogues.catalogues, ["begin", code, "Gagana Sāmoa"])
    assert refused.exit_code == 1
    assert says in refused.output
    assert [each.value for each in found(LOCALES)] == ["mi", "en"]


def test_the_check_of_settings_says_which_language_waits_for_what(tmp_path: Path) -> None:
    (tmp_path / CODE).mkdir()
    with spoken(tmp_path):
        said = [(each.mark, each.says) for each in checking.languages()]
    assert said[0] == ("ok", "Te reo Māori, English")
    assert said[1][0] == "later"
    assert said[1][1].startswith(f"{CODE}: {tmp_path / CODE / 'language.toml'}: cannot be read")
