"""A reporter's own facts are found by their press, however their incident was merged meanwhile."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incidents", "0003_fact_press")]

    operations = [migrations.AddIndex("fact", models.Index(fields=["press_id"], name="sos_fact_press"))]
