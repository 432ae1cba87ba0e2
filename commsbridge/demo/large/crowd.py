"""The crowd of the large school: families with one to three ākonga, drawn with dice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from commsbridge.demo import people
from commsbridge.demo.large.pouring import NULL, Pour, given
from commsbridge.foundation.names import fold, name_key, search_fold

LEVELS = 13
LANGUAGES = ("en", "mi", "both", "Samoan", "Tongan", "NZSL")
SHARES = (70, 15, 8, 4, 2, 1)
MORE_CHILDREN = (
    "Hōhepa Aria Manaia Tia Rua Hana Moana Tama Eru Wī Pita Hera Mīria Kora Tui Rongo Māui Niko Zara Eva Leo Max Ruby "
    "George Hugo Grace Poppy Toby Harry Ada Zoe Noah Ethan Liam Mason Emily Chloe Lily Hazel Violet Ari Beau Felix "
    "Otis Ana Sefa Losa Vai Malia Fetu Talia Aroha Ngaio Rewa Tane Maru Hēmi Kiri Awhina Marama"
)
MORE_FAMILIES = (
    "Walker Reid Morgan Stewart Bell Clark Young Scott Baker Hughes Campbell Fraser Grant Hart Lewis Moore Palmer Ross "
    "Shaw Turner Ward Adams Begg Cole Dixon Ellis Ford Gray Hill Irwin Jones Kerr Lowe Mann Nash Orr Pope Quinn Rose "
    "Sims Todd Vance West Parata Ruru Waaka Kereama Taukamo Hōhepa Pēwhairangi Moana Rangi Wikaira Pōtae Tīpene "
    "Fonoti Leota Tuala Sapolu Mafi Latu Chen Wang Kim Lee Park Kaur Prasad Reddy Ali Santos Cruz Reyes Novak Silva"
)


@dataclass(slots=True)
class Adult:
    """A contact. From ``gone_on`` on their number does not work; from ``stopped_on`` on they want no texts."""

    id: str
    channel: str
    address: str
    language: str
    gone_on: date | None = None
    stopped_on: date | None = None

    @property
    def by_hand(self) -> bool:
        """Whether a person must tell them: nobody writes their language."""
        return self.language not in {"mi", "en", "both"}


@dataclass(slots=True)
class Pupil:
    """An ākonga: ``favour`` is how easily a teacher thinks of them, ``rooms`` where they were in each calendar year."""

    id: str
    first: str
    level: int
    from_on: date
    left_on: date | None
    adults: list[Adult]
    favour: float
    rooms: dict[int, int] = field(default_factory=dict)


class Crowd:
    """Draws families until there are enough children, and pours them."""

    def __init__(self, pour: Pour, dice: Random, first_on: date, last_on: date) -> None:
        self.pour = pour
        self.dice = dice
        self.first_on = first_on
        self.last_on = last_on
        self.firsts = (*people.CHILDREN.split(), *MORE_CHILDREN.split())
        self.families = (*people.FAMILIES.split(), *MORE_FAMILIES.split())
        self.numbers = iter(range(100, 100_000))

    def new_id(self) -> str:
        """A fresh id, the same for the same dice."""
        return self.dice.randbytes(16).hex()

    def draw(self, how_many: int) -> Iterator[Pupil]:
        """So many children on the roll, and a few more who left."""
        here = number = 0
        while here < how_many:
            family = self.dice.choice(self.families)
            adults = [self._adult(family) for _ in range(self.dice.choices((0, 1, 2, 3), (1, 62, 33, 4))[0])]
            for _ in range(self.dice.choices((1, 2, 3), (5, 4, 1))[0]):
                number += 1
                pupil = self._pupil(number, family, adults)
                here += pupil.left_on is None
                yield pupil

    def _pupil(self, number: int, family: str, adults: list[Adult]) -> Pupil:
        dice = self.dice
        first, name_id = dice.choice(self.firsts), self.new_id()
        left_on = self._some_day() if dice.random() < 0.04 else None
        from_on = self._some_day() if left_on is None and dice.random() < 0.08 else self.first_on
        level, name, roll_id = dice.randint(1, LEVELS), f"{first} {family}", f"L{number:05d}"
        self.pour.row(
            "students", name_id, roll_id, name, first, name_key(name), search_fold(f"{name} {first} {roll_id}"),
            str(level), given(left_on),
        )  # fmt: skip
        for place, adult in enumerate(adults):
            self.pour.row(
                "guardianships", self.new_id(), adult.id, name_id, ("mother", "father", "aunt")[place], "yes",
                "t" if place == 0 else "f", str(from_on),
            )  # fmt: skip
        # Most are thought of; some quiet ones seldom, a few nearly never.
        favour = dice.choices((1.0, 1.6, 0.35, 0.06), (60, 20, 15, 5))[0]
        return Pupil(name_id, first, level, from_on, left_on, adults, favour)

    def _adult(self, family: str) -> Adult:
        dice, pour, adult_id, home = self.dice, self.pour, self.new_id(), self.new_id()
        number = next(self.numbers)
        name = f"{dice.choice(people.PARENTS.split())} {family}"
        language = dice.choices(LANGUAGES, SHARES)[0]
        by_text = dice.random() < 0.8
        address = f"+6421555{number:04d}" if by_text else f"{fold(name).replace(' ', '.')}.{number}@mail.test"
        adult = Adult(adult_id, "text" if by_text else "email", address, language)
        fate = dice.random()
        if fate < 0.03:
            adult.gone_on = self._some_day()
        elif fate < 0.05 and by_text:
            adult.stopped_on = self._some_day()
        began = f"{self.first_on} 00:00+13"
        pour.row("households", home)
        pour.row("contacts", adult_id, home, name, name_key(name), began)
        pour.row("languages_asked", self.new_id(), adult_id, language, str(self.first_on), NULL, "f")
        state = ("wrong", "not_in_service", f"{adult.gone_on} 12:00+13") if adult.gone_on else ("ok", NULL, began)
        pour.row("ways", self.new_id(), adult_id, adult.channel, address, "1", *state)
        return adult

    def _some_day(self) -> date:
        span = (self.last_on - self.first_on).days
        return date.fromordinal(self.first_on.toordinal() + self.dice.randrange(span // 8, span))
