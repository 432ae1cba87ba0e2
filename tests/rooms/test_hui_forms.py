"""The school's own form for a hui about a plan: versions are kept, and a hui keeps the words it began with."""

from __future__ import annotations

import uuid

import pytest

from commsbridge import meetings
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import Language
from commsbridge.meetings import HuiForm, HuiKind, Whose
from tests.rooms.gathering import Gathering

TITLE = ("Our IEP", "Tā mātou IEP")
HEADINGS = [("Strengths", "Ngā pūmanawa"), ("Next goals", "Ngā whāinga e whai ake nei")]


def make(gathering: Gathering, title: tuple[str, str] = TITLE) -> HuiForm:
    with gathering.work("leota") as work:
        return meetings.make_form(work, title, HEADINGS)


def add(gathering: Gathering, hui_id: uuid.UUID, form_id: uuid.UUID) -> None:
    with gathering.work("walsh") as work:
        meetings.add_form(work, meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id), form_id)


def agenda(gathering: Gathering, hui_id: uuid.UUID, language: Language = Language.EN) -> list[str]:
    hui = gathering.hui(hui_id)
    with gathering.work() as work:
        return [each.words_in(language) for each in meetings.items_of(work, hui)]


def test_the_schools_headings_follow_the_familys_points_in_order_and_in_each_readers_language(
    gathering: Gathering,
) -> None:
    form = make(gathering)
    hui_id = gathering.open(kind=HuiKind.IEP)
    add(gathering, hui_id, form.form_id)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.add_items(
            work, hui, Whose.FAMILY, ["The bus"], contact_id=gathering.posting.story.contacts["ngaire"].id
        )
    assert agenda(gathering, hui_id) == ["The bus", "Strengths", "Next goals"]
    assert agenda(gathering, hui_id, Language.MI) == ["The bus", "Ngā pūmanawa", "Ngā whāinga e whai ake nei"]
    with pytest.raises(Conflict, match="already"):  # a second press adds nothing twice
        add(gathering, hui_id, form.form_id)


def test_the_usual_points_stand_in_each_readers_language_and_once(gathering: Gathering) -> None:
    hui_id = gathering.open(kind=HuiKind.CATCH_UP)
    for _ in range(2):
        with gathering.work("walsh") as work:
            hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
            if not meetings.items_of(work, hui):
                meetings.add_usual_points(work, hui, gathering.posting.story.students["aroha"])
                continue
            with pytest.raises(Conflict, match="already"):
                meetings.add_usual_points(work, hui, gathering.posting.story.students["aroha"])
    assert agenda(gathering, hui_id)[0] == "What goes well for Aroha"
    assert agenda(gathering, hui_id, Language.MI)[0] == "Ngā mea e pai ana mō Aroha"
    assert len(agenda(gathering, hui_id)) == len(meetings.TEMPLATES[HuiKind.CATCH_UP])


def test_a_hui_keeps_the_words_it_began_with_when_the_form_changes_or_is_retired(gathering: Gathering) -> None:
    form = make(gathering)
    earlier, later = gathering.open(kind=HuiKind.IEP), gathering.open("hemi", "hine", kind=HuiKind.IEP)
    add(gathering, earlier, form.form_id)
    with gathering.work("leota") as work:
        meetings.change_form(work, form.form_id, TITLE, [("Hopes", "Ngā wawata"), *HEADINGS], before=1)
    add(gathering, later, form.form_id)
    assert agenda(gathering, earlier) == ["Strengths", "Next goals"]
    assert agenda(gathering, later) == ["Hopes", "Strengths", "Next goals"]
    with gathering.work("leota") as work:
        with pytest.raises(Conflict, match="meanwhile"):  # somebody who read the first version
            meetings.change_form(work, form.form_id, TITLE, HEADINGS, before=1)
        meetings.retire_form(work, form.form_id, retired=True, before=2)
        assert meetings.forms_of(work) == []
        assert [each.number for each in meetings.forms_of(work, retired=True)] == [3]
    assert agenda(gathering, earlier) == ["Strengths", "Next goals"]
    with pytest.raises(Conflict, match="not used any more"):
        add(gathering, earlier, form.form_id)


def test_a_form_is_refused_that_is_empty_too_long_in_one_language_or_named_as_another(gathering: Gathering) -> None:
    make(gathering)
    another = ("Another", "Tētahi atu")
    with gathering.work("leota") as work:
        for title, headings, field in (
            (("Another", " "), HEADINGS, "title_mi"),
            (("A" * 61, "Tētahi"), HEADINGS, "title_en"),
            (another, [(" ", "")], "en-1"),
            (another, [*HEADINGS, ("Hopes", "")], "mi-3"),
            (another, [("", "Ngā wawata")], "en-1"),
            (another, [("H" * 201, "Ngā wawata")], "en-1"),
            (another, [("Hopes", "W" * 201)], "mi-1"),
            (another, [*HEADINGS, HEADINGS[0]], "en-3"),
            (another, [(f"{each}", f"{each}") for each in range(13)], "en-1"),
        ):
            with pytest.raises(Invalid) as refusal:
                meetings.make_form(work, title, headings)
            assert refusal.value.field == field, (title, headings)
        with pytest.raises(Conflict, match="of that name"):
            meetings.make_form(work, TITLE, HEADINGS)
        assert len(meetings.forms_of(work, retired=True)) == 1
        with pytest.raises(NotFound):
            meetings.form_named(work, uuid.uuid4())
    with gathering.work() as work, pytest.raises(NotAllowed):
        meetings.make_form(work, another, HEADINGS)


def test_a_form_is_for_hui_about_a_plan_alone(gathering: Gathering) -> None:
    form = make(gathering)
    with pytest.raises(Conflict, match="about a plan"):
        add(gathering, gathering.open(), form.form_id)
