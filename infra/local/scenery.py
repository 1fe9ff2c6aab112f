"""Pictures for the demo rooms, drawn by sums: skies, hills, seas and roofs, as PNG files.

A picture is made column by column of indexes into 256 colours and then turned into rows, so that one takes a tenth of
a second and some 40 KB.
"""

import math
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1200, 900
_SKY_SHADES = 160
Colour = tuple[int, int, int]
Columns = list[bytearray]


@dataclass(frozen=True)
class Light:
    """The colours of a time of day: the sky from top to horizon, the sun, and what stands before it, far to near."""

    above: Colour
    horizon: Colour
    sun: Colour
    layers: tuple[Colour, Colour, Colour, Colour]
    lamp: Colour


LIGHTS = {
    "dawn": Light(
        (132, 163, 189), (248, 222, 196), (255, 244, 222),
        ((172, 178, 184), (126, 145, 146), (82, 110, 105), (48, 76, 70)), (255, 231, 184),
    ),
    "noon": Light(
        (106, 163, 201), (222, 236, 236), (255, 252, 240),
        ((150, 186, 184), (108, 156, 143), (70, 124, 102), (44, 92, 74)), (244, 240, 226),
    ),
    "dusk": Light(
        (70, 76, 116), (240, 158, 120), (255, 214, 160),
        ((158, 112, 122), (112, 82, 104), (74, 60, 84), (42, 40, 60)), (255, 214, 140),
    ),
    "night": Light(
        (18, 26, 48), (66, 84, 118), (238, 236, 222),
        ((50, 64, 92), (36, 48, 74), (26, 36, 58), (16, 24, 42)), (255, 220, 140),
    ),
}  # fmt: skip
_LAMP, _SUN, _FIRST_LAYER = 250, 251, 200


def picture(scene: str, light: str, seed: int) -> bytes:
    """A PNG of a scene (a name in SCENES) in a light (a name in LIGHTS); the same every time for the same seed."""
    chosen = LIGHTS[light]
    columns = _sky()
    dice = random.Random(seed)  # noqa: S311 - it draws pictures, it guards nothing
    _disc(columns, dice.randint(200, WIDTH - 200), dice.randint(140, 330), dice.randint(44, 70))
    SCENES[scene](columns, dice)
    return _png(columns, _palette(chosen))


