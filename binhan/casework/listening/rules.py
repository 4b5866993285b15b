"""Code lists of what is heard, and where that goes which is not kept here."""
from __future__ import annotations

from binhan.kernel.text import fold

KINDS = {"request": "kiến nghị", "report": "phản ánh", "procedure": "vướng mắc thủ tục", "conflict": "mâu thuẫn",
         "need": "khó khăn, nhu cầu hỗ trợ", "praise": "lời khen"}
# Each has its own law and its own desk; here only that it was shown the way, without words, door or hour.
ROUTED = {"complaint": "khiếu nại", "denunciation": "tố cáo", "crime": "tố giác tội phạm",
          "domestic_violence": "bạo lực gia đình", "child_abuse": "xâm hại, bạo lực trẻ em"}
# kind → desk, numbers to call at once, and what to do, vi and en. Violence is never mediated.
DESKS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "complaint": ("reception", (), "Hướng dẫn tới nơi tiếp công dân của phường. Không ghi nội dung ở đây.",
                  "Show the way to the ward's citizen reception. Nothing is written down here."),
    "denunciation": ("reception", (), "Hướng dẫn tới nơi tiếp công dân; danh tính người tố cáo được giữ bí mật theo luật."
                     " Không ghi nội dung ở đây.",
                     "Show the way to the citizen reception; the law keeps the person's name secret. Write nothing down."),
    "crime": ("police", ("113",), "Gọi 113 hoặc Công an phường ngay; người dân tự trình báo hoặc đi cùng.",
              "Call 113 or the ward police now; the resident reports, or is accompanied."),
    "domestic_violence": ("police", ("113",), "Không hòa giải, không hỏi trước mặt người gây bạo lực. Đang nguy hiểm: gọi"
                          " 113. Chuyển Công an phường và Hội Phụ nữ theo luật.",
                          "Never mediate, never ask in front of the violent person. In danger: call 113. Hand over to the"
                          " ward police."),
    "child_abuse": ("child_protection", ("111", "113"), "Không hòa giải. Gọi 111 (bảo vệ trẻ em); đang nguy hiểm: gọi 113.",
                    "Never mediate. Call 111 (child protection); in danger: 113."),
}
UNITS = {"khu_pho": "Ban điều hành khu phố", "economy": "Phòng Kinh tế, Hạ tầng và Đô thị",
         "culture_social": "Phòng Văn hóa – Xã hội", "public_service": "Trung tâm Phục vụ hành chính công",
         "police": "Công an phường", "military": "Ban Chỉ huy Quân sự", "front": "Mặt trận Tổ quốc và đoàn thể",
         "health": "Trạm Y tế", "mediation": "Tổ hòa giải", "committee": "UBND phường, Ban Chỉ đạo 138"}
AGENCIES = {"city": "Sở, UBND thành phố", "other_ward": "phường, xã khác", "electricity": "điện lực",
            "water": "cấp thoát nước", "telecom": "viễn thông", "hotline_1022": "Tổng đài 1022", "other": "nơi khác"}
CHANNELS = {"visit": "gặp tại nhà", "phone": "điện thoại", "zalo": "Zalo", "letter": "văn bản", "meeting": "họp khu phố"}
URGENCIES = {"ordinary": "thường", "urgent": "gấp"}
OFFICE = frozenset({"leadership", "social_officer", "petition_desk"})
WORDS_MAX, PLACE_MAX, ANSWER_MAX, REASON_MAX = 4000, 300, 4000, 500
DANGER = {"child_abuse": ("xâm hại trẻ", "đánh con", "bạo hành trẻ", "đánh trẻ", "bỏ đói con", "child abuse"),
          "domestic_violence": ("bạo lực gia đình", "đánh vợ", "đánh chồng", "bạo hành", "chồng đánh", "vợ bị đánh",
                                "domestic violence"),
          "denunciation": ("tố cáo",), "complaint": ("khiếu nại",),
          "crime": ("tố giác", "buôn ma túy", "bán ma túy", "đe dọa giết")}
_FOLDED = {kind: tuple(map(fold, terms)) for kind, terms in DANGER.items()}


def rather(words: str) -> str:
    """The kind that these words sound like, if it is one that is not kept here: for the team to look again."""
    plain = f" {fold(words)} "
    return next((kind for kind, terms in _FOLDED.items() if any(f" {t} " in plain for t in terms)), "")
