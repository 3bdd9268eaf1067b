from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "haidang.engine.drafts"
    label = "drafts"
