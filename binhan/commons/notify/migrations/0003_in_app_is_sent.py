"""In-app messages are delivered by being written: what the version before left queued of them is sent."""
from django.db import migrations
from django_safemigrate import Safe

IN_ONE_GO = 10_000
SENT = """UPDATE notify_message SET state = 'sent', sent_at = now() WHERE id IN (
    SELECT id FROM notify_message WHERE channel = 'inapp' AND state = 'queued' LIMIT %s)"""


def deliver(apps: object, schema_editor: object) -> None:
    """A storm may have left hundreds of thousands: not all in one transaction."""
    with schema_editor.connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(SENT, [IN_ONE_GO])
        while cursor.rowcount > 0:
            cursor.execute(SENT, [IN_ONE_GO])


class Migration(migrations.Migration):

    safe = Safe.after_deploy()
    atomic = False
    dependencies = [("notify", "0002_urgency")]
    operations = [migrations.RunPython(deliver, migrations.RunPython.noop)]
