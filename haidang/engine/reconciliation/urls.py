"""Pages below /doi-soat/."""

from django.urls import URLPattern, path

from haidang.engine.reconciliation import views

app_name = "reconciliation"

urlpatterns: list[URLPattern] = [
    path("", views.difference_list, name="list"),
    path("<int:pk>/", views.difference, name="difference"),
    path("<int:pk>/hoi/", views.ask, name="ask"),
    path("<int:pk>/giai-trinh/", views.explain, name="explain"),
    path("<int:pk>/ky/", views.settle, name="settle"),
]
