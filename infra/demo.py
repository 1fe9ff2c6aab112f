"""Rooms to look at and book, put there through the API as hosts would."""

from typing import Any

import httpx

from infra.endpoints import Endpoints
from infra.issuer import Person, bearer_token


def _room(
    host: str, city: str, title: str, won: int, guests: int, more: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    price = {"amount": won, "currency": "KRW"}
    return host, {"city": city, "title": title, "pricePerNight": price, "maxGuests": guests, **more}


ROOMS = [
    _room(
        "haneul", "Seoul", "북촌 한옥, 마당이 있는 집", 180_000, 4,
        {"desc": "기와 아래 온돌방 두 칸, 작은 마당. 경복궁까지 십 분.", "cancellationPolicy": "moderate"},
    ),
    _room(
        "haneul", "Seoul", "Quiet loft above Seongsu's workshops", 120_000, 2,
        {"desc": "High windows, one long table, a good desk. Coffee roasters downstairs."},
    ),
    _room(
        "bada", "Busan", "해운대 바다가 보이는 방", 150_000, 3,
        {"desc": "아침마다 해가 창으로 들어옵니다. 모래사장까지 이 분."},
    ),
    _room(
        "bada", "Jeju", "Stone house among tangerine fields", 210_000, 5,
        {"desc": "Basalt walls, a wood stove, and as many tangerines as you can pick.", "minNights": 2,
         "cancellationPolicy": "strict"},
    ),
    _room(
        "sora", "Gyeongju", "대릉원 옆 작은 사랑방", 90_000, 2,
        {"desc": "고분 사이로 산책하고, 밤에는 첨성대 불빛이 보입니다."},
    ),
    _room(
        "sora", "Gangneung", "Pine forest cabin, five minutes from the sea", 135_000, 4,
        {"desc": "Wakes to birds, sleeps to waves. Bicycles included."},
    ),
]  # fmt: skip


def add_rooms(engine: Endpoints) -> list[dict[str, Any]]:
    """Register the demo rooms; what the API answered, in order. Raises httpx.HTTPError when it refuses."""
    tokens = {host: bearer_token(engine, Person(host, "host")) for host, _ in ROOMS}
    with httpx.Client(base_url=engine.gateway, timeout=30, transport=httpx.HTTPTransport(retries=3)) as api:
        return [_register(api, tokens[host], body) for host, body in ROOMS]


def _register(api: httpx.Client, token: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post("/rooms", json=body, headers={"Authorization": f"Bearer {token}"})
    answer.raise_for_status()
    registered: dict[str, Any] = answer.json()
    return registered
