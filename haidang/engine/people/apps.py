from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "haidang.engine.people"
    label = "people"
