"""Forms of the administration of walls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls import scenes
from haidang.engine.people.admin_forms import OfficeChoice, PlaceCode


def walls() -> list[tuple[str, str]]:
    return [(address.partition(".")[2], str(board.title)) for address, board in scenes.scenes().items()]


def boards() -> list[tuple[str, str]]:
    return [(address, str(board.title)) for address, board in scenes.scenes().items()]


class ScreenForm(forms.Form):
    name = forms.CharField(
        label=_("Tên màn hình"),
        max_length=80,
        help_text=_("Như mọi người gọi, ví dụ: Tường phòng điều hành."),
    )
    where = forms.CharField(label=_("Đặt ở đâu"), max_length=120, required=False)
    wall = forms.ChoiceField(label=_("Cảnh thường ngày"), choices=walls)
    place = PlaceCode(
        label=_("Chỉ thấy địa bàn"), required=False, help_text=_("Mã tỉnh hoặc xã; để trống là toàn tỉnh.")
    )
    takeover_minutes = forms.IntegerField(
        label=_("Sự việc Khẩn cấp mới chiếm màn hình (phút)"),
        min_value=0,
        max_value=720,
        initial=30,
        help_text=_("Sau đó màn hình tự về cảnh thường ngày; 0 là không bao giờ tự chiếm."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = OfficeChoice(label=_("Chỉ thấy việc của cơ quan"), empty=_("mọi cơ quan"))
        self.order_fields(["name", "where", "wall", "place", "office", "takeover_minutes"])


class CalibrationForm(forms.Form):
    width_mm = forms.IntegerField(
        label=_("Chiều rộng tường (mm)"),
        min_value=300,
        max_value=40_000,
        help_text=_("Đo mép sáng tới mép sáng."),
    )
    width_px = forms.IntegerField(label=_("Rộng (px)"), min_value=1280, max_value=30_720, initial=3840)
    height_px = forms.IntegerField(label=_("Cao (px)"), min_value=720, max_value=17_280, initial=2160)
    seat_m = forms.FloatField(
        label=_("Ghế xa nhất (m)"), min_value=0.5, max_value=60, localize=True,
        help_text=_("Từ mắt người ngồi xa nhất tới tường, ví dụ 8 hoặc 7,5."),
    )  # fmt: skip


class PushForm(forms.Form):
    screen = forms.ModelChoiceField(
        label=_("Màn hình"), queryset=WallScreen.objects.filter(revoked_at=None), empty_label=None
    )
    scene = forms.ChoiceField(label=_("Cảnh"), choices=boards)
    minutes = forms.TypedChoiceField(
        label=_("Trong"),
        coerce=int,
        choices=[
            (15, _("15 phút")),
            (30, _("30 phút")),
            (60, _("1 giờ")),
            (240, _("4 giờ")),
            (0, _("đến khi trả lại")),
        ],
        initial=30,
    )
