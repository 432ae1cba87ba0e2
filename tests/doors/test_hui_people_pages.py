"""Who is at the table, on both pages: what each does in plain words, and a kind word where they are many."""

from __future__ import annotations

from commsbridge import meetings
from commsbridge.foundation.language import Language, say
from commsbridge.web.hui_people import MANY_FOR_YOU, SEVERAL
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home
from tests.story import Story


def test_every_role_is_explained_to_the_family_in_its_language_and_to_school(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, at = asked(sign_in, story)
    for place, key in enumerate(meetings.ROLES):
        assert act_on(walsh, at, "propose", name=f"Person {place}", role=key, why=f"Reason {place}.").status == 302
    phone = device()
    home = phone.open(f"{at_home(story, phone, 'ngaire')}?reo=mi").text
    school = walsh.open(at).text
    for place, role in enumerate(meetings.ROLES.values()):
        assert say(Language.EN, role.does) in school, role
        assert say(Language.MI, role.does) in home, role
        assert say(Language.MI, role.does) != role.does
        assert f"Reason {place}." in home


def test_where_many_would_sit_opposite_one_family_both_pages_say_so_until_they_are_few(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, at = asked(sign_in, story)
    phone = device()
    home = at_home(story, phone, "ngaire")
    for place in range(meetings.MANY_PEOPLE):
        act_on(walsh, at, "propose", name=f"Person {place}", role="advisor", why="Knows what can be asked for.")
    for _ in range(2):  # whom the family brings is not opposite it
        act_on(phone, home, "bring", name=f"Nan {_}")
    assert (SEVERAL in walsh.open(at).text, MANY_FOR_YOU in phone.open(f"{home}?reo=en").text) == (False, False)
    act_on(walsh, at, "propose", name="One more", role="psychologist", why="Has met her.")
    assert (SEVERAL in walsh.open(at).text, MANY_FOR_YOU in phone.open(f"{home}?reo=en").text) == (True, True)
    decide = [each for each in phone.open(home).forms if each.values.get("act") == "person"][-1]
    assert phone.send(decide, ("welcome", "no")).status == 302
    assert (SEVERAL in walsh.open(at).text, MANY_FOR_YOU in phone.open(f"{home}?reo=en").text) == (False, False)
