"""A reporter's own facts are found by their press, however their incident was merged meanwhile."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("incidents", "0003_fact_press")]

    operations = [migrations.AddIndex("fact", models.Index(fields=["press_id"], name="sos_fact_press"))]
