from django.apps import AppConfig


class CountingConfig(AppConfig):
    name = "haidang.engine.counting"
    default_auto_field = "django.db.models.BigAutoField"
