"""The anchors go forward with the journal, and never back with one that was cut."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from binhan.commons.journal.verify import Anchors
from binhan.run import anchors
from binhan.site.environment import Environment, load

WARD = 25920


@pytest.fixture
def folder(tmp_path: Path) -> Environment:
    return load({"BINHAN_DATA_DIR": str(tmp_path)})


def kept(folder: Environment) -> Anchors:
    found = anchors.read(folder)
    assert found is not None
    return found.anchors


def test_they_go_forward_only(server: Environment, django_db_setup: None, folder: Environment) -> None:
    assert anchors.read(folder) is None
    with psycopg.connect(server.dsn("postgres", "binhan")) as admin:
        anchors.keep(folder, admin)
        seq, digest = before = kept(folder)[WARD]
        admin.execute(b"SELECT journal_append(25920, 'test', 'try', 'thing', NULL, '{}')")
        anchors.keep(folder, admin)
        assert kept(folder)[WARD][0] == seq + 1
        assert (folder.data_dir / anchors.NAME).stat().st_mode & 0o077 == 0
        admin.rollback()  # as if the row had been taken away with its head
        anchors.keep(folder, admin)
        assert kept(folder)[WARD][0] == seq + 1, "the evidence stays"
        assert before[1] == digest


def test_a_file_that_cannot_be_read_is_none(folder: Environment) -> None:
    (folder.data_dir / anchors.NAME).write_text("{", encoding="utf-8")
    assert anchors.read(folder) is None


def written(folder: Environment) -> Any:
    return json.loads((folder.data_dir / anchors.NAME).read_text(encoding="utf-8"))


def write(folder: Environment, found: Any) -> None:
    (folder.data_dir / anchors.NAME).write_text(json.dumps(found), encoding="utf-8")


def test_a_file_that_was_deleted_shortened_or_begun_anew_is_itself_a_finding(
        server: Environment, django_db_setup: None, folder: Environment) -> None:
    with psycopg.connect(server.dsn("postgres", "binhan")) as admin:
        for _ in range(3):
            admin.execute(b"SELECT journal_append(25920, 'test', 'try', 'thing', NULL, '{}')")
        admin.execute(b"SET LOCAL session_replication_role = replica")  # as if they had been written two minutes ago
        admin.execute(b"UPDATE journal_entry SET at = at - interval '2 minutes' WHERE ward_id = 25920")

        def doubts() -> list[str]:
            return [f.fault for f in anchors.doubts(anchors.read(folder), admin) if f.ward_id == WARD]
        assert ["no anchors are kept" in fault for fault in doubts()] == [True]
        anchors.keep(folder, admin)
        assert doubts() == []
        sound = written(folder)
        write(folder, {**sound, "anchors": {w: row for w, row in sound["anchors"].items() if w != str(WARD)}})
        assert ["has no anchor" in fault for fault in doubts()] == [True]
        seq, digest = sound["anchors"][str(WARD)]
        write(folder, {**sound, "anchors": {**sound["anchors"], str(WARD): [seq - 2, digest]}})
        assert ["set back" in fault for fault in doubts()] == [True]
        admin.execute(b"UPDATE journal_entry SET at = at - interval '2 days' WHERE ward_id = 25920")
        (folder.data_dir / anchors.NAME).unlink()
        anchors.keep(folder, admin)  # as `up` does by itself
        assert ["begun anew" in fault for fault in doubts()] == [True]
        anchors.keep(folder, admin, anew=True)
        assert doubts() == []
        admin.rollback()


def test_the_file_of_an_earlier_version_is_read(folder: Environment) -> None:
    write(folder, {"25888": [7, "ab" * 32]})
    assert kept(folder) == {25888: (7, bytes.fromhex("ab" * 32))}


def test_a_file_that_cannot_be_opened_now_is_no_reason_to_begin_anew(folder: Environment,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(PermissionError):
        anchors.read(folder)
