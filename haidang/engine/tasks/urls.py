"""Pages of everybody's day and of orders by office."""

from django.urls import URLPattern, path

from haidang.engine.tasks import views

app_name = "tasks"

urlpatterns: list[URLPattern] = [
    path("viec-cua-toi/", views.today, name="today"),
    path("viec-theo-co-quan/", views.by_office, name="by_office"),
]
