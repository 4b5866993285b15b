"""Code lists of the field app: what may be corrected at a door."""
from __future__ import annotations

from binhan.casework.households.rules import ACCESS_MAX, LANDMARK_MAX
from binhan.kernel.words import Words

# The fields of a door that a team may correct, and the longest text of those that are text.
TEXT_MAX = {"landmark": LANDMARK_MAX, "access_note": ACCESS_MAX}
FIELDS = frozenset({*TEXT_MAX, "kind", "best_time", "occupants", "position"})
FIELD_NAMES = {
    "landmark": Words("mốc dễ nhận", "landmark"), "kind": Words("loại nhà", "kind of house"),
    "access_note": Words("lối vào", "way in"), "best_time": Words("giờ dễ gặp", "best time"),
    "occupants": Words("số người ở", "how many live there"), "position": Words("vị trí", "position")}
REGISTER = "register"  # who gave a value that no team has corrected yet
KEEPS = {
    "a": Words("giữ giá trị trong sổ", "kept the register's"), "b": Words("lấy giá trị mới", "took the new one"),
    "both": Words("giữ cả hai", "kept both")}
# What a household may need; said as an issue of kind "need", in the resident's own words.
NEEDS = {
    "monthly_aid": Words("trợ cấp thường xuyên", "regular allowance"),
    "urgent_aid": Words("trợ cấp đột xuất", "urgent aid"),
    "loan": Words("vốn vay", "a loan"), "tools": Words("phương tiện sinh kế", "means of a living"),
    "job": Words("việc làm", "work"), "training": Words("học nghề", "training"),
    "school": Words("học bổng, đến trường", "school"),
    "housing": Words("nhà ở", "housing"), "insurance": Words("bảo hiểm y tế", "health insurance"),
    "papers": Words("giấy tờ, căn cước", "papers"), "counsel": Words("hỗ trợ tâm lý", "counselling"),
    "legal_aid": Words("trợ giúp pháp lý", "legal aid")}
