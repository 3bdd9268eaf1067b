"""Administration under /quan-tri/."""

from django.urls import path

from haidang.engine.people import shift_views, views

app_name = "people"

urlpatterns = [
    path("", views.people, name="admin"),
    path("nguoi/moi/", views.add_person, name="add_person"),
    path("nguoi/<int:pk>/", views.person, name="person"),
    path("nguoi/<int:pk>/vai-tro/", views.grant, name="grant"),
    path("nguoi/<int:pk>/vai-tro/<int:grant_pk>/bo/", views.revoke, name="revoke"),
    path("nguoi/<int:pk>/mat-khau/", views.password, name="password"),
    path("nguoi/<int:pk>/dien-thoai/", views.reveal_phone, name="reveal_phone"),
    path("nguoi/<int:pk>/<slug:act>/", views.account_act, name="account_act"),
    path("co-quan/", views.offices, name="offices"),
    path("co-quan/moi/", views.add_office, name="add_office"),
    path("co-quan/<int:pk>/", views.office, name="office"),
    path("ca-truc/", shift_views.shifts, name="shifts"),
    path("ca-truc/moi/", shift_views.add_shift, name="add_shift"),
    path("ca-truc/<int:pk>/ban-giao/", shift_views.hand_over, name="hand_over"),
]
