"""The people of the demo's school, all invented: those with a story of their own, and names for everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from itertools import count
from random import Random

from commsbridge.foundation.names import fold
from commsbridge.schools import Role
from commsbridge.whanau import Channel, MayMessage

ROOM_7, ROOM_3, TE_PUNA = "Room 7", "Room 3", "Te Puna"
SIZES = {ROOM_7: 28, ROOM_3: 24, TE_PUNA: 8}
YEARS = {ROOM_7: (5, 6), ROOM_3: (1, 2), TE_PUNA: (3, 4)}
SECOND_HOME = "second"

Ways = tuple[tuple[Channel, str | None], ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff; ``who`` says in a sentence what one sees when one signs in as them."""

    name: str
    shown_name: str
    email: str
    roles: tuple[Role, ...]
    rooms: tuple[str, ...]
    who: str


@dataclass(frozen=True, slots=True)
class Adult:
    """A contact; two adults of one child with the same ``home`` live together."""

    name: str
    relationship: str
    ways: Ways
    language: str = "en"
    home: str = ""
    may_message: MayMessage = MayMessage.YES
    limit_reason: str | None = None
    greeting: str | None = None
    quiet: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """An ākonga with the adults around them, the first of whom is the first to be asked."""

    name: str
    year_level: int
    room: str
    adults: tuple[Adult, ...]


def mobile(number: int) -> str:
    """An invented mobile number, 021 555 and four digits."""
    return f"+6421555{number:04d}"


def text(number: int) -> Ways:
    """Reached by text."""
    return ((Channel.TEXT, mobile(number)),)


def email(name: str) -> Ways:
    """Reached by email at an invented address made of the name."""
    return ((Channel.EMAIL, f"{fold(name).replace(' ', '.')}@mail.test"),)


WALSH = Colleague(
    "Kate Walsh",
    "Ms Walsh",
    "kate.walsh@rimuroad.test",
    (Role.KAIAKO,),
    (ROOM_7,),
    "Kaiako of Room 7: sends good news, reads the answers",
)
MATIU = Colleague(
    "Matiu Rangi",
    "Matiu",
    "matiu.rangi@rimuroad.test",
    (Role.KAIAWHINA,),
    (ROOM_7,),
    "Kaiāwhina in Room 7: sends good news, sees no addresses",
)
SINGH = Colleague(
    "Arjun Singh",
    "Mr Singh",
    "arjun.singh@rimuroad.test",
    (Role.KAIAKO,),
    (ROOM_3,),
    "Kaiako of Room 3; his own daughter is in Room 7, and he does not see her here",
)
TAN = Colleague(
    "Ruth Tan",
    "Ruth Tan",
    "ruth.tan@rimuroad.test",
    (Role.LEARNING_SUPPORT, Role.CHILD_PROTECTION),
    (),
    "SENCO and child protection: sees the school, and who may not be written to",
)
WIKAIRA = Colleague(
    "Hana Wikaira",
    "Whaea Hana",
    "hana.wikaira@rimuroad.test",
    (Role.LEADER, Role.KAIAKO),
    (TE_PUNA,),
    "Tumuaki, and kaiako of Te Puna: sees the school, looks after its staff",
)
PEREIRA = Colleague(
    "Jo Pereira",
    "Jo",
    "jo.pereira@rimuroad.test",
    (Role.OFFICE,),
    (),
    "Office: the roll, addresses that stopped working, numbers nobody knows",
)
ERANA = Colleague(
    "Erana Tāwhai",
    "Whaea Erana",
    "erana.tawhai@rimuroad.test",
    (Role.SPEAKER,),
    (),
    "Speaker of te reo Māori: checks the wordings, writes a teacher's own words in te reo",
)
STAFF = (WALSH, MATIU, SINGH, TAN, WIKAIRA, PEREIRA, ERANA)

MEREANA = Adult("Mereana Ruru", "kuia", text(1), "mi", greeting="Whaea Mereana")
DAN = Adult("Dan Ellis", "father", email("Dan Ellis"), "en", SECOND_HOME)
# A night shift: she asked for nothing before 3 pm.
NGAIRE = Adult("Ngaire Parata", "mother", text(2), "mi", quiet=(time(21), time(15)))
DAVE = Adult("Dave Parata", "father", text(3), "en", SECOND_HOME)
CRAIG = Adult(
    "Craig Neill",
    "uncle",
    text(4),
    "en",
    "third",
    MayMessage.NO,
    "A court order of March 2025 says no contact. Ruth Tan holds the papers.",
)
HINEWAI = Adult("Hinewai Waaka", "mother", text(5), "mi")
SINA = Adult("Sina Fonoti", "mother", text(6))
IOANE = Adult("Ioane Fonoti", "father", text(6))
MARAMA = Adult("Marama Kereama", "mother", text(7), "both")
TAVITA = Adult("Tavita Leota", "father", text(8), "Samoan")
SHAUNA = Adult("Shauna Doherty", "mother", text(9))
BRIDGET = Adult("Bridget Doherty", "aunt", email("Bridget Doherty"), "en", SECOND_HOME, MayMessage.ASK)
RANGI = Adult("Rangi Pēwhairangi", "father", text(10), "mi")
KYLIE = Adult("Kylie Smith", "mother", (*text(11), (Channel.CALL, mobile(11))))
BERYL = Adult("Beryl Taylor", "grandmother", ((Channel.CALL, "+6495550142"),))
TRENT = Adult("Trent Hughes", "father", text(12))
PARE = Adult("Pare Hōhepa", "mother", ((Channel.SLIP, None),), "mi")
KAREN = Adult("Karen Brown", "mother", ((Channel.VIDEO, None),), "NZSL")
WEI = Adult("Wei Chen", "father", email("Wei Chen"))
HONE = Adult("Hone Taukamo", "father", text(13), "mi")
LEENA = Adult("Leena Singh", "mother", text(14))

