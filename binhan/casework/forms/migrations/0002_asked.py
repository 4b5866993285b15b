"""A round knows by name what it asks and asked; nothing in the database changes."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("forms", "0001_forms")]

    operations = [
        migrations.AlterField("roundform", "round", models.ForeignKey(
            "visits.round", on_delete=models.CASCADE, related_name="asked")),
    ]
