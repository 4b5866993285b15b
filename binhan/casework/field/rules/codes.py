"""Code lists of the field app: what may be corrected at a door, and English words where the register has none."""
from __future__ import annotations

from binhan.casework.households.rules import ACCESS_MAX, LANDMARK_MAX

# The fields of a door that a team may correct, and the longest text of those that are text.
TEXT_MAX = {"landmark": LANDMARK_MAX, "access_note": ACCESS_MAX}
FIELDS = frozenset({*TEXT_MAX, "kind", "best_time", "occupants", "position"})
FIELD_VI = {"landmark": "mốc dễ nhận", "kind": "loại nhà", "access_note": "lối vào", "best_time": "giờ dễ gặp",
            "occupants": "số người ở", "position": "vị trí"}
REGISTER = "register"  # who gave a value that no team has corrected yet
KEEPS = {"a": "giữ giá trị trong sổ", "b": "lấy giá trị mới", "both": "giữ cả hai"}
# What a code is called in English where the register only has the Vietnamese word.
EN = {"met": "met", "not_home": "not home", "come_back": "come back", "refused": "refused", "vacant": "vacant",
      "moved": "moved away", "house": "house", "apartment": "flat", "room": "rented room", "business": "business",
      "institution": "office, school", "morning": "morning", "noon": "noon", "afternoon": "afternoon",
      "evening": "evening", "weekend": "weekend", "police": "police", "government": "government, specialist office",
      "front": "Fatherland Front", "youth": "youth union", "women": "women's union", "security": "grassroots security",
      "khu_pho": "khu phố board", "health": "health", "other": "other", "request": "request", "report": "report",
      "procedure": "trouble with a procedure", "conflict": "conflict", "need": "hardship, need of support",
      "praise": "praise", "ordinary": "ordinary", "urgent": "urgent", "visit": "visit at home", "phone": "phone",
      "zalo": "Zalo", "letter": "letter", "meeting": "khu phố meeting"}
# What a household may need; said as an issue of kind "need", in the resident's own words.
NEEDS = {"monthly_aid": ("trợ cấp thường xuyên", "regular allowance"), "urgent_aid": ("trợ cấp đột xuất", "urgent aid"),
         "loan": ("vốn vay", "a loan"), "tools": ("phương tiện sinh kế", "means of a living"), "job": ("việc làm", "work"),
         "training": ("học nghề", "training"), "school": ("học bổng, đến trường", "school"),
         "housing": ("nhà ở", "housing"), "insurance": ("bảo hiểm y tế", "health insurance"),
         "papers": ("giấy tờ, căn cước", "papers"), "counsel": ("hỗ trợ tâm lý", "counselling"),
         "legal_aid": ("trợ giúp pháp lý", "legal aid")}
