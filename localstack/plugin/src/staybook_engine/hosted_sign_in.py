"""Signing in with a browser, as at Cognito's hosted pages: the code flow with PKCE, below the issuer's address.

    GET  /<pool>/oauth2/authorize   a form; sent, it leads back to the client with a code
    POST /<pool>/oauth2/token       the code and its verifier for an ID token
    GET  /<pool>/logout             leads back to the client; nothing is kept here that could be ended

A client is sent back to an address that it registered, letter by letter, or not at all. Only S256 is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from staybook_engine import sign_in_form
from staybook_engine.issuer import TOKEN_SECONDS, BadTokenRequest, TokenRequest, answer, issue_id_token
from staybook_engine.mends import mend
from staybook_engine.sign_in_codes import CODES, METHOD, BadGrant, Exchange, Grant, is_challenge
from staybook_engine.user_pools import POOLS, AppClient, NoSuchPool

_KEPT = (
    "response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method", "lang",
)  # fmt: skip
_USER = re.compile(r"[A-Za-z0-9._-]{1,64}")


class NoWayBack(Exception):
    """The request names no client, or no address that its client registered: nobody is sent on from it."""


class Refused(Exception):
    """The client hears of this error at its own address; the message is OAuth's word for it."""


@dataclass(frozen=True)
class Wish:
    """A request to sign somebody in, from a known client and with a way back."""

    pool_id: str
    asked: Mapping[str, str]

    @classmethod
    def read(cls, pool_id: str, asked: Mapping[str, str]) -> Self:
        """Raises NoSuchPool, NoWayBack."""
        client = _client(pool_id, asked.get("client_id", ""))
        if asked.get("redirect_uri") not in client.callback_urls:
            raise NoWayBack("redirect_uri is not registered")
        return cls(pool_id, {name: asked[name] for name in _KEPT if name in asked})

    def check(self) -> None:
        """Raises Refused for any flow but the code flow with an S256 challenge."""
        if self.asked.get("response_type") != "code":
            raise Refused("unsupported_response_type")
        challenge = self.asked.get("code_challenge", "")
        if self.asked.get("code_challenge_method") != METHOD or not is_challenge(challenge):
            raise Refused("invalid_request")
        if "openid" not in self.asked.get("scope", "openid").split():
            raise Refused("invalid_scope")

    def grant(self, user: str, role: str) -> Grant:
        return Grant(
            self.pool_id,
            self.asked["client_id"],
            self.asked["redirect_uri"],
            self.asked["code_challenge"],
            user,
            role,
        )

    def back(self, **said: str) -> str:
        """The client's address, with what it is told."""
        state = {"state": self.asked["state"]} if "state" in self.asked else {}
        address = self.asked["redirect_uri"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(said | state)}"


def authorize_route(request: Any, pool_id: str) -> Any:
    """The form, and where it leads."""
    asked = request.form if request.method == "POST" else request.args
    language = asked.get("lang", "en")
    try:
        wish = Wish.read(pool_id, asked)
    except (NoSuchPool, NoWayBack) as refusal:
        return _page(sign_in_form.refusal(str(refusal), language), None, 400)
    try:
        wish.check()
        if request.method == "POST":
            return _redirect(wish.back(code=_signed_in(wish, asked)))
    except Refused as refusal:
        return _redirect(wish.back(error=str(refusal)))
    return _page(sign_in_form.form(wish.asked, language), wish.asked["redirect_uri"])


def exchange_route(request: Any, pool_id: str) -> Any:
    """`POST` of a form, as RFC 6749 has it: {"id_token", "token_type", "expires_in"} or {"error"}."""
    asked = request.form
    if asked.get("grant_type") != "authorization_code":
        return _unkept(answer({"error": "unsupported_grant_type"}, 400))
    told = (asked.get(name, "") for name in ("client_id", "redirect_uri", "code", "code_verifier"))
    try:
        grant = CODES.redeem(Exchange(pool_id, *told))
        token = issue_id_token(POOLS.get(pool_id), TokenRequest(grant.user, (grant.role,), TOKEN_SECONDS))
    except (BadGrant, BadTokenRequest, NoSuchPool):
        return _unkept(answer({"error": "invalid_grant"}, 400))
    return _unkept(answer({"id_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}))


def logout_route(request: Any, pool_id: str) -> Any:
    """Back to the client, at an address that it registered for this."""
    address = request.args.get("logout_uri", "")
    try:
        if address not in _client(pool_id, request.args.get("client_id", "")).logout_urls:
            raise NoWayBack("logout_uri is not registered")
    except (NoSuchPool, NoWayBack) as refusal:
        return _page(sign_in_form.refusal(str(refusal), request.args.get("lang", "en")), None, 400)
    return _redirect(address)


def _signed_in(wish: Wish, asked: Mapping[str, str]) -> str:
    """A code for whoever the form names. Raises Refused."""
    user, role = asked.get("user", ""), asked.get("role", "")
    if not _USER.fullmatch(user) or role not in POOLS.get(wish.pool_id).groups:
        raise Refused("access_denied")
    return CODES.issue(wish.grant(user, role))


def _client(pool_id: str, client_id: str) -> AppClient:
    """Raises NoSuchPool, NoWayBack."""
    client = POOLS.get(pool_id).clients.get(client_id)
    if client is None:
        raise NoWayBack("client_id is not known")
    return client


def _page(html: str, returns_to: str | None, status: int = 200) -> Any:
    from localstack.http import Response

    parts = urlsplit(returns_to) if returns_to else None
    origin = f"{parts.scheme}://{parts.netloc}" if parts else None
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": sign_in_form.policy(origin),
        "Referrer-Policy": "same-origin",  # with no-referrer the form would come from the origin `null`
        "X-Content-Type-Options": "nosniff",
    }
    return _unkept(Response(html, status=status, headers=headers))


def _redirect(address: str) -> Any:
    from localstack.http import Response

    return _unkept(Response(status=302, headers={"Location": address}))


def _unkept(response: Any) -> Any:
    response.headers["Cache-Control"] = "no-store"
    return response


@mend(
    "hosted-sign-in", answers="4.14 has no Cognito: there is no page to sign in at, and no code to exchange"
)
def serve_sign_in() -> None:
    from localstack.services.edge import ROUTER

    pool = "<regex('[a-z]+(-[a-z]+)+-[0-9]_[A-Za-z0-9]+'):pool_id>"
    ROUTER.add(f"/{pool}/oauth2/authorize", endpoint=authorize_route, methods=["GET", "POST"])
    ROUTER.add(f"/{pool}/oauth2/token", endpoint=exchange_route, methods=["POST"])
    ROUTER.add(f"/{pool}/logout", endpoint=logout_route, methods=["GET"])
