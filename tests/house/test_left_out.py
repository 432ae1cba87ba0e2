"""What a run of the tests leaves out is named; where nothing may be left out it fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.journey
def test_a_journey(): pass

@pytest.mark.node
def test_with_node(): pass

def test_plain(): pass

@pytest.mark.xfail(strict=True)
def test_expected(): assert False
"""


@pytest.fixture
def folder(tmp_path: Path, checkout: Path) -> Path:
    """Four tests under the project's conftest.py."""
    shutil.copy(checkout / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  journey\n  picture\n  node\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    return tmp_path


def run(folder: Path, *options: str, programs: Path | None = None) -> subprocess.CompletedProcess[str]:
    """pytest over ``folder`` on a machine that has the ``programs`` in that directory alone."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider", *options]
    return subprocess.run(
        command, cwd=folder, env={"PATH": str(programs or folder)}, capture_output=True, text=True, check=False
    )


def test_a_machine_without_browser_and_node_is_told_what_was_left_out(folder: Path) -> None:
    outcome = run(folder)
    assert outcome.returncode == 0, outcome.stdout
    assert "Left out: 1 test: Node is not installed" in outcome.stdout
    assert "Left out: 1 test: Chromium is not installed" in outcome.stdout or sys.platform == "darwin"
    assert outcome.stdout.splitlines()[-1].startswith("=")


def test_where_nothing_may_be_left_out_a_skip_fails(folder: Path) -> None:
    outcome = run(folder, "--nothing-left-out")
    assert outcome.returncode == 1
    assert "Nothing may be left out, and this was: Node is not installed" in outcome.stdout


def test_where_nothing_is_left_out_nothing_fails(folder: Path) -> None:
    for program in ("chromium", "node"):
        (folder / program).write_text("#!/bin/sh\n")
        (folder / program).chmod(0o755)
    outcome = run(folder, "--nothing-left-out")
    assert outcome.returncode == 0, outcome.stdout
    assert "Left out" not in outcome.stdout


def test_a_whole_file_that_skips_itself_fails_too(folder: Path) -> None:
    (folder / "test_some.py").write_text("import pytest\npytest.skip('no moon tonight', allow_module_level=True)\n")
    assert "Left out: 1 test: no moon tonight" in run(folder).stdout
    outcome = run(folder, "--nothing-left-out")
    assert outcome.returncode != 0
    assert "Nothing may be left out, and this was: no moon tonight" in outcome.stdout
