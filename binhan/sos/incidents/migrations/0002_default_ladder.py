"""The default ladder, for every ward that sets none of its own."""
from datetime import UTC, datetime

from django.db import migrations
from django_safemigrate import Safe

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = "Mặc định của Bình An; đối chiếu NENA-STA-020.1-2020 (15–20 s), NFPA 1225 (60 s). Không phải hạn luật định."
ROWS = [(1, 15, ["second_seat"], ["inapp"]), (2, 30, ["shift_lead"], ["inapp", "webpush"]),
        (3, 60, ["ward_chief", "city_centre"], ["inapp", "webpush", "email"])]


def fill(apps, schema_editor):
    rung = apps.get_model("incidents", "Rung")
    rung.objects.using(schema_editor.connection.alias).bulk_create([
        rung(ward_id=0, rung=n, after_s=after, audience=audience, channels=channels, valid_from=SINCE, source=SOURCE)
        for n, after, audience, channels in ROWS])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
