from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "haidang.engine.jobs"
    label = "jobs"
