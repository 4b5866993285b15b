"""Code lists of rounds and visits, and who may do what. What happens at a door is a fact about the door, about nobody."""
from __future__ import annotations

NAME_MAX, PURPOSE_MAX, REASON_MAX, NOTE_MAX = 120, 1000, 500, 4000
DOORS_MAX, MINUTES = 60, 10.0  # doors of a turf unless the planner says otherwise; minutes a visit takes
PRIORITY, ORDINARY = 1, 2
GROUPS_MAX = 20
# Who a team is made of (Ban Chỉ đạo 138): how many of each, never which person of them did what.
PARTS = {"police": "công an", "government": "chính quyền, phòng chuyên môn", "front": "Mặt trận và đoàn thể",
         "youth": "đoàn thanh niên", "women": "hội phụ nữ", "security": "lực lượng bảo vệ an ninh trật tự cơ sở",
         "khu_pho": "ban điều hành khu phố", "health": "y tế", "other": "khác"}
# What happened at the door. Refusing is as good an outcome as any other.
OUTCOMES = {"met": "gặp", "not_home": "vắng nhà", "come_back": "hẹn lại", "refused": "từ chối", "vacant": "nhà trống",
            "moved": "đã chuyển đi"}
# What the household may agree to, each by itself.
CONSENTS = {"support_referral": "chuyển hỗ trợ an sinh", "call_back": "gọi lại trả lời", "zalo": "nhắn qua Zalo"}
SPOKEN = frozenset({"met", "come_back"})  # somebody opened: only then was anything told
BATCH_MAX = 100
