"""The school's own form on its pages: written in both languages, offered to a hui about a plan, read in either."""

from __future__ import annotations

from commsbridge import meetings
from commsbridge.foundation.language import Language
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import PURPOSE, act_on, asked, at_home
from tests.papers import words_of
from tests.story import Story

AT = "/at-school/hui-forms"
WRITTEN = {
    "title_en": "Our IEP", "title_mi": "Tā mātou IEP",
    "en-1": "Next goals", "mi-1": "Ngā whāinga e whai ake nei", "place-1": "2",
    "en-2": "Strengths", "mi-2": "Ngā pūmanawa", "place-2": "1",
}  # fmt: skip


def test_a_form_is_written_in_both_languages_ordered_changed_and_retired(sign_in: SignIn, story: Story) -> None:
    leota = sign_in("leota")
    form = leota.open(AT).form(AT)
    for over, field, words in (
        ({"en-1": "", "mi-1": "", "en-2": " ", "mi-2": ""}, "en-1", "A form has between one and 12 headings."),
        ({"mi-2": ""}, "mi-1", "Write this heading in both languages."),
        ({"en-2": "S" * 201}, "en-1", "That is longer than 200 letters. Shorten it."),
        ({"title_mi": ""}, "title_mi", "Name the form in both languages."),
    ):
        page = leota.send(form, **{**WRITTEN, **over})
        assert (page.status, page.wrong) == (400, {field: words}), over
    assert page.form(AT).values["en-1"] == "Strengths"  # what was typed stands there, in the order it was given
    assert leota.send(form, **WRITTEN).status == 302
    with story.work() as work:
        [kept] = meetings.forms_of(work)
    assert kept.headings_in(Language.EN) == ["Strengths", "Next goals"]
    one = f"{AT}/{kept.form_id}"
    read = leota.open(one)
    assert leota.send(read.form(one, having="title_en"), **{"en-3": "Hopes", "mi-3": "Ngā wawata"}).status == 302
    late = leota.send(read.form(one, having="title_en"), **{"en-3": "Other", "mi-3": "Atu"})
    assert (late.status, "meanwhile" in late.text) == (400, True)
    assert leota.act(one, csrf_token=str(read.form(one, having="title_en").values["csrf_token"])).status == 404
    assert act_on(leota, one, "retire").status == 302
    assert "No new hui begins with it." in leota.open(AT).text
    for who in ("walsh", "matiu", "jan", "kiri"):
        assert sign_in(who).open(AT).status == 403
        assert sign_in(who).open(one).status == 403


def test_a_hui_about_a_plan_begins_with_the_form_and_minutes_follow_it_in_each_readers_language(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    with story.work("leota") as work:
        form = meetings.make_form(work, ("Our IEP", "Tā mātou IEP"), [("Strengths", "Ngā pūmanawa")])
    walsh, at = asked(sign_in, story)
    assert "Our IEP" not in walsh.open(at).text  # it is not about a plan
    assert walsh.act(at, act="form", form_id=str(form.form_id)).status == 400
    walsh.act(at, act="purpose", kind="iep", purpose=PURPOSE, minutes="30")
    phone = device()
    home = at_home(story, phone, "ngaire")
    assert act_on(phone, home, "item", words="The bus").status == 302
    assert act_on(walsh, at, "form").status == 302
    page = walsh.open(at).text
    assert page.index("The bus") < page.index("Strengths")
    assert act_on(phone, home, "choose", number="1").status == 302
    clock.forward(days=3, hours=1)
    walsh, room = sign_in("walsh"), f"{at}/room"
    act_on(walsh, room, "places", chair="Ngaire", minute_taker="Ms Walsh")
    decides = [each for each in walsh.open(room).forms if each.values.get("act") == "decide"]
    assert walsh.send(decides[-1], decided="She draws every day.", agrees="agree").status == 302
    act_on(walsh, room, "read_back", read_by="Ms Walsh")
    for act in ("finish", "minutes"):
        assert act_on(walsh, room, act).status == 302
    for visitor, address in ((walsh, at), (phone, home)):
        for reo, there, elsewhere in (("mi", "Ngā pūmanawa", "Strengths"), ("en", "Strengths", "Ngā pūmanawa")):
            said = words_of(visitor.open(f"{address}/minutes-{reo}.pdf").response.data)
            assert there in said
            assert elsewhere not in said
            assert said.index("The bus") < said.index(there)
