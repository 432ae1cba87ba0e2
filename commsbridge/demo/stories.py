"""What happened on purpose in the demo's school: one row a happening, read top to bottom by history."""

from __future__ import annotations

from commsbridge.demo import people
from commsbridge.demo.people import Adult, Child, Colleague
from commsbridge.neighbourhood import MailProgram
from commsbridge.partnership import Moment

STRANGER = people.mobile(99)

# The first column counts school days back: 1 is the last one before today. Times are the school's own.
Praised = tuple[int, str, Colleague, Child, str, str]
PRAISED: tuple[Praised, ...] = (
    (22, "10:20", people.WALSH, people.AROHA, "great-question", ""),
    (15, "14:05", people.WALSH, people.AROHA, "kept-trying-when-hard", "Three tries, and then it worked."),
    (8, "11:40", people.MATIU, people.AROHA, "asked-for-rest", ""),
    (18, "14:40", people.MATIU, people.HEMI, "asked-for-help", ""),
    (9, "11:20", people.WALSH, people.HEMI, "spoke-to-class", ""),
    (3, "11:30", people.WALSH, people.HEMI, "helped-new-student", ""),
    (12, "13:15", people.WALSH, people.TAMA, "led-karakia", ""),
    (2, "10:05", people.WALSH, people.TAMA, "finished-all-work", ""),
    (2, "12:10", people.SINGH, people.KIRI, "came-with-smile", ""),
    (16, "12:30", people.WALSH, people.LOSA, "read-whole-book", ""),
    (2, "12:40", people.MATIU, people.LOSA, "sang-with-class", ""),
    (17, "13:50", people.WALSH, people.MANAIA, "many-good-questions", ""),
    (5, "13:20", people.WALSH, people.MANAIA, "painted-picture", ""),
    (10, "12:05", people.WALSH, people.SEFA, "looked-after-friend", ""),
    (13, "11:55", people.WALSH, people.LIAM, "listened-well", ""),
    (5, "14:25", people.WALSH, people.LIAM, "worked-at-writing", ""),
    (19, "14:10", people.WALSH, people.ANA, "tried-something-new", ""),
    (2, "14:30", people.MATIU, people.ANA, "calm-morning", ""),
    (20, "12:45", people.WALSH, people.NOAH, "joined-game", ""),
    (6, "13:35", people.WALSH, people.NOAH, "waited-in-line", ""),
    (11, "14:15", people.WALSH, people.RUBY, "cared-for-garden", ""),
    (21, "13:05", people.WALSH, people.MASON, "great-maths", ""),
    (7, "12:25", people.WALSH, people.MASON, "set-up-game", ""),
    (14, "12:50", people.WALSH, people.TUI, "danced-well", ""),
    (6, "11:35", people.MATIU, people.ZOE, "used-sign", ""),
    (16, "14:35", people.WALSH, people.LEO, "explained-ideas", ""),
    (4, "14:20", people.WALSH, people.LEO, "shared-ideas", ""),
    (4, "13:30", people.WALSH, people.MERE, "thanked-teacher", ""),
    (10, "10:40", people.MATIU, people.ANAYA, "made-new-thing", ""),
)
# Texts from families, and mails.
TEXTED: tuple[tuple[int, str, str, str], ...] = (
    (22, "16:10", people.mobile(1), "Ngā mihi nui ki a koe, e te kaiako."),
    (15, "15:25", people.mobile(1), "Ka pai! Kei te harikoa mātou katoa."),
    (20, "13:20", people.mobile(11), "STOP"),
    (17, "17:30", people.mobile(7), "Tino pai! Thank you, she told us all about it."),
    (13, "15:40", people.mobile(9), "That is lovely to hear, thanks Ms Walsh"),
    (9, "15:30", people.mobile(3), "Good on him! Can you ring me about Friday?"),
    (4, "14:10", people.mobile(13), "Ngā mihi mō te karere pai."),
    (3, "15:45", people.mobile(2), "Kua kite au i tēnei. Ngā mihi."),
    (3, "19:05", STRANGER, "Hi its Trent, Masons dad. This is my new number"),
    (2, "16:20", people.mobile(5), "Ngā mihi mō Tama rāua ko Kiri"),
    (2, "18:10", people.mobile(6), "Thank you! We are so proud 😊"),
    (1, "12:15", people.mobile(1), "He aha te wā o te hui āpōpō?"),
)
MAILED: tuple[tuple[int, str, Adult, str, MailProgram], ...] = (
    (22, "18:45", people.DAN, "Thanks for telling me. That made my week.\n\nDan", MailProgram.GMAIL),
    (4, "17:15", people.WEI, "Leo was very happy. What book is it?", MailProgram.APPLE),
)
TALKED: tuple[tuple[int, str, Colleague, Child, Adult | None, Moment, str], ...] = (
    (19, "15:05", people.WALSH, people.AROHA, people.MEREANA, Moment.GATE,
     "Mereana at the gate: Aroha reads to her at night now. The picture cards help at home too."),
    (9, "15:50", people.TAN, people.SEFA, people.TAVITA, Moment.CALL,
     "Rang with an interpreter. Told him how Sefa looked after a friend. He would like a call each month."),
    (8, "15:20", people.WALSH, people.HEMI, people.DAVE, Moment.CALL, "Rang Dave about Friday: he picks Hēmi up at 2."),
    (5, "08:50", people.MATIU, people.KAHU, None, Moment.STAFF_NOTE,
     "Kahu came with his cousin. The office is looking for a number for home."),
)  # fmt: skip
# Own words that wait for whoever writes them in te reo Māori: by whom, about whom, what.
TO_TRANSLATE = (
    (people.WALSH, people.MERE, "Mere read to the little ones under the tree, and none of them wanted it to end."),
    (people.WALSH, people.TAMA, "Tama made room on the mat before anybody asked."),
)
PAUSED = (4, "09:10", people.WALSH, people.ANA)
OUT_OF_SERVICE = (8, "07:00", people.mobile(12))
TAKEN_BACK = (6, "14:45", people.WALSH, people.LEO)
# News that a person carried: told by whoever wrote it. A slip and a call are still to do.
TOLD = (
    (11, "15:10", people.WALSH, people.RUBY),
    (9, "15:55", people.WALSH, people.SEFA),
    (6, "14:50", people.MATIU, people.ZOE),
)
# A communication book: begun, agreed by both sides, written each day since: what went well, what to know for tonight.
BOOK_BEGUN = (6, "09:10", people.WALSH, people.MERE, people.HONE)
AGREEMENT = (
    "Ka tuhi mātou ia rā kura i mua i te toru karaka, ā, ka tae atu mā te karere. Ka tuhi mai te whānau i te ata, "
    "i te wā e pai ana. Ko ngā mea ohotata, ka waea atu.\n\n"
    "We write each school day before three, and it comes by text. Whānau write back in the morning when it suits. "
    "What is urgent is rung, not written."
)
PAGES: tuple[tuple[int, str, Colleague, Child, str, str], ...] = (
    (6, "14:40", people.WALSH, people.MERE, "Mere showed the class her shells and named each one.", ""),
    (
        5,
        "14:35",
        people.MATIU,
        people.MERE,
        "Mere packed up with a friend, reminded once.",
        "Tired after swimming.",
    ),
    (4, "14:45", people.WALSH, people.MERE, "Mere asked for the quiet corner and came back by herself.", ""),
    (3, "14:30", people.WALSH, people.MERE, "Mere read her own story to the little ones.", "Shoes are wet."),
    (2, "14:40", people.MATIU, people.MERE, "Mere waited for her turn on the swing.", "Library book is in the bag."),
    (1, "14:35", people.WALSH, people.MERE, "Mere drew a map of the creek with us.", "Trip on Thursday: bring a hat."),
)
