"""Hours on offer and lengths of clocks for every ward that sets none of its own. Ours, not legal limits."""
from datetime import UTC, date, datetime, time

from django.db import migrations
from django_safemigrate import Safe

SOURCE = "Mặc định của Bình An theo giờ đi của các tổ 3 trong 1; phường đặt lại giờ của mình. Không phải hạn luật định."
POLICIES = [("appointment.answer_within", 3, "wd"), ("appointment.come_within", 30 * 60, "s"),
            ("appointment.mend_within", 1, "wd"), ("appointment.forget_within", 30 * 86_400, "s"),
            ("appointment.ahead", 2 * 3600, "s"), ("appointment.changes", 10, "n"),
            ("appointment.guesses", 10, "n"), ("appointment.guess_window", 15 * 60, "s"),
            ("promise.digest_every", 4 * 3600, "s"), ("promise.remind_every", 24 * 3600, "s"),
            ("promise.quiet_from", 20 * 3600, "s"), ("promise.quiet_to", 7 * 3600, "s")]
HOURS = [("morning", "123456", time(8), time(11)), ("afternoon", "123456", time(14), time(17)),
         ("evening", "12345", time(18), time(20)), ("morning", "7", time(8), time(11))]


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    policy, hours = apps.get_model("clocks", "Policy"), apps.get_model("appointments", "VisitHours")
    policy.objects.using(alias).bulk_create([
        policy(ward_id=0, name=name, amount=amount, unit=unit, valid_from=datetime(2026, 1, 1, tzinfo=UTC), source=SOURCE,
               verified=False) for name, amount, unit in POLICIES])
    hours.objects.using(alias).bulk_create([
        hours(ward_id=0, part=part, weekdays=days, from_time=begin, to_time=end, valid_from=date(2026, 1, 1), source=SOURCE)
        for part, days, begin, end in HOURS])


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("appointments", "0001_appointments"), ("clocks", "0005_counts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
