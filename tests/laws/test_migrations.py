"""A migration says whether the version before can live with it, and means it: old and new code run beside each other."""
from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import operations as kinds
from django.db.migrations.loader import MigrationLoader
from django_safemigrate import Safe, When

from binhan.commons.context import contexts

# Up to December 2026: no two versions ever ran beside each other.
FIRST = {
    "assignments.0002_moved", "clocks.0005_counts", "households.0002_door_facts", "households.0003_uploads",
    "incidents.0003_fact_press",
    "people.0002_account_logins_without_factor", "places.0002_constraints", "places.0003_area_names",
    "places.0004_households_register", "visits.0006_round_level",
}
OLD_CODE_BREAKS = (kinds.RemoveField, kinds.RenameField, kinds.DeleteModel, kinds.RenameModel, kinds.AlterModelTable,
                   kinds.AddConstraint, kinds.RemoveConstraint, kinds.RunSQL, kinds.AlterField)
OURS = {apps.get_app_config(context.app.rpartition(".")[2]).label for context in contexts()}
LOADED = MigrationLoader(None, replace_migrations=False).disk_migrations.values()
MIGRATIONS = {f"{m.app_label}.{m.name}": m for m in LOADED if m.app_label in OURS}


def _stops_old_code(operation: Any) -> bool:
    """Whether code that does not know of it cannot read or write the table any more."""
    if isinstance(operation, kinds.SeparateDatabaseAndState):
        return any(map(_stops_old_code, operation.database_operations))
    if isinstance(operation, kinds.AddField):
        field = operation.field
        return not field.null and not field.has_db_default()
    return isinstance(operation, OLD_CODE_BREAKS)


@pytest.mark.parametrize("name", sorted(MIGRATIONS))
def test_a_migration_is_marked_as_it_is(name: str) -> None:
    migration = MIGRATIONS[name]
    assert "safe" in vars(type(migration)), "say `safe = Safe.before_deploy()` or `Safe.after_deploy()`"
    if name in FIRST or migration.name.startswith("0001_"):  # the first of a context has only its own new tables
        return
    if migration.safe.when is not When.AFTER_DEPLOY:
        assert [type(o).__name__ for o in migration.operations if _stops_old_code(o)] == []


def test_no_exception_is_kept_for_what_is_gone() -> None:
    assert FIRST - set(MIGRATIONS) == set()


def test_the_law_sees_what_it_is_for() -> None:
    assert _stops_old_code(kinds.AddField("round", "level", models.IntegerField(default=0)))
    assert not _stops_old_code(kinds.AddField("round", "level", models.IntegerField(db_default=0)))
    assert not _stops_old_code(kinds.AddField("round", "level", models.IntegerField(null=True)))
    assert _stops_old_code(kinds.RemoveField("round", "level"))
    assert _stops_old_code(kinds.SeparateDatabaseAndState(database_operations=[kinds.DeleteModel("Round")]))
    assert not _stops_old_code(kinds.SeparateDatabaseAndState(state_operations=[kinds.DeleteModel("Round")]))
    assert Safe.before_deploy().when is When.BEFORE_DEPLOY
