"""docs/roles.md is the table that the code goes by, cell by cell."""

from __future__ import annotations

from pathlib import Path

from commsbridge.schools import MAY, Permission, Role

COLUMNS = {
    "kaiako": Role.KAIAKO,
    "kaiāwhina": Role.KAIAWHINA,
    "learning support": Role.LEARNING_SUPPORT,
    "leader": Role.LEADER,
    "office": Role.OFFICE,
    "child protection": Role.CHILD_PROTECTION,
    "te reo speaker": Role.SPEAKER,
}


def rows(checkout: Path) -> list[list[str]]:
    lines = (checkout / "docs" / "roles.md").read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def test_the_table_has_a_column_for_every_role(checkout: Path) -> None:
    head = rows(checkout)[0]
    assert head[:2] == ["right", "what it means"]
    assert [COLUMNS[name] for name in head[2:]] == list(Role)


def test_the_table_says_what_the_code_does_cell_by_cell(checkout: Path) -> None:
    head, _, *body = rows(checkout)
    said = {
        (Permission(row[0].strip("`")), COLUMNS[name]): cell
        for row in body
        for name, cell in zip(head[2:], row[2:], strict=True)
    }
    done = {
        (permission, role): "yes" if role in MAY[permission] else "no" for permission in Permission for role in Role
    }
    assert said == done


def test_every_right_is_explained_in_one_sentence(checkout: Path) -> None:
    for row in rows(checkout)[2:]:
        assert row[1].endswith(".")
        assert row[1].count(". ") == 0
