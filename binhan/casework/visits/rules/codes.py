"""Code lists of rounds and visits, and who may do what. What happens at a door is a fact about the door, about nobody."""
from __future__ import annotations

from binhan.kernel.words import Words

NAME_MAX, PURPOSE_MAX, REASON_MAX, NOTE_MAX = 120, 1000, 500, 4000
DOORS_MAX, MINUTES = 60, 10.0  # doors of a turf unless the planner says otherwise; minutes a visit takes
PRIORITY, ORDINARY = 1, 2
GROUPS_MAX = 20
# Who a team is made of (Ban Chỉ đạo 138): how many of each, never which person of them did what.
PARTS = {
    "police": Words("công an", "police"),
    "government": Words("chính quyền, phòng chuyên môn", "government, specialist office"),
    "front": Words("Mặt trận và đoàn thể", "Fatherland Front"), "youth": Words("đoàn thanh niên", "youth union"),
    "women": Words("hội phụ nữ", "women's union"),
    "security": Words("lực lượng bảo vệ an ninh trật tự cơ sở", "grassroots security"),
    "khu_pho": Words("ban điều hành khu phố", "khu phố board"), "health": Words("y tế", "health"),
    "other": Words("khác", "other")}
# What happened at the door. Refusing is as good an outcome as any other.
OUTCOMES = {
    "met": Words("gặp", "met"), "not_home": Words("vắng nhà", "not home"), "come_back": Words("hẹn lại", "come back"),
    "refused": Words("từ chối", "refused"), "vacant": Words("nhà trống", "vacant"),
    "moved": Words("đã chuyển đi", "moved away")}
# What the household may agree to, each by itself.
CONSENTS = {
    "support_referral": Words("chuyển hỗ trợ an sinh", "referral to social support"),
    "call_back": Words("gọi lại trả lời", "a call with the reply"), "zalo": Words("nhắn qua Zalo", "a message on Zalo")}
SPOKEN = frozenset({"met", "come_back"})  # somebody opened: only then was anything told
BATCH_MAX = 100
