from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "haidang.engine.submissions"
    label = "submissions"
