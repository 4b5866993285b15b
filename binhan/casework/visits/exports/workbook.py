"""What the tables of an Excel workbook say; `xlsx` writes them."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN = "ẩn"  # a count that may not be shown, or that would give one away
LINE = (("doors", "Số căn"), ("approached", "Đã tới"), ("approached_share", "Tỷ lệ đã tới"), ("reached", "Gặp được"),
        ("reached_share", "Tỷ lệ gặp"), ("refused", "Không tiếp"), ("come_back", "Hẹn lại"), ("not_home_1", "Vắng 1 lần"),
        ("not_home_2", "Vắng ≥ 2 lần"), ("vacant", "Nhà trống"), ("not_yet", "Chưa tới"))
STATES = {"reached": "gặp được", "refused": "từ chối", "come_back": "hẹn lại", "not_home": "vắng nhà",
          "vacant": "nhà trống", "not_yet": "chưa tới"}


def workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """Name → (heads, rows) as .xlsx."""
    from binhan.casework.visits.exports.xlsx import write  # noqa: PLC0415 - openpyxl takes its time to load
    return write(sheets)


def coverage_sheets(told: Mapping[str, Any], about: Sequence[tuple[str, Any]], doors: Sequence[Mapping[str, Any]] | None
                    ) -> dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]:
    """The coverage that the JSON tells, sheet by sheet; `doors` only for who may see single ones."""
    pace = told["pace"] or {}
    head = [*about, ("Căn được hiện riêng", "có" if doors is not None else "không"),
            ("Số nhỏ hơn không hiện", told["suppressed_below"] or ""), *((vi, _shown(told["all"][k])) for k, vi in LINE),
            ("Mỗi ngày", pace.get("per_day")), ("Cần mỗi ngày", pace.get("needed_per_day")),
            ("Xong ngày (theo nhịp này)", pace.get("done_on")), ("Hạn", pace.get("target_on"))]
    heads = [vi for _, vi in LINE]
    sheets: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        "Tổng quan": (("Mục", "Giá trị"), head),
        "Khu phố": (("Khu phố", *heads), [(line["name"], *_counts(line)) for line in told["khu_pho"]]),
        "Tuyến": (("Khu phố", "Tuyến", *heads), [(w["khu_pho"], w["name"], *_counts(w)) for w in told["way"]]),
        "Tổ": (("Tổ", *heads), [(line["name"], *_counts(line)) for line in told["team"]])}
    if told["priority"] is not None:
        sheets["Nơi ưu tiên"] = (("Lý do", *heads), [(p["reason"], *_counts(p)) for p in told["priority"]])
    sheets["Tuần"] = (("Tuần từ", "Tới lần đầu", "Gặp lần đầu"),
                      [(w["from"], _shown(w["approached"]), _shown(w["reached"])) for w in told["week"]])
    if doors is not None:
        heads = ["Khu phố", "Địa chỉ", "Tuyến", "Cụm", "Thứ tự", "Kết quả", "Số lần vắng", "Vĩ độ", "Kinh độ"]
        sheets["Từng căn"] = (heads, [
            (d["khu_pho"], d["address"], d["way"], d["turf"], d["place"], STATES[d["state"]], d["not_home"], d["lat"],
             d["lon"]) for d in doors])
    return sheets


def _counts(line: Mapping[str, Any]) -> list[Any]:
    return [_shown(line[key]) for key, _ in LINE]


def _shown(value: float | date | None) -> Any:
    return HIDDEN if value is None else value
