"""Default lengths, for every ward that sets none of its own. Ours, not legal limits."""
from datetime import UTC, datetime

from django.db import migrations
from django_safemigrate import Safe

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = "Mặc định của Bình An; đối chiếu NENA-STA-020.1-2020 (15 s), NFPA 1225 (60 s). Không phải hạn luật định."
ROWS = [("sos.ack_within", 15), ("sos.repeat_within", 60), ("sos.dispatch_within", 120), ("sos.arrive_within", 900),
        ("sos.close_within", 1800), ("assignment.accept_within", 20), ("assignment.depart_within", 60),
        ("assignment.arrive_within", 600), ("assignment.finish_within", 3600)]


def fill(apps, schema_editor):
    policy = apps.get_model("clocks", "Policy")
    policy.objects.using(schema_editor.connection.alias).bulk_create([
        policy(ward_id=0, name=name, amount=seconds, unit="s", valid_from=SINCE, source=SOURCE, verified=False)
        for name, seconds in ROWS])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("clocks", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
