"""Every page of the service, and how one comes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from playwright.sync_api import Page

from tests.journeys import hui_sheets
from tests.journeys import sheet_paths as to
from tests.journeys import sheet_steps as on
from tests.journeys.album import FATHER, KUIA, NOBODY, Album
from tests.journeys.house import SPARK


@dataclass(frozen=True)
class Combination:
    """How a page is looked at."""

    shape: str
    scheme: str
    language: str

    def __str__(self) -> str:
        return f"{self.shape}-{self.scheme}-{self.language}"


COMBINATIONS = [Combination(*each) for each in product(("phone", "desk"), ("light", "dark"), ("mi", "en"))]


@dataclass(frozen=True)
class Sheet:
    """One page: who looks at which path, what they do there first, and what the answer's status is.

    ``speaks`` is the one language of a page that has no other; ``town``: a page of the neighbourhood.
    """

    path: Callable[[Album], str]
    who: str | None = "walsh"
    then: Callable[[Page], None] | None = None
    status: int = 200
    speaks: str | None = None
    town: bool = False

    def shown_in(self, combination: Combination) -> bool:
        """Whether the page is ever seen like this."""
        return self.speaks in {None, combination.language}


SHEETS: dict[str, Sheet] = {
    "sign-in": Sheet(to.at("/sign-in"), who=None),
    "sign-in-wrong": Sheet(to.at("/sign-in"), who=None, then=on.fill_wrong_password, status=403),
    "choose-school": Sheet(to.at("/school"), who="kiri"),
    "reset-ask": Sheet(to.at("/password/forgotten"), who=None),
    "reset-asked": Sheet(to.at("/password/forgotten"), who=None, then=on.ask_reset),
    "reset-set": Sheet(to.new_password, who=None),
    "signed-out": Sheet(to.student("Aroha Kereama", "/praise"), then=on.lose_the_sign_in, status=403),
    "carried": Sheet(to.student("Aroha Kereama", "/praise"), then=on.sign_in_again),
    "confirm": Sheet(to.at("/confirm?next=/contacts")),
    "today": Sheet(to.at("/today")),
    "today-menu": Sheet(to.at("/today"), who="jan", then=on.open_menu),
    "today-empty": Sheet(to.at("/today"), who="new"),
    "today-one": Sheet(to.at("/today"), who="one"),
    "today-forty": Sheet(to.at("/today"), who="forty"),
    "students": Sheet(to.at("/students")),
    "school": Sheet(to.at("/at-school"), who="burns"),
    "school-kaiako": Sheet(to.at("/at-school")),
    "reply": Sheet(to.a_reply_with_pictures, who="burns", then=on.answer_it),
    "away": Sheet(to.at("/away"), who="burns"),
    "answering": Sheet(to.at("/school/answering"), who="burns"),
    "found": Sheet(to.at("/replies"), then=on.find_from_the_bar),
    "keys": Sheet(to.at("/replies"), who="burns", then=on.show_keys),
    "students-forty": Sheet(to.at("/students"), who="forty"),
    "students-nobody": Sheet(to.at("/students?q=zzz")),
    "students-choose": Sheet(to.at("/students?choose=praise&q=ha")),
    "student": Sheet(to.student("Aroha Kereama")),
    "student-write": Sheet(to.student("Hēmi Parata"), then=on.open_write),
    "student-limits": Sheet(to.student("Aroha Kereama"), who="leota"),
    "student-nobody": Sheet(to.student(NOBODY)),
    "student-search": Sheet(to.student("Aroha Kereama", "?q=dinosaur")),
    "about": Sheet(to.student("Aroha Kereama", "/about")),
    "about-wrong": Sheet(to.student("Hēmi Parata", "/about"), then=on.say_without_saying_who, status=400),
    "books": Sheet(to.student("Aroha Kereama", "/books")),
    "book": Sheet(to.book("")),
    "book-page": Sheet(to.book("/page")),
    "book-page-asked": Sheet(to.book("/page"), then=on.send_home_naming_another, status=409),
    "contact-copy": Sheet(to.contact_copy, who="burns"),
    "asked-copy": Sheet(to.asked_copy, who="burns"),
    "child-page": Sheet(to.alone, who=None, then=on.point, status=400),
    "child-over": Sheet(to.at("/mine?said=yes"), who=None),
    "book-setup": Sheet(to.book("/kept")),
    "book-copies": Sheet(to.book("/copies")),
    "book-several": Sheet(to.same_words, then=on.show_each),
    "book-templates": Sheet(to.at("/at-school/books"), who="burns"),
    "book-template": Sheet(to.at("/at-school/books/care_day"), who="burns"),
    "family-door": Sheet(to.family(door=True), who=None),
    "family": Sheet(to.family(), who=None, then=on.on_her_phone()),
    "family-choices": Sheet(to.family(), who=None, then=on.on_her_phone("/choices")),
    "plan": Sheet(to.plan, then=on.open_plan),
    "plan-new": Sheet(to.student("Aroha Kereama", "/plan"), who="leota"),
    "plan-wrong": Sheet(to.plan, then=on.write_nothing_in_the_plan, status=400),
    "family-plan": Sheet(to.family(), who=None, then=on.on_her_phone("/plan")),
    "partnership": Sheet(to.together, who="leota"),
    "family-partnership": Sheet(to.family(), who=None, then=on.on_her_phone("/partnership")),
    "family-support": Sheet(to.family(), who=None, then=on.on_her_phone("/support")),
    "specialists": Sheet(to.shared, who="leota"),
    "specialists-wrong": Sheet(to.shared, who="leota", then=on.share_nothing, status=400),
    "family-specialists": Sheet(to.family(), who=None, then=on.on_her_phone("/specialists")),
    "specialist-door": Sheet(lambda album: f"{to.link(album)[0]}?reo={album.language}", who=None),
    "specialist": Sheet(
        lambda album: f"{to.link(album)[0]}?reo={album.language}#{to.link(album)[1]}", who=None, then=on.as_guest
    ),
    "hui-forms": Sheet(to.at("/at-school/hui-forms"), who="leota"),
    "hui-form": Sheet(hui_sheets.form, who="leota"),
    "hui-list": Sheet(to.student("Hēmi Parata", "/hui")),
    "hui": Sheet(hui_sheets.asked, then=hui_sheets.unfold),
    "hui-room": Sheet(hui_sheets.room(sent=False), then=hui_sheets.unfold),
    "hui-together": Sheet(hui_sheets.together, then=hui_sheets.unfold),
    "hui-together-room": Sheet(lambda album: f"{hui_sheets.together(album)}/room", then=hui_sheets.unfold),
    "hui-minutes": Sheet(hui_sheets.room(sent=True), then=hui_sheets.unfold),
    "family-hui": Sheet(hui_sheets.at_home(hui_sheets.asked, to.family()), who=None, then=hui_sheets.come),
    "family-hui-minutes": Sheet(
        hui_sheets.at_home(lambda album: hui_sheets.held(album, sent=True), to.family()), who=None, then=hui_sheets.come
    ),
    "hui-guest": Sheet(hui_sheets.guest, who=None),
    "support-directory": Sheet(to.at("/at-school/support"), who="burns"),
    "find-support": Sheet(lambda album: f"/find-support?reo={album.language}", who=None),
    "help-now": Sheet(lambda album: f"/help-now?reo={album.language}", who=None),
    "student-support": Sheet(to.asked_for_support, then=on.open_request),
    "student-support-wrong": Sheet(to.asked_for_support, then=on.ask_without_a_yes, status=400),
    "photo-permission": Sheet(to.student("Aroha Kereama", "/photo-permission"), who="jan"),
    "praise": Sheet(to.student("Aroha Kereama", "/praise")),
    "praise-chosen": Sheet(to.chosen),
    "praise-question": Sheet(to.student("Aroha Kereama", "/praise"), then=on.name_another_child, status=409),
    "praise-hint": Sheet(to.student("Aroha Kereama", "/praise"), then=on.sting),
    "praise-wrong": Sheet(to.student("Hēmi Parata", "/praise"), then=on.send_nothing, status=400),
    "praise-nobody": Sheet(to.student(NOBODY, "/praise")),
    "praise-later": Sheet(to.student("Hēmi Parata", "/praise"), then=on.choose_later),
    "several-choose": Sheet(to.at("/praise/several")),
    "several-nobody": Sheet(to.at("/praise/several?go=yes"), who="forty"),
    "several": Sheet(to.several("Aroha Kereama", "Hēmi Parata", "Caleb Hughes"), then=on.write_for_several),
    "sent-several": Sheet(lambda album: f"/praise/together/{album.kept['together']}"),
    "praise-photo": Sheet(to.student("Aroha Kereama", "/praise"), then=on.choose_photo),
    "praise-photo-question": Sheet(to.student("Aroha Kereama", "/praise"), then=on.with_photo, status=409),
    "photo": Sheet(lambda album: f"{album.paths['photo']}?reo={album.language}", who=None),
    "waiting": Sheet(to.at("/waiting")),
    "waiting-nothing": Sheet(to.at("/waiting"), who="one"),
    "sent": Sheet(lambda album: f"/praise/{album.kept['sent']}"),
    "sent-over": Sheet(lambda album: f"/praise/{album.kept['over']}"),
    "replies": Sheet(to.at("/replies")),
    "profile": Sheet(to.student("Hēmi Parata", "/profile")),
    "child-answer": Sheet(to.read_to_a_child, who="burns"),
    "reply-move": Sheet(to.a_reply, who="burns"),
    "replies-empty": Sheet(to.at("/replies"), who="one"),
    "parked": Sheet(to.at("/parked"), who="jan"),
    "slowed": Sheet(to.at("/replies/slowed"), who="burns"),
    "safety": Sheet(to.at("/safety"), who="burns"),
    "safety-new": Sheet(lambda album: f"/safety/{album.kept['worry']}", who="burns"),
    "safety-message": Sheet(lambda album: f"/safety/{album.kept['worry-opened']}", who="burns"),
    "safety-watch": Sheet(to.at("/school/safety"), who="burns"),
    "contacts": Sheet(to.at("/contacts"), who="jan"),
    "contact": Sheet(to.contact("hine"), who="jan"),
    "contact-limits": Sheet(to.contact("rangi"), who="leota"),
    "contact-new": Sheet(to.student("Aroha Kereama", "/contacts/new"), who="jan"),
    "notices": Sheet(to.at("/messages"), who="burns"),
    "notice-new": Sheet(to.at("/messages/new?to=school"), who="burns", then=on.look_at_notice),
    "notice": Sheet(to.notice, who="burns"),
    "sending": Sheet(to.at("/school/sending"), who="burns"),
    "reports": Sheet(to.at("/reports?against=yes"), who="burns"),
    "report-level": Sheet(to.at("/reports?level=5&all=yes"), who="burns"),
    "report-last-term": Sheet(to.at("/reports?span=last_term"), who="burns"),
    "report-behind-reached": Sheet(to.at("/reports/behind/reached"), who="burns"),
    "report-behind": Sheet(to.at("/reports/behind/heard"), who="burns"),
    "report-counted": Sheet(to.at("/reports/counted/sent"), who="burns"),
    "report-class": Sheet(to.class_page("Room 7", "?against=yes")),
    "report-mails": Sheet(to.at("/reports/mails"), who="burns"),
    "report-voice": Sheet(to.at("/reports/voice"), who="burns"),
    "report-wrong-days": Sheet(to.at("/reports?span=dates"), who="burns", status=400),
    "report-mine": Sheet(to.at("/reports/mine?against=yes")),
    "report-student": Sheet(to.student("Aroha Kereama", "/report?against=yes")),
    "deliveries": Sheet(to.at("/deliveries"), who="burns"),
    "contact-wishes": Sheet(lambda album: f"/contacts/{album.story.contacts['ngaire'].id}/wishes", who="jan"),
    "contact-whole": Sheet(lambda album: f"/contacts/{album.story.contacts['ngaire'].id}/whole", who="jan"),
    "concern": Sheet(to.student("Aroha Kereama", "/concern")),
    "hard-day-wrong": Sheet(to.student("Aroha Kereama", "/concern?kind=hard_day"), then=on.send_unrung, status=400),
    "concern-waits": Sheet(lambda album: f"/concerns/{album.kept['concern']}", who="leota"),
    "hard-day-told": Sheet(lambda album: f"/concerns/{album.kept['hard_day']}"),
    "hard-day-student": Sheet(to.student("Isaac Tupou")),
    "hard-day-pause": Sheet(to.student("Isaac Tupou", "/pause")),
    "concerns": Sheet(to.at("/concerns"), who="leota"),
    "care": Sheet(to.at("/care"), who="leota"),
    "pause": Sheet(to.student("Sefa Leota", "/pause")),
    "to-do": Sheet(to.at("/to-do"), who="jan"),
    "import": Sheet(to.at("/roll"), who="jan"),
    "import-report": Sheet(to.at("/roll"), who="jan", then=on.read_roll),
    "prompts": Sheet(to.at("/prompts"), who="forty"),
    "prompt-week": Sheet(to.at("/prompts/week?times=2&whom=all"), who="forty"),
    "prompt-mirror": Sheet(to.at("/prompts/mine")),
    "prompt-rules": Sheet(to.at("/prompts/school"), who="burns"),
    "prompt-own": Sheet(to.at("/prompts/own"), who="forty"),
    "devices": Sheet(to.at("/devices"), who="forty"),
    "groups": Sheet(to.at("/groups"), who="forty"),
    "target": Sheet(to.student("Aroha Kereama", "/target")),
    "prompts-new": Sheet(to.at("/prompts")),
    "phone": Sheet(to.at("/phone"), who="forty"),
    "phone-wrong": Sheet(to.at("/phone"), then=on.prove_wrongly, status=400),
    "calendar": Sheet(to.at("/calendar"), who="walsh"),
    "calendar-office": Sheet(to.at("/calendar"), who="jan", then=on.close_no_day, status=400),
    "calendar-file": Sheet(to.at("/calendar"), who="jan", then=on.read_calendar),
    "staff": Sheet(to.at("/staff"), who="burns"),
    "staff-new": Sheet(to.at("/staff/new"), who="burns"),
    "staff-one": Sheet(lambda album: f"/staff/{album.staff['fox'].id}", who="burns"),
    "te-reo": Sheet(to.at("/te-reo"), who="burns"),
    "phrases": Sheet(to.at("/phrases"), who="leota"),
    "phrase-new": Sheet(to.at("/phrases/new"), who="leota", then=on.write_long_phrase),
    "work-on": Sheet(to.student("Aroha Kereama", "/work-on")),
    "te-reo-written": Sheet(to.at("/te-reo/written"), who="burns"),
    "te-reo-only-checked": Sheet(to.at("/te-reo/only-checked"), who="burns"),
    "wordings": Sheet(to.at("/te-reo/wordings?q=ka+pai"), who="speaker"),
    "wording-desk": Sheet(to.at("/te-reo/desk"), who="speaker"),
    "wording-desk-rejected": Sheet(lambda album: f"/te-reo/desk?key={album.paths['rejected']}", who="speaker"),
    "wording-desk-wrong": Sheet(to.at("/te-reo/desk"), who="speaker", then=on.write_badly, status=400),
    "wording-files": Sheet(to.at("/te-reo/files"), who="burns"),
    "translation-desk": Sheet(to.at("/te-reo/translate"), who="speaker"),
    "translate": Sheet(lambda album: album.paths["translate"], who="speaker"),
    "translate-wrong": Sheet(lambda album: album.paths["translate"], who="speaker", then=on.misspell, status=400),
    "translators": Sheet(to.at("/te-reo/translators"), who="burns"),
    "praise-te-reo-first": Sheet(to.student("Anahera Ngata", "/praise"), then=on.write_own_words),
    "change": Sheet(lambda album: f"{album.paths['change']}?reo={album.language}", who=None),
    "concern-page": Sheet(lambda album: f"{album.paths['concern']}?reo={album.language}", who=None),
    "concern-answered": Sheet(lambda album: f"{album.paths['concern']}?reo={album.language}&answered=yes", who=None),
    "note": Sheet(lambda album: f"{album.paths['note']}?reo={album.language}", who=None),
    "unsent": Sheet(to.at("/unsent"), then=on.keep_praise),
    "unsent-nothing": Sheet(to.at("/unsent"), who=None),
    "unsent-strip": Sheet(to.at("/students"), who="one", then=on.keep_for_later),
    "leaving": Sheet(to.at("/replies"), who="one", then=on.sign_out_with_praise),
    "not-found": Sheet(to.at("/nowhere"), status=404),
    "not-allowed": Sheet(to.at("/roll"), status=403),
    "bug": Sheet(to.at(SPARK), status=500),
    "words-kept": Sheet(to.student("Aroha Kereama", "/praise"), then=on.lose_the_form, status=400),
    "design": Sheet(to.at("/design")),
    "town": Sheet(to.at("/"), who=None, speaks="en", town=True),
    "town-phone": Sheet(to.at(f"/phones/{KUIA}"), who=None, speaks="en", town=True),
    "town-mailbox": Sheet(to.at(f"/mailboxes/{FATHER}"), who=None, speaks="en", town=True),
    "town-misbehave": Sheet(to.at("/misbehave"), who=None, speaks="en", town=True),
    "town-wrong": Sheet(to.at("/nowhere"), who=None, speaks="en", town=True, status=404),
    "report-week": Sheet(to.at("/reports?span=week"), who="burns"),
    "report-dates": Sheet(to.at("/reports?span=dates&first_on=2026-10-19&last_on=2026-11-06&against=yes"), who="burns"),
}
