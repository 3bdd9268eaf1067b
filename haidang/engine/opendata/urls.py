from django.urls import path

from haidang.engine.opendata import views

app_name = "opendata"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("catalog.jsonld", views.catalogue_file, {"form": "jsonld"}, name="catalogue_jsonld"),
    path("catalog.ttl", views.catalogue_file, {"form": "ttl"}, name="catalogue_ttl"),
    path("<str:address>/", views.dataset, name="dataset"),
    path("<str:address>/<str:name>", views.file, name="file"),
]
