"""Pages of incidents below /su-viec/, of orders below /lenh/, of documents that give them below /giao-viec/."""

from django.urls import URLPattern, path

from haidang.engine.incidents import conclusion_views, order_views, views
from haidang.engine.incidents.contacts import own_phone

app_name = "incidents"

urlpatterns: list[URLPattern] = [
    path("su-viec/", views.incident_list, name="list"),
    path("su-viec/mo/", views.open_by_hand, name="open"),
    path("su-viec/mo-tu-bao-dong/<int:pk>/", views.open_from_alarm, name="open_from"),
    path("su-viec/ma/<str:code>/", views.by_code, name="by_code"),
    path("su-viec/<int:pk>/", views.incident, name="incident"),
    path("su-viec/<int:pk>/bao-dong/", views.join_alarm, name="join_alarm"),
    path("su-viec/<int:pk>/ghi/", views.note, name="note"),
    path("su-viec/<int:pk>/buoc/<int:number>/", views.step, name="step"),
    path("su-viec/<int:pk>/buoc/<int:number>/hoan-tac/", views.undo_step, name="undo_step"),
    path("su-viec/<int:pk>/quy-trinh/", views.follow, name="follow"),
    path("su-viec/<int:pk>/ghim/<int:entry>/", views.pin, name="pin"),
    path("su-viec/<int:pk>/chi-huy/", views.command, name="command"),
    path("su-viec/<int:pk>/dong/", views.close, name="close"),
    path("su-viec/<int:pk>/goi/<int:person>/", own_phone, name="own_phone"),
    path("su-viec/<int:pk>/giao-lenh/", order_views.issue, name="issue"),
    path("lenh/", order_views.order_list, name="orders"),
    path("lenh/<int:pk>/", order_views.order, name="order"),
    path("lenh/<int:pk>/nhan/", order_views.receive, name="receive"),
    path("lenh/<int:pk>/toi/", order_views.arrive, name="arrive"),
    path("lenh/<int:pk>/tinh-hinh/", order_views.report, name="report"),
    path("lenh/<int:pk>/khong-lam-duoc/", order_views.refuse, name="refuse"),
    path("lenh/<int:pk>/minh-chung/", order_views.prove, name="prove"),
    path("lenh/<int:pk>/minh-chung/<int:proof>/", order_views.proof, name="proof"),
    path("lenh/<int:pk>/xong/", order_views.finish, name="finish"),
    path("lenh/<int:pk>/nghiem-thu/", order_views.verify, name="verify"),
    path("lenh/<int:pk>/chua-dat/", order_views.send_back, name="send_back"),
    path("lenh/<int:pk>/huy/", order_views.cancel, name="cancel"),
    path("lenh/<int:pk>/giao-lai/", order_views.reissue, name="reissue"),
    path("lenh/<int:pk>/gia-han/", order_views.ask_extension, name="ask_extension"),
    path("lenh/<int:pk>/gia-han/<int:extension>/cho/", order_views.grant_extension, name="grant_extension"),
    path("lenh/<int:pk>/gia-han/<int:extension>/khong/", order_views.deny_extension, name="deny_extension"),
    path("giao-viec/", conclusion_views.conclusion_list, name="conclusions"),
    path("giao-viec/moi/", conclusion_views.register, name="register"),
    path("giao-viec/<int:pk>/", conclusion_views.conclusion, name="conclusion"),
    path("giao-viec/<int:pk>/them/", conclusion_views.add_tasks, name="add_tasks"),
    path("giao-viec/<int:pk>/tep/", conclusion_views.paper, name="paper"),
]
