"""The sign-in page of the local issuer, as HTML: a name and a role are enough on a development machine."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape

_STYLE = """
:root { color-scheme: light dark; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center;
  background: light-dark(#f6f4ef, #14171a); color: light-dark(#1f2421, #ece9e2); font: 1rem/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; width: min(100%, 26rem); padding: 2rem 1.5rem; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em; }
p { margin: .25rem 0 1.5rem; color: light-dark(#5b625d, #a9afa8); }
label, legend { display: block; margin-bottom: .3rem; font-weight: 600; }
input[type=text] { box-sizing: border-box; width: 100%; padding: .7rem .8rem; font: inherit;
  border: 1px solid light-dark(#8b918c, #6f7671); border-radius: .6rem;
  background: light-dark(#fff, #1d2124); color: inherit; }
fieldset { margin: 1.2rem 0; padding: 0; border: 0; }
fieldset label { display: inline-block; margin-right: 1.2rem; font-weight: 400; }
button { width: 100%; padding: .8rem; border: 0; border-radius: .6rem; background: light-dark(#1f5c4a, #8fd3b8);
  color: light-dark(#fff, #10211b); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid light-dark(#1f5c4a, #8fd3b8); outline-offset: 2px; }
"""
_WORDS = {
    "en": {
        "title": "Sign in to Staybook",
        "lead": "This is the local stand-in for the sign-in page. Any name will do; there is no password.",
        "user": "Name",
        "role": "Sign in as",
        "guest": "Guest",
        "host": "Host",
        "admin": "Admin",
        "go": "Sign in",
        "refused": "This address cannot sign anybody in",
    },
    "ko": {
        "title": "Staybook 로그인",
        "lead": "로그인 화면을 대신하는 개발용 화면입니다. 아무 이름이나 쓰면 되고 비밀번호는 없습니다.",
        "user": "이름",
        "role": "역할",
        "guest": "게스트",
        "host": "호스트",
        "admin": "관리자",
        "go": "로그인",
        "refused": "이 주소로는 로그인할 수 없습니다",
    },
}
_ROLES = ("guest", "host", "admin")


def policy(returns_to: str | None) -> str:
    """The page's content security policy; the form may lead to its own address and on to `returns_to`, no further."""
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    targets = "'self'" + (f" {returns_to}" if returns_to else "")
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{style}'; form-action {targets}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def form(kept: Mapping[str, str], language: str) -> str:
    """The form; `kept` is what the client asked with, sent along with the answer."""
    words = _words(language)
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept.items()
    )
    roles = "".join(
        f'<label><input type="radio" name="role" value="{role}"{" checked" if role == "guest" else ""}> '
        f"{words[role]}</label>"
        for role in _ROLES
    )
    return _page(
        language,
        f'<h1>{words["title"]}</h1><p>{words["lead"]}</p><form method="post">{hidden}'
        f'<label for="user">{words["user"]}</label>'
        '<input id="user" name="user" type="text" required autofocus maxlength="64" autocomplete="username" '
        r'pattern="[A-Za-z0-9._\-]+" autocapitalize="none" spellcheck="false">'
        f"<fieldset><legend>{words['role']}</legend>{roles}</fieldset>"
        f"<button>{words['go']}</button></form>",
    )


def refusal(reason: str, language: str) -> str:
    """The page for a request that nobody may be sent on from."""
    return _page(language, f"<h1>{_words(language)['refused']}</h1><p>{escape(reason)}</p>")


def _words(language: str) -> Mapping[str, str]:
    return _WORDS.get(language, _WORDS["en"])


def _page(language: str, body: str) -> str:
    spoken = language if language in _WORDS else "en"
    return (
        f'<!doctype html><html lang="{spoken}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{_words(language)['title']}</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
