"""The page: one script of many modules, small, and sure of whom it talks to."""

import re
from collections import Counter
from pathlib import Path

import pytest

from chalicelib.viewpage.adapters import page
from chalicelib.viewpage.adapters.modules import joined
from tests.doors import knock

FOLDER = Path(page.__file__).parent.parent / "page"
FIRST_PAINT = 100_000  # bytes
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def packed(resource: str, name: str | None = None) -> int:
    """The bytes that a browser gets."""
    path = {"name": name} if name else None
    answer = knock("viewpage", "GET", resource, path=path, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    return len(page._packed(name or page.INDEX)[0])


def test_every_module_is_in_the_script_once_and_after_what_it_needs() -> None:
    script = joined(FOLDER, page.SCRIPT)
    modules = [path for path in FOLDER.glob("*.js") if path.name != page.SCRIPT]
    firsts = {path.name: path.read_text().splitlines()[0] for path in modules}
    assert all(script.count(first) == 1 for first in firsts.values())
    assert script.index(firsts["element.js"]) < script.index(firsts["calendar.js"])
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)


def test_no_two_modules_use_one_name() -> None:
    names = Counter(DECLARED.findall(joined(FOLDER, page.SCRIPT)))
    assert [name for name, times in names.items() if times > 1] == []


def test_everything_that_one_language_says_the_other_says_too() -> None:
    said = [
        set(re.findall(r'(?:^|[{,]) *"?([\w-]+)"?:', (FOLDER / name).read_text(), re.MULTILINE))
        for name in ("english.js", "korean.js")
    ]
    assert said[0] == said[1]


def test_the_first_paint_is_three_requests_and_small() -> None:
    index = (FOLDER / page.INDEX).read_text()
    assert re.findall(r'(?:src|href)="(assets/[^"]+)"', index) == ["assets/app.css", "assets/app.js"]
    sizes = [packed("/"), packed("/assets/{name}", "app.css"), packed("/assets/{name}", "app.js")]
    assert sum(sizes) < FIRST_PAINT


def test_it_talks_to_the_issuer_and_to_the_store_of_pictures_and_to_nobody_else() -> None:
    given = {
        "SIGN_IN_URL": "https://staybook.auth.ap-northeast-2.amazoncognito.com",
        "PHOTO_BUCKET": "staybook-photos-123456789012-ap-northeast-2",
        "AWS_REGION": "ap-northeast-2",
    }
    allowed = next(part for part in page.policy(given).split("; ") if part.startswith("connect-src"))
    assert allowed.split() == [
        "connect-src",
        "'self'",
        "https://staybook.auth.ap-northeast-2.amazoncognito.com",
        "https://staybook-photos-123456789012-ap-northeast-2.s3.ap-northeast-2.amazonaws.com",
    ]


@pytest.mark.parametrize(("resource", "name"), [("/", None), ("/docs", None), ("/assets/{name}", "app.js")])
def test_nothing_runs_but_its_own_script(resource: str, name: str | None) -> None:
    answer = knock("viewpage", "GET", resource, path={"name": name} if name else None)
    said = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert (said["default-src"], said["script-src"], said["style-src"]) == ("'none'", "'self'", "'self'")
    assert {said[name] for name in ("base-uri", "form-action", "frame-ancestors")} == {"'none'"}
    assert "unsafe" not in str(said)
    assert "*" not in str(said)


def test_what_is_no_page_runs_nothing_at_all() -> None:
    answer = knock("viewpage", "GET", "/config.json")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_no_text_ever_becomes_markup() -> None:
    markup = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|srcdoc|eval\(|new Function"
    )
    assert [path.name for path in FOLDER.glob("*.js") if markup.search(path.read_text())] == []
    assert re.findall(r"<script(?![^>]* src=)|\bon\w+=|style=", (FOLDER / page.INDEX).read_text()) == []


def test_it_learns_where_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN_URL", "https://sign-in.example")
    monkeypatch.setenv("USER_POOL_CLIENT_ID", "client")
    told = knock("viewpage", "GET", "/config.json").body
    assert told["clientId"] == "client"
    assert told["authorizeUrl"] == "https://sign-in.example/oauth2/authorize"
