"""Who checked it: each te reo wording knows, a speaker of the school says so, and nothing pretends."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, update

from commsbridge import messages, schools
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.messages import Phrase, State, Why, letters, wordings
from commsbridge.messages.composing import in_their_language
from commsbridge.messages.letters import Reads
from commsbridge.messages.notices import Answered
from commsbridge.messages.wordings import Kind, Standing, Wording
from commsbridge.schools import Role
from commsbridge.whanau import Channel
from tests.conftest import Clock
from tests.rooms.posting import Posting
from tests.story import START, Story

FOLLOWS = "Te reo follows once a person has checked these words."
KUPU = "Ka pai tana mahi a {name} i te akomanga."


def a_phrase(story: Story) -> Wording:
    """The first phrase of the bank."""
    with story.work() as work:
        return next(each for each in wordings.all_wordings(work) if each.kind is Kind.PHRASE)


def a_sentence(story: Story, beginning: str) -> Wording:
    """A sentence of the letters."""
    with story.work() as work:
        return next(each for each in wordings.all_wordings(work) if each.en.startswith(beginning))


def approve(story: Story, wording: Wording, text: str | None = None, *, as_meant: bool = True) -> None:
    with story.work("kiri") as work:
        seen, mi = wording.version, text if text is not None else wording.mi
        wordings.approve(work, wording.key, seen=seen, text_mi=mi, as_meant=as_meant)


def approve_all(story: Story) -> None:
    with story.work() as work:
        waiting = wordings.on_desk(work)
    for wording in waiting:
        approve(story, wording)


def only_checked(story: Story, *, on: bool = True) -> None:
    with story.work("burns") as work:
        schools.send_only_checked_te_reo(work, only_checked=on)


def now(story: Story, wording: Wording) -> Wording:
    with story.work() as work:
        found = wordings.wording_of(work, wording.key)
    assert found is not None
    return found


# what stands on the desk


def test_everything_the_project_ships_is_shown_as_not_yet_checked(story: Story) -> None:
    with story.work() as work:
        every = wordings.all_wordings(work)
        assert wordings.tally(every).checked == 0
        assert {each.standing for each in every} == {Standing.UNCHECKED}
        assert [each.checked_by for each in every if each.checked_by] == []


def test_the_desk_holds_every_phrase_and_every_sentence_that_goes_to_families_and_no_label_of_a_page(
    story: Story,
) -> None:
    with story.work() as work:
        every = wordings.all_wordings(work)
        phrases = work.session.scalars(select(Phrase.text_en)).all()
    assert sorted(each.en for each in every if each.kind is Kind.PHRASE) == sorted(phrases)
    said = {each.en for each in every if each.kind is Kind.LETTER}
    assert {messages.letters.texts.SIGNED, messages.letters.texts.STOPPED, messages.letters.mails.KEPT} <= said
    assert "Sign out" not in said
    assert "Choose a new password" not in said
    assert FOLLOWS not in said


def test_a_speaker_approves_one_after_the_other_until_the_desk_is_empty(story: Story) -> None:
    with story.work() as work:
        waiting = wordings.on_desk(work)
        first, second = waiting[0], waiting[1]
        assert wordings.after(waiting, None) == first
        assert wordings.after(waiting, first.key) == second
        assert wordings.after(waiting, waiting[-1].key) == first
    approve_all(story)
    with story.work() as work:
        assert wordings.on_desk(work) == []
        assert wordings.after([], first.key) is None
        checked = wordings.wording_of(work, first.key)
    assert checked is not None
    assert (checked.standing, checked.checked_by) == (Standing.CHECKED, "Kiri Hōhepa")
    assert checked.checked_on is not None


def test_a_wording_changed_after_its_check_is_unchecked_again_and_checked_when_it_is_changed_back(
    story: Story,
) -> None:
    wording = a_phrase(story)
    approve(story, wording)
    key = wording.key.removeprefix("phrase:")
    with story.work() as work:
        work.session.execute(update(Phrase).where(Phrase.key == key).values(text_mi=KUPU))
    assert now(story, wording).standing is Standing.UNCHECKED
    assert now(story, wording).checked_by is None
    with story.work() as work:
        work.session.execute(update(Phrase).where(Phrase.key == key).values(text_mi=wording.mi, text_en="{name} ran."))
    assert now(story, wording).standing is Standing.UNCHECKED
    with story.work() as work:
        work.session.execute(update(Phrase).where(Phrase.key == key).values(text_en=wording.en))
    assert now(story, wording).standing is Standing.CHECKED


def test_an_edit_by_a_speaker_becomes_the_schools_own_wording_and_the_history_keeps_both(
    story: Story, posting: Posting
) -> None:
    wording = a_sentence(story, "From %(writer)s")
    approve(story, wording, "Nā tō hoa, nā %(writer)s")
    approve(story, a_phrase(story), KUPU)
    sent = posting.praise("aroha", phrase=_phrase_id(story, a_phrase(story)))
    assert posting.of(sent)["ngaire"].body.splitlines()[:2] == [
        "Rimu Road School: Ka pai tana mahi a Aroha i te akomanga.",
        "Nā tō hoa, nā Ms Walsh",
    ]
    approve(story, now(story, wording), wording.mi)
    with story.work() as work:
        told = [(each.text_mi, each.checked_by) for each in wordings.history_of(work, wording.key)]
    assert told == [(wording.mi, "Kiri Hōhepa"), ("Nā tō hoa, nā %(writer)s", "Kiri Hōhepa")]
    assert now(story, wording).mi == wording.mi


def _phrase_id(story: Story, wording: Wording) -> uuid.UUID:
    with story.work() as work:
        return work.session.scalars(select(Phrase.id).where(Phrase.key == wording.key.removeprefix("phrase:"))).one()


def test_a_checker_who_leaves_keeps_their_name_on_what_they_checked(story: Story) -> None:
    wording = a_phrase(story)
    approve(story, wording)
    with story.work() as work:
        schools.leave_staff(work, story.staff["kiri"], on=schools.today(work))
    assert now(story, wording).checked_by == "Kiri Hōhepa"


def test_the_role_of_a_speaker_ends_with_its_day(story: Story) -> None:
    with story.work() as work:
        schools.set_roles(work, story.staff["matiu"], [Role.KAIAWHINA, Role.SPEAKER], from_on=START)
        assert schools.viewer_for(work, story.staff["matiu"].id).may(schools.Permission.CHECK_TE_REO)
        schools.set_roles(work, story.staff["matiu"], [Role.KAIAWHINA], from_on=schools.today(work))
        assert not schools.viewer_for(work, story.staff["matiu"].id).may(schools.Permission.CHECK_TE_REO)


# what is refused


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "There are words in one language only."),
        ("  \n ", "There are words in one language only."),
        ("Ka pai te mahi i te akomanga.", "%(slot)s is missing"),
        ("Ka pai a {name}, ka pai a {name}.", "%(slot)s is there twice"),
        ("Ka pai a {name} i {where}.", "There is something here that we cannot fill in"),
        ("Ka pai a {name} {}.", "There is something here that we cannot fill in"),
        ("Ka pai te mähi a {name}.", "Write macrons"),
        ("Ka pai te mâhi a {name}.", "Write macrons"),
        ("Ka pai rawa atu te mahi a {name} i te akomanga i tēnei rā, ka mau te wehi.", "With a name of"),
        ("a" * 201, "This is too long"),
    ],
)
def test_a_broken_wording_is_refused_with_what_to_do_and_nothing_is_kept(story: Story, text: str, refusal: str) -> None:
    wording = a_phrase(story)
    with pytest.raises(Invalid) as said:
        approve(story, wording, text)
    assert said.value.sentence.startswith(refusal)
    assert now(story, wording) == wording


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("Nā te kaiako", "%(slot)s is missing"),
        ("Nā %(writer)s, nā %(writer)s", "%(slot)s is there twice"),
        ("Nā %(writer)s rāua ko %(name)s", "There is something here that we cannot fill in"),
        ("Nā %(writer)s, 100%", "There is something here that we cannot fill in"),
    ],
)
def test_a_sentence_of_the_letters_keeps_each_of_its_slots_exactly_once(story: Story, text: str, refusal: str) -> None:
    wording = a_sentence(story, "From %(writer)s")
    with pytest.raises(Invalid) as said:
        approve(story, wording, text)
    assert said.value.sentence.startswith(refusal)


def test_words_that_look_misspelt_are_asked_about_and_kept_when_the_speaker_means_them(story: Story) -> None:
    wording = a_phrase(story)
    text = "Ka pai te akonga a {name} i te zoo."
    with pytest.raises(Invalid) as said:
        approve(story, wording, text, as_meant=False)
    assert said.value.slots == {"words": "akonga, zoo"}
    assert said.value.field == "as_meant"
    approve(story, wording, text)
    assert now(story, wording).mi == text


def test_decomposed_macrons_are_repaired_on_the_way_in(story: Story) -> None:
    wording = a_phrase(story)
    approve(story, wording, "Ka pai te ma\u0304hi a  {name}.")
    assert now(story, wording).mi == "Ka pai te māhi a {name}."


def test_nobody_judges_words_that_somebody_changed_meanwhile(story: Story) -> None:
    wording = a_phrase(story)
    approve(story, wording, KUPU)
    with pytest.raises(Conflict):
        approve(story, wording)
    with pytest.raises(Conflict), story.work("kiri") as work:
        wordings.reject(work, wording.key, seen=wording.version, note="He hē.")


def test_te_reo_is_rejected_with_a_reason_and_by_a_named_person(story: Story) -> None:
    wording = a_phrase(story)
    with pytest.raises(Invalid), story.work("kiri") as work:
        wordings.reject(work, wording.key, seen=wording.version, note=" ")
    with pytest.raises(Invalid, match="Sign in first"), story.work() as work:
        wordings.reject(work, wording.key, seen=wording.version, note="He hē.")
    with pytest.raises(NotFound), story.work("kiri") as work:
        wordings.reject(work, "letter:nothing", seen="", note="He hē.")


# what leaves the school


def test_a_school_that_has_not_decided_sends_its_te_reo_unchecked_and_the_preview_says_so(
    story: Story, posting: Posting
) -> None:
    sent = posting.of(posting.praise("aroha"))
    assert sent["ngaire"].language == "mi"
    with story.work("walsh") as work:
        phrase = messages.offered_phrases(work, story.students["aroha"])[0]
        seen = messages.preview_praise(work, story.students["aroha"], messages.Draft(phrase.id), links=posting.links)
    assert [each.unchecked for each in seen if each.planned and each.planned.language == "mi"] == [True]


def test_only_checked_te_reo_goes_at_once_in_english_and_says_that_te_reo_follows(
    story: Story, posting: Posting
) -> None:
    only_checked(story)
    sent = posting.praise("aroha")
    going = [each for each in posting.all_to("ngaire") if each.state is State.QUEUED]
    assert [each.language for each in going] == ["en", "en"]
    welcome, news = going
    assert "We will write in te reo once a person has checked our words." in welcome.body
    assert FOLLOWS in news.body
    assert "Māori" not in news.body
    assert posting.of(sent)["dave"].language == "en"
    assert FOLLOWS not in posting.of(sent)["dave"].body


def test_a_reader_of_both_gets_the_english_whole_and_te_reo_later(story: Story, posting: Posting) -> None:
    only_checked(story)
    posting.praise("hemi")
    going = [each for each in posting.all_to("hine", messages.MessageKind.PRAISE) if each.state is State.QUEUED]
    assert [(each.language, each.body.count(FOLLOWS)) for each in going] == [("en", 1)]


def test_te_reo_follows_by_itself_when_its_last_wording_is_checked_and_only_once(
    story: Story, posting: Posting, clock: Clock
) -> None:
    only_checked(story)
    phrase = a_phrase(story)
    posting.praise("aroha", phrase=_phrase_id(story, phrase))
    [held] = [each for each in posting.all_to("ngaire", messages.MessageKind.PRAISE) if each.state is State.HELD]
    assert (held.why, held.language) == (Why.TE_REO_CHECK, "mi")
    clock.forward(hours=1)
    approve(story, phrase, KUPU)
    with story.work("kiri") as work:
        assert messages.let_checked_follow(work, links=posting.links) == 0
    approve_all(story)
    with story.work("kiri") as work:
        assert messages.let_checked_follow(work, links=posting.links) == 1
        assert messages.let_checked_follow(work, links=posting.links) == 0
    posting.settle()
    after = posting.delivery(held.id)
    assert after.state is State.QUEUED
    assert after.body.startswith("Rimu Road School: Ka pai tana mahi a Aroha i te akomanga.")


def test_what_nobody_checks_while_it_is_news_ends_quietly_for_the_english_has_gone(
    story: Story, posting: Posting, clock: Clock
) -> None:
    only_checked(story)
    posting.praise("aroha")
    [held] = [each for each in posting.all_to("ngaire", messages.MessageKind.PRAISE) if each.state is State.HELD]
    clock.forward(days=3)
    posting.settle()
    after = posting.delivery(held.id)
    assert (after.state, after.why) == (State.CANCELLED, Why.TE_REO_LATE)


def test_a_pause_that_ends_does_not_let_unchecked_te_reo_go(story: Story, posting: Posting) -> None:
    only_checked(story)
    posting.praise("aroha")
    with story.work("walsh") as work:
        paused = messages.pause(work, student_id=story.students["aroha"].id)
    with story.work("walsh") as work:
        messages.end_pause(work, paused.id)
    posting.settle()
    held = [each for each in posting.all_to("ngaire", messages.MessageKind.PRAISE) if each.language == "mi"]
    assert [(each.state, each.why) for each in held] == [(State.HELD, Why.TE_REO_CHECK)]


def test_stop_and_undo_end_the_te_reo_that_was_to_follow(story: Story, posting: Posting) -> None:
    only_checked(story)
    first = posting.praise("aroha")
    posting.undo(first)
    assert {each.state for each in posting.all_to("ngaire")} == {State.CANCELLED}
    posting.praise("aroha")
    address = posting.all_to("ngaire")[-1].address
    assert address is not None
    with story.work() as work:
        messages.stop_messages(work, channel=Channel.TEXT, address=address, sender_id=story.texts.id, evidence="STOP")
    assert {each.state for each in posting.all_to("ngaire")} == {State.CANCELLED}


def test_what_a_speaker_rejected_stays_here_though_the_school_sends_unchecked_te_reo(
    story: Story, posting: Posting
) -> None:
    wording = a_phrase(story)
    with story.work("kiri") as work:
        wordings.reject(work, wording.key, seen=wording.version, note="Ko te kupu tuatahi te hē.")
    sent = posting.of(posting.praise("aroha", phrase=_phrase_id(story, wording)))
    assert sent["dave"].language == "en"
    bodies = [each.body for each in posting.all_to("ngaire", messages.MessageKind.PRAISE) if each.state is State.QUEUED]
    assert [FOLLOWS in body for body in bodies] == [True]
    approve(story, now(story, wording), KUPU)
    other = posting.of(posting.praise("wi", by="fox", phrase=_phrase_id(story, wording)))
    assert other["ngaire"].language == "mi"


@pytest.mark.parametrize("reads", Reads)
def test_an_answer_to_stop_is_never_withheld(story: Story, reads: Reads) -> None:
    only_checked(story)
    with story.work() as work:
        to = Answered("+64215550101", story.texts, None, reads.value)
        answered = messages.answer_stop(work, to)
        stranger = messages.answer_stranger(work, Answered("+64215550999", story.texts, None, reads.value))
    assert answered is not None
    assert stranger is not None
    assert (answered.language, stranger.language) == ("en", "en")
    assert "No more texts from us" in answered.body


def test_turning_the_setting_off_again_lets_everything_go_in_te_reo(story: Story, posting: Posting) -> None:
    only_checked(story)
    posting.praise("aroha")
    only_checked(story, on=False)
    with story.work("burns") as work:
        assert messages.let_checked_follow(work, links=posting.links) == 1
    assert posting.of(posting.praise("wi", by="fox"))["ngaire"].language == "mi"


@pytest.mark.parametrize("channel", ["text", "mail"])
def test_a_notice_written_in_te_reo_alone_goes_as_typed_in_an_english_frame(channel: str) -> None:
    said = "Ka tū te hui ā-whānau āpōpō."
    notice = letters.Notice("Ms Walsh", {Language.MI: said})
    held_back = letters.Voice(held_back=frozenset({letters.texts.SIGNED}))
    rimu = letters.School("Te Kura o Rimu", "Rimu Road School", "Rimu Road School", voice=held_back)
    sender = letters.TextSender(reply_costs=False, carrier_adds_charge_words=False)

    def write(school: letters.School, reads: Reads) -> str:
        who = letters.Recipient("Ngaire", reads)
        if channel == "text":
            return letters.notice_text(school, sender, who, notice)
        return letters.notice_mail(school, who, notice, change_link="https://rimu.example/change/x").text

    words, language = in_their_language(rimu, "mi", write)
    assert language == "en"
    assert said in words
    assert "From Ms Walsh" in words
