"""The charts of the report as SVG: row flow, linkage shares, population pyramid; and lines.

What belongs here: drawing them. What must not: counts that are not shown elsewhere too.

Text cannot be measured here: it is taken to be as wide as DejaVu Sans, in which pages are printed, makes it on the
whole. Coordinates have one decimal: nobody sees more, and long rows of digits look like numbers of persons.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from math import floor, log10

Row = Mapping[str, str | float | int]
_COLOURS = ("#1b6ca8", "#d98c2b", "#8a5a9e", "#6c8a3a", "#b5483a", "#5f6b73", "#c2a83e", "#3e9a94")
_LETTER, _LONGEST, _LINE = 6.2, 36, 16
_WIDE, _WIDE_LINES, _HIGH_LINES = 430.0, 560.0, 240.0
_TICKS, _POINTS = 6, 40


def bars(rows: Sequence[Row], order: Sequence[str], kinds: Sequence[str], title: str, *, percent: bool = False) -> str:
    """Lying bars, one for each ``of`` in ``order``, made of the ``value`` of each of ``kinds``."""
    values = _sums(rows)
    most = max((sum(values[of, kind] for kind in kinds) for of in order), default=0)
    ticks = [place / 5 for place in range(6)] if percent else _ticks(0, most)
    scale = _WIDE / ticks[-1]
    drawn = []
    for line, of in enumerate(order):
        left = 0.0
        for place, kind in enumerate(kinds):
            wide = values[of, kind] * scale
            drawn.append(_bar(left, 18 * line + 3, wide, 12, place))
            left += wide
    along = _along(ticks, lambda tick: tick * scale, 18 * len(order), _percent if percent else _whole, title)
    return _chart(drawn, along, order, 18, _WIDE, kinds if len(kinds) > 1 else (), title)


def pyramid(rows: Sequence[Row], ages: Sequence[str], kinds: tuple[str, str], title: str) -> str:
    """Persons by age, the first of ``kinds`` to the left and the second to the right; the oldest on top."""
    values, order = _sums(rows), list(reversed(ages))
    one_side = _ticks(0, max(values.values(), default=0), _TICKS // 2)
    ticks = [*(-tick for tick in reversed(one_side[1:])), *one_side]
    middle, scale = _WIDE / 2, _WIDE / 2 / one_side[-1]
    drawn = []
    for line, age in enumerate(order):
        left, right = (values[age, kind] * scale for kind in kinds)
        drawn += [_bar(middle - left, 20 * line + 2, left, 15, 0), _bar(middle, 20 * line + 2, right, 15, 1)]
    along = _along(ticks, lambda tick: middle + tick * scale, 20 * len(order), _whole, title)
    return _chart(drawn, along, order, 20, _WIDE, kinds, title)


def lines(rows: Sequence[Row], order: Sequence[str], kinds: Sequence[str], title: str) -> str:
    """A line for each of ``kinds`` over the values of ``of`` in ``order``, from nought up."""
    values, places = _sums(rows), {of: place for place, of in enumerate(dict.fromkeys(order))}
    ticks = _ticks(min(values.values(), default=0), max(values.values(), default=0))
    scale, step = _HIGH_LINES / (ticks[-1] - ticks[0]), _WIDE_LINES / max(len(places), 1)

    def up(value: float) -> float:
        return _HIGH_LINES - (value - ticks[0]) * scale

    drawn = [f'<path d="M0 {_n(up(tick))}h{_n(_WIDE_LINES)}" stroke="#e4e7ea"/>' for tick in ticks]
    for colour, kind in zip(_coloured(len(kinds)), kinds, strict=True):
        points = [(step * (at + 0.5), up(values[of, kind])) for of, at in places.items() if (of, kind) in values]
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(places) < _POINTS:
            drawn += [f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.5" fill="{colour}"/>' for x, y in points]
    every = 1 + int(12 // step)
    below = [_turned(step * (at + 0.5), _HIGH_LINES + 10, of) for of, at in places.items() if at % every == 0]
    longest = max((len(_cut(of)) for of in places), default=0)
    aside = [_text(-6, up(tick) + 3.5, _whole(tick), "end") for tick in ticks]
    high = _HIGH_LINES + 14 + 0.7 * _LETTER * longest
    head = _text(0, -10, title, "start", "bold")
    left = _LETTER * max(len(_whole(tick)) for tick in ticks) + 10
    legend = _legend(kinds if len(kinds) > 1 else (), high)
    return _svg([head, *drawn, *below, *aside, *legend], left, 24, _WIDE_LINES, high + _legend_height(kinds), title)


def _chart(
    drawn: Sequence[str],
    along: Iterable[str],
    order: Sequence[str],
    step: int,
    wide: float,
    kinds: Sequence[str],
    title: str,
) -> str:
    """Bars with their names to the left, an axis below, and a legend below that."""
    names = [_text(-6, step * line + step / 2 + 3.5, name, "end") for line, name in enumerate(order)]
    left = _LETTER * max((len(_cut(name)) for name in order), default=0) + 10
    high = step * len(order) + 44.0
    return _svg([*along, *drawn, *names, *_legend(kinds, high)], left, 4, wide, high + _legend_height(kinds), title)


def _along(
    ticks: Sequence[float], place: Callable[[float], float], high: float, said: Callable[[float], str], title: str
) -> Iterator[str]:
    """Lines from top to bottom, what they stand for, and of what."""
    for tick in ticks:
        yield f'<path d="M{_n(place(tick))} 0v{_n(high)}" stroke="#e4e7ea"/>'
        yield _text(place(tick), high + 14, said(tick), "middle")
    yield _text((place(ticks[0]) + place(ticks[-1])) / 2, high + 32, title, "middle", "bold")


def _legend(kinds: Sequence[str], top: float) -> Iterator[str]:
    for place, kind in enumerate(kinds):
        x, y = 230 * (place % 2), top + _LINE * (place // 2)
        yield _bar(x, y + 4, 10, 10, place)
        yield _text(x + 15, y + 13, kind, "start")


def _legend_height(kinds: Sequence[str]) -> float:
    return _LINE * -(-len(kinds) // 2) + 6 if len(kinds) > 1 else 0.0


def _svg(parts: Sequence[str], left: float, top: float, wide: float, high: float, title: str) -> str:
    """The parts, their origin as far from the left and the top, with room for half a number to the right."""
    whole, tall = left + wide + 30, top + high
    font = 'font-family="DejaVu Sans, sans-serif" font-size="10" fill="#24292e"'
    size = f'width="{_n(whole)}" height="{_n(tall)}" viewBox="{_n(-left)} {_n(-top)} {_n(whole)} {_n(tall)}"'
    label = f'role="img" aria-label="{escape(title)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {label} {size} {font}>{"".join(parts)}</svg>'


def _bar(x: float, y: float, wide: float, high: float, place: int) -> str:
    colour = _COLOURS[place % len(_COLOURS)]
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str, weight: str = "normal") -> str:
    strong = f' font-weight="{weight}"' if weight != "normal" else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{strong}>{escape(_cut(text))}</text>'


def _turned(x: float, y: float, text: str) -> str:
    turned = f'transform="translate({_n(x)} {_n(y)}) rotate(-45)"'
    return f'<text {turned} text-anchor="end">{escape(_cut(text))}</text>'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _sums(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """The values by ``of`` and ``kind``: several rows of both are one, none is nought."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        sums[str(row["of"]), str(row["kind"])] += float(row["value"])
    return sums


def _ticks(least: float, most: float, count: int = _TICKS) -> list[float]:
    """Round numbers, whole ones, from nought or below to the most or above."""
    low, high = min(least, 0), max(most, 1)
    rough = max((high - low) / count, 1)
    power = 10 ** floor(log10(rough))
    step = power * next(digit for digit, upto in ((1, 1.4), (2, 3.2), (5, 7), (10, 10)) if rough <= upto * power)
    first, last = floor(low / step), -floor(-high / step)
    return [step * place for place in range(first, last + 1)]


def _coloured(count: int) -> list[str]:
    return [_COLOURS[place % len(_COLOURS)] for place in range(count)]


def _whole(value: float) -> str:
    return f"{abs(value):,.0f}".replace(",", "\N{NO-BREAK SPACE}")


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"


def _n(value: float) -> str:
    """A coordinate."""
    return f"{value:.1f}".removesuffix(".0")
