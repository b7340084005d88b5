"""A comparison as a picture in SVG: the cost over the volume with the crossings, or bars where nothing is varied.

Plain text without scripts or links, readable aloud by its title and description. The colours are those of
https://jfly.uni-koeln.de/color/, which all people tell apart; the lines differ in their dashes too.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise

from costkit.model.comparison import Comparison, Curve
from costkit.reports.compare.columns import cheaper_beyond, shown_options
from costkit.reports.compare.plotting import COST_TITLE, MOST_POINTS, Bounds, bounds, drawn_points, short, ticks, within
from costkit.reports.compare.sentences import per_second, verdict, volume
from costkit.reports.wording import harmless, money, overlay_notes, overlays_of, total_label

WIDTH, LEFT, RIGHT, TOP, PLOT = 860, 80, 30, 64, 340
ROW = 22
# Closer crossings than this share no side for their numbers.
CLOSE = 14.0
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
DASHES = ("", "9 4", "2 3", "12 3 2 3", "5 2", "1 2")
BARS = 12
LONGEST = 110
INK, PALE, GREY = "#1a1a1a", "#e4e4e4", "#595959"


def render(comparison: Comparison) -> Iterator[str]:
    """The document in pieces."""
    drawn = list(_lines(comparison) if comparison.curves else _bars(comparison))
    noted = " ".join(overlay_notes(overlays_of(option.estimate for option in comparison.options)))
    height = _height(comparison) + (ROW if noted else 0)
    text = f"{verdict(comparison)} {noted}".strip()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">\n'
    )
    yield f'<title id="title">{_safe(_title(comparison))}</title>\n<desc id="desc">{_safe(text)}</desc>\n'
    yield f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
    yield _text(LEFT, 28, _title(comparison), size=17, weight="bold")
    yield from drawn
    if noted:
        yield _text(LEFT, height - ROW // 2, noted, fill=GREY)
    yield "</svg>\n"


def _title(comparison: Comparison) -> str:
    varied = f" by {comparison.varied}" if comparison.curves else ""
    return f"Monthly cost{varied}"


def _height(comparison: Comparison) -> int:
    if not comparison.curves:
        return TOP + ROW * (len(shown_options(comparison, BARS)) + 2)
    points = drawn_points(comparison, bounds(comparison.curves))
    noted = len(comparison.curves) + min(len(points), MOST_POINTS + 1)
    return TOP + PLOT + 66 + ROW * (noted + 1)


def _lines(comparison: Comparison) -> Iterator[str]:
    limits = bounds(comparison.curves)
    yield from _axes(limits, comparison.varied)
    if comparison.amount is not None and comparison.amount <= limits.volume:
        yield from _expected(comparison.amount, limits)
    for place, curve in enumerate(comparison.curves):
        yield _curve(curve, limits, place)
    points = drawn_points(comparison, limits)
    yield from _crossings([(_x(one.amount, limits), _y(cost, limits)) for one, cost in points])
    top = TOP + PLOT + 74
    for place, curve in enumerate(comparison.curves):
        y = top + ROW * place
        yield _stroke([(LEFT, y - 4), (LEFT + 34, y - 4)], place)
        yield _text(LEFT + 44, y, curve.option)
    top += ROW * len(comparison.curves)
    for number, (one, cost) in enumerate(points[:MOST_POINTS], 1):
        where = f"{volume(one.amount)} {one.unit}{per_second(comparison, one)}, {money(cost)} USD"
        y = top + ROW * (number - 1)
        yield _text(LEFT + 17, y, str(number), anchor="middle", weight="bold")
        yield _text(LEFT + 44, y, f"{where}: {cheaper_beyond(one)}")
    if len(points) > MOST_POINTS:
        yield _text(LEFT + 44, top + ROW * MOST_POINTS, f"and {len(points) - MOST_POINTS} more", fill=GREY)


def _crossings(places: Sequence[tuple[float, float]]) -> Iterator[str]:
    """A circle at each crossing; the first ones have numbers, above and below in turns where they are close."""
    for x, y in places:
        yield f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="#ffffff" stroke="{INK}" stroke-width="2"/>\n'
    last, below = -CLOSE, False
    for number, (x, y) in enumerate(places[:MOST_POINTS], 1):
        below = x - last < CLOSE and not below
        last = x
        yield _text(x, y + (20 if below else -10), str(number), anchor="middle", weight="bold")


def _axes(limits: Bounds, varied: str) -> Iterator[str]:
    bottom, right = TOP + PLOT, WIDTH - RIGHT
    for tick in ticks(limits.cost):
        y = _y(tick, limits)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="{PALE}"/>\n'
        yield _text(LEFT - 8, y + 4, short(tick), anchor="end", fill=GREY)
    for tick in within(limits.volume):
        x = _x(tick, limits)
        yield f'<line x1="{x}" y1="{bottom}" x2="{x}" y2="{bottom + 5}" stroke="{GREY}"/>\n'
        yield _text(x, bottom + 20, short(tick), anchor="middle", fill=GREY)
    yield f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="{GREY}"/>\n'
    middle = TOP + PLOT // 2
    yield _text(22, middle, COST_TITLE, anchor="middle", turn=f"rotate(-90 22 {middle})")
    yield _text((LEFT + right) // 2, bottom + 42, varied, anchor="middle")


def _expected(amount: Decimal, limits: Bounds) -> Iterator[str]:
    x = _x(amount, limits)
    yield f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{TOP + PLOT}" stroke="{GREY}" stroke-dasharray="3 3"/>\n'
    anchor = "end" if x > WIDTH // 2 else "start"
    yield _text(x, TOP - 8, f"expected: {volume(amount)}", anchor=anchor, fill=GREY)


def _curve(curve: Curve, limits: Bounds, place: int) -> str:
    return _stroke([(_x(amount, limits), _y(cost, limits)) for amount, cost in curve.points], place)


def _stroke(points: Sequence[tuple[float, float]], place: int) -> str:
    """A line of the colour and dashes of a place in the legend; points on top of each other are left out."""
    kept = [points[0], *(after for before, after in pairwise(points) if before != after)]
    path = " ".join(f"{x:g},{y:g}" for x, y in kept)
    dashes = DASHES[place % len(DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    color = COLORS[place % len(COLORS)]
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"{dashed}/>\n'


def _bars(comparison: Comparison) -> Iterator[str]:
    options = shown_options(comparison, BARS)
    top = max((option.estimate.cost for option in options), default=Decimal(0)) or Decimal(1)
    start, room = 380, WIDTH - 380 - 200
    for place, option in enumerate(options):
        y = TOP + ROW * place
        length = round(float(option.estimate.cost / top) * room, 1)
        yield _text(start - 10, y + 12, option.name, anchor="end")
        yield f'<rect x="{start}" y="{y}" width="{length}" height="{ROW - 7}" fill="{COLORS[0]}"/>\n'
        yield _text(start + length + 8, y + 12, total_label(option.estimate))
    if left := len(comparison.options) - len(options):
        y = TOP + ROW * (len(options) + 1)
        yield _text(LEFT, y, f"{left} more cost more or are not known whole.", fill=GREY)


def _x(amount: Decimal, limits: Bounds) -> float:
    return round(LEFT + float(amount / limits.volume) * (WIDTH - LEFT - RIGHT), 1)


def _y(cost: Decimal, limits: Bounds) -> float:
    return round(TOP + PLOT - float(cost / limits.cost) * PLOT, 1)


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    size: int = 13,
    weight: str = "normal",
    fill: str = INK,
    turn: str = "",
) -> str:
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    turned = f' transform="{turn}"' if turn else ""
    look = f'text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{fill}"{turned}'
    return f'<text x="{x:g}" y="{y:g}" {look}>{_safe(shown)}</text>\n'


def _safe(text: str) -> str:
    """Text that cannot become markup, nor anything that XML does not allow."""
    return escape(harmless(text))
