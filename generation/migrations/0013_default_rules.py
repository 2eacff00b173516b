from typing import Any

from django.db import migrations

from generation.jobs.moderation_defaults import install_defaults


def install(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as RunPython calls it
    install_defaults(apps.get_model("generation", "Rule"), apps.get_model("generation", "PictureLabel"))


class Migration(migrations.Migration):
    dependencies = [("generation", "0012_saved_searches_of_the_gallery")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
