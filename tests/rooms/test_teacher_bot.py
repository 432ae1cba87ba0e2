"""A whole praise by text: the child is found, what goes to whom is shown, and nothing goes before a "1"."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text

from commsbridge import messages, prompts, schools, students, whanau
from commsbridge.foundation.language import Language
from commsbridge.messages import Draft
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import Clock
from tests.story import START, Story
from tests.texting import Texting, praises_of, prove

SHARED_BLOCKS = "Aroha shared her blocks with a new friend"
NGAIRE = "+64215550101"


@pytest.fixture
def walsh(story: Story) -> Texting:
    """Ms Walsh's proven mobile."""
    return Texting(story, prove(story))


def test_out_of_the_blue_the_child_is_found_and_what_goes_to_whom_is_shown_first(walsh: Texting) -> None:
    shown = walsh.ask(SHARED_BLOCKS)
    assert shown.startswith(f"Rimu Road School: About Aroha: “{SHARED_BLOCKS}” From Ms Walsh to ")
    assert "Ngaire Kereama (text)" in shown
    assert "Dave Kereama (email)" in shown
    assert "Rangi" not in shown  # he may not be messaged about her
    assert "1 send 2 change 3 not now" in shown
    assert "YES" not in shown.upper().split()
    assert praises_of(walsh.story, "aroha") == []


def test_one_sends_it_as_the_teachers_own_and_once(walsh: Texting) -> None:
    walsh.write(SHARED_BLOCKS)
    assert "It goes to Dave Kereama and Ngaire Kereama." in walsh.ask("1")
    assert praises_of(walsh.story, "aroha") == [(SHARED_BLOCKS, walsh.story.staff["walsh"].id, False)]
    assert "Nothing waits for a number" in walsh.ask("1")
    assert len(praises_of(walsh.story, "aroha")) == 1


def test_three_sends_nothing_and_two_takes_other_words(walsh: Texting) -> None:
    walsh.write(SHARED_BLOCKS)
    assert "Not sent." in walsh.ask("3")
    walsh.write(SHARED_BLOCKS)
    assert "Write it anew, for Aroha." in walsh.ask("2")
    assert "“She read to the juniors.”" in walsh.ask("She read to the juniors.")
    walsh.write("1")
    assert [words for words, _, _ in praises_of(walsh.story, "aroha")] == ["She read to the juniors."]


def test_words_of_te_reo_answer_too_and_the_bot_speaks_the_teachers_language(walsh: Texting) -> None:
    with walsh.story.runtime.lobby() as lobby:
        schools.set_language(lobby, walsh.story.staff["walsh"].account_id, Language.MI)
    shown = walsh.ask("I āwhina a Aroha i te ākonga hou.")
    assert "Mō Aroha:" in shown
    assert "1 tukuna" in shown
    walsh.write("tukuna")
    assert len(praises_of(walsh.story, "aroha")) == 1
    assert "Tuhia" in walsh.ask("ĀWHINA")


def test_a_new_praise_before_the_answer_takes_the_place_of_the_first_and_says_so(walsh: Texting) -> None:
    walsh.write(SHARED_BLOCKS)
    shown = walsh.ask("Hēmi tidied the whole art corner")
    assert "The earlier words were not sent. About Hēmi:" in shown
    walsh.write("1")
    assert praises_of(walsh.story, "aroha") == []
    assert len(praises_of(walsh.story, "hemi")) == 1


def test_a_slip_of_the_thumb_is_asked_again(walsh: Texting) -> None:
    walsh.write(SHARED_BLOCKS)
    assert "Please answer with a number" in walsh.ask("ok")
    walsh.write("1")
    assert len(praises_of(walsh.story, "aroha")) == 1


def test_an_answer_that_comes_too_late_sends_nothing_and_says_so_gently(walsh: Texting, clock: Clock) -> None:
    walsh.write(SHARED_BLOCKS)
    clock.forward(hours=13)
    assert "That was too long ago, and nothing was sent." in walsh.ask("1")
    assert praises_of(walsh.story, "aroha") == []


def test_two_children_of_one_name_are_asked_about_by_number(walsh: Texting) -> None:
    story = walsh.story
    with story.work() as work:
        other = students.add_student(work, roll_id="S9", name="Aroha Smith", preferred_name="Aroha", year_level=5)
        students.enrol(work, other, students.class_named(work, "Room 7"), from_on=START)
        mum = whanau.add_contact(
            work, "Jo Smith", language="en", ways=((Channel.TEXT, "021 555 0177"),), household_id=None, from_on=START
        )
        whanau.relate(work, mum.id, other.id, relationship="mum", may_message=MayMessage.YES, from_on=START)
    asked = walsh.ask(SHARED_BLOCKS)
    assert "Which child? 1 for Aroha Kereama, 2 for Aroha Smith." in asked
    shown = walsh.ask("2")
    assert "About Aroha Smith:" in shown
    assert "Jo Smith (text)" in shown
    assert "Ngaire" not in shown
    walsh.write("1")
    assert praises_of(story, "aroha") == []


