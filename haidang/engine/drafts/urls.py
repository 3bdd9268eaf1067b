"""Pages of drafts, below /so-lieu/hop-dong-moi/."""

from django.urls import URLPattern, path

from haidang.engine.drafts import views

app_name = "drafts"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/xac-nhan/", views.confirm, name="confirm"),
    path("<int:pk>/tep.zip", views.files, name="files"),
    path("<int:pk>/bo/", views.drop, name="drop"),
]
