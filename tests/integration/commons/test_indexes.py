"""An index that is built beside a running system: also after a try that left half of it behind."""
from __future__ import annotations

from django.apps import apps
from django.db import connections, models
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from binhan.commons.indexes import AddIndexBeside
from binhan.site.environment import Environment
from tests.support.databases import copied

INDEX = models.Index(fields=["ward_id", "subject_id", "actor", "at"], name="journal_entry_reads",
                     condition=models.Q(verb="read"))


def shape(owner: object) -> tuple[bool, str]:
    """(usable, definition) of the index."""
    with owner.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT indisvalid, pg_get_indexdef(indexrelid) FROM pg_index"
                       " WHERE indexrelid = 'journal_entry_reads'::regclass")
        valid, definition = cursor.fetchone()
    return valid, definition


def test_half_an_index_is_thrown_away_and_built_anew(server: Environment, django_db_setup: None,
                                                     django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), copied(server):
        owner = connections["owner"]
        whole = shape(owner)
        assert whole[0]
        with owner.cursor() as cursor:
            cursor.execute("DROP INDEX journal_entry_reads")
            cursor.execute("CREATE INDEX journal_entry_reads ON journal_entry (seq)")  # stands for the half one
        state = ProjectState.from_apps(apps)
        with owner.schema_editor(atomic=False) as editor:
            AddIndexBeside("entry", INDEX).database_forwards("journal", editor, state, state)
        assert shape(owner) == whole


def test_who_reads_again_is_found_without_walking_through_the_years(server: Environment, django_db_setup: None,
                                                                    django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), copied(server), connections["owner"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM journal_entry WHERE ward_id = 25888 AND subject_id = gen_random_uuid()"
                       " AND verb = 'read' AND actor = 'x' AND at > now() - interval '1 hour' LIMIT 1")
        assert "journal_entry_reads" in "".join(row[0] for row in cursor.fetchall())
