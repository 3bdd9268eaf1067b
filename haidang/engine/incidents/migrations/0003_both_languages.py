"""Steps in both languages; lines of the timeline keep the parts of their sentence. Older lines stay as they are."""

from django.db import migrations, models


def text(name: str, most: int) -> migrations.AddField:
    return migrations.AddField("step", name, models.CharField(blank=True, default="", max_length=most), False)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_append_only")]
    operations = [
        migrations.AddField(
            "entry",
            "said",
            models.JSONField(
                blank=True, help_text="the sentence and its parts, when it is one of ours", null=True
            ),
        ),
        migrations.AlterField(
            "entry", "text", models.TextField(help_text="in Vietnamese, as it was written")
        ),
        migrations.RenameField("incident", "procedure_title", "procedure_title_vi"),
        migrations.AddField("incident", "procedure_said", models.JSONField(blank=True, null=True)),
        migrations.RenameField("step", "text", "text_vi"),
        migrations.RenameField("step", "who", "who_vi"),
        migrations.RenameField("step", "needs", "needs_vi"),
        text("text_en", 200),
        text("who_en", 120),
        text("needs_en", 120),
    ]
