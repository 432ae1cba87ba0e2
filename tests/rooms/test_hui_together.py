"""Two homes at one hui: only where both said so, each for itself; there each speaks for itself."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from commsbridge import meetings, schools, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.meetings import Agrees, HuiKind, HuiState, NewStep, Purpose, Welcome, Whose, Wishes
from commsbridge.messages import Delivery, MessageKind, State
from commsbridge.tasks import TaskKind
from commsbridge.whanau import MayMessage
from tests.rooms.gathering import PURPOSE, Gathering


def wish(gathering: Gathering, hui_id: uuid.UUID, contact: str, *, together: bool = True) -> None:
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        said = Wishes(place="Te marae", together=together)
        meetings.say_wishes(work, hui, said, contact_id=gathering.posting.story.contacts[contact].id)
    gathering.posting.clock.forward(seconds=1)


def two(gathering: Gathering) -> tuple[uuid.UUID, uuid.UUID]:
    """A hui with each home of Aroha."""
    return gathering.open("aroha", "ngaire"), gathering.open("aroha", "dave")


def open_joint(gathering: Gathering) -> uuid.UUID:
    with gathering.work("walsh") as work:
        student = gathering.posting.story.students["aroha"]
        homes = [gathering.home(work, "aroha", each) for each in ("ngaire", "dave")]
        return meetings.open_hui(work, student, homes[0], Purpose(HuiKind.CATCH_UP, PURPOSE), other=homes[1]).id


def joint(gathering: Gathering) -> uuid.UUID:
    for hui_id, contact in zip(two(gathering), ("ngaire", "dave"), strict=True):
        wish(gathering, hui_id, contact)
    return open_joint(gathering)


def reads(gathering: Gathering, contact: str, hui_id: uuid.UUID) -> bool:
    with gathering.work() as work:
        story = gathering.posting.story
        who = work.session.get_one(whanau.Contact, story.contacts[contact].id)
        try:
            meetings.hui_at_home(work, who, [story.students["aroha"].id], hui_id)
        except NotFound:
            return False
        return True


def choose(gathering: Gathering, hui_id: uuid.UUID, number: int, contact: str) -> bool:
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = gathering.posting.story.contacts[contact].id
        return meetings.choose(work, hui, number, contact_id=contact_id, links=gathering.posting.links)


def test_a_hui_together_is_opened_only_once_each_home_said_so_for_itself(gathering: Gathering) -> None:
    kuia, papa = two(gathering)
    wish(gathering, kuia, "ngaire")
    assert gathering.tasks_of("walsh", TaskKind.HUI_TOGETHER) == []
    with pytest.raises(Conflict):
        open_joint(gathering)
    wish(gathering, papa, "dave", together=False)
    with pytest.raises(Conflict):
        open_joint(gathering)
    wish(gathering, papa, "dave")
    assert len(gathering.tasks_of("walsh", TaskKind.HUI_TOGETHER)) == 1
    wish(gathering, kuia, "ngaire", together=False)
    assert gathering.tasks_of("walsh", TaskKind.HUI_TOGETHER) == []
    wish(gathering, kuia, "ngaire")
    hui_id = open_joint(gathering)
    assert gathering.tasks_of("walsh", TaskKind.HUI_TOGETHER) == []
    assert not reads(gathering, "ngaire", hui_id)  # nothing has gone out yet
    gathering.invite(hui_id)
    assert reads(gathering, "ngaire", hui_id)
    assert reads(gathering, "dave", hui_id)
    assert not reads(gathering, "dave", kuia)
    assert "Dave Kereama" in gathering.told("ngaire")[-1]
    assert "Ngaire Kereama" in gathering.told("dave")[-1]


def test_nothing_a_home_is_told_or_reads_shows_that_another_one_would_or_would_not_meet(gathering: Gathering) -> None:
    kuia, papa = two(gathering)
    wish(gathering, kuia, "ngaire")
    wish(gathering, papa, "dave", together=False)
    for hui_id in (kuia, papa):
        gathering.invite(hui_id, (3,) if hui_id == kuia else (4,))
    assert "Dave" not in "".join(gathering.told("ngaire"))
    assert "Ngaire" not in "".join(gathering.told("dave"))


def test_homes_in_which_somebody_is_kept_from_the_child_are_never_brought_together(gathering: Gathering) -> None:
    hui_id = joint(gathering)
    gathering.invite(hui_id)
    with gathering.work() as work:
        story = gathering.posting.story
        dave = work.session.get_one(whanau.Contact, story.contacts["dave"].id)
        rangi = work.session.get_one(whanau.Contact, story.contacts["rangi"].id)
        ties = whanau.ties_of(work, [rangi.id], on=schools.today(work))[rangi.id]
        assert [tie.may_message for tie in ties] == [MayMessage.NO]
        if dave.household_id is None:
            (tie,) = [
                each
                for each in whanau.ties_of(work, [dave.id], on=schools.today(work))[dave.id]
                if each.student_id == story.students["aroha"].id
            ]
            tie.may_message = MayMessage.NO
        else:
            rangi.household_id = dave.household_id
    assert not reads(gathering, "ngaire", hui_id)
    assert not reads(gathering, "dave", hui_id)
    with pytest.raises(Conflict):
        open_joint(gathering)


def test_each_home_has_its_say_about_time_and_people_and_one_no_is_enough(gathering: Gathering) -> None:
    hui_id = joint(gathering)
    person = gathering.propose(hui_id)
    gathering.invite(hui_id)
    assert not choose(gathering, hui_id, 1, "ngaire")
    assert gathering.hui(hui_id).state is HuiState.ASKED
    with pytest.raises(Conflict, match="another time"):
        choose(gathering, hui_id, 2, "dave")
    assert not choose(gathering, hui_id, 2, "ngaire")  # they may think again meanwhile
    assert choose(gathering, hui_id, 2, "dave")
    assert gathering.hui(hui_id).begins_at == gathering.times((4,))[0]
    assert gathering.tasks_of("leota", TaskKind.HUI_COMING) == []
    for contact, welcome, stands in (
        ("ngaire", Welcome.YES, Welcome.WAITING),
        ("dave", Welcome.YES, Welcome.YES),
        ("dave", Welcome.NO, Welcome.NO),
    ):
        gathering.posting.clock.forward(seconds=1)
        with gathering.work() as work:
            hui = work.session.get_one(meetings.Hui, hui_id)
            contact_id = gathering.posting.story.contacts[contact].id
            said = meetings.decide_person(work, hui, person, welcome, contact_id=contact_id)
            assert said.answer is stands
    assert not gathering.reads("leota", hui_id)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Invalid):  # which home told school?
            meetings.decide_person(work, hui, person, Welcome.YES, contact_id=None)


def test_what_one_home_was_asked_still_goes_when_the_other_sets_the_time(gathering: Gathering) -> None:
    hui_id = joint(gathering)
    gathering.propose(hui_id)
    gathering.invite(hui_id)
    gathering.says("1")
    (question,) = [
        each
        for each in gathering.posting.all_to("ngaire", MessageKind.HUI)
        if "Mrs Leota" in each.body
    ]  # fmt: skip
    assert choose(gathering, hui_id, 1, "dave")
    with gathering.work() as work:
        assert work.session.get_one(Delivery, question.id).state is State.QUEUED


def test_a_point_stands_only_once_both_homes_have_spoken_and_each_is_asked_later_for_its_own(
    gathering: Gathering,
) -> None:
    hui_id = joint(gathering)
    gathering.invite(hui_id)
    gathering.says("1")
    choose(gathering, hui_id, 1, "dave")
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        story = gathering.posting.story
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        (item,) = meetings.add_items(work, hui, Whose.SCHOOL, ["Reading"])
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.decide(work, hui, item.id, "Ten minutes a night.", before="")
        meetings.agree(work, hui, item.id, Agrees.AGREE, "", contact_id=story.contacts["dave"].id)
        assert meetings.not_spoken_to(work, hui) == [item]  # one word of two
        meetings.put_off(work, hui)
        assert item.agrees is Agrees.LATER
        homes = {each.key: each.people[0].name for each in meetings.homes_behind(work, story.students["aroha"], hui)}
        said = {homes[home]: each.word for home, each in meetings.words_of_homes(work, hui, item.id).items()}
        assert said == {"Dave Kereama": "agree", "Ngaire Kereama": "later"}
        ngaires = next(home for home, name in homes.items() if name == "Ngaire Kereama")
        day = schools.today(work)
        with pytest.raises(Invalid):
            meetings.add_step(work, hui, NewStep("Read", day, by_family=True))
        step = meetings.add_step(work, hui, NewStep("Read", day, by_family=True, home=ngaires, who="Ngaire"))
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
        assert step.home == ngaires
    daves = len(gathering.told("dave"))
    gathering.says(gathering.number("Kāore anō"))
    assert len(gathering.told("dave")) == daves
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        (item,) = meetings.items_of(work, hui)
        assert item.agrees is Agrees.NOT_YET
        meetings.correct(work, hui, "Fifteen.", contact_id=None, links=gathering.posting.links)


def test_what_was_said_of_other_words_does_not_hold_for_new_ones_at_either_home(gathering: Gathering) -> None:
    hui_id = joint(gathering)
    gathering.invite(hui_id)
    choose(gathering, hui_id, 1, "ngaire")
    choose(gathering, hui_id, 1, "dave")
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        (item,) = meetings.add_items(work, hui, Whose.SCHOOL, ["Reading"])
        meetings.decide(work, hui, item.id, "Ten minutes.", before="")
        meetings.put_off(work, hui)
        meetings.decide(work, hui, item.id, "Five minutes.", before="Ten minutes.")
        assert meetings.words_of_homes(work, hui, item.id) == {}
        assert item.agrees is None


def test_a_home_may_leave_and_the_other_is_told_that_it_is_off_and_not_why(gathering: Gathering) -> None:
    hui_id = joint(gathering)
    gathering.invite(hui_id)
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = gathering.posting.story.contacts["ngaire"].id
        meetings.leave_together(work, hui, contact_id=contact_id, links=gathering.posting.links)
    assert gathering.hui(hui_id).state is HuiState.CANCELLED
    assert "will not take place" in gathering.told("dave")[-1]
    assert "Ngaire" not in gathering.told("dave")[-1]
    assert len(gathering.tasks_of("walsh", TaskKind.HUI_APART)) == 1
    with pytest.raises(Conflict):
        open_joint(gathering)
    own_id = gathering.open("aroha", "ngaire")
    with gathering.work() as work:
        own = work.session.get_one(meetings.Hui, own_id)
        with pytest.raises(Conflict):
            meetings.leave_together(work, own, contact_id=contact_id, links=gathering.posting.links)


def test_a_home_is_at_one_hui_at_a_time_also_together(gathering: Gathering) -> None:
    hui_id = joint(gathering)
    own = gathering.open("aroha", "dave", by="leota")
    gathering.invite(own, (3,), by="leota")
    choose(gathering, own, 1, "dave")
    with pytest.raises(Invalid, match="This home"):
        gathering.invite(hui_id, (3,))
