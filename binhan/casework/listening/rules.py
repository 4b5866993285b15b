"""Code lists of what is heard, and where that goes which is not kept here."""
from __future__ import annotations

from binhan.kernel.text import fold
from binhan.kernel.words import Words

KINDS = {
    "request": Words("kiến nghị", "request"), "report": Words("phản ánh", "report"),
    "procedure": Words("vướng mắc thủ tục", "trouble with a procedure"), "conflict": Words("mâu thuẫn", "conflict"),
    "need": Words("khó khăn, nhu cầu hỗ trợ", "hardship, need of support"), "praise": Words("lời khen", "praise")}
# Each has its own law and its own desk; here only that it was shown the way, without words, door or hour.
ROUTED = {
    "complaint": Words("khiếu nại", "complaint"), "denunciation": Words("tố cáo", "denunciation"),
    "crime": Words("tố giác tội phạm", "crime"), "domestic_violence": Words("bạo lực gia đình", "violence at home"),
    "child_abuse": Words("xâm hại, bạo lực trẻ em", "violence against a child")}
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
UNITS = {
    "khu_pho": Words("Ban điều hành khu phố", "Khu phố board"),
    "economy": Words("Phòng Kinh tế, Hạ tầng và Đô thị", "Economy, infrastructure and urban office"),
    "culture_social": Words("Phòng Văn hóa – Xã hội", "Culture and social office"),
    "public_service": Words("Trung tâm Phục vụ hành chính công", "Public service centre"),
    "police": Words("Công an phường", "Ward police"), "military": Words("Ban Chỉ huy Quân sự", "Military command"),
    "front": Words("Mặt trận Tổ quốc và đoàn thể", "Fatherland Front and its unions"),
    "health": Words("Trạm Y tế", "Health station"), "mediation": Words("Tổ hòa giải", "Mediation group"),
    "committee": Words("UBND phường, Ban Chỉ đạo 138", "People's Committee, Committee 138")}
AGENCIES = {
    "city": Words("Sở, UBND thành phố", "City departments, People's Committee"),
    "other_ward": Words("phường, xã khác", "another ward or commune"),
    "electricity": Words("điện lực", "electricity company"), "water": Words("cấp thoát nước", "water company"),
    "telecom": Words("viễn thông", "telecom company"), "hotline_1022": Words("Tổng đài 1022", "Hotline 1022"),
    "other": Words("nơi khác", "elsewhere")}
CHANNELS = {
    "visit": Words("gặp tại nhà", "visit at home"), "phone": Words("điện thoại", "phone"), "zalo": Words("Zalo", "Zalo"),
    "letter": Words("văn bản", "letter"), "meeting": Words("họp khu phố", "khu phố meeting")}
URGENCIES = {"ordinary": Words("thường", "ordinary"), "urgent": Words("gấp", "urgent")}
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
