"""Two homes at one hui by text: each asks for it with a word, and neither learns of the other before both did."""

from __future__ import annotations

import uuid

import pytest

from commsbridge import meetings
from commsbridge.conversations import ReplyState
from commsbridge.foundation.errors import Conflict
from commsbridge.meetings import HuiKind, HuiState, Purpose, Wishes
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import PURPOSE, Gathering


def wishes(gathering: Gathering, hui_id: uuid.UUID) -> tuple[bool, str]:
    with gathering.work() as work:
        wish = meetings.wish_of(work, work.session.get_one(meetings.Hui, hui_id))
        return (wish.together, wish.interpreter) if wish else (False, "")


def asked_for_support(gathering: Gathering) -> uuid.UUID:
    """A hui whose home has answered by text until it is asked what it would like beside."""
    hui_id = gathering.set_up(by_text=True)
    gathering.says("5")  # no Kaitakawaenga
    gathering.says("0")  # nothing to say beforehand
    assert "hui tahi" in gathering.told("ngaire")[-1]
    return hui_id


def open_joint(gathering: Gathering) -> uuid.UUID:
    with gathering.work("walsh") as work:
        student = gathering.posting.story.students["aroha"]
        homes = [gathering.home(work, "aroha", each) for each in ("ngaire", "dave")]
        return meetings.open_hui(work, student, homes[0], Purpose(HuiKind.CATCH_UP, PURPOSE), other=homes[1]).id


def other_home_says_so(gathering: Gathering) -> None:
    dave = gathering.open("aroha", "dave")
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, dave)
        contact_id = gathering.posting.story.contacts["dave"].id
        meetings.say_wishes(work, hui, Wishes(together=True), contact_id=contact_id)


def test_a_home_asks_by_text_to_meet_together_and_both_must(gathering: Gathering) -> None:
    hui_id = asked_for_support(gathering)
    assert gathering.says("Interpreter Tongan, together").state is ReplyState.COMMAND
    before = gathering.told("ngaire")
    assert wishes(gathering, hui_id) == (True, "Tongan")
    with pytest.raises(Conflict):
        open_joint(gathering)
    assert gathering.tasks_of("walsh", TaskKind.HUI_TOGETHER) == []
    other_home_says_so(gathering)
    assert gathering.tasks_of("walsh", TaskKind.HUI_TOGETHER)
    # Until the school opens it, nobody is told of the other home's word.
    assert gathering.told("ngaire") == before
    open_joint(gathering)


def test_every_home_is_asked_in_the_same_words_whether_there_is_another_or_not(gathering: Gathering) -> None:
    asked_for_support(gathering)
    with_another = gathering.told("ngaire")[-1]
    assert "Dave" not in with_another
    hemi = gathering.open("hemi", "hine")
    gathering.invite(hemi, (6, 7))
    gathering.says("1", "+64215550104")
    gathering.says(gathering.number("Kāo", "hine"), "+64215550104")
    gathering.says("0", "+64215550104")
    alone = gathering.told("hine")[-1]
    line = next(each for each in with_another.splitlines() if "hui tahi" in each)
    assert line.replace("Aroha", "Hēmi") in alone


def test_a_home_leaves_a_hui_together_by_text_and_the_word_is_no_number(gathering: Gathering) -> None:
    hui_id = asked_for_support(gathering)
    gathering.says("hui tahi")
    assert wishes(gathering, hui_id)[0]
    gathering.says(gathering.number("Mō te katoa"))
    other_home_says_so(gathering)
    joint = open_joint(gathering)
    gathering.invite(joint, (6, 7))
    gathering.says(gathering.told("ngaire")[-1].split("\n")[1].partition(":")[0].strip())
    gathering.says(gathering.number("Kāo"))
    gathering.says("0")  # nothing beforehand: of the times she has chosen hers already
    assert "hui wehe" in gathering.told("ngaire")[-1]
    gathering.says("Hui wehe")
    assert gathering.hui(joint).state is HuiState.CANCELLED
    assert len(gathering.tasks_of("walsh", TaskKind.HUI_APART)) == 1


def test_the_word_may_come_later_as_long_as_the_hui_is_open(gathering: Gathering) -> None:
    hui_id = asked_for_support(gathering)
    gathering.says("0")
    gathering.posting.clock.forward(days=1)
    told = gathering.told("ngaire")
    assert gathering.says("Hui tahi koa").state is ReplyState.COMMAND
    assert wishes(gathering, hui_id) == (True, "")
    assert gathering.says("apart").state is ReplyState.COMMAND
    assert wishes(gathering, hui_id) == (False, "")
    assert gathering.told("ngaire") == told
    for words in ("together?", "we get there together", "bring Nan"):
        assert gathering.says(words).state is not ReplyState.COMMAND
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    assert gathering.says("together").state is not ReplyState.COMMAND


def test_with_two_open_hui_on_one_phone_a_late_word_is_for_a_person(gathering: Gathering) -> None:
    hui_id = asked_for_support(gathering)
    gathering.says("0")
    wi = gathering.open("wi", by="fox")
    gathering.invite(wi, (6, 7), by="fox")
    assert gathering.says("together").state is not ReplyState.COMMAND
    assert (wishes(gathering, hui_id), wishes(gathering, wi)) == ((False, ""), (False, ""))


def test_a_home_leaves_a_hui_together_also_after_it_answered_all(gathering: Gathering) -> None:
    own = asked_for_support(gathering)
    gathering.says("together")
    other_home_says_so(gathering)
    joint = open_joint(gathering)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), own)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    gathering.invite(joint, (6, 7))
    gathering.says(gathering.told("ngaire")[-1].split("\n")[1].partition(":")[0].strip())
    for _ in range(3):
        gathering.posting.clock.forward(minutes=3)
        gathering.says("0")
    assert gathering.hui(joint).state is not HuiState.CANCELLED
    gathering.says("wehe")
    assert gathering.hui(joint).state is HuiState.CANCELLED
