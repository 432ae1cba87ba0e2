"""Every text and mail as it leaves, in te reo Māori, English and both: change a wording, and read it here first."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from commsbridge.foundation.language import Language
from commsbridge.foundation.segments import count
from commsbridge.messages import letters
from commsbridge.messages.bank import Pair
from commsbridge.messages.letters import REPLY_MARKER, Letter, News, Reads, Recipient, School, TextSender

RIMU = School(name_mi="Te Kura o Rimu", name_en="Rimu Road School", text_name="Rimu Road School")
SENDERS = {
    "standard": TextSender(reply_costs=True, carrier_adds_charge_words=False),
    "standard, carrier adds the words": TextSender(reply_costs=True, carrier_adds_charge_words=True),
    "zero-rated": TextSender(reply_costs=False, carrier_adds_charge_words=False),
}
HELPED = Pair(mi="I āwhina a {name} i tētahi ākonga hou i tēnei rā.", en="{name} helped a new student today.")
WORDS = "She showed the way to the library & back."
CHANGE = "https://rimu.example/change/AbCdEfGh"
NOTE = "https://rimu.example/note/AbCdEfGh"
NEWS = {
    "phrase": News(child="Aroha", writer="Ms Walsh", phrase=HELPED),
    "own words": News(child="Aroha", writer="Ms Walsh", words=WORDS, words_language=Language.EN),
    "phrase and own words": News(child="Aroha", writer="Ms Walsh", phrase=HELPED, words=WORDS),
}

SHOWS = "A bridge of sticks & string"
PHOTO = "https://rimu.example/photo/AbCdEfGh"


def sound(text: str) -> None:
    """What holds for everything that leaves."""
    assert unicodedata.is_normalized("NFC", text)
    assert {"\u00a0", "\u202f"}.isdisjoint(text)
    assert "%(" not in text
    assert "{" not in text


def sound_text(text: str) -> str:
    sound(text)
    assert text.startswith("Rimu Road School: ")
    return text


def sound_mail(letter: Letter) -> str:
    for part in (letter.subject, letter.text, letter.html):
        sound(part)
    assert letter.subject.startswith("Rimu Road School: ")
    assert REPLY_MARKER in letter.text
    assert REPLY_MARKER in letter.html
    return shown(letter)


def shown(letter: Letter) -> str:
    return f"Subject: {letter.subject}\n\n{letter.text}\n{letter.html}"


@pytest.fixture(params=Reads, ids=str)
def reader(request: pytest.FixtureRequest) -> Recipient:
    """A reader of each kind."""
    return Recipient(shown_name="Whaea Ngaire", reads=Reads(request.param))


@pytest.fixture(params=SENDERS)
def sender(request: pytest.FixtureRequest) -> TextSender:
    """A sender of each kind."""
    return SENDERS[request.param]


@pytest.mark.parametrize("told", NEWS)
def test_praise_by_text(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient, told: str) -> None:
    assert sound_text(letters.praise_text(RIMU, sender, reader, NEWS[told])) == snapshot


def test_welcome_by_text(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient) -> None:
    link = CHANGE if sender.reply_costs else None
    assert sound_text(letters.welcome_text(RIMU, sender, reader, child="Aroha", stop_link=link)) == snapshot


def test_answer_to_stop(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient) -> None:
    assert sound_text(letters.stopped_text(RIMU, sender, reader.reads)) == snapshot


def test_answer_to_start(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient) -> None:
    assert sound_text(letters.started_text(RIMU, sender, reader.reads)) == snapshot


def test_answer_to_help(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient) -> None:
    assert sound_text(letters.help_text(RIMU, sender, reader.reads, office_phone="04 555 0123")) == snapshot


def test_answer_to_a_stranger(snapshot: SnapshotAssertion, sender: TextSender) -> None:
    assert sound_text(letters.stranger_text(RIMU, sender)) == snapshot


def test_answer_in_danger(snapshot: SnapshotAssertion, sender: TextSender) -> None:
    body = sound_text(letters.danger_text(RIMU, sender))
    assert "registered for 111 TXT" in body
    assert "rēhitatia" in body
    assert count(body).segments <= 6
    assert body == snapshot


def test_note_by_text(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient) -> None:
    assert sound_text(letters.note_text(RIMU, sender, reader.reads, child="Aroha", link=NOTE)) == snapshot


@pytest.mark.parametrize("told", NEWS)
def test_praise_by_mail(snapshot: SnapshotAssertion, reader: Recipient, told: str) -> None:
    assert sound_mail(letters.praise_mail(RIMU, reader, NEWS[told], change_link=CHANGE)) == snapshot


def test_welcome_by_mail(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    assert sound_mail(letters.welcome_mail(RIMU, reader, child="Aroha", change_link=CHANGE)) == snapshot


def test_note_by_mail(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    assert sound_mail(letters.note_mail(RIMU, reader, child="Aroha", link=NOTE, change_link=CHANGE)) == snapshot


@pytest.mark.parametrize("language", Language, ids=str)
def test_new_password(snapshot: SnapshotAssertion, language: Language) -> None:
    mail = letters.reset_mail(language, name="Jo Walsh", link="https://rimu.example/reset/AbCd", minutes=60)
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", Language, ids=str)
def test_a_message_to_read_now(snapshot: SnapshotAssertion, language: Language) -> None:
    mail = letters.safety_mail(language, name="Jo Walsh", link="https://rimu.example/safety")
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", Language, ids=str)
def test_invitation(snapshot: SnapshotAssertion, language: Language) -> None:
    mail = letters.invitation_mail(
        language, RIMU, name="Jo Walsh", inviter="Hana Tipene", link="https://rimu.example/join/AbCd", days=7
    )
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", Language, ids=str)
@pytest.mark.parametrize("names", [("Aroha",), ("Aroha", "Hēmi", "Wī")], ids=["one", "three"])
def test_prompt(snapshot: SnapshotAssertion, language: Language, names: tuple[str, ...]) -> None:
    children = [(name, f"https://rimu.example/students/{number}/praise") for number, name in enumerate(names)]
    mail = letters.prompt_mail(
        language,
        name="Ms Walsh",
        children=children,
        today="https://rimu.example/today",
        times="https://rimu.example/prompts",
    )
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", Language, ids=str)
def test_prompt_with_what_to_notice(snapshot: SnapshotAssertion, language: Language) -> None:
    aroha, hemi = (f"https://rimu.example/students/{number}/praise" for number in range(2))
    mail = letters.prompt_mail(
        language,
        name="Ms Walsh",
        children=[("Aroha", aroha), ("Hēmi", hemi)],
        today="https://rimu.example/today",
        times="https://rimu.example/prompts",
        ideas={
            aroha: letters.Noticing("Said of their strengths:", "Kind to <new> children", Language.EN),
            hemi: letters.Noticing("Perhaps: kindness."),
        },
    )
    sound(mail.text + mail.html)
    assert "&lt;new&gt;" in mail.html
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("when", ["owed", "late"])
@pytest.mark.parametrize("number", [1, 3])
def test_owed(snapshot: SnapshotAssertion, language: Language, number: int, when: str) -> None:
    mail = letters.owed_mail(
        language, name="Ms Walsh", number=number, late=when == "late", replies="https://rimu.example/replies?whose=me"
    )
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("number", [1, 3])
def test_slowed(snapshot: SnapshotAssertion, language: Language, number: int) -> None:
    mail = letters.slowed_mail(language, name="Mrs Leota", number=number, page="https://rimu.example/replies/slowed")
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", list(Language))
def test_report(snapshot: SnapshotAssertion, language: Language) -> None:
    mail = letters.report_mail(
        language,
        name="Mr Burns",
        days=("12 Oct 2026", "18 Oct 2026"),
        sentences=["Nobody has waited ten school days.", "At least one message arrived at every home."],
        report="https://rimu.example/reports?span=dates&first_on=2026-10-12&last_on=2026-10-18",
        stop="https://rimu.example/reports/mails",
    )
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


@pytest.mark.parametrize("language", list(Language))
def test_report_for_the_board(snapshot: SnapshotAssertion, language: Language) -> None:
    mail = letters.report_mail(
        language,
        name="Mr Burns",
        days=("12 Oct 2026", "18 Oct 2026"),
        sentences=["Nobody has waited ten school days.", "Home was reached: 41 of 50 · 82 %"],
        report="https://rimu.example/reports/take/board.pdf?span=dates&first_on=2026-10-12&last_on=2026-10-18",
        stop="https://rimu.example/reports/mails",
        for_board=True,
    )
    sound(mail.text + mail.html)
    assert shown(mail) == snapshot


def test_praise_with_a_photo(reader: Recipient, snapshot: SnapshotAssertion) -> None:
    news = News(child="Aroha", writer="Ms Walsh", phrase=HELPED, photo_shows=SHOWS)
    text = letters.praise_text(RIMU, SENDERS["zero-rated"], reader, news, photo_link=PHOTO)
    assert sound_text(text).count(PHOTO) == 1
    assert text == snapshot
    mail = letters.praise_mail(RIMU, reader, news, change_link=CHANGE)
    assert mail.html.count("<img") == 1
    assert sound_mail(mail) == snapshot


BOOK = letters.BookNews(
    child="Aroha",
    writers="Ms Walsh, Matua Matiu",
    days=(
        letters.BookDay(
            {Language.EN: "Tuesday 17 November", Language.MI: "Rātū, 17 o Whiringa-ā-rangi"},
            (
                letters.BookPart(
                    {Language.EN: "What went well", Language.MI: "Ngā mea pai"}, "A bridge of sticks & string."
                ),
                letters.BookPart(
                    {Language.EN: "The day in ticks", Language.MI: "Te rā i ngā tohu"},
                    ticked={Language.EN: "Ate lunch", Language.MI: "I kai i te tina"},
                ),
            ),
        ),
    ),
    good="A bridge of sticks & string.",
)
PAGE = "https://rimu.example/w/AbCdEfGhIjKlMnOpQrStUv"


@pytest.mark.parametrize("whole", [False, True], ids=["good line", "whole"])
def test_a_page_of_the_book_by_text(snapshot: SnapshotAssertion, reader: Recipient, *, whole: bool) -> None:
    news = replace(BOOK, whole=whole)
    sender = SENDERS["zero-rated"]
    assert sound_text(letters.book_text(RIMU, sender, reader.reads, news, link=PAGE)) == snapshot


def test_a_week_of_pages_by_text_says_of_each_which_day_it_is_where_all_words_were_asked_for() -> None:
    [tuesday] = BOOK.days
    wednesday = letters.BookDay(
        {Language.EN: "Wednesday 18 November", Language.MI: "Rāapa, 18 o Whiringa-ā-rangi"},
        (letters.BookPart({Language.EN: "What went well", Language.MI: "Ngā mea pai"}, "He swam."),),
    )
    week = replace(BOOK, days=(tuesday, wednesday), good="He swam.")

    def text(news: letters.BookNews) -> str:
        return letters.book_text(RIMU, SENDERS["zero-rated"], letters.Reads.EN, news, link=PAGE)

    whole = text(replace(week, whole=True))
    places = [whole.index(each) for each in ("Tuesday 17", "sticks & string", "Wednesday 18", "He swam.", PAGE)]
    assert places == sorted(places)
    assert whole.count("He swam.") == whole.count(PAGE) == 1
    line = text(week)
    assert "He swam." in line
    assert "sticks" not in line


def test_a_page_of_the_book_by_mail(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    assert sound_mail(letters.book_mail(RIMU, reader, BOOK, link=PAGE, change_link=CHANGE)) == snapshot


def test_a_code_and_a_link_to_ones_own_page(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    sender = SENDERS["standard"]
    said = [letters.code_text(RIMU, sender, reader.reads, code="012345")]
    said.append(letters.page_link_text(RIMU, sender, reader, link=PAGE))
    assert "\n\n".join(map(sound_text, said)) == snapshot
    assert sound_mail(letters.code_mail(RIMU, reader, code="012345")) == snapshot


TIMES = tuple(
    (
        number,
        {Language.MI: f"Rāmere {day} Whiringa-ā-rangi 2026, 3:30 i te ahiahi", Language.EN: f"Friday {day} Nov 2026"},
    )
    for number, day in ((1, 20), (2, 27))
)
HUI = letters.HuiNews(letters.HuiTelling.ASKED, "Aroha", times=TIMES, place="Room 7", video=True)
WHEN = TIMES[0][1]
STEPS = (
    (
        dict.fromkeys(Language, "Ms Walsh: ring the driver"),
        {Language.EN: "2 Jul 2026", Language.MI: "2 Hōngongoi 2026"},
    ),
)
AGENDA = (
    (dict.fromkeys(Language, "Te pahi"), None),
    ({Language.EN: "What goes well for Aroha", Language.MI: "Ngā mea e pai ana mō Aroha"}, None),
)
QUESTION = letters.HuiNews(
    letters.HuiTelling.WELCOME,
    "Aroha",
    who="Mrs Leota",
    role={Language.MI: "SENCO", Language.EN: "SENCO"},
    what="Ring the bus.",
    choices=((4, "Yes"), (5, "No")),
)


def test_what_is_told_of_a_hui_by_text(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    told = [
        HUI,
        replace(HUI, kind={Language.MI: "he kōrero tahi", Language.EN: "a catch-up"}),
        *(
            letters.HuiNews(telling, "Aroha", when=WHEN, place="Room 7")
            for telling in (letters.HuiTelling.AGAIN, letters.HuiTelling.SET, letters.HuiTelling.OFF)
        ),
        letters.HuiNews(letters.HuiTelling.AGREED, "Aroha"),
        letters.HuiNews(letters.HuiTelling.AGREED, "Aroha", steps=STEPS, more_steps=True),
        letters.HuiNews(letters.HuiTelling.CORRECTED, "Aroha"),
        letters.HuiNews(letters.HuiTelling.NEAR, "Aroha", when=WHEN, steps=AGENDA, more_steps=True),
        letters.HuiNews(letters.HuiTelling.NEAR, "Aroha", when=WHEN, more_steps=True),
        letters.HuiNews(letters.HuiTelling.VOICE, "Aroha"),
        letters.HuiNews(letters.HuiTelling.SUPPORT, "Aroha"),
        letters.HuiNews(letters.HuiTelling.SUPPORT_TOGETHER, "Aroha"),
        letters.HuiNews(letters.HuiTelling.CHANGED, "Aroha", when=WHEN, place="Te marae", video=True, minutes=60),
        replace(
            QUESTION,
            does={Language.MI: "Ka kite i te āwhina.", Language.EN: "Finds help."},
            why="Knows what help there is.",
        ),
        *(
            replace(QUESTION, telling=telling)
            for telling in (
                letters.HuiTelling.WELCOME,
                letters.HuiTelling.DUE,
                letters.HuiTelling.WENT,
                letters.HuiTelling.PART,
            )
        ),
        replace(QUESTION, telling=letters.HuiTelling.DUE, what=""),
    ]
    texts = [letters.hui_text(RIMU, SENDERS["zero-rated"], reader.reads, each, link=PAGE) for each in told]
    assert "\n\n".join(map(sound_text, texts)) == snapshot


def test_what_is_told_of_a_hui_by_mail(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    minutes = (
        (dict.fromkeys(Language, "The bus: it stops at <the gate>."), None),
        (
            dict.fromkeys(Language, "Ms Walsh: ring the driver"),
            {Language.EN: "2 Jul 2026", Language.MI: "2 Hōngongoi 2026"},
        ),
    )
    agreed = letters.HuiNews(letters.HuiTelling.AGREED, "Aroha", agreed=minutes)
    near = letters.HuiNews(letters.HuiTelling.NEAR, "Aroha", when=WHEN, agreed=AGENDA, more_steps=True)
    mails = [
        letters.hui_mail(RIMU, reader, each, link=PAGE, change_link=CHANGE) for each in (HUI, agreed, near, QUESTION)
    ]
    assert "\n\n".join(map(sound_mail, mails)) == snapshot


def test_what_a_guest_of_a_hui_is_mailed(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    told = [
        letters.GuestNews(letters.GuestTelling.COMES, "Nan", "Aroha", when=WHEN, place="Room 7", by_whanau=True),
        letters.GuestNews(letters.GuestTelling.CORRECTED, "Nan", "Aroha", agreed=STEPS),
        letters.GuestNews(letters.GuestTelling.WENT, "Nan", "Aroha", what="Ring <the> bus.", link=PAGE),
    ]
    mails = [letters.guest_mail(RIMU, replace(each, reads=reader.reads)) for each in told]
    assert "\n\n".join(map(sound_mail, mails)) == snapshot


def test_that_something_stands_on_the_readers_own_page(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    texts = [
        letters.page_news_text(RIMU, SENDERS["zero-rated"], reader.reads, telling, child="Aroha", link=PAGE)
        for telling in letters.PageTelling
    ]
    telling = letters.PageTelling.STEP
    mail = letters.page_news_mail(RIMU, reader, telling, child="Aroha", link=PAGE, change_link=CHANGE)
    assert "\n\n".join(map(sound_text, texts)) == snapshot
    assert sound_mail(mail) == snapshot


def test_a_day_without_a_page(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    text = letters.no_page_text(RIMU, SENDERS["zero-rated"], reader.reads, child="Aroha", link=PAGE)
    mail = letters.no_page_mail(RIMU, reader, child="Aroha", link=PAGE, change_link=CHANGE)
    assert sound_text(text) == snapshot
    assert sound_mail(mail) == snapshot


def test_the_questions_of_a_term_by_text(snapshot: SnapshotAssertion, sender: TextSender, reader: Recipient) -> None:
    link = "https://rimu.example/w/AbCdEfGhIjKlMnOpQrStUv"
    texts = [
        letters.pulse_text(RIMU, sender, reader.reads, question="leadership", link=link),
        letters.pulse_next_text(RIMU, sender, reader.reads, question="valued"),
        letters.pulse_thanks_text(RIMU, sender, reader.reads),
        letters.pulse_over_text(RIMU, sender, reader.reads),
    ]
    assert "\n---\n".join(map(sound_text, texts)) == snapshot


def test_the_questions_of_a_term_by_mail(snapshot: SnapshotAssertion, reader: Recipient) -> None:
    link = "https://rimu.example/w/AbCdEfGhIjKlMnOpQrStUv"
    letter = letters.pulse_mail(RIMU, reader, questions=("trust", "respected"), link=link, change_link=CHANGE)
    assert sound_mail(letter) == snapshot
