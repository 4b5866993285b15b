"""What was promised to residents at their doors and is not kept yet: replies and visits, the late ones first."""
from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhan.casework.appointments.api import list_promises
from binhan.commons.access.pages import refused, ward_meant
from binhan.kernel.errors import Problem


@login_required
def promises(request: HttpRequest) -> HttpResponse:
    """The board."""
    late = request.GET.get("late") == "1"
    try:
        _, ward = ward_meant(request, "casework")
        rows = list_promises(request, ward, int(late))["items"]
    except Problem as problem:
        return refused(request, problem)
    return render(request, "appointments/promises.html", {
        "tab": "promises", "ward": ward, "only_late": late, "count": len(rows), "late_count": sum(r["late"] for r in rows),
        "columns": [("Quá hạn", [r for r in rows if r["late"]]), ("Sắp tới", [r for r in rows if not r["late"]])]})
