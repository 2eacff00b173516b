from typing import Any

from django.db import migrations, models

from mjweb.accounts.names import skeleton


def look_at_names(apps: Any, _editor: Any) -> None:
    """The eldest of those whose names look alike keeps what it looks like; the others' stay empty."""
    User = apps.get_model("accounts", "User")
    taken = set()
    for user in User.objects.order_by("pk").only("pk", "username").iterator():
        looks = skeleton(user.username)
        if looks not in taken:
            taken.add(looks)
            User.objects.filter(pk=user.pk).update(looks=looks)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_browsing_level_and_suspension"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="looks",
            field=models.CharField(editable=False, max_length=400, null=True, unique=True),
        ),
        migrations.RunPython(look_at_names, migrations.RunPython.noop, elidable=True),
    ]
