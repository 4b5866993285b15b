"""One import from its table to the database: everything is checked first, and written in one transaction or not at all."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from binhan.casework.households.actions import Entries, register
from binhan.casework.households.imports.columns import MappedTable, cells_of
from binhan.casework.households.imports.plan import Plan, Terms, preview
from binhan.casework.households.imports.reasons import Notice, Unusable, unusable
from binhan.casework.households.imports.rows import Read, read_row
from binhan.commons.access.scope import may_think, ward_scope


@dataclass(slots=True)
class ImportResult:
    """What was read, written, wrong, known already, and only alike."""

    read: int = 0
    written: int = 0
    errors: list[Notice] = field(default_factory=list)
    same: list[Notice] = field(default_factory=list)
    similar: list[Notice] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)
    created: Mapping[str, int] = field(default_factory=dict)


def check_table(ward_id: int, given: MappedTable, terms: Terms, today: date) -> ImportResult:
    """What would come of importing the table; nothing is written."""
    with ward_scope([ward_id], "system"):
        done, _ = _planned(ward_id, given, terms, today)
        transaction.set_rollback(True)
    return done


def import_table(ward_id: int, actor: str, given: MappedTable, terms: Terms, today: date) -> ImportResult:
    """Import the table, all of it; with an error in any row nothing is written."""
    with ward_scope([ward_id], actor):
        done, plan = _planned(ward_id, given, terms, today)
        if done.errors:
            transaction.set_rollback(True)
            return done
        done.written = done.read - len(done.same) - sum(notice.held for notice in done.similar)
        if done.written:
            entries = Entries(plan.dwellings, plan.households, plan.people, plan.areas, plan.ways)
            register(ward_id, actor, entries, {**done.created, "rows": done.written})
    return done


def _planned(ward_id: int, given: MappedTable, terms: Terms, today: date) -> tuple[ImportResult, Plan]:
    """Every row read and compared with the register: what was noticed, and what there is to write."""
    may_think()
    done, plan = ImportResult(), Plan(ward_id, terms)
    reads = _read(given, today, done)
    for read in reads:
        plan.add(read)
    done.errors = sorted([*done.errors, *plan.errors], key=lambda notice: notice.row)
    done.same, done.similar = plan.same, plan.similar
    done.created = {"dwellings": len(plan.dwellings), "households": len(plan.households), "people": len(plan.people)}
    done.preview = preview(plan, reads)
    return done, plan


def _read(given: MappedTable, today: date, done: ImportResult) -> list[Read]:
    """The rows below the header, as far as they can be understood; the others are among the errors."""
    table, columns = given.table, given.columns
    reads: list[Read] = []
    for number, cells in table.rows:
        if number <= columns.header_row or [str(c).strip() for c in cells] == columns.header:
            continue
        done.read += 1
        try:
            if number in table.unset:
                empty = ", ".join(table.unset[number])
                raise unusable("formula_unset", f"công thức chưa có giá trị ở ô {empty}; hãy mở bằng Excel và lưu lại",
                               f"a formula without a value in {empty}: open in Excel and save")
            reads.append(read_row(number, cells_of(columns, cells), today))
        except Unusable as refusal:
            done.errors.append(Notice(number, refusal.reasons))
    return reads