def test_words_that_name_two_children_are_written_for_each(walsh: Texting) -> None:
    assert "That names Aroha and Hēmi." in walsh.ask("Aroha and Hēmi built a bridge")
    assert "Nothing waits" in walsh.ask("1")


def test_a_child_of_another_class_is_nobody_the_teacher_teaches(walsh: Texting) -> None:
    answer = walsh.ask("Leo learned to tie his laces")
    assert "No child you teach is named there." in answer
    assert "Leo" not in answer
    assert "No child you teach" in walsh.ask("Pare read well")  # her own child: not hers as a teacher


def test_words_about_health_stay_behind_a_link(walsh: Texting) -> None:
    shown = walsh.ask("Aroha was so brave when she took her asthma medication")
    assert "This may be about somebody’s health" in shown
    assert "goes only that there is a note, with a link" in shown
    walsh.write("1")
    ((_, _, as_link),) = praises_of(walsh.story, "aroha")
    assert as_link


def test_who_lists_the_longest_waits_and_last_the_praise_that_went_home(walsh: Texting, clock: Clock) -> None:
    who = walsh.ask("WHO")
    assert "Aroha: nothing yet." in who
    assert "Pare" not in who
    assert "No good news about Aroha has gone home yet." in walsh.ask("LAST Aroha")
    story = walsh.story
    for words in ("One.", "Two.", "Three.", "Four."):
        with story.work("walsh") as work:
            messages.send_praise(work, story.students["aroha"], Draft(words=words), links=story.runtime.links)
        clock.forward(minutes=1)
    last = walsh.ask("last aroha")
    assert all(words in last for words in ("Two.", "Three.", "Four."))
    assert "One." not in last
    assert f"/students/{story.students['aroha'].id}" in last


def test_last_week_is_praise_and_not_a_question(walsh: Texting) -> None:
    assert "About Aroha: “Last week Aroha" in walsh.ask("Last week Aroha learned to swim")


def test_a_photo_goes_by_a_link(walsh: Texting) -> None:
    link = f"/students/{walsh.story.students['aroha'].id}/praise"
    assert link in walsh.ask("PHOTO Aroha")
    shown = walsh.ask("Aroha made this", pictures=1)
    assert "1 send" in shown
    assert link in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("HELP", "Write a child’s name and what you saw"),
        ("āwhina", "Write a child’s name and what you saw"),
        ("AWHINA", "Write a child’s name and what you saw"),
        ("Ko wai e tatari ana?", "Good news last reached home:"),
        ("whakamutunga Aroha", "No good news about Aroha has gone home yet."),
        ("Ō mua Hēmi", "No good news about Hēmi has gone home yet."),
        ("LAST hemi", "No good news about Hēmi has gone home yet."),
        ("Whakaahua Hēmi", "A photo goes by this page:"),
        ("pikitia hemi", "A photo goes by this page:"),
    ],
)
def test_each_word_is_known_in_both_languages_with_and_without_macrons(walsh: Texting, words: str, says: str) -> None:
    assert says in walsh.ask(words)
    assert praises_of(walsh.story, "aroha") == praises_of(walsh.story, "hemi") == []


def test_a_child_who_left_is_nobody_the_teacher_teaches_also_when_already_asked_about(
    walsh: Texting, clock: Clock
) -> None:
    walsh.write(SHARED_BLOCKS)
    with walsh.story.work("burns") as work:
        aroha = work.session.get_one(students.Student, walsh.story.students["aroha"].id)
        students.leave_student(work, aroha, on=schools.today(work))
    clock.forward(hours=11)
    assert "Not sent." in walsh.ask("1")
    assert "No child you teach is named there." in walsh.ask(SHARED_BLOCKS)
    assert praises_of(walsh.story, "aroha") == []


def test_a_talk_that_was_begun_ends_with_the_proof_of_the_phone(walsh: Texting) -> None:
    walsh.write(SHARED_BLOCKS)
    heard = len(walsh.heard())
    with walsh.story.work("walsh") as work:
        schools.drop_phone(work, walsh.story.staff["walsh"].id)
    walsh.write("1")
    assert len(walsh.heard()) == heard
    assert praises_of(walsh.story, "aroha") == []


def test_a_strangers_number_gets_nothing_of_a_child(story: Story) -> None:
    stranger = Texting(story, "+64215550188")
    reply = stranger.write(SHARED_BLOCKS)
    assert reply.state == "parked"
    assert stranger.heard() == []


def test_a_number_that_is_not_proven_yet_or_no_more_gets_nothing(story: Story) -> None:
    with story.work("walsh") as work:
        asked, _ = schools.ask_phone(work, story.staff["walsh"].id, "021 555 0190")
    phone = Texting(story, asked.address)
    phone.write(SHARED_BLOCKS)
    assert phone.heard() == []
    prove(story)
    with story.work("walsh") as work:
        schools.drop_phone(work, story.staff["walsh"].id)
    phone.write("WHO")
    assert phone.heard() == []


def test_whoever_left_is_a_stranger(walsh: Texting, clock: Clock) -> None:
    with walsh.story.work() as work:
        schools.leave_staff(work, walsh.story.staff["walsh"], on=schools.today(work))
    walsh.write("WHO")
    assert walsh.heard() == []


