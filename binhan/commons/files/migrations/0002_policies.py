"""How large a file may be, how much a day, and how long it is kept."""
from datetime import UTC, datetime

from django.db import migrations
from django_safemigrate import Safe

DAY = 86_400
OWN = "Mặc định của Bình An, không phải mức luật định."
ROWS = [("files.photo_most", 614_400, "n", OWN + " Ảnh máy gửi đã thu nhỏ còn tối đa 1600 điểm."),
        ("files.voice_most", 1_500_000, "n", OWN + " Hai phút tiếng nói."),
        ("files.sketch_most", 307_200, "n", OWN),
        ("files.ward_per_day", 500_000_000, "n", OWN + " Số byte một phường gửi trong 24 giờ."),
        ("files.member_per_day", 60_000_000, "n", OWN + " Số byte một người gửi trong 24 giờ."),
        ("files.unattached_within", 14 * DAY, "s", OWN + " Tệp chưa gắn vào bản ghi nào."),
        ("files.keep_within", 730 * DAY, "s", OWN + " Như ghi chú lượt thăm: 24 tháng.")]


def fill(apps, schema_editor):
    policy = apps.get_model("clocks", "Policy").objects.using(schema_editor.connection.alias)
    for name, amount, unit, source in ROWS:
        policy.create(ward_id=0, name=name, amount=amount, unit=unit, valid_from=datetime(2026, 1, 1, tzinfo=UTC),
                      source=source, verified=False)


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("files", "0001_initial"), ("clocks", "0005_counts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
