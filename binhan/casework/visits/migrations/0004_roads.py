import django.utils.timezone
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("visits", "0003_visits")]
    run_before = [("roads", "0001_initial")]  # which takes the table over

    operations = [
        migrations.CreateModel(
            name="RoadNet",
            fields=[
                ("ward_id", models.IntegerField(primary_key=True, serialize=False)),
                ("nodes", models.BinaryField()),
                ("stretches", models.BinaryField()),
                ("count", models.IntegerField()),
                ("source", models.TextField()),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "casework_roads",
                "constraints": [models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="casework_roads_some")],
            },
        ),
    ]
