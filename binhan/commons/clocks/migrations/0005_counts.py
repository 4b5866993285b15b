"""A policy may count things too: documents on a phone, wrong tries."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("clocks", "0004_track_kept")]
    operations = [migrations.AlterField("policy", "unit", models.TextField(
        choices=[("s", "giây"), ("wh", "giờ làm việc"), ("wd", "ngày làm việc"), ("n", "số lượng")], default="s"))]
