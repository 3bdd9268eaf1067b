"""Lines of a log in the language they were written in, and in the reader's."""

from django.utils.translation import override

from haidang.engine.said import kept, said, told, told_html

LINE = said("%(code)s không làm được: %(reason)s", code="07/6", reason="<đường> ngập")


def test_a_line_is_kept_in_vietnamese_whatever_the_writers_screen() -> None:
    with override("en"):
        assert str(LINE) == "07/6 không làm được: <đường> ngập"


def test_a_reader_in_english_gets_our_words_in_english_and_what_was_typed_marked_as_vietnamese() -> None:
    with override("en"):
        assert told(str(LINE), kept(LINE)) == "07/6 cannot be done: <đường> ngập"
        assert (
            told_html(str(LINE), kept(LINE))
            == '07/6 cannot be done: <span lang="vi">&lt;đường&gt; ngập</span>'
        )
    with override("vi"):
        assert told_html(str(LINE), kept(LINE)) == "07/6 không làm được: &lt;đường&gt; ngập"


def test_texts_of_content_are_taken_in_the_readers_language() -> None:
    line = said(
        "%(n)s. %(step)s: xong", n=2, step={"vi": "Báo trực lãnh đạo", "en": "Tell the leader on duty"}
    )
    with override("en"):
        assert told_html(str(line), kept(line)) == "2. Tell the leader on duty: done"


def test_older_lines_and_those_that_cannot_be_composed_stay_readable() -> None:
    with override("en"):
        assert told("07/1 đã nhận", None) == "07/1 đã nhận"
        assert told_html("07/1 đã nhận", None) == '<span lang="vi">07/1 đã nhận</span>'
        broken = {"sentence": "%(gone)s hủy", "parts": {}}
        assert told_html("hủy", broken) == '<span lang="vi">hủy</span>'
