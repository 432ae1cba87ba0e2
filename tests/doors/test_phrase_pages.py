"""The school's phrases on pages, and something to work on: who may, what is refused, what goes where."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text

from commsbridge import messages, schools
from commsbridge.foundation.language import Language
from commsbridge.foundation.orthography import LongVowels
from commsbridge.foundation.reo_dates import DayNames
from commsbridge.messages import PhraseKind
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import Story

OURS = {
    "kind": "praise",
    "value": "joy",
    "setting": "class",
    "text_en": "{name} sang with us today.",
    "text_mi": "I waiata a {name} i tēnei rā.",
}


@pytest.fixture
def leota(sign_in: SignIn) -> Visitor:
    """Learning support, who keeps the phrases."""
    return sign_in("leota")


def add(visitor: Visitor, **typed: str) -> Page:
    return visitor.send(visitor.open("/phrases/new").form("/phrases/new"), **{**OURS, **typed})


def act(visitor: Visitor, at: str, what: str) -> Page:
    visitor.open("/phrases")
    return visitor.act(at, act=what)


def newest(story: Story) -> uuid.UUID:
    with story.work() as work:
        return next(each.id for each in messages.bank_of(work) if each.text_en == OURS["text_en"])


@pytest.mark.parametrize("who", ["walsh", "matiu", "jan", "kiri"])
def test_everybody_sees_the_phrases_and_few_change_them(sign_in: SignIn, story: Story, who: str) -> None:
    visitor = sign_in(who)
    page = visitor.open("/phrases")
    assert "I āwhina a {name} i tētahi ākonga hou i tēnei rā." in page.text
    assert "Something to work on: Calm" in page.text
    assert "/phrases/new" not in page.links
    with story.work() as work:
        first = messages.bank_of(work)[0].id
    assert visitor.open("/phrases/new").status == 403
    assert visitor.open(f"/phrases/{first}").status == 403
    visitor.open("/phrases")
    assert visitor.act(f"/phrases/{first}/place", act="retire").status == 403


def test_a_phrase_is_written_changed_moved_retired_and_brought_back(leota: Visitor, story: Story) -> None:
    assert add(leota).location == "/phrases"
    phrase_id = newest(story)
    form = leota.open(f"/phrases/{phrase_id}").form(f"/phrases/{phrase_id}")
    assert form.values["text_mi"] == OURS["text_mi"]
    assert leota.send(form, setting="playground").status == 302
    assert "/phrases?open=praise-joy#phrase-" in act(leota, f"/phrases/{phrase_id}/place", "up").location
    assert act(leota, f"/phrases/{phrase_id}/place", "retire").status == 302
    assert OURS["text_en"] not in leota.open("/phrases").text
    assert OURS["text_en"] in leota.open("/phrases", show="retired").text
    assert leota.open(f"/phrases/{phrase_id}").status == 404
    assert act(leota, f"/phrases/{phrase_id}/place", "back").status == 302
    assert OURS["text_en"] in leota.open("/phrases").text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"text_en": ""}, "text_en", "There are words in one language only."),
        ({"text_mi": ""}, "text_mi", "There are words in one language only."),
        ({"text_mi": "I waiata i tēnei rā."}, "text_mi", "{name} is missing"),
        ({"text_mi": "I waiata a {name} i tënei rä."}, "text_mi", "Write macrons"),
        ({"kind": "blame"}, "kind", "Choose what kind of phrase it is."),
        ({"value": "money"}, "value", "Choose what it is about."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_words_stay(
    leota: Visitor, typed: dict[str, str], field: str, sentence: str
) -> None:
    page = add(leota, **typed)
    assert page.status == 400
    assert sentence in page.wrong[field]
    assert page.form("/phrases/new").values["text_en"] == {**OURS, **typed}["text_en"]


def test_a_doubtful_word_is_asked_about_once(leota: Visitor, story: Story) -> None:
    page = add(leota, text_mi="I waiata a {name} i te STEM.")
    assert "Please look again at: STEM." in page.wrong["as_meant"]
    assert leota.send(page.form("/phrases/new"), as_meant="yes").status == 302
    assert newest(story) is not None


def test_a_button_that_is_not_there_and_a_phrase_that_is_not_here_are_refused(leota: Visitor, story: Story) -> None:
    add(leota)
    assert act(leota, f"/phrases/{newest(story)}/place", "burn").status == 400
    assert leota.open(f"/phrases/{uuid.uuid4()}").status == 404
    assert act(leota, f"/phrases/{uuid.uuid4()}/place", "up").status == 404


def work_on(story: Story, who: str) -> str:
    return f"/students/{story.students[who].id}/work-on"


def chosen(story: Story, kind: PhraseKind) -> str:
    with story.work() as work:
        return str(messages.offered_phrases(work, story.students["wi"], kind=kind)[0].id)


def test_something_to_work_on_goes_by_mail_and_never_by_text(sign_in: SignIn, story: Story) -> None:
    fox = sign_in("fox")
    page = fox.open(work_on(story, "wi"))
    assert "This does not go by text" in page.text
    form = page.form(work_on(story, "wi"))
    sent = fox.send(form, ("act", "send"), phrase=chosen(story, PhraseKind.WORK_ON), own_words="A timer helps.")
    assert sent.location.startswith("/praise/")
    assert "Something to work on with Wī" in fox.follow().text
    again = fox.send(form, ("act", "send"), phrase=chosen(story, PhraseKind.WORK_ON), own_words="A timer helps.")
    assert again.status == 302
    with story.work() as work:
        found = work.session.execute(text("SELECT DISTINCT channel FROM deliveries WHERE body LIKE '%A timer helps.%'"))
        assert {channel for (channel,) in found} == {"email"}


@pytest.mark.parametrize("kind", ["", "praise"])
def test_without_something_to_work_on_nothing_goes_from_that_page(sign_in: SignIn, story: Story, kind: str) -> None:
    fox = sign_in("fox")
    form = fox.open(work_on(story, "wi")).form(work_on(story, "wi"))
    page = fox.send(form, ("act", "send"), phrase=chosen(story, PhraseKind.PRAISE) if kind else "", own_words="Hello")
    assert page.status == 400
    assert "Choose what you would like to work on." in page.text
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM messages")) == 0


def test_words_about_health_are_asked_about_first_here_too(sign_in: SignIn, story: Story) -> None:
    fox = sign_in("fox")
    form = fox.open(work_on(story, "wi")).form(work_on(story, "wi"))
    page = fox.send(
        form, ("act", "send"), phrase=chosen(story, PhraseKind.WORK_ON), own_words="He had a sore tummy and was sick."
    )
    assert page.status == 409
    assert "This may be about somebody’s health" in page.text


def test_a_child_one_does_not_see_is_not_here(sign_in: SignIn, story: Story) -> None:
    assert sign_in("walsh").open(work_on(story, "pare")).status == 404
    assert sign_in("jan").open(work_on(story, "wi")).status == 403


# 69 letters with a name of twelve: it fits a text of its own, but not what stands around it.
LONG_MI = "I āwhina a {name} i te katoa ki te kimi i ō rātou pōtae kōwhai."


def test_a_phrase_that_makes_three_texts_of_a_praise_is_kept_and_said_so(leota: Visitor, story: Story) -> None:
    kept = add(leota, text_mi=LONG_MI)
    told = leota.follow()
    assert kept.status == 302
    assert "Kept. With your school’s name, who writes it and what a reply costs, it takes 3 texts" in told.text
    assert "3 texts long" in leota.open("/phrases").text
    page = leota.open(f"/phrases/{newest(story)}")
    assert "Two are enough for most phrases" in page.text
    with story.work() as work:
        frame = messages.text_frame(work, Language.MI)
        assert frame.before == "Rimu Road School: "
        assert frame.after.endswith("\nReply to this SMS will be charged")
        assert frame.length(LONG_MI, child="Manaakitanga").units > 134


def test_a_short_phrase_and_one_that_never_goes_by_text_are_kept_without_a_word(leota: Visitor) -> None:
    assert add(leota).location == "/phrases"
    assert add(leota, text_mi=LONG_MI, kind="work_on").location == "/phrases"
    assert "texts long" not in leota.open("/phrases").text


def test_a_school_that_texts_without_macrons_has_room_for_more(leota: Visitor, story: Story) -> None:
    with story.work() as work:
        schools.set_reo_style(work, day_names=DayNames.TRADITIONAL, text_vowels=LongVowels.PLAIN)
        frame = messages.text_frame(work, Language.MI)
        assert frame.length(LONG_MI, child="Manaakitanga").segments == 1
    assert add(leota, text_mi=LONG_MI).location == "/phrases"
