"""One rendering for many screens, and never somebody else's."""

from typing import Any

from starlette.types import Message, Receive, Scope, Send

from haidang.config.web.hub import Hub, Screen
from haidang.config.web.shared import SharedFragments

FORM = b'<form><input type="hidden" name="csrfmiddlewaretoken" value="SECRET"><b>7</b></form>'


class Pages:
    """Counts how often it was asked, and marks its answer as shareable or not."""

    def __init__(self, *, shared: bool = True, status: int = 200) -> None:
        self.asked = 0
        self.shared, self.status = shared, status

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked += 1
        headers = [(b"content-type", b"text/html"), (b"set-cookie", b"csrftoken=SECRET")]
        if self.shared:
            headers.append((b"x-fragment-shared", b"1"))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": FORM})


def hub(**scopes: str) -> Hub:
    found = Hub()
    for session, scope in scopes.items():
        found.enter(Screen(session, 1, "", frozenset({"alarms"}), whole=True, scope=scope))
    return found


async def ask(
    app: SharedFragments, session: str, version: str = "5", path: str = "/bao-dong/danh-sach/"
) -> tuple[Any, bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"cookie", f"sessionid={session}".encode()), (b"host", b"localhost")]
    if version:
        headers.append((b"x-live-version", version.encode()))
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    await app(scope, receive, send)
    return sent[0], b"".join(message.get("body", b"") for message in sent[1:])


async def test_screens_of_the_same_rights_share_one_rendering_without_tokens_and_cookies() -> None:
    pages = Pages()
    app = SharedFragments(pages, hub(one="duty", two="duty"))
    _, first = await ask(app, "one")
    start, second = await ask(app, "two")
    assert pages.asked == 1
    assert b"SECRET" in first
    assert second == FORM.replace(b"SECRET", b"")
    assert b"set-cookie" not in dict(start["headers"])
    assert dict(start["headers"])[b"content-length"] == str(len(second)).encode()


async def test_other_rights_other_versions_and_other_paths_are_rendered_anew() -> None:
    pages = Pages()
    app = SharedFragments(pages, hub(one="duty", crew="crew"))
    await ask(app, "one")
    await ask(app, "crew")
    await ask(app, "one", version="6")
    await ask(app, "one", path="/dem-bao-dong/")
    assert pages.asked == 4


async def test_nothing_is_shared_without_a_stream_a_version_or_the_views_word() -> None:
    for pages, session, version in (
        (Pages(), "stranger", "5"),
        (Pages(), "one", ""),
        (Pages(shared=False), "one", "5"),
        (Pages(status=403), "one", "5"),
    ):
        app = SharedFragments(pages, hub(one="duty"))
        await ask(app, session, version)
        await ask(app, session, version)
        assert pages.asked == 2
