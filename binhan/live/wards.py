"""The served wards in memory: which of them a press belongs to, and what its answer says."""
from __future__ import annotations

import logging
from typing import Any

from binhan.kernel.errors import Problem
from binhan.kernel.geo import WardIndex
from binhan.kernel.kinds import kind_of

log = logging.getLogger(__name__)


class ServedWards:
    """Wards by id and by point. Replaced as a whole when the wards change."""

    def __init__(self, wards: list[dict[str, Any]]) -> None:
        self.by_id = {int(w["ward_id"]): w for w in wards}
        self.index = WardIndex({i: w["boundary"] for i, w in self.by_id.items()})
        self.default = int(wards[0]["ward_id"]) if wards else None

    def place_press(self, press: dict[str, Any], place: dict[str, Any] | None) -> dict[str, Any]:
        """ward_id, location_source and outside of a press. Never refuses for want of a location."""
        if self.default is None:
            raise Problem(503, "no_ward", "Hệ thống chưa phục vụ phường nào. Hãy gọi 113, 114 hoặc 115 ngay.",
                          "No ward is served here yet. Call 113, 114 or 115 now.", call=["113", "114", "115"])
        if "lat" in press:
            ward, outside = self.ward_of(press["lat"], press["lon"])
            return {"ward_id": ward, "location_source": "gps", "outside": outside}
        if place is not None:
            press["lat"], press["lon"] = place["lat"], place["lon"]
            return {"ward_id": int(place["ward_id"]), "location_source": "place", "outside": False}
        return {"ward_id": self.default, "location_source": "none", "outside": False}

    def ward_of(self, lat: float, lon: float) -> tuple[int, bool]:
        """(ward, outside): the ward of a point; outside every served ward the nearest one takes it, marked so."""
        found = self.index.take(lat, lon)
        return (found.ward_id, found.how == "outside") if found else (int(self.default or 0), True)

    def answer(self, stored: dict[str, Any], press: dict[str, Any], token: str) -> dict[str, Any]:
        """What a press is answered, from the stored row: the same for every repetition."""
        ward = self.by_id.get(int(stored["ward_id"]), {})
        kind = kind_of(press.get("kind"))
        call = [ward["desk_phone"], *kind.call] if ward.get("desk_phone") else list(kind.call)
        outside = bool(press.get("outside"))
        vi, en = ("Ngoài khu vực phục vụ: hãy gọi " + call[0] + " ngay. Tin đã lưu và chuyển tới " if outside
                  else "Đã lưu tin báo tại "), ("Outside the area served: call " + call[0] + " now. Kept for "
                                                if outside else "Stored at ")
        return {
            "press_id": stored["press_id"], "incident_id": stored["incident_id"], "ward_id": stored["ward_id"],
            "ward_code": f"{int(stored['ward_id']):05d}", "ward_name": ward.get("full_name", ""),
            "track_token": token, "stored_at": stored["at"], "seen_at": stored.get("seen_at"),
            "merged": stored["merged"], "outside": outside, "call": call, "demo": bool(ward.get("is_demo")),
            "message": {"vi": vi + ward.get("full_name", "") + ".", "en": en + ward.get("full_name", "") + "."}}
