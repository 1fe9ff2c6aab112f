"""What the demo shows: a dozen rooms in Seoul, Busan and Jeju, who stays in them, and what they say."""

from dataclasses import dataclass
from typing import Any

from infra.local.scenery import picture


@dataclass(frozen=True)
class Shot:
    """A picture to be drawn."""

    scene: str
    light: str
    seed: int

    @property
    def content(self) -> bytes:
        return picture(self.scene, self.light, self.seed)


@dataclass(frozen=True)
class Visit:
    """A booking of a room, so many days from today on, and the review that is written if it has begun."""

    guest: str
    starts_in: int
    nights: int
    stars: int = 0
    review: str = ""


@dataclass(frozen=True)
class DemoRoom:
    """A room of the demo: its host, the body that registers it, its pictures, its bookings."""

    host: str
    body: dict[str, Any]
    shots: tuple[Shot, ...]
    visits: tuple[Visit, ...] = ()


def _body(city: str, title: str, won: int, guests: int, desc: str, **more: Any) -> dict[str, Any]:
    price = {"amount": won, "currency": "KRW"}
    return {"city": city, "title": title, "desc": desc, "pricePerNight": price, "maxGuests": guests, **more}


ROOMS = (
    DemoRoom(
        "haneul",
        _body("Seoul", "북촌 한옥, 마당이 있는 집", 180_000, 4,
              "기와 아래 온돌방 두 칸, 작은 마당. 경복궁까지 걸어서 십 분.\n아침에는 마루에서 차를 드세요.",
              cancellationPolicy="moderate"),
        (Shot("hanok", "dawn", 3), Shot("room", "dawn", 5)),
        (Visit("mina", 0, 2, 5, "마당에 앉아 있는 시간이 가장 좋았습니다. 조용하고 따뜻해요."), Visit("jun", 6, 3)),
    ),
    DemoRoom(
        "haneul",
        _body("Seoul", "Quiet loft above Seongsu's workshops", 120_000, 2,
              "High windows, one long table, a good desk. Coffee roasters downstairs, the river ten minutes away."),
        (Shot("city", "dusk", 8), Shot("room", "noon", 9)),
        (Visit("jun", 0, 1, 4, "Great desk and light. The roastery below wakes up early, and so will you."),),
    ),
    DemoRoom(
        "haneul",
        _body("Seoul", "남산 자락의 작은 집", 98_000, 2,
              "골목 끝 이층 방. 창을 열면 서울의 밤이 한눈에 들어옵니다."),
        (Shot("city", "night", 4),),
        (Visit("ara", 3, 2),),
    ),
    DemoRoom(
        "narae",
        _body("Seoul", "Garden room by the old city wall", 135_000, 3,
              "A walled garden, persimmon trees, and a path that leads along the fortress wall.", minNights=2),
        (Shot("hills", "dawn", 14), Shot("room", "dawn", 2)),
    ),
    DemoRoom(
        "bada",
        _body("Busan", "해운대 바다가 보이는 방", 150_000, 3,
              "아침마다 해가 창으로 들어옵니다. 모래사장까지 이 분."),
        (Shot("sea", "dawn", 6), Shot("room", "noon", 7)),
        (Visit("ara", 0, 3, 5, "눈을 뜨면 바다였습니다. 다시 오고 싶어요."), Visit("mina", 10, 2)),
    ),
    DemoRoom(
        "bada",
        _body("Busan", "Blue-roofed house in Gamcheon", 88_000, 2,
              "Steep steps, kind neighbours, and all the colours of the hillside below the window."),
        (Shot("city", "noon", 21),),
        (Visit("sol", 1, 2),),
    ),
    DemoRoom(
        "bada",
        _body("Busan", "영도 절벽 위의 서재", 165_000, 2,
              "책 이천 권과 등대 불빛. 파도 소리를 들으며 읽으세요.", cancellationPolicy="strict"),
        (Shot("sea", "night", 11), Shot("room", "night", 12)),
    ),
    DemoRoom(
        "pado",
        _body("Busan", "Surfers' bunk at Songjeong", 62_000, 6,
              "Boards under the eaves, a hot shower outside, breakfast for whoever is up."),
        (Shot("sea", "noon", 13),),
        (Visit("sol", 0, 1, 4, "Simple, clean, three minutes from the waves. Bring a towel."),),
    ),
    DemoRoom(
        "ora",
        _body("Jeju", "Stone house among tangerine fields", 210_000, 5,
              "Basalt walls, a wood stove, and as many tangerines as you can pick.",
              minNights=2, cancellationPolicy="strict"),
        (Shot("hills", "noon", 16), Shot("room", "dusk", 17)),
        (Visit("haru", 0, 2, 5, "The stove, the stones, the quiet. We picked two baskets of tangerines."),),
    ),
    DemoRoom(
        "ora",
        _body("Jeju", "한라산이 보이는 오두막", 140_000, 4,
              "구름이 걷히면 백록담 능선이 보입니다. 별이 많은 밤을 약속해요."),
        (Shot("hills", "night", 18),),
        (Visit("mina", 20, 3),),
    ),
    DemoRoom(
        "pado",
        _body("Jeju", "Tide house, Aewol", 175_000, 4,
              "The sea comes to the doorstep twice a day. Sunset from the kitchen table.",
              cancellationPolicy="moderate"),
        (Shot("sea", "dusk", 19), Shot("room", "dusk", 20)),
        (Visit("jun", 14, 4),),
    ),
    DemoRoom(
        "ora",
        _body("Jeju", "오름 아래 돌담집", 115_000, 3,
              "돌담 너머로 말이 지나갑니다. 오름까지 걸어서 이십 분."),
        (Shot("hills", "dusk", 22),),
    ),
)  # fmt: skip