def _sky() -> Columns:
    shades = bytes(min(_SKY_SHADES - 1, row * _SKY_SHADES // 600) for row in range(HEIGHT))
    return [bytearray(shades) for _ in range(WIDTH)]


def _disc(columns: Columns, x: int, y: int, radius: int) -> None:
    for across in range(-radius, radius + 1):
        half = round(math.sqrt(radius * radius - across * across))
        columns[x + across][y - half : y + half] = bytes([_SUN]) * (2 * half)


def _ground(columns: Columns, height: Callable[[int], float], layer: int) -> None:
    """Fills everything below a line; `height` gives it for each column, in pixels from the top."""
    for x, column in enumerate(columns):
        top = max(0, min(HEIGHT, round(height(x))))
        column[top:] = bytes([_FIRST_LAYER + layer]) * (HEIGHT - top)


def _box(columns: Columns, left: int, top: int, right: int, bottom: int, colour: int) -> None:
    for column in columns[max(0, left) : max(0, right)]:
        column[top:bottom] = bytes([colour]) * (min(bottom, HEIGHT) - top)


def _ridge(dice: random.Random, base: float, swing: float) -> Callable[[int], float]:
    """A line of hills: a few waves laid over each other."""
    waves = [(dice.uniform(0.5, 3.5), dice.uniform(0, 6.3), swing / (number + 1)) for number in range(4)]
    return lambda x: (
        base - sum(size * math.sin(x / WIDTH * 6.3 * pace + shift) for pace, shift, size in waves)
    )


def _hills(columns: Columns, dice: random.Random) -> None:
    for layer, base in enumerate((470, 570, 680, 790)):
        _ground(columns, _ridge(dice, base, 46 - 6 * layer), layer)


def _sea(columns: Columns, dice: random.Random) -> None:
    _ground(columns, _ridge(dice, 500, 30), 0)
    _ground(columns, lambda _: 540, 1)
    for _ in range(60):  # light on the water
        left, top = dice.randint(0, WIDTH), dice.randint(556, 740)
        _box(columns, left, top, left + dice.randint(20, 160), top + 3, _FIRST_LAYER)
    _ground(columns, lambda x: 770 + 26 * math.sin(x / 210), 0)
    _ground(columns, lambda x: 800 + 30 * math.sin(x / 260 + 1), 2)


def _city(columns: Columns, dice: random.Random) -> None:
    _ground(columns, _ridge(dice, 470, 60), 0)
    for layer, base, least, most in ((1, 560, 40, 150), (2, 640, 60, 170), (3, 760, 40, 150)):
        _row_of_houses(columns, dice, layer, base, least, most)


def _row_of_houses(
    columns: Columns, dice: random.Random, layer: int, base: int, least: int, most: int
) -> None:
    left = -dice.randint(0, 40)
    while left < WIDTH:
        right, top = left + dice.randint(60, 130), base - dice.randint(least, most) + 60
        _box(columns, left, top, right, HEIGHT, _FIRST_LAYER + layer)
        for across in range(left + 14, right - 18, 26):
            for down in range(top + 18, HEIGHT - 30, 34):
                if dice.random() < 0.3:
                    _box(columns, across, down, across + 11, down + 16, _LAMP)
        left = right + dice.randint(-10, 16)


def _hanok(columns: Columns, dice: random.Random) -> None:
    _ground(columns, _ridge(dice, 470, 70), 0)
    _ground(columns, _ridge(dice, 600, 30), 1)
    left, right = 130, WIDTH - 130
    for x in range(left, right):
        along = (x - left) / (right - left) * 2 - 1
        eave = 610 - 60 * along**4 + 26 * (1 - along * along)
        top = 470 + 90 * along**2 if abs(along) < 0.78 else eave - 26
        columns[x][round(top) : round(eave)] = bytes([_FIRST_LAYER + 3]) * (round(eave) - round(top))
    _box(columns, 250, 632, WIDTH - 250, 800, _FIRST_LAYER + 2)
    for place in range(290, WIDTH - 330, 160):
        _box(columns, place, 664, place + 110, 780, _LAMP)
        for bar in range(place + 18, place + 110, 23):
            _box(columns, bar, 664, bar + 4, 780, _FIRST_LAYER + 3)
        _box(columns, place, 718, place + 110, 722, _FIRST_LAYER + 3)
    _ground(columns, lambda x: 800 + 6 * math.sin(x / 90), 3)


def _room(columns: Columns, dice: random.Random) -> None:
    """A view through a window, a bed, a lamp."""
    _hills(columns, dice)
    for edge in ((0, 0, 300, HEIGHT), (900, 0, WIDTH, HEIGHT), (300, 0, 900, 120), (300, 600, 900, HEIGHT)):
        _box(columns, *edge, _FIRST_LAYER + 4)
    for bar in ((592, 120, 608, 600), (300, 350, 900, 362), (284, 104, 300, 616), (900, 104, 916, 616)):
        _box(columns, *bar, _FIRST_LAYER + 5)
    _box(columns, 0, 800, WIDTH, HEIGHT, _FIRST_LAYER + 5)
    _box(columns, 180, 660, 860, 820, _FIRST_LAYER + 6)
    _box(columns, 200, 620, 380, 690, _LAMP)
    _box(columns, 1010, 560, 1018, 800, _FIRST_LAYER + 3)
    for x in range(960, 1070):
        columns[x][480 : 570 - abs(1015 - x) // 3] = bytes([_LAMP]) * (90 - abs(1015 - x) // 3)


SCENES: dict[str, Callable[[Columns, random.Random], None]] = {
    "hills": _hills,
    "sea": _sea,
    "city": _city,
    "hanok": _hanok,
    "room": _room,
}


def _palette(light: Light) -> bytes:
    colours: list[Colour] = [(0, 0, 0)] * 256
    for shade in range(_SKY_SHADES):
        colours[shade] = _between(light.above, light.horizon, shade / (_SKY_SHADES - 1))
    wall, floor = _between(light.lamp, light.layers[1], 0.35), _between(light.layers[2], light.lamp, 0.25)
    cloth = _between(light.lamp, (255, 255, 255), 0.45)
    for number, colour in enumerate((*light.layers, wall, floor, cloth)):
        colours[_FIRST_LAYER + number] = colour
    colours[_LAMP], colours[_SUN] = light.lamp, light.sun
    return b"".join(bytes(colour) for colour in colours)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _png(columns: Sequence[bytearray], palette: bytes) -> bytes:
    rows = b"".join(b"\0" + bytes(row) for row in zip(*columns, strict=True))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum
