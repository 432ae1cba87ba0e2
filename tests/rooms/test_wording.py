"""The phrase bank and the letters: whole sentences, short enough, in the reader's language, safe to open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations.keywords import Keyword, keyword_of
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import PAIR, Language
from commsbridge.foundation.reo_spelling import misspellings
from commsbridge.foundation.segments import count
from commsbridge.messages import letters
from commsbridge.messages.bank import NAME_SLOT, Pair, Praise, labels, praises
from commsbridge.messages.letters import CHARGE_WORDS, REPLY_MARKER, News, Reads, Recipient, School, TextSender

LONG_CHILD = "Te Kahurangi"
LONG_WRITER = "Whaea Marama"
LONG_SCHOOL = School(name_mi="Te Kura o te Awa Roa", name_en="Long River Area School", text_name="Long River School Ōt")
RIMU = School(name_mi="Te Kura o Rimu", name_en="Rimu Road School", text_name="Rimu Road School")
STANDARD = TextSender(reply_costs=True, carrier_adds_charge_words=False)
CARRIER_ADDS = TextSender(reply_costs=True, carrier_adds_charge_words=True)
ZERO_RATED = TextSender(reply_costs=False, carrier_adds_charge_words=False)
HELPED = Pair(mi="I āwhina a {name} i tētahi ākonga hou i tēnei rā.", en="{name} helped a new student today.")
KUIA = Recipient(shown_name="Whaea Ngaire", reads=Reads.MI)
FATHER = Recipient(shown_name="Dave", reads=Reads.EN)
BOTH = Recipient(shown_name="Mere", reads=Reads.BOTH)
LINK = "https://rimu.example/c/AbCd"


class Reader(HTMLParser):
    """What a mail program sees: the words, and every tag with what it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @classmethod
    def of(cls, html: str) -> Reader:
        reader = cls()
        reader.feed(html)
        reader.close()
        assert reader.open == []
        return reader


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def praise_units(sender: TextSender, reads: Reads, *, writer: str) -> Iterator[tuple[int, int]]:
    for praise in praises():
        news = News(child=LONG_CHILD, writer=writer, phrase=praise.pair)
        text = letters.praise_text(LONG_SCHOOL, sender, Recipient("Mere", reads), news)
        yield units(text), count(text).segments


def test_the_names_the_lengths_are_measured_with_are_as_long_as_promised() -> None:
    assert (len(LONG_CHILD), len(LONG_WRITER), len(LONG_SCHOOL.text_name), len(CHARGE_WORDS)) == (12, 12, 20, 33)


def test_the_bank_has_at_least_eighty_praises_and_none_twice() -> None:
    assert len(praises()) >= 80
    for told in ([p.key for p in praises()], [p.pair.mi for p in praises()], [p.pair.en for p in praises()]):
        assert len(set(told)) == len(told)


def test_every_value_and_setting_is_labelled_in_both_languages_and_used() -> None:
    assert {p.value for p in praises()} == set(labels("value"))
    assert {p.setting for p in praises()} == set(labels("setting"))
    for label in [*labels("value").values(), *labels("setting").values()]:
        assert set(label) == set(PAIR)
        assert all(label.values())
        assert misspellings(label[Language.MI]) == []


def test_praises_of_one_value_stand_together() -> None:
    order = list(dict.fromkeys(p.value for p in praises()))
    assert [p.value for p in praises()] == sorted((p.value for p in praises()), key=order.index)


@pytest.mark.parametrize("praise", praises(), ids=lambda p: p.key)
def test_a_praise_is_a_whole_short_sentence_in_each_language(praise: Praise) -> None:
    for sentence in (praise.pair.mi, praise.pair.en):
        assert sentence.count(NAME_SLOT) == 1
        assert sentence.count("{") == sentence.count("}") == 1
        assert sentence.endswith(".")
        assert "  " not in sentence
    assert misspellings(praise.pair.mi.replace(NAME_SLOT, "")) == []
    assert units(praise.pair.about(LONG_CHILD, Language.MI)) <= 70
    assert count(praise.pair.en.replace("ā", "a")).encoding == "gsm7"


@pytest.mark.parametrize("praise", praises(), ids=lambda p: p.key)
def test_a_praise_guesses_no_gender_and_says_nothing_about_what_is_missing(praise: Praise) -> None:
    english = {word.strip(".,!").lower() for word in praise.pair.en.split()}
    assert english.isdisjoint({"he", "she", "his", "her", "him", "hers"})
    assert english.isdisjoint({"not", "no", "never", "finally", "but", "only", "less", "stopped"})
    assert "kāore" not in praise.pair.mi.casefold()
    assert "ehara" not in praise.pair.mi.casefold()


def test_the_shipped_bank_says_that_nobody_has_checked_it() -> None:
    assert {(p.checked_by, p.checked_on, p.check_note) for p in praises()} == {(None, None, None)}


@pytest.mark.parametrize("writer", ["Ms Walsh", LONG_WRITER, "Ms Walsh-Tamiha"])
def test_a_te_reo_praise_from_a_standard_rate_sender_fits_two_segments(writer: str) -> None:
    for length, segments in praise_units(STANDARD, Reads.MI, writer=writer):
        assert length <= 134
        assert segments == 2


@pytest.mark.parametrize("sender", [ZERO_RATED, CARRIER_ADDS])
def test_without_our_charge_words_a_te_reo_praise_has_room_for_a_few_own_words(sender: TextSender) -> None:
    assert max(length for length, _ in praise_units(sender, Reads.MI, writer=LONG_WRITER)) <= 134 - 35


def test_an_english_praise_without_macrons_is_one_segment() -> None:
    school = School("Long River", "Long River", "Long River School Ot")
    plain = [p for p in praises() if p.pair.en.isascii()]
    for praise in plain:
        news = News(child=LONG_CHILD, writer=LONG_WRITER, phrase=praise.pair)
        assert count(letters.praise_text(school, STANDARD, FATHER, news)).segments == 1
    assert len(plain) > 70


def test_a_praise_in_both_languages_fits_three_segments() -> None:
    assert max(segments for _, segments in praise_units(STANDARD, Reads.BOTH, writer=LONG_WRITER)) == 3


def test_answers_to_stop_and_start_in_te_reo_fit_two_segments() -> None:
    for answer in (letters.stopped_text, letters.started_text):
        assert count(answer(LONG_SCHOOL, STANDARD, Reads.MI)).segments <= 2


def test_no_system_text_is_longer_than_ten_segments() -> None:
    welcome = letters.welcome_text(LONG_SCHOOL, STANDARD, BOTH, child=LONG_CHILD, stop_link=LINK)
    help_answer = letters.help_text(LONG_SCHOOL, STANDARD, Reads.BOTH, office_phone="03 555 0123")
    assert max(count(welcome).segments, count(help_answer).segments) <= 10


def test_the_charge_words_stand_last_only_where_they_are_ours_to_write() -> None:
    news = News(child="Aroha", writer="Ms Walsh", phrase=HELPED)
    assert letters.praise_text(RIMU, STANDARD, KUIA, news).endswith("\nReply to this SMS will be charged")
    for sender in (CARRIER_ADDS, ZERO_RATED):
        assert CHARGE_WORDS not in letters.praise_text(RIMU, sender, KUIA, news)


def test_own_words_stand_as_typed_in_the_frame_of_the_readers_language() -> None:
    news = News(child="Aroha", writer="Ms Walsh", words="She walked Tio to the library.", words_language=Language.EN)
    assert letters.praise_text(RIMU, ZERO_RATED, KUIA, news) == (
        "Rimu Road School: She walked Tio to the library.\nNā Ms Walsh"
    )
    assert letters.praise_text(RIMU, ZERO_RATED, FATHER, news).endswith("\nFrom Ms Walsh")


@pytest.mark.parametrize(
    ("language", "phrase", "signed"),
    [
        (Language.MI, HELPED, "Nā"),
        (Language.EN, HELPED, "From"),
        (None, HELPED, "From"),
        (Language.MI, None, "Nā"),
        (Language.EN, None, "From"),
        (None, None, "Nā"),
    ],
)
def test_a_text_in_both_languages_says_own_words_once(
    language: Language | None, phrase: Pair | None, signed: str
) -> None:
    news = News(child="Aroha", writer="Ms Walsh", phrase=phrase, words="Ka rawe!", words_language=language)
    text = letters.praise_text(RIMU, ZERO_RATED, BOTH, news)
    assert text.count("Ka rawe!") == 1
    assert f"Ka rawe!\n{signed} Ms Walsh" in text


def test_a_text_in_both_languages_has_te_reo_first() -> None:
    news = News(child="Aroha", writer="Ms Walsh", phrase=HELPED)
    assert letters.praise_text(RIMU, STANDARD, BOTH, news) == (
        "Rimu Road School: I āwhina a Aroha i tētahi ākonga hou i tēnei rā.\nNā Ms Walsh\n\n"
        "Aroha helped a new student today.\nFrom Ms Walsh\n"
        "Reply to this SMS will be charged"
    )


