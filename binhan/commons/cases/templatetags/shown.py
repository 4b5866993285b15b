"""Numbers as office pages show them: shares, lengths, minutes, and counts that are kept from the reader."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def counted(number: int | None) -> Any:
    """A count; one that is kept from the reader says so, and is never taken for nothing."""
    if number is None:
        return format_html('<span class="kept" title="{}">{}</span>', gettext("Không hiện, để không ai bị nhận ra"),
                           gettext("ẩn"))
    return f"{number:,}".replace(",", "," if get_language() == "en" else ".")


@register.filter
def doors(number: int | None) -> Any:
    """How many doors a line has: one with fewer than five says only that."""
    return "< 5" if number is None else counted(number)


@register.filter
def share(part: float | None) -> str:
    """0.4249 → 42,5 %."""
    if part is None:
        return "–"
    text = f"{part * 100:.1f}".removesuffix(".0")
    return f"{text if get_language() == 'en' else text.replace('.', ',')} %"


@register.filter
def bar(part: float | None) -> SafeString:
    """A bar as long as the share; the number stands beside it, so it says nothing to a screen reader."""
    return format_html('<span class="bar" aria-hidden="true"><i style="width:{}%"></i></span>',
                       f"{min(max(part or 0.0, 0.0), 1.0) * 100:.1f}")


@register.filter
def metres(length: float) -> str:
    """1234.5 → 1,2 km."""
    if length < 1000:
        return f"{length:.0f} m"
    text = f"{length / 1000:.1f}"
    return f"{text if get_language() == 'en' else text.replace('.', ',')} km"


@register.filter
def hours(minutes: float) -> str:
    """250 minutes → 4 giờ 10."""
    whole = round(minutes)
    if whole < 60:
        return f"{whole} " + gettext("phút")
    return f"{whole // 60} {gettext('giờ')}{f' {whole % 60:02d}' if whole % 60 else ''}"


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping, or nothing."""
    return mapping.get(key, "")


@register.filter
def called(row: Mapping[str, str] | Any) -> str:
    """The name of a row that has one in both languages (`vi`, `en`)."""
    one = row.get if isinstance(row, Mapping) else lambda key: getattr(row, key, "")
    return str((one("en") if get_language() == "en" else "") or one("vi") or "")
