"""What a phone may carry, its clocks, and the notice read at the door, for every ward that sets none of its own."""
from datetime import UTC, date, datetime

from django.db import migrations
from django_safemigrate import Safe

SOURCE = "Mặc định của Bình An. Không phải hạn luật định."
DAY = 86_400
# name, amount, unit
ROWS = [("field.documents_max", 600, "n"), ("field.turfs_max", 4, "n"), ("field.bytes_max", 8_000_000, "n"),
        ("field.pin_digits", 6, "n"), ("field.pin_tries", 10, "n"), ("field.idle_lock", 300, "s"),
        ("field.token_within", 30 * DAY, "s"), ("field.unheard_within", 14 * DAY, "s"), ("field.wipe_within", DAY, "s"),
        ("field.keep_receipts", 180 * DAY, "s"), ("conflict.settle_within", 3, "wd"), ("conflict.chase_within", 1, "wd")]
BASIS = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (hiệu lực 1/1/2026); NĐ 356/2025/NĐ-CP"
NOTICE_SOURCE = "Bình An soạn theo tóm tắt của luật; chưa đối chiếu toàn văn. Phường xem lại trước khi dùng thật."
PURPOSES = [
    {"code": "support_referral", "vi": "Chuyển thông tin để xem xét hỗ trợ an sinh", "en": "Pass on for social support"},
    {"code": "call_back", "vi": "Gọi lại để trả lời", "en": "Call back with the answer"},
    {"code": "zalo", "vi": "Nhắn tin trả lời qua Zalo", "en": "Send the answer by Zalo"}]
VI = ["Chúng tôi là tổ công tác của phường, đến thăm hỏi, lắng nghe và thông tin tới bà con. Bà con có thể không tiếp; việc đó"
      " bình thường và không ảnh hưởng gì.",
      "Chúng tôi ghi: địa chỉ căn nhà, kết quả lần ghé, điều bà con phản ánh và lời hẹn trả lời. Không ghi tôn giáo, quan điểm"
      " chính trị hay thái độ của ai.",
      "Thông tin do UBND phường giữ, chỉ người được giao việc mới xem, lần xem nào cũng được ghi lại.",
      "Việc chuyển hỗ trợ, gọi lại hay nhắn Zalo chỉ làm khi bà con đồng ý từng việc. Bà con có thể xem, sửa, rút lại đồng ý"
      " hoặc yêu cầu xóa tại UBND phường."]
EN = ["We are the ward's team. We come to ask how you are, to listen and to inform. You may decline; that is normal and has"
      " no consequence.",
      "We write down the address, how this call went, what you tell us and what we promise. We do not write down anybody's"
      " religion, political opinion or attitude.",
      "The ward keeps this. Only those whose task it is may see it, and every look is recorded.",
      "Passing on for support, calling back or writing by Zalo happen only if you agree to each. You may see and correct it,"
      " withdraw your consent or ask for it to be erased at the ward's office."]
NOTICES = [("vi", "Thông báo về dữ liệu cá nhân", VI), ("en", "How your data is used", EN)]


def fill(apps, schema_editor):
    using = schema_editor.connection.alias
    policy, notice = apps.get_model("clocks", "Policy"), apps.get_model("field", "Notice")
    policy.objects.using(using).bulk_create([
        policy(ward_id=0, name=name, amount=amount, unit=unit, source=SOURCE, verified=False,
               valid_from=datetime(2026, 1, 1, tzinfo=UTC)) for name, amount, unit in ROWS])
    notice.objects.using(using).bulk_create([
        notice(ward_id=0, lang=lang, version="2026-01", title=title, paragraphs=paragraphs, purposes=PURPOSES,
               valid_from=date(2026, 1, 1), legal_basis=BASIS, source=NOTICE_SOURCE, verified=False)
        for lang, title, paragraphs in NOTICES])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("field", "0001_phones"), ("clocks", "0005_counts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
