from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "haidang.engine.indicators"
    label = "indicators"
