"""What goes first where many messages wait, and the index by which each ward's most urgent are found."""
from django.db import migrations, models
from django_safemigrate import Safe

from binhan.commons.indexes import AddIndexBeside
from binhan.commons.notify.rules import Urgency


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    atomic = False  # messages are written while the index is built
    dependencies = [("notify", "0001_initial")]
    operations = [
        migrations.AddField("message", "urgency", models.SmallIntegerField(default=Urgency.NOTICE, db_default=Urgency.NOTICE)),
        AddIndexBeside("message", models.Index(
            fields=["channel", "urgency", "ward_id", "next_at"], name="notify_message_lanes",
            condition=models.Q(state="queued"))),
    ]
