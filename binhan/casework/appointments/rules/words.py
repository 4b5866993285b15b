"""What the household's page says, in both languages. Short sentences; no word that reproaches anybody."""
from __future__ import annotations

from binhan.kernel.words import Words

WORDS = {
    "title": Words("Hẹn tổ tới nhà", "Choose when the team comes"),
    "ask": Words("Mã trên phiếu", "The code on the slip"),
    "ask_help": Words("10 chữ và số, ví dụ ABCDE-12345. Chữ hoa hay thường đều được.",
                      "10 letters and digits, like ABCDE-12345. Capital or small letters both do."),
    "open": Words("Tiếp tục", "Continue"),
    "none": Words("Không tìm thấy mã này. Hãy xem lại mã trên phiếu.", "No such code. Please look at the slip again."),
    "wait": Words("Đã thử quá nhiều mã. Hãy thử lại sau {minutes} phút.",
                  "Too many codes were tried. Try again in {minutes} min."),
    "purpose": Words("Tổ tới để", "Why the team comes"),
    "days": Words("Tổ đi từ {begin} đến {end}", "The team walks from {begin} to {end}"),
    "ended": Words("Đợt này đã kết thúc. Cảm ơn cô bác.", "This round has ended. Thank you."),
    "paused": Words("Đợt đang tạm dừng. Giờ đã hẹn có thể phải đổi; tổ sẽ báo lại.",
                    "The round is paused. An agreed time may have to change; the team will say so."),
    "booked": Words("Tổ sẽ tới", "The team comes"),
    "missed": Words("Tổ chưa tới đúng giờ đã hẹn. Xin lỗi cô bác. Hãy chọn giờ khác, hoặc tổ sẽ tự quay lại.",
                    "The team did not come as agreed. We are sorry. Choose another time, or the team will come by itself."),
    "declined": Words("Đã ghi: không cần hẹn. Đổi ý lúc nào cũng được.",
                      "Noted: no visit. You may change your mind at any time."),
    "kept": Words("Tổ đã tới. Cảm ơn cô bác.", "The team has come. Thank you."),
    "free": Words("Chưa hẹn giờ.", "No time is agreed yet."),
    "choose": Words("Chọn ngày", "Choose a day"),
    "change": Words("Đổi sang ngày khác", "Change to another day"),
    "part": Words("Cả buổi, tổ tới lúc nào thuận", "Any time of these hours"),
    "hour": Words("Hoặc đúng một giờ", "Or one hour"),
    "full": Words("hết chỗ", "full"),
    "back": Words("Ngày khác", "Another day"),
    "no_days": Words("Đợt không còn giờ nào để chọn. Tổ sẽ tới như thường.",
                     "There is no time left to choose. The team comes as usual."),
    "decline": Words("Không cần tới", "No visit, please"),
    "decline_help": Words("Không tiếp là chuyện bình thường, không ai bị ghi nhận hay hỏi vì việc này.",
                          "Declining is quite normal. Nobody is noted down or asked because of it."),
    "saved": Words("Đã lưu.", "Saved."),
    "privacy": Words("Trang này chỉ để hẹn giờ; không hiện và không hỏi tên, địa chỉ hay điều gì cô bác đã nói.",
                     "This page is only for the time. It shows and asks no name, no address, nothing that was said."),
    "free_of_charge": Words("Tổ công tác không thu tiền, không xin mã OTP hay mật khẩu. Nghi ngờ, hãy gọi 113.",
                            "The team takes no money and never asks for an OTP or a password. In doubt, call 113."),
}


def words(lang: str) -> dict[str, str]:
    """All of it in one language."""
    return {name: both.said(lang) for name, both in WORDS.items()}