def test_a_proof_is_good_for_a_year(walsh: Texting, clock: Clock) -> None:
    clock.forward(days=366)
    walsh.write("WHO")
    assert walsh.heard() == []


def test_stop_is_obeyed_and_start_begins_again(walsh: Texting) -> None:
    assert "No more texts from school" in walsh.ask("STOP")
    assert walsh.ask("WHO") == ""
    assert "Texts from school come again." in walsh.ask("START")
    assert "Aroha" in walsh.ask("WHO")


def test_a_phone_that_answers_itself_without_end_is_left_alone(walsh: Texting) -> None:
    for number in range(40):
        walsh.write(f"HELLO {number}")
    assert len(walsh.heard()) <= 30


class TestATeacherWhoIsAParent:
    """Ngaire Kereama, Aroha's kuia, teaches Room 8 with the phone the school has for her as whānau."""

    @pytest.fixture
    def kuia(self, story: Story) -> Texting:
        return Texting(story, prove(story, "fox", "021 555 0101"))

    def test_what_she_writes_is_the_familys(self, kuia: Texting) -> None:
        reply = kuia.write("Aroha is sick today")
        assert reply.state == "filed"
        assert kuia.heard() == []

    def test_what_begins_with_kura_is_for_school(self, kuia: Texting) -> None:
        assert "About Leo: “Leo tied his laces”" in kuia.ask("KURA Leo tied his laces")
        kuia.write("1")
        assert len(praises_of(kuia.story, "leo")) == 1
        assert kuia.write("1").state != "command"  # nothing of the bot's is open: it is the family's again

    def test_help_stays_the_familys_and_stop_holds_for_both(self, kuia: Texting) -> None:
        kuia.write("HELP")
        assert kuia.heard() == []
        kuia.write("STOP")
        with kuia.story.work() as work:
            assert schools.phone_in_use(work, kuia.story.staff["fox"].id) is None


class TestPromptsByText:
    """Ms Walsh is asked by text each school day at 2:30 pm."""

    @pytest.fixture
    def asked(self, walsh: Texting, clock: Clock) -> Texting:
        clock.now = datetime(2026, 11, 16, 20, 30, tzinfo=UTC)
        self.choose(walsh, 1)
        clock.now = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
        return walsh

    @staticmethod
    def choose(phone: Texting, how_many: int) -> None:
        story = phone.story
        with story.work("walsh") as work:
            prompts.set_schedule(
                work, story.staff["walsh"].id, days=range(5), at=time(14, 30), how_many=how_many, by_mail=False,
                by_text=True,
            )  # fmt: skip

    @staticmethod
    def prompt(phone: Texting) -> str:
        before = phone.texts()
        with phone.story.work() as work:
            prompts.ask_due(work, links=phone.story.runtime.links)
        (body,) = [body for each, body in phone.texts().items() if each not in before] or [""]
        return body

    def test_it_names_the_child_and_is_answered_in_one_step(self, asked: Texting) -> None:
        body = self.prompt(asked)
        name = "Aroha" if "Did you see Aroha shine?" in body else "Hēmi"
        assert f"Did you see {name} shine?" in body
        assert "1 not today 2 away" in body
        assert "/praise" in body
        assert "Not today: kept." in asked.ask("1")
        with asked.story.work("walsh") as work:
            assert prompts.open_children(work, asked.story.staff["walsh"].id) == []

    def test_words_without_a_name_are_about_the_child_asked_about(self, asked: Texting, clock: Clock) -> None:
        name = "Aroha" if "see Aroha" in self.prompt(asked) else "Hēmi"
        clock.forward(minutes=5)
        assert f"About {name}: “Tidied up without being asked”" in asked.ask("Tidied up without being asked")
        clock.forward(minutes=1)
        asked.write("1")
        with asked.story.work("walsh") as work:
            assert prompts.open_children(work, asked.story.staff["walsh"].id) == []

    def test_a_talk_at_the_gate_is_in_the_log_by_its_number(self, asked: Texting) -> None:
        self.prompt(asked)
        assert "The talk at the gate is in the log." in asked.ask("5")
        with asked.story.work() as work:
            assert work.session.scalar(text("SELECT count(*) FROM lines WHERE moment = 'gate'")) == 1

    def test_of_several_children_the_name_says_which(self, asked: Texting, clock: Clock) -> None:
        self.choose(asked, 3)
        assert "Write the name" in self.prompt(asked)
        clock.forward(minutes=2)
        assert "Which child? 1 for" in asked.ask("Tidied up without being asked")
        assert "1 send" in asked.ask("1")

    def test_a_phone_that_was_stopped_or_taken_away_is_not_texted(self, asked: Texting) -> None:
        asked.write("STOP")
        assert self.prompt(asked) == ""
        with asked.story.work("walsh") as work:
            assert len(prompts.open_children(work, asked.story.staff["walsh"].id)) == 1

    def test_a_prompt_that_is_over_takes_no_number(self, asked: Texting, clock: Clock) -> None:
        self.prompt(asked)
        clock.now += timedelta(days=6)
        assert "Nothing waits for a number" in asked.ask("1")