@pytest.mark.parametrize("words", ["", "   ", "\n\t\u00a0"])
def test_news_without_a_phrase_or_words_is_refused(words: str) -> None:
    with pytest.raises(Invalid, match="Choose a phrase") as refusal:
        News(child="Aroha", writer="Ms Walsh", words=words)
    assert refusal.value.field == "words"


def test_a_welcome_where_a_reply_costs_shows_the_way_out_that_does_not() -> None:
    text = letters.welcome_text(RIMU, STANDARD, KUIA, child="Aroha", stop_link=LINK)
    assert LINK in text
    assert LINK not in letters.welcome_text(RIMU, ZERO_RATED, KUIA, child="Aroha")


@pytest.mark.parametrize("reads", Reads)
def test_welcome_and_help_say_when_nobody_watches_and_where_help_is(reads: Reads) -> None:
    welcome = letters.welcome_text(RIMU, STANDARD, Recipient("Mere", reads), child="Aroha")
    for text in (welcome, letters.help_text(RIMU, STANDARD, reads)):
        for language in reads.languages:
            assert {Language.MI: "Kāore e tirohia", Language.EN: "Not watched at all hours"}[language] in text
        assert "111" in text
        assert "1737" in text
        assert "STOP" in text


def test_the_answer_to_a_stranger_names_nobody_and_speaks_both_languages() -> None:
    text = letters.stranger_text(RIMU, ZERO_RATED)
    assert "Kāore mātou e mōhio ki tēnei nama." in text
    assert "We do not know this number." in text


def test_the_line_for_a_sensitive_matter_says_nothing_of_the_matter() -> None:
    assert letters.note_text(RIMU, ZERO_RATED, Reads.EN, child="Aroha", link=LINK) == (
        f"Rimu Road School: There is a note about Aroha for you to read: {LINK}"
    )


def test_help_names_the_office_number_only_where_there_is_one() -> None:
    assert "Te tari o te kura: 04 555 0123." in letters.help_text(
        RIMU, ZERO_RATED, Reads.MI, office_phone="04 555 0123"
    )
    assert "tari" not in letters.help_text(RIMU, ZERO_RATED, Reads.MI)


@pytest.mark.parametrize("reads", [Reads.MI, Reads.EN])
def test_help_names_words_that_are_understood_so_that_a_hui_is_open_to_whoever_has_texts_alone(reads: Reads) -> None:
    listed = re.search(r": ([A-ZĀĒĪŌŪ]+(?: [A-ZĀĒĪŌŪ]+)?(?:, [A-ZĀĒĪŌŪ ]+)+)", letters.help_text(RIMU, STANDARD, reads))
    assert listed
    language = Keyword.ENGLISH if reads is Reads.MI else Keyword.TE_REO
    asked = {keyword_of(word) for word in listed[1].split(", ")}
    assert asked == {Keyword.HUI, Keyword.CALL_ME, Keyword.BOOK, Keyword.PAUSE, language}


def family_mails(recipient: Recipient, *, words: str = "She read aloud.") -> list[letters.Letter]:
    news = News(child="Aroha", writer="Ms Walsh", phrase=HELPED, words=words)
    return [
        letters.praise_mail(RIMU, recipient, news, change_link=LINK),
        letters.welcome_mail(RIMU, recipient, child="Aroha", change_link=LINK),
        letters.note_mail(RIMU, recipient, child="Aroha", link=f"{LINK}/note", change_link=LINK),
    ]


@pytest.mark.parametrize("recipient", [KUIA, FATHER, BOTH])
def test_a_family_mail_begins_with_the_reply_marker_in_both_parts(recipient: Recipient) -> None:
    for mail in family_mails(recipient):
        assert mail.text.startswith(f"{REPLY_MARKER}\n")
        assert mail.html.count(REPLY_MARKER) == 1
        shown = [words for words in Reader.of(mail.html).words if words.strip()]
        assert shown[:2] == [mail.subject, REPLY_MARKER]


@pytest.mark.parametrize("recipient", [KUIA, FATHER, BOTH])
def test_a_family_mail_has_a_way_out_and_names_the_school_first(recipient: Recipient) -> None:
    for mail in family_mails(recipient):
        assert mail.subject.startswith("Rimu Road School: ")
        assert LINK in mail.text
        assert ("a", {"href": LINK}) in Reader.of(mail.html).tags


