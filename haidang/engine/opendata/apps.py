from django.apps import AppConfig


class OpendataConfig(AppConfig):
    name = "haidang.engine.opendata"
    default_auto_field = "django.db.models.BigAutoField"
