"""A policy may count things too: documents on a phone, wrong tries."""
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0004_track_kept")]
    operations = [migrations.AlterField("policy", "unit", models.TextField(
        choices=[("s", "giây"), ("wh", "giờ làm việc"), ("wd", "ngày làm việc"), ("n", "số lượng")], default="s"))]
