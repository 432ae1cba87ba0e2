"""Two homes at one hui, through its pages: each says so for itself, and each speaks for itself there."""

from __future__ import annotations

from commsbridge import meetings
from commsbridge.meetings import HuiState
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import PURPOSE, act_on, asked, at_home, hui_of
from tests.doors.pages import PUBLIC_URL, Visitor
from tests.story import Story

TIMES = {"day_1": "2026-11-24", "time_1": "15:30", "day_2": "2026-11-25", "time_2": "10:00"}


def joint(walsh: Visitor, story: Story) -> str:
    """School opens a hui with both homes; its address."""
    page = walsh.open(f"/students/{story.students['aroha'].id}/hui")
    form = next(each for each in page.forms if each.action.endswith("/hui"))
    with story.work() as work:
        ((one, other),) = meetings.pairs_together(work, story.students["aroha"])
    both = f"{one.key}+{other.key}"
    answer = walsh.send(form, home=both, kind="catch_up", purpose=PURPOSE, place="Room 9", minutes="30")
    assert answer.status == 302, answer.wrong
    return answer.location.removeprefix(PUBLIC_URL)


def test_two_homes_meet_together_once_each_said_so_and_each_speaks_for_itself(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, hers = asked(sign_in, story)
    _, his = asked(sign_in, story, "aroha", "dave")
    kuia, papa = device(), device()
    at_kuias, at_papas = at_home(story, kuia, "ngaire"), at_home(story, papa, "dave")
    choice = "Together, as each of them said"
    listed = f"/students/{story.students['aroha'].id}/hui"
    assert act_on(kuia, at_kuias, "wishes", together="yes").status == 302
    assert choice not in walsh.open(listed).text
    assert "Ngaire" not in papa.open(at_papas).text
    assert act_on(papa, at_papas, "wishes", together="yes").status == 302
    assert "meet together" in walsh.open("/to-do").text
    assert choice in walsh.open(listed).text
    for each in (hers, his):
        assert act_on(walsh, each, "call_off").status == 302
    at = joint(walsh, story)
    assert "meet together" not in walsh.open("/to-do").text
    assert act_on(walsh, at, "invite", **TIMES).status == 302
    link = at.rpartition("/")[2]
    kuias, papas = (f"{each.rpartition('/')[0]}/{link}" for each in (at_kuias, at_papas))
    assert "Dave Kereama" in kuia.open(kuias).text
    assert "Ngaire Kereama" in papa.open(papas).text
    assert "done=waits" in act_on(kuia, kuias, "choose", number="1").location
    assert "chosen by" in papa.open(papas).text
    assert act_on(papa, papas, "choose", number="2").status == 400
    told = act_on(walsh, at, "choose", number="1")
    assert (told.status, "Say which home told you" in told.text) == (400, True)
    assert "done=chosen" in act_on(papa, papas, "choose", number="1").location
    assert hui_of(story, at).state is HuiState.SET
    clock.forward(days=7, hours=1)
    walsh, room = sign_in("walsh"), f"{at}/room"
    act_on(walsh, room, "item", words="Reading")
    act_on(walsh, room, "places", chair="Ngaire", minute_taker="Ms Walsh")
    page = walsh.open(room)
    form = next(each for each in page.forms if each.values.get("act") == "decide")
    (one, other) = hui_of(story, at).homes
    assert walsh.send(form, decided="Ten minutes.", **{f"agrees_{one}": "agree"}).status == 302
    assert "has not spoken to these points" in walsh.open(room).text
    assert act_on(walsh, room, "later").status == 302
    assert act_on(walsh, room, "step", what="Read", by=f"home:{other}", due_on="2026-12-04").status == 302
    for act, fields in (("read_back", {"read_by": "Ms Walsh"}), ("finish", {}), ("minutes", {})):
        assert act_on(walsh, room, act, **fields).status == 302
    for visitor, address in ((kuia, kuias), (papa, papas)):
        assert "Ten minutes." in visitor.open(address).text
        assert visitor.open(f"{address}/minutes-en.pdf").status == 200
    ends = [
        any(form.values.get("act") == "end" for form in visitor.open(address).forms)
        for visitor, address in ((kuia, kuias), (papa, papas))
    ]
    assert sorted(ends) == [False, True]


def test_a_home_leaves_on_its_own_page(sign_in: SignIn, story: Story, device: Device) -> None:
    walsh, _ = asked(sign_in, story)
    asked(sign_in, story, "aroha", "dave")
    kuia, papa = device(), device()
    at_kuias, at_papas = at_home(story, kuia, "ngaire"), at_home(story, papa, "dave")
    for visitor, address in ((kuia, at_kuias), (papa, at_papas)):
        act_on(visitor, address, "wishes", together="yes")
    at = joint(walsh, story)
    act_on(walsh, at, "invite", **TIMES)
    kuias = f"{at_kuias.rpartition('/')[0]}/{at.rpartition('/')[2]}"
    assert act_on(kuia, kuias, "apart").status == 302
    assert hui_of(story, at).state is HuiState.CANCELLED
    assert "is off: offer each home" in walsh.open("/to-do").text
