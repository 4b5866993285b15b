"""Lengths of clocks for every ward that sets none of its own. Ours, not legal limits."""
from datetime import UTC, datetime

from django.db import migrations
from django_safemigrate import Safe

SOURCE = "Mặc định của Bình An. Không phải hạn luật định; trả lời trong 10 ngày làm việc theo"\
    " Luật Tiếp công dân 42/2013/QH13, Điều 28 (cần đối chiếu)."
ROWS = [("issue.assign_within", "", 2), ("issue.assign_within", "urgent", 1), ("issue.answer_within", "", 6),
        ("issue.answer_within", "urgent", 3), ("issue.tell_within", "", 2), ("issue.tell_within", "urgent", 1),
        ("issue.confirm_within", "", 5), ("issue.chase_within", "", 1), ("issue.reply_within", "", 10), ("issue.reply_within", "urgent", 5)]


def fill(apps, schema_editor):
    policy = apps.get_model("clocks", "Policy")
    policy.objects.using(schema_editor.connection.alias).bulk_create([
        policy(ward_id=0, name=name, priority=priority, amount=days, unit="wd", source=SOURCE, verified=False,
               valid_from=datetime(2026, 1, 1, tzinfo=UTC)) for name, priority, days in ROWS])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("listening", "0001_issues"), ("clocks", "0004_track_kept")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
