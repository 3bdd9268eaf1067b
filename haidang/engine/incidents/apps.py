from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "haidang.engine.incidents"
    label = "incidents"
