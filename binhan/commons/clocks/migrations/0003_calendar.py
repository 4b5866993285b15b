"""The working calendar as dated rows, and clocks that can stand still."""
import holidays
from django.db import migrations, models
from django_safemigrate import Safe

YEARS = range(2026, 2029)


def fill(apps, schema_editor):
    """What the public library knows; to be checked against the government's yearly notice (verified=False)."""
    calendar = holidays.country_holidays("VN", years=YEARS)
    source = f"thư viện holidays {holidays.__version__}; đối chiếu thông báo nghỉ lễ, Tết hằng năm"
    rows = [(day, "off", name) for day, name in calendar.items()]
    rows += [(day, "worked", "làm bù") for day in calendar.weekend_workdays if day.year in YEARS]
    model = apps.get_model("clocks", "CalendarDay")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        [model(day=day, kind=kind, name=name, source=source) for day, kind, name in rows])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("clocks", "0002_defaults")]
    operations = [
        migrations.AddField("clock", "paused_at", models.DateTimeField(null=True)),
        migrations.AddField("clock", "left", models.DurationField(null=True)),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[("day", models.DateField(primary_key=True, serialize=False)),
                    ("kind", models.TextField(choices=[("off", "nghỉ"), ("worked", "làm bù")])),
                    ("name", models.TextField(blank=True, default="")),
                    ("source", models.TextField()),
                    ("verified", models.BooleanField(default=False))],
            options={"db_table": "clocks_day", "constraints": [models.CheckConstraint(
                condition=models.Q(("kind__in", ["off", "worked"])), name="clocks_day_kind")]}),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
