"""What the acts of the log are called on the screen. An act without words here shows its own name."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.people.masking import PURPOSES
from haidang.engine.people.models import Role

VERBS: Final = {
    "sign_in": _("Đăng nhập"),
    "sign_in.delayed": _("Nhập sai mật khẩu nhiều lần"),
    "sign_out": _("Đăng xuất"),
    "personal.reveal": _("Xem dữ liệu cá nhân"),
    "office.add": _("Thêm cơ quan"),
    "office.change": _("Sửa cơ quan"),
    "person.add": _("Thêm người"),
    "person.change": _("Sửa thông tin người"),
    "person.password": _("Đặt mật khẩu mới"),
    "person.unlock": _("Mở khoá tài khoản"),
    "person.disable": _("Khoá tài khoản"),
    "person.totp_reset": _("Bỏ xác thực hai bước"),
    "person.grant": _("Giao vai trò"),
    "person.revoke": _("Bỏ vai trò"),
    "shift.add": _("Ghi ca trực"),
    "shift.hand_over": _("Bàn giao ca trực"),
    "source.give": _("Giao nguồn cho cơ quan mà nội dung nêu tên"),
    "source.key": _("Cấp khoá nguồn dữ liệu"),
    "source.revoke": _("Thu hồi khoá nguồn dữ liệu"),
    "source.replay": _("Nạp lại bản ghi bị từ chối"),
    "source.trial_key": _("Cấp khoá dùng thử"),
    "source.pull_credential": _("Đặt thông tin đăng nhập để kéo dữ liệu"),
    "station.register": _("Đăng ký trạm"),
    "alarm.acknowledged": _("Nhận báo động"),
    "alarm.shelved": _("Tạm gác báo động"),
    "alarm.unshelved": _("Thôi gác báo động"),
    "alarm.comment": _("Ghi chú báo động"),
    "alarm.out_of_service": _("Ngừng dùng quy tắc"),
    "alarm.into_service": _("Dùng lại quy tắc"),
    "incident.open": _("Mở sự việc"),
    "incident.close": _("Đóng sự việc"),
    "incident.join_alarm": _("Gắn báo động vào sự việc"),
    "incident.follow": _("Theo quy trình"),
    "incident.take_step": _("Xong một bước"),
    "incident.skip_step": _("Bỏ qua một bước"),
    "incident.note": _("Ghi vào sự việc"),
    "incident.decision": _("Ghi quyết định"),
    "incident.change_command": _("Đổi chỉ huy"),
    "incident.change_priority": _("Đổi mức sự việc"),
    "entry.pin": _("Ghim dòng sự việc"),
    "entry.unpin": _("Bỏ ghim dòng sự việc"),
    "report.make": _("Lập báo cáo"),
    "report.again": _("Lập lại báo cáo"),
    "report.refuse": _("Không gửi báo cáo"),
    "report.send_now": _("Gửi báo cáo ngay"),
    "report.schedule": _("Lập lịch gửi báo cáo"),
    "report.change_schedule": _("Sửa lịch gửi báo cáo"),
    "report.stop_schedule": _("Dừng lịch gửi báo cáo"),
    "report.start_schedule": _("Chạy lại lịch gửi báo cáo"),
    "demo.episode": _("Mô phỏng: thả khói"),
    "demo.unplug": _("Mô phỏng: rút phích"),
    "order.issue": _("Giao lệnh"),
    "order.receive": _("Nhận lệnh"),
    "order.arrive": _("Tới nơi làm lệnh"),
    "order.report": _("Báo tình hình lệnh"),
    "order.prove": _("Gửi minh chứng"),
    "order.finish": _("Báo xong lệnh"),
    "order.refuse": _("Báo không làm được lệnh"),
    "order.send_back": _("Trả lại lệnh chưa đạt"),
    "order.cancel": _("Hủy lệnh"),
    "order.remind": _("Nhắc nhận lệnh"),
    "order.verify": _("Xác nhận hoàn thành lệnh"),
    "conclusion.register": _("Ghi văn bản giao việc"),
    "order.ask_extension": _("Xin gia hạn lệnh"),
    "order.grant_extension": _("Gia hạn lệnh"),
    "order.deny_extension": _("Không gia hạn lệnh"),
    "connection.ask": _("Mở đấu nối cho cơ quan"),
    "connection.refuse": _("Từ chối đấu nối"),
    "connection.try": _("Gửi thử tệp"),
    "sheet.hand_in": _("Gửi tệp số liệu"),
    "sheet.edit": _("Sửa ô số liệu trên lưới"),
    "sheet.explain": _("Giải trình ô số liệu"),
    "sheet.sign": _("Ký gửi số liệu"),
    "sheet.send_back": _("Trả lại số liệu"),
    "sheet.withdraw": _("Rút bản số liệu"),
    "sheet.state_period": _("Chọn kỳ cho tệp số liệu"),
    "sheet.use_again": _("Dùng lại bản số liệu gửi trước"),
    "sheet.compare_again": _("So lại với số đã công bố"),
    "sheet.approve": _("Duyệt số liệu"),
    "sheet.publish": _("Công bố số liệu"),
    "draft.upload": _("Tải tệp để lập hợp đồng"),
    "draft.save": _("Sửa bản thảo hợp đồng"),
    "draft.confirm": _("Xác nhận hợp đồng mới"),
    "draft.drop": _("Bỏ bản thảo hợp đồng"),
    "draft.take": _("Tải tệp nội dung của bản thảo"),
    "difference.found": _("Phát hiện chênh lệch"),
    "difference.changed": _("Số của chênh lệch thay đổi"),
    "difference.gone": _("Hết chênh lệch"),
    "difference.asked": _("Hỏi về chênh lệch"),
    "difference.explained": _("Giải trình chênh lệch"),
    "difference.signed": _("Ký thứ nhất chốt chênh lệch"),
    "difference.settled": _("Ký thứ hai, chốt chênh lệch"),
    "export": _("Xuất dữ liệu"),
    "wall.add": _("Thêm màn hình ghép"),
    "wall.enrol": _("Gắn trình duyệt vào màn hình ghép"),
    "wall.revoke": _("Thu hồi màn hình ghép"),
    "wall.calibrate": _("Cân chỉnh màn hình ghép"),
    "wall.push": _("Đẩy cảnh lên màn hình"),
    "wall.give_back": _("Trả màn hình về cảnh của nó"),
    "incident.wall": _("Đưa sự việc lên màn hình"),
}


KINDS: Final = {
    "people.person": _("người"),
    "people.office": _("cơ quan"),
    "people.shift": _("ca trực"),
    "audit.act": _("dòng nhật ký"),
    "account": _("tài khoản"),
    "store.source": _("nguồn"),
    "credential": _("khoá nguồn"),
    "store.refusal": _("bản ghi bị từ chối"),
    "alarms.alarm": _("báo động"),
    "incidents.incident": _("sự việc"),
    "incidents.order": _("lệnh"),
    "assets.asset": _("trạm"),
    "incidents.proof": _("minh chứng"),
    "store.delivery": _("lần nhận"),
    "boards.wallscreen": _("màn hình ghép"),
    "reconciliation.difference": _("chênh lệch"),
    "submissions.submission": _("bản số liệu"),
    "drafts.draft": _("bản thảo hợp đồng"),
    "reports.report": _("báo cáo"),
    "reports.schedule": _("lịch gửi báo cáo"),
    "reports.sending": _("lần gửi báo cáo"),
    "onboarding.connection": _("đấu nối"),
    "incidents.conclusion": _("văn bản giao việc"),
    "incidents.entry": _("dòng sự việc"),
    "alarms.outofservice": _("quy tắc ngừng dùng"),
    "board": _("bảng, danh sách"),
    "demo": _("tỉnh mô phỏng"),
    "refusal": _("bản ghi bị từ chối"),
}

KEYS: Final = {
    "name": _("tên"),
    "short_name": _("tên ngắn"),
    "email": _("e-mail"),
    "phone": _("điện thoại"),
    "title": _("chức danh"),
    "office": _("cơ quan"),
    "parent": _("trực thuộc"),
    "place": _("địa bàn"),
    "domain": _("lĩnh vực"),
    "role": _("vai trò"),
    "code": _("mã"),
    "field": _("mục"),
    "purpose": _("mục đích"),
    "until": _("tới"),
    "removed": _("đã bỏ"),
    "waiting_cleared": _("lần chờ đã xoá"),
    "starts_at": _("từ"),
    "ends_at": _("đến"),
    "chief": _("trực ban trưởng"),
    "from": _("từ"),
    "to": _("sang"),
    "note": _("ghi chú"),
    "label": _("nhãn"),
    "user": _("tên đăng nhập"),
    "source": _("nguồn"),
    "stations": _("trạm"),
    "reason": _("lý do"),
    "order": _("lệnh"),
    "incident": _("sự việc"),
    "alarm": _("báo động"),
    "deadline": _("hạn"),
    "new": _("mới"),
    "kind": _("loại"),
    "subject": _("đối tượng"),
    "rule": _("quy tắc"),
    "reference": _("căn cứ"),
    "text": _("nội dung"),
    "scene": _("cảnh"),
    "width_mm": _("rộng (mm)"),
    "width_px": _("rộng (px)"),
    "height_px": _("cao (px)"),
    "seat_m": _("ghế xa nhất (m)"),
    "pair": _("cặp đối soát"),
    "period": _("kỳ"),
    "epoch": _("mốc"),
    "contract": _("hợp đồng"),
    "folder": _("thư mục"),
    "files": _("số tệp"),
    "station": _("trạm"),
    "conclusion": _("văn bản giao việc"),
    "sha256": _("SHA-256"),
    "refusals": _("bản ghi bị từ chối"),
    "due": _("hạn"),
    "faults": _("ô lỗi"),
    "address": _("địa chỉ nội dung"),
    "form": _("dạng tệp"),
    "unit": _("mã xã, phường"),
    "for": _("cho"),
    "as_of": _("như đã biết lúc"),
    "numbers": _("số liệu"),
    "cycle": _("chu kỳ"),
    "compared": _("số được so"),
    "different": _("số khác"),
    "same_bytes": _("trùng từng byte"),
    "rows": _("số dòng"),
    "schedule": _("lịch gửi"),
    "set": _("đã đặt"),
    "number": _("lần"),
    "receipt": _("biên nhận"),
    "cells": _("số ô"),
    "outcome": _("kết luận"),
}


CYCLES: Final = {
    "daily": _("hằng ngày"),
    "weekly": _("hằng tuần"),
    "monthly": _("hằng tháng, sau hạn nộp"),
}


# Which side of a difference is right (reconciliation/models.py).
OUTCOMES: Final = {
    "left": _("số của bên trái đúng"),
    "right": _("số của bên phải đúng"),
    "both": _("hai số khác nhau có lý do, giữ cả hai"),
}


def verb_words(verb: str) -> str:
    return str(VERBS.get(verb, verb))


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def key_words(key: str) -> str:
    return str(KEYS.get(key, key))


def value_words(key: str, value: object) -> str:
    """A value of a detail as people read it: roles, purposes and times in words."""
    if isinstance(value, bool):
        return str(_("có")) if value else str(_("không"))
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if key == "role":
        return str(dict(Role.choices).get(text, text))
    if key == "purpose":
        return str(dict(PURPOSES).get(text, text))
    if key == "field":
        return key_words(text)
    if key == "cycle":
        return str(CYCLES.get(text, text))
    if key == "outcome":
        return str(OUTCOMES.get(text, text))
    if key in ("until", "starts_at", "ends_at", "deadline", "as_of"):
        try:
            return f"{clock.local(datetime.fromisoformat(text)):%H:%M %d/%m/%Y}"
        except ValueError:
            return text
    return text
