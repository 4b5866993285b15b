"""One import from its table to the database: everything is checked first, and written in one transaction or not at all."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from binhan.casework.households.actions import register
from binhan.casework.households.imports.columns import Columns, cells_of
from binhan.casework.households.imports.files import Table, Wrong
from binhan.casework.households.imports.plan import Plan, Terms, preview
from binhan.casework.households.imports.rows import Read, read_row
from binhan.commons.access.scope import ward_scope


@dataclass(slots=True)
class Outcome:
    """What was read, written, wrong, known already, and only alike."""

    read: int = 0
    written: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    same: list[tuple[int, str]] = field(default_factory=list)
    similar: list[tuple[int, str]] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)
    created: Mapping[str, int] = field(default_factory=dict)


def import_table(ward_id: int, table: Table, columns: Columns, terms: Terms, today: date, dry_run: bool = False,
                 actor: str = "system") -> Outcome:
    """Import the table; with an error in any row, or for a dry run, nothing is kept."""
    reads: list[Read] = []
    done = Outcome()
    for number, cells in table.rows:
        if number <= columns.header_row or [str(c).strip() for c in cells] == columns.header:
            continue
        done.read += 1
        try:
            if number in table.unset:
                raise Wrong(f"công thức chưa có giá trị ở ô {', '.join(table.unset[number])}; hãy mở bằng Excel và lưu lại"
                            " / a formula without a value: open in Excel and save")
            reads.append(read_row(number, cells_of(columns, cells), today))
        except Wrong as wrong:
            done.errors.append((number, str(wrong)))
    with ward_scope([ward_id], actor):
        plan = Plan(ward_id, terms)
        for read in reads:
            plan.add(read)
        done.errors = sorted([*done.errors, *plan.errors])
        done.same, done.similar = plan.same, plan.similar
        done.created = {"dwellings": len(plan.dwellings), "households": len(plan.households), "people": len(plan.people)}
        done.preview = preview(plan, reads)
        if done.errors or dry_run:
            transaction.set_rollback(True)
            return done
        held = 0 if terms.keep_similar else sum("held back" in why for _, why in done.similar)
        done.written = done.read - len(done.same) - held
        if done.written:
            register(ward_id, actor, plan.dwellings, plan.households, plan.people, (plan.areas, plan.ways),
                     {**done.created, "rows": done.written})
    return done
