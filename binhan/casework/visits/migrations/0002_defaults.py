"""Topics and lengths of clocks for every ward that sets none of its own. Ours, not legal limits."""
from datetime import UTC, date, datetime

from django.db import migrations
from django_safemigrate import Safe

SOURCE = "Mặc định của Bình An theo nhịp đi của các tổ 3 trong 1 (ít nhất mỗi tháng một lần). Không phải hạn luật định."
DAY = 86_400
POLICIES = [("round.plan_within", 5, "wd"), ("round.open_within", 5, "wd"), ("round.close_within", 2, "wd"),
            ("round.resume_within", 3, "wd"), ("round.repeat_within", 30 * DAY, "s")]
TOPICS = [("fire_safety", "Phòng cháy, chữa cháy", "Fire safety"),
          ("crime_prevention", "Phòng ngừa tội phạm", "Preventing crime"),
          ("online_fraud", "Phòng, chống lừa đảo qua mạng", "Online fraud"),
          ("vneid", "Cài đặt và dùng VNeID", "Installing and using VNeID"),
          ("sos_app", "Ứng dụng SOS an ninh trật tự", "The SOS app"),
          ("help114", "Ứng dụng Help 114", "The Help 114 app"),
          ("residence", "Đăng ký cư trú, thông báo lưu trú", "Registering residence"),
          ("drugs", "Phòng, chống ma túy", "Drug prevention"),
          ("traffic", "An toàn giao thông", "Road safety"),
          ("domestic_violence", "Phòng, chống bạo lực gia đình", "Preventing domestic violence"),
          ("child_protection", "Bảo vệ trẻ em, đuối nước", "Protecting children, drowning"),
          ("support_policies", "Chính sách an sinh, vay vốn, việc làm", "Support, loans and jobs"),
          ("public_services", "Dịch vụ công trực tuyến", "Public services online"),
          ("mediation", "Hòa giải ở cơ sở", "Mediation in the neighbourhood")]


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    policy, topic = apps.get_model("clocks", "Policy"), apps.get_model("visits", "Topic")
    policy.objects.using(alias).bulk_create([
        policy(ward_id=0, name=name, amount=amount, unit=unit, valid_from=datetime(2026, 1, 1, tzinfo=UTC), source=SOURCE,
               verified=False) for name, amount, unit in POLICIES])
    topic.objects.using(alias).bulk_create([
        topic(ward_id=0, code=code, vi=vi, en=en, valid_from=date(2026, 1, 1)) for code, vi, en in TOPICS])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("visits", "0001_rounds"), ("clocks", "0004_track_kept")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
