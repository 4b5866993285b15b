"""The anchors go forward with the journal, and never back with one that was cut."""
from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from binhan.run import anchors
from binhan.site.environment import Environment, load

WARD = 25920


@pytest.fixture
def folder(tmp_path: Path) -> Environment:
    return load({"BINHAN_DATA_DIR": str(tmp_path)})


def test_they_go_forward_only(server: Environment, django_db_setup: None, folder: Environment) -> None:
    assert anchors.read(folder) == {}
    with psycopg.connect(server.dsn("postgres", "binhan")) as admin:
        anchors.keep(folder, admin)
        seq, digest = before = anchors.read(folder)[WARD]
        admin.execute(b"SELECT journal_append(25920, 'test', 'try', 'thing', NULL, '{}')")
        anchors.keep(folder, admin)
        assert anchors.read(folder)[WARD][0] == seq + 1
        assert (folder.data_dir / anchors.NAME).stat().st_mode & 0o077 == 0
        admin.rollback()  # as if the row had been taken away with its head
        anchors.keep(folder, admin)
        assert anchors.read(folder)[WARD][0] == seq + 1, "the evidence stays"
        assert before[1] == digest


def test_a_file_that_cannot_be_read_is_none(folder: Environment) -> None:
    (folder.data_dir / anchors.NAME).write_text("{", encoding="utf-8")
    assert anchors.read(folder) == {}
