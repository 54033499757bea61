"""Charts: one number over the versions of a prompt, as bars of an inline picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actwright.regression.comparing.comparing import Move
from actwright.regression.noise import Metric
from actwright.regression.reports.report import ReportedRow, ReportedVersion

WIDTH, HEIGHT = 320, 150
"""The picture's own units; it is drawn as wide as there is room."""

_TOP, _BOTTOM = 20, 122
_MOST = 10
_WIDEST, _GAP = 44.0, 6.0
_HUNDRED = Decimal(100)
_THOUSAND, _MILLION = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One version's bar: where it is drawn, and what stands at it.

    Attributes:
        x: Its left edge.
        y: Its upper edge.
        width: How wide it is.
        height: How high it is.
        inner: How high the part of it is that is told apart, such as half the cases within the latency.
        value: Its number in words.
        version: The version it is about; the beginning of its hash where several have that version.
        told: What it says, for who cannot see it.
        tone: ``bad`` where it dropped from the version before beyond the noise band; else empty.
    """

    x: float
    y: float
    width: float
    height: float
    inner: float
    value: str
    version: str
    told: str
    tone: str

    @property
    def middle(self) -> float:
        """The middle between its edges."""
        return round(self.x + self.width / 2, 2)

    @property
    def inner_y(self) -> float:
        """The upper edge of the part that is told apart."""
        return round(_BOTTOM - self.inner, 2)


@dataclass(frozen=True, slots=True)
class Chart:
    """One number over versions.

    Attributes:
        title: What is shown.
        note: What the two shades mean, and how many versions are left out.
        bars: A bar for each version, the oldest first.
    """

    title: str
    note: str
    bars: tuple[Bar, ...]

    @property
    def told(self) -> str:
        """The whole picture in words."""
        return f"{self.title}: {', '.join(each.told for each in self.bars)}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one chart shows of a version, and how it says it."""

    title: str
    note: str
    metric: Metric
    value: Callable[[ReportedVersion], Decimal | None]
    inner: Callable[[ReportedVersion], Decimal | None]
    words: Callable[[Decimal], str]
    top: Decimal | None = None


def charts_of(row: ReportedRow) -> tuple[Chart, ...]:
    """Return the charts of a row: score, tokens, cost and latency, each where there is something to show."""
    return tuple(chart for kind in _KINDS for chart in _drawn(kind, row))


def _drawn(kind: _Kind, row: ReportedRow) -> Iterator[Chart]:
    shown = row.versions[-_MOST:]
    values = [kind.value(each) for each in shown]
    known = [each for each in values if each is not None]
    if not known:
        return
    top = kind.top or max(known) or Decimal(1)
    left_out = len(row.versions) - len(shown)
    more = f"the newest {_MOST} of {len(row.versions)} versions" if left_out else ""
    yield Chart(
        title=kind.title,
        note="; ".join(filter(None, (kind.note, more))),
        bars=tuple(_bars(kind, shown, values, top)),
    )


def _bars(
    kind: _Kind,
    versions: Sequence[ReportedVersion],
    values: Sequence[Decimal | None],
    top: Decimal,
) -> Iterator[Bar]:
    room = WIDTH / len(versions)
    width = min(_WIDEST, room - _GAP)
    counts = Counter(each.version for each in versions)
    for place, (each, value) in enumerate(zip(versions, values, strict=True)):
        height = _height(value, top)
        words = "not known" if value is None else kind.words(value)
        yield Bar(
            x=round(room * place + (room - width) / 2, 2),
            y=round(_BOTTOM - height, 2),
            width=round(width, 2),
            height=height,
            inner=min(_height(kind.inner(each), top), height),
            value="-" if value is None else words,
            version=f"v{each.version}" if counts[each.version] == 1 else each.hash[:4],
            told=f"v{each.version} ({each.hash[:8]}) {words}",
            tone="bad" if _move(each, kind.metric) == "drop" else "",
        )


def _height(value: Decimal | None, top: Decimal) -> float:
    return 0.0 if value is None else round(float(value / top) * (_BOTTOM - _TOP), 2)


def _move(version: ReportedVersion, metric: Metric) -> Move | None:
    change = version.change
    moves = {each.metric: each.move for each in change.metrics} if change else {}
    return moves.get(metric)


def _score(version: ReportedVersion) -> Decimal:
    return Decimal(version.totals.right) * _HUNDRED / version.totals.cases


def _tokens(version: ReportedVersion) -> Decimal:
    return Decimal(version.totals.tokens) / version.totals.cases


def _input_tokens(version: ReportedVersion) -> Decimal:
    return Decimal(version.totals.input_tokens) / version.totals.cases


def _cost(version: ReportedVersion) -> Decimal | None:
    cost = version.totals.value("cost")
    return None if cost is None else cost / version.totals.cases


def _high(version: ReportedVersion) -> Decimal | None:
    return version.totals.value("latency")


def _median(version: ReportedVersion) -> Decimal | None:
    seconds = version.totals.median_seconds
    return None if seconds is None else Decimal(str(seconds))


def _percent(value: Decimal) -> str:
    return f"{value:.1f}%" if value % 1 else f"{value:.0f}%"


def _count(value: Decimal) -> str:
    if value >= _MILLION:
        return f"{value / _MILLION:.1f}M"
    return f"{value / _THOUSAND:.1f}k" if value >= _THOUSAND else f"{value:.0f}"


def _money(value: Decimal) -> str:
    return f"{value:.2g}" if value < 1 else f"{value:.2f}"


def _seconds(value: Decimal) -> str:
    return f"{value:.1f} s"


_KINDS = (
    _Kind("Right", "", "right", _score, _score, _percent, _HUNDRED),
    _Kind("Tokens a case", "full shade: what was sent", "tokens", _tokens, _input_tokens, _count),
    _Kind("Cost a case", "in the price table's currency", "cost", _cost, _cost, _money),
    _Kind(
        "Latency of 95 in 100", "full shade: of half the cases", "latency", _high, _median, _seconds
    ),
)
