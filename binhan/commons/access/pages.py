"""What every office page does alike: the caller's rights, the ward that is meant, a refusal in the reader's language."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from pydantic import ValidationError

from binhan.commons.access.api import rights
from binhan.commons.access.queries import Rights, first_ward
from binhan.kernel.errors import Problem


def spoken(problem: Problem) -> str:
    """The sentence in the reader's language."""
    return problem.en if get_language() == "en" else problem.vi


def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A page that cannot be shown, with the reason."""
    return render(request, "layout/error.html", {"title": gettext("Không mở được"), "text": spoken(problem)},
                  status=problem.status)


def ward_asked(request: HttpRequest) -> int | None:
    """The ward named in the address or the form, if it is a number."""
    text = request.GET.get("ward", "") or request.POST.get("ward", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None


def ward_meant(request: HttpRequest, purpose: str) -> tuple[Rights, int]:
    """The caller, and the ward that the page is about; see first_ward."""
    caller = rights(request)
    return caller, first_ward(caller, purpose, ward_asked(request))


def faults(error: ValidationError, names: Mapping[str, str]) -> list[str]:
    """What is wrong with a form, field by field, in words: `names` says what a field is called."""
    told: dict[str, str] = {}
    for one in error.errors():
        path = [str(p) for p in one["loc"]]
        name = next((names[p] for p in reversed(path) if p in names), path[-1] if path else "")
        empty = one["type"] in ("missing", "string_too_short", "too_short") or one.get("input") in (None, "")
        told[gettext(name)] = gettext("còn thiếu") if empty else _limit(one)
    return [f"{name}: {what}." for name, what in told.items()]


def _limit(one: Any) -> str:
    limits = one.get("ctx") or {}
    if "max_length" in limits:
        return gettext("dài quá, tối đa %(n)s") % {"n": limits["max_length"]}
    if "ge" in limits or "le" in limits:
        return gettext("ngoài khoảng cho phép")
    return gettext("chưa đúng")
