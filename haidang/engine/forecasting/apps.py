from django.apps import AppConfig


class ForecastingConfig(AppConfig):
    name = "haidang.engine.forecasting"
    default_auto_field = "django.db.models.BigAutoField"
