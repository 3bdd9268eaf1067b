"""Which version a file was made of by mending in the grid."""

from pathlib import Path
from typing import Any

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef


def of_those_before(apps: Any, _editor: Any) -> None:
    """Files made in the grid before this was recorded: the next number after edits, of one who typed them, under the name
    the grid gives it.
    """
    submission, edit = apps.get_model("submissions", "Submission"), apps.get_model("submissions", "Edit")
    for row in submission.objects.filter(Exists(edit.objects.filter(submission=OuterRef("pk")))).iterator():
        after = submission.objects.filter(
            contract=row.contract, period=row.period, office=row.office, number=row.number + 1,
            name=f"{Path(row.name).stem or row.contract}.xlsx",
            handed_in_by__in=edit.objects.filter(submission=row).values("person"),
        )  # fmt: skip
        after.update(mended_from=F("number") - 1)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0004_compared_again")]
    operations = [
        migrations.AddField(
            "submission",
            "mended_from",
            models.IntegerField(
                blank=True,
                null=True,
                help_text="number of the version it was made of in the grid; empty: a file of its own",
            ),
        ),
        migrations.RunPython(of_those_before, migrations.RunPython.noop),
    ]
