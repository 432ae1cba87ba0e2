"""What columns of several rooms share: words of a fixed list, and rows that hold from one day to another."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Dialect,
    String,
    TypeDecorator,
    Uuid,
    and_,
    any_,
    cast,
    func,
    literal,
    or_,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped
from sqlalchemy.types import TypeEngine, UserDefinedType

Word = TypeVar("Word", bound=StrEnum)


class OneOf(TypeDecorator[Word]):
    """A text column that holds the value of a StrEnum and gives the member back; ValueError for any other word.

    A plain String column would give back a str, which equals the member but is not it.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: type[Word], length: int) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str | None:
        """The word as stored."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Word | None:
        """The member."""
        return None if value is None else self.words(value)


class Dated:
    """A table whose rows hold from one day to another, both included; without ``to_on`` a row still holds."""

    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Ids(UserDefinedType[Sequence[uuid.UUID]]):
    """Many ids as one parameter, written as PostgreSQL reads an array: quicker than to write them one by one."""

    cache_ok = True

    def get_col_spec(self, **_how: Any) -> str:
        """The type as PostgreSQL names it."""
        return "UUID[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[uuid.UUID] | None], str | None]:
        """What is sent for a list of ids (PostgreSQL manual, "Array Input and Output Syntax")."""
        return lambda ids: None if ids is None else f"{{{','.join([each.hex for each in ids])}}}"

    def bind_expression(self, bindvalue: BindParameter[Sequence[uuid.UUID]]) -> ColumnElement[Any]:
        """The parameter, said to be an array of ids."""
        return cast(bindvalue, ARRAY(Uuid()))


def in_force(rows: type[Dated], on: date) -> ColumnElement[bool]:
    """That a row of ``rows`` holds on a day."""
    return and_(rows.from_on <= on, or_(rows.to_on.is_(None), rows.to_on >= on))


def among(
    column: InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None], ids: Collection[uuid.UUID]
) -> ColumnElement[bool]:
    """That a column holds one of many ids: one array, so that the statement is as soon read however many they are."""
    return column == any_(literal(list(ids), Ids()))


def unnested(values: Sequence[Any], of: TypeEngine[Any]) -> Any:
    """A column of rows to insert as one array: the statement is as soon read, however many rows it writes."""
    return func.unnest(literal(list(values), Ids() if isinstance(of, Uuid) else ARRAY(of)))
