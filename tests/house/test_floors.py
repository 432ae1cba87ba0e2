"""The floors of the house: nobody imports upward, rooms are entered by the front door, and the contracts do bite."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
HOUSE = CHECKOUT / "commsbridge"
LINTER = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in LINTER["contracts"]}
FLOORS = [re.findall(r"\w+", floor) for floor in CONTRACTS["floors"]["layers"]]
PRODUCT_FLOORS = FLOORS[FLOORS.index(["runtime"]) + 1 :]
NOT_ROOMS = {"settings", "local_postgres"}  # on the ground floor, but of the machine, not of the product
PRODUCT_ROOMS = [room for floor in PRODUCT_FLOORS for room in floor if room not in NOT_ROOMS]
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "yarn" + "pkg.com", "npm" + "js.com")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the house in ``folder`` by the contracts of pyproject.toml."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with the contracts and a house of empty rooms."""
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    house = tmp_path / "commsbridge"
    house.mkdir()
    (house / "__init__.py").touch()
    for room in (room for floor in FLOORS for room in floor):
        (house / room).mkdir()
        (house / room / "__init__.py").touch()
    return tmp_path


def plant(model: Path, room: str, line: str) -> None:
    (model / "commsbridge" / room / "planted.py").write_text(line + "\n")


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of the house: its path from there, and its tree."""
    for path in sorted(HOUSE.rglob("*.py")):
        yield path.relative_to(HOUSE).as_posix(), ast.parse(path.read_text())


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules and names a file imports, dotted: ``from a.b import c`` is a.b.c."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def past_the_face(importer: str, imported: str) -> bool:
    """Whether a file (a path in the house) reaches past the face of a room that is not its own."""
    house, room, *inside = [*imported.split("."), ""]
    if house != "commsbridge" or room in {importer.partition("/")[0], "foundation"} or not inside[0]:
        return False
    is_module = (HOUSE / room / inside[0]).is_dir() or (HOUSE / room / f"{inside[0]}.py").exists()
    return is_module and inside[0] != "gateways"


def reads_environment(tree: ast.Module) -> bool:
    names = {"environ", "environb", "getenv", "getenvb"}
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os"}
    return not names.isdisjoint(read | {name.removeprefix("os.") for name in imports(tree) if name.startswith("os.")})


def files() -> Iterator[Path]:
    """Every file of the checkout that git would keep."""
    ignored = [".git", *(line.rstrip("/") for line in (CHECKOUT / ".gitignore").read_text().split())]
    for folder, folders, names in os.walk(CHECKOUT):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in ignored)]
        yield from (Path(folder) / name for name in names if not any(fnmatch(name, pattern) for pattern in ignored))


def test_the_house_keeps_its_contracts() -> None:
    outcome = lint(CHECKOUT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_a_house_of_empty_rooms_keeps_the_contracts(model: Path) -> None:
    outcome = lint(model)
    assert outcome.returncode == 0, outcome.stdout


def test_an_import_upward_is_caught_on_every_floor(model: Path) -> None:
    steps = [(below, above) for up, down in pairwise(FLOORS) for below in down for above in up]
    for below, above in steps:
        (model / "commsbridge" / below / f"to_{above}.py").write_text(f"import commsbridge.{above}\n")
    outcome = lint(model)
    assert outcome.returncode == 1
    assert steps
    assert not [
        (below, above)
        for below, above in steps
        if f"commsbridge.{below}.to_{above} -> commsbridge.{above}" not in outcome.stdout
    ]


def test_siblings_that_know_each_other_are_caught(model: Path) -> None:
    pairs = [(room, other) for floor in FLOORS for room, other in pairwise(floor)]
    for room, other in pairs:
        plant(model, room, f"import commsbridge.{other}")
    outcome = lint(model)
    assert pairs
    assert not [
        (room, other)
        for room, other in pairs
        if f"commsbridge.{room}.planted -> commsbridge.{other}" not in outcome.stdout
    ]


def test_a_room_on_no_floor_is_caught(model: Path) -> None:
    (model / "commsbridge" / "attic.py").touch()
    outcome = lint(model)
    assert outcome.returncode == 1
    assert "attic" in outcome.stdout


@pytest.mark.parametrize("vendor", CONTRACTS["product"]["forbidden_modules"])
def test_a_vendor_in_a_product_room_is_caught(model: Path, vendor: str) -> None:
    rooms = [module.removeprefix("commsbridge.") for module in CONTRACTS["product"]["source_modules"]]
    for room in rooms:
        plant(model, room, f"import {vendor}")
    outcome = lint(model)
    assert not [room for room in rooms if f"commsbridge.{room}.planted -> {vendor}" not in outcome.stdout]


def test_every_product_room_is_kept_from_vendors() -> None:
    there = [room for room in PRODUCT_ROOMS if (HOUSE / room / "__init__.py").exists()]
    assert "messages" in there
    assert {f"commsbridge.{room}" for room in there} <= set(CONTRACTS["product"]["source_modules"])


def test_rooms_are_entered_by_their_face_alone() -> None:
    found = [f"{path}: {name}" for path, tree in sources() for name in imports(tree) if past_the_face(path, name)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("importer", "imported", "expected"),
    [
        ("web/students.py", "commsbridge.messages.models.Message", True),
        ("web/students.py", "commsbridge.messages.models", True),
        ("app.py", "commsbridge.messages.planning.plan", True),
        ("messages/planning.py", "commsbridge.messages.models.Message", False),
        ("carriers/twilio.py", "commsbridge.messages.gateways.Text", False),
        ("web/students.py", "commsbridge.messages.send_praise", False),
        ("web/students.py", "commsbridge.foundation.work.Work", False),
        ("web/students.py", "commsbridge.runtime.Runtime", False),
        ("web/students.py", "flask.Flask", False),
    ],
)
def test_reaching_past_a_face_is_recognised(importer: str, imported: str, *, expected: bool) -> None:
    assert past_the_face(importer, imported) is expected


def test_only_the_settings_read_the_environment() -> None:
    assert [path for path, tree in sources() if reads_environment(tree)] == ["settings.py"]


@pytest.mark.parametrize("line", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"])
def test_reading_the_environment_is_recognised(line: str) -> None:
    assert reads_environment(ast.parse(line))
    assert not reads_environment(ast.parse("import os\nos.getpid()"))


def test_no_file_names_a_package_registry() -> None:
    looked_at = [path for path in files() if path.is_file()]
    assert CHECKOUT / "requirements-dev.txt" in looked_at
    assert not [path for path in looked_at if any(host.encode() in path.read_bytes() for host in REGISTRIES)]
