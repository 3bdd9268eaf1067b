"""Walls, and their administration."""

from django.urls import URLPattern, path

from haidang.engine.boards.walls import desk, views

urlpatterns: list[URLPattern] = [
    path("wall/<str:name>", views.wall, name="wall"),
    path("wall/<str:name>/o/<str:key>", views.cell, name="wall_cell"),
    path("quan-tri/man-hinh/", desk.screens, name="screens"),
    path("quan-tri/man-hinh/moi/", desk.add_screen, name="add_screen"),
    path("quan-tri/man-hinh/day/", desk.push_scene, name="push_scene"),
    path("quan-tri/man-hinh/<int:pk>/", desk.screen, name="screen"),
    path("quan-tri/man-hinh/<int:pk>/can-chinh/", desk.calibrate, name="calibrate_screen"),
    path("quan-tri/man-hinh/<int:pk>/thu-hoi/", desk.revoke_screen, name="revoke_screen"),
    path("quan-tri/man-hinh/<int:pk>/tra-lai/", desk.give_back, name="give_back"),
    path("su-viec/<int:pk>/man-hinh/", desk.of_incident, name="incident_screens"),
]
