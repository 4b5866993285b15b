"""A round counts how often its clock has rung in its state, as every noun does."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("visits", "0005_roads_leave")]

    operations = [
        migrations.AddField("round", "level", models.IntegerField(default=0)),
        migrations.AlterField("round", "moved_at", models.DateTimeField()),
    ]
