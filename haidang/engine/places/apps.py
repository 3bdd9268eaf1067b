from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "haidang.engine.places"
    label = "places"