AROHA = Child("Aroha Ruru", 5, ROOM_7, (MEREANA, DAN))
HEMI = Child("Hēmi Parata", 5, ROOM_7, (NGAIRE, DAVE, CRAIG))
TAMA = Child("Tama Waaka", 6, ROOM_7, (HINEWAI,))
KIRI = Child("Kiri Waaka", 2, ROOM_3, (HINEWAI,))
LOSA = Child("Losa Fonoti", 5, ROOM_7, (SINA, IOANE))
MANAIA = Child("Manaia Kereama", 6, ROOM_7, (MARAMA,))
SEFA = Child("Sefa Leota", 5, ROOM_7, (TAVITA,))
LIAM = Child("Liam Doherty", 6, ROOM_7, (SHAUNA, BRIDGET))
ANA = Child("Ana Pēwhairangi", 5, ROOM_7, (RANGI,))
NOAH = Child("Noah Smith", 5, ROOM_7, (KYLIE,))
RUBY = Child("Ruby Taylor", 6, ROOM_7, (BERYL,))
KAHU = Child("Kahu Moana", 5, ROOM_7, ())
MASON = Child("Mason Hughes", 6, ROOM_7, (TRENT,))
TUI = Child("Tui Hōhepa", 5, ROOM_7, (PARE,))
ZOE = Child("Zoe Brown", 6, ROOM_7, (KAREN,))
LEO = Child("Leo Chen", 5, ROOM_7, (WEI,))
MERE = Child("Mere Taukamo", 6, ROOM_7, (HONE,))
ANAYA = Child("Anaya Singh", 5, ROOM_7, (LEENA,))
WITH_A_STORY = (
    AROHA, HEMI, TAMA, KIRI, LOSA, MANAIA, SEFA, LIAM, ANA, NOAH, RUBY, KAHU, MASON, TUI, ZOE, LEO, MERE, ANAYA,
)  # fmt: skip

# Each first name once in the school: a child named in a message is one child.
CHILDREN = (
    "Isla Oliver Amelia Jack Mia Charlie Ava Lucas Ella Theo Sophie Max Kaea Nīkau Anahera Wiremu Mikaere Maia Rāwiri "
    "Hine Kauri Pania Sione Mele Tevita Lupe Aisha Arun Mei Minh Priya Yusuf Inés Emil Noor Rosa Finn Ivy Kōwhai Tāne "
    "Amiria Rewi Tāwhiri Olivia"
)
FAMILIES = (
    "Wilson Thompson Harris Cooper Murray Ngata Tamihana Rēweti Hēnare Matenga Paki Tūhoe Kingi Faleolo Tupou "
    "Vainikolo Patel Sharma Nguyen Zhang Haddad Rossi Larsen Kelly"
)
PARENTS = (
    "Sarah Mark Rachel Tom Lisa Paul Mihi Hoani Ripeka Tipene Moana Wikitoria Emma James Anna Peter Lagi Viliami Nisha "
    "Ravi Linh Bao Layla Omar Marco Ingrid"
)


def everybody_else(dice: Random) -> Iterator[Child]:
    """As many more children as the classes hold, each with one adult or two, drawn with ``dice``."""
    names, numbers = iter(dice.sample(CHILDREN.split(), len(CHILDREN.split()))), count(100)
    taken: set[str] = set()
    for room, size in SIZES.items():
        for _ in range(size - sum(child.room == room for child in WITH_A_STORY)):
            family = dice.choice(FAMILIES.split())
            free = [name for first in PARENTS.split() if (name := f"{first} {family}") not in taken]
            first, second = dice.sample(free, 2)
            taken |= {first, second}
            adults = [_adult(dice, first, next(numbers), "parent", "")]
            if dice.random() < 0.3:
                home = dice.choice(("", SECOND_HOME))
                adults.append(_adult(dice, second, next(numbers), "guardian", home))
            yield Child(f"{next(names)} {family}", dice.choice(YEARS[room]), room, tuple(adults))


def _adult(dice: Random, name: str, number: int, relationship: str, home: str) -> Adult:
    language = dice.choices(("en", "mi", "both"), (7, 2, 1))[0]
    ways = text(number) if dice.random() < 0.8 else email(name)
    return Adult(name, relationship, ways, language, home)
