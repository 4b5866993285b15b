"""/api/rounds/{id}/coverage.xlsx and .geojson: how far a round has come, as files; each is journalled as an export."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from binhan.casework.visits.exports import geo
from binhan.casework.visits.exports.workbook import KIND, coverage_sheets, workbook
from binhan.casework.visits.models import Round, RoundArea
from binhan.casework.visits.queries.coverage import coverage_json, exported_doors, view_for
from binhan.casework.visits.queries.reach import round_for, sees_doors
from binhan.commons.access.api import rights
from binhan.commons.access.queries import Rights
from binhan.commons.journal.actions import JournalRow, append
from binhan.commons.wire import binary

router = Router(tags=["coverage"])


@router.get("/rounds/{round_id}/coverage.xlsx", openapi_extra=binary(KIND, "The coverage as a workbook"))
def get_coverage_xlsx(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The coverage as the JSON tells it to the caller, a sheet for each table; single doors only for their team and for
    who plans."""
    mine = rights(request)
    row = round_for(mine, round_id)
    doors = _doors(mine, row)
    told = coverage_json(row, view_for(mine, row))
    about = [("Đợt", row.name), ("Từ ngày", row.from_on), ("Đến ngày", row.to_on), ("Lúc", timezone.now())]
    book = workbook(coverage_sheets(told, about, doors))
    return exported(mine, row, ExportedFile("coverage", "xlsx", book, KIND, len(doors or ())))


@router.get("/rounds/{round_id}/coverage.geojson", openapi_extra=binary(geo.KIND, "The coverage as GeoJSON"))
def get_coverage_geojson(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The coverage as GeoJSON (RFC 7946): khu phố and ways with their counts; single doors only for their team and for who
    plans."""
    mine = rights(request)
    row = round_for(mine, round_id)
    doors = _doors(mine, row)
    told = coverage_json(row, view_for(mine, row))
    outlines = dict(RoundArea.objects.filter(round=row).values_list("area__name", "area__boundary"))
    about = {"id": str(row.id), "name": row.name, "from_on": row.from_on, "to_on": row.to_on}
    made = geo.coverage_geojson(told, outlines, doors, about)
    return exported(mine, row, ExportedFile("coverage", "geojson", made, geo.KIND, len(doors or ())))


def _doors(mine: Rights, row: Round) -> list[dict[str, Any]] | None:
    """Single doors, for whom they are; None for everybody else."""
    teams = sees_doors(mine, row)
    return None if teams is not None and not teams else exported_doors(row, teams)


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of a round: what of it (the beginning of its name), the ending, its bytes and their type, how many single
    doors it tells of."""

    what: str
    ending: str
    body: bytes
    kind: str
    doors: int


def exported(caller: Rights, row: Round, file: ExportedFile) -> HttpResponse:
    """The file as the response; that it was taken is journalled."""
    append(JournalRow(row.ward_id, caller.actor, "export", "round", row.id,
           {"what": file.what, "format": file.ending, "doors": file.doors}))
    name = f"{file.what}-{row.from_on:%Y%m%d}.{file.ending}"
    return HttpResponse(file.body, content_type=file.kind, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
