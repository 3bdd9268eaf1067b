"""Screens: overview, boards, stations, the why-drawer, search, the wall."""

from django.urls import URLPattern, path

from haidang.engine.boards import stations, views, why
from haidang.engine.boards.export.views import board_xlsx, due_list_xlsx, list_xlsx
from haidang.engine.boards.keys import urlpatterns as keys
from haidang.engine.boards.map import map_data, map_list, map_page
from haidang.engine.boards.sources.urls import urlpatterns as sources
from haidang.engine.boards.statistics import counted, tile_pages, walk, why_change, why_forecast, why_score
from haidang.engine.boards.walls.urls import urlpatterns as walls
from haidang.engine.people.account_views import choose_language

app_name = "boards"

urlpatterns: list[URLPattern] = [
    path("", views.overview, name="overview"),
    path("giao-dien/", views.theme, name="theme"),
    path("ngon-ngu/", choose_language, name="language"),
    path("bang/<str:address>/", views.board, name="board"),
    path("bang/<str:address>/xlsx/", board_xlsx, name="board_xlsx"),
    path("xuat/<str:name>/", list_xlsx, name="list_xlsx"),
    path("bang/<str:address>/o/", views.pane, name="pane"),
    path("bang/<str:address>/cham-diem/", tile_pages.scorecard, name="scorecard"),
    path("bang/<str:address>/sap-han/", tile_pages.due_list, name="due_list"),
    path("bang/<str:address>/sap-han/xlsx/", due_list_xlsx, name="due_list_xlsx"),
    path("tram/", stations.stations, name="stations"),
    path("tram/<str:code>/", stations.station, name="station"),
    path("tram/<str:code>/so-lieu/", stations.numbers, name="numbers"),
    path("vi-sao/", why.why, name="why"),
    path("vi-sao/so-ky/", walk.why_statistic, name="why_statistic"),
    path("vi-sao/so-ky/dong/", counted.counted_lines, name="counted_lines"),
    path("vi-sao/cham-diem/", why_score.why_score, name="why_score"),
    path("vi-sao/thay-doi/", why_change.why_change, name="why_change"),
    path("vi-sao/du-bao/", why_forecast.why_forecast, name="why_forecast"),
    path("lan-nhan/<int:number>/<int:ordinal>/", why.delivery_bytes, name="bytes"),
    path("dem-bao-dong/", views.counts, name="counts"),
    path("tim/", views.search, name="search"),
    path("ban-do/", map_page, name="map"),
    path("ban-do/danh-sach/", map_list, name="map_list"),
    path("ban-do/du-lieu.json", map_data, name="map_data"),
    *sources,
    *keys,
    *walls,
]