@pytest.mark.parametrize("recipient", [KUIA, FATHER, BOTH])
def test_a_mail_loads_nothing_and_tells_each_block_its_language(recipient: Recipient) -> None:
    for mail in family_mails(recipient):
        reader = Reader.of(mail.html)
        assert {tag for tag, _ in reader.tags}.isdisjoint({"img", "link", "script", "iframe", "object", "style"})
        assert all("src" not in carried and "url(" not in str(carried) for _, carried in reader.tags)
        sections = [carried["lang"] for tag, carried in reader.tags if tag == "section"]
        assert sections == [{Language.MI: "mi", Language.EN: "en-NZ"}[each] for each in recipient.reads.languages]
        assert next(carried for tag, carried in reader.tags if tag == "html")["lang"] == sections[0]
        assert [tag for tag, _ in reader.tags].count("h1") == len(sections)


@pytest.mark.parametrize(("language", "lang"), [(Language.EN, "en-NZ"), (Language.MI, "mi"), (None, "")])
def test_own_words_in_a_mail_are_marked_with_their_language_where_it_is_known(
    language: Language | None, lang: str
) -> None:
    news = News(child="Aroha", writer="Ms Walsh", words="Ka rawe", words_language=language)
    mail = letters.praise_mail(RIMU, KUIA, news, change_link=LINK)
    assert f'<p lang="{lang}" dir="auto" style="font-size:22px">Ka rawe</p>' in mail.html


def test_words_and_names_of_people_are_escaped_in_html_and_plain_in_text() -> None:
    wicked = '<script>alert("1")</script> & <b>'
    news = News(child="Aroha", writer="Ms <i>", words=wicked)
    mail = letters.praise_mail(RIMU, Recipient("Mere <x>", Reads.EN), news, change_link='https://e.example/"><b>')
    tags = {tag for tag, _ in Reader.of(mail.html).tags}
    assert tags.isdisjoint({"script", "b", "i", "x"})
    assert wicked in mail.text
    assert wicked in "".join(Reader.of(mail.html).words)


def test_a_mail_subject_is_one_line_whatever_a_name_holds() -> None:
    news = News(child="Aroha\r\nBcc: x@example.com", writer="Ms Walsh", phrase=HELPED)
    mail = letters.praise_mail(RIMU, FATHER, news, change_link=LINK)
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_the_longest_subject_fits_the_two_hundred_letters_that_are_kept() -> None:
    school = School("Ō" * 120, "O" * 120, "O" * 20)
    mail = letters.praise_mail(school, BOTH, News(child="Ā" * 60, writer="W", phrase=HELPED), change_link=LINK)
    assert len(mail.subject) <= 200


def test_lines_of_own_words_stay_lines() -> None:
    news = News(child="Aroha", writer="Ms Walsh", words="First.\r\nSecond.")
    mail = letters.praise_mail(RIMU, FATHER, news, change_link=LINK)
    assert "First.\nSecond." in mail.text
    assert "First.<br>\nSecond." in mail.html


def test_mails_to_staff_ask_for_no_answer_and_hold_the_link_in_both_parts() -> None:
    for language in Language:
        reset = letters.reset_mail(language, name="Jo", link=LINK, minutes=60)
        invitation = letters.invitation_mail(language, RIMU, name="Jo", inviter="Hana Tipene", link=LINK, days=7)
        for mail in (reset, invitation):
            assert REPLY_MARKER not in mail.text + mail.html
            assert LINK in mail.text
            assert ("a", {"href": LINK}) in Reader.of(mail.html).tags


@given(
    words=st.text(min_size=1, max_size=300).filter(str.strip),
    child=st.text(min_size=1, max_size=30),
    writer=st.text(min_size=1, max_size=30),
    reads=st.sampled_from(list(Reads)),
    phrase=st.sampled_from([None, HELPED]),
    language=st.sampled_from([None, *Language]),
)
def test_whatever_is_typed_a_text_is_tidy_and_a_mail_is_whole(
    *, words: str, child: str, writer: str, reads: Reads, phrase: Pair | None, language: Language | None
) -> None:
    news = News(child=child, writer=writer, phrase=phrase, words=words, words_language=language)
    recipient = Recipient("Mere", reads)
    text = letters.praise_text(RIMU, STANDARD, recipient, news)
    assert text.startswith("Rimu Road School: ")
    assert text.endswith(CHARGE_WORDS)
    assert unicodedata.is_normalized("NFC", text)
    assert {"\u00a0", "\u202f", "\0", "\r"}.isdisjoint(text)
    mail = letters.praise_mail(RIMU, recipient, news, change_link=LINK)
    reader = Reader.of(mail.html)
    sections = len(reads.languages)
    assert sorted({tag for tag, _ in reader.tags} - {"br"}) == sorted(
        ["a", "body", "h1", "head", "html", "meta", "p", "section", "title"]
    )
    assert sum(1 for tag, carried in reader.tags if tag == "p" and "dir" in carried) == sections
    assert mail.text.startswith(REPLY_MARKER)
    assert "\n" not in mail.subject
