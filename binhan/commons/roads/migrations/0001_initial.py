"""The walkable roads, which visits made and kept (visits 0004, 0005): the table stays where and as it is, only its owner
is another. So nothing is done to the database."""
import django.utils.timezone
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    initial = True
    dependencies = []

    operations = [migrations.SeparateDatabaseAndState(database_operations=[], state_operations=[
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
    ])]
