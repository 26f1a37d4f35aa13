"""The report's figures as SVG: reliability of confidence, accuracy over SNR, accuracy over length."""

import re
from html import escape

from eval.kit import stats

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 60, 170, 40, 50
COLOURS = ["#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#be123c", "#475569"]


class Chart:
    def __init__(self, title, x_label, y_label, x_range, y_range=(0, 100)):
        self._x, self._y, self._parts, self._names = x_range, y_range, [], 0
        self._text(LEFT, TOP - 18, title, "start", 15)
        self._text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_label)
        self._parts.append(
            f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle" '
            f'font-size="12">{escape(y_label)}</text>'
        )

    def _place(self, x, y):
        (x0, x1), (y0, y1) = self._x, self._y
        return (
            LEFT + (x - x0) / (x1 - x0) * (WIDTH - RIGHT - LEFT),
            HEIGHT - BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM),
        )

    def _text(self, x, y, text, anchor="middle", size=12):
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
        )

    def line(self, a, b, colour, width=1, dash=""):
        (xa, ya), (xb, yb) = self._place(*a), self._place(*b)
        self._parts.append(
            f'<line x1="{xa:.1f}" y1="{ya:.1f}" x2="{xb:.1f}" y2="{yb:.1f}" stroke="{colour}" '
            f'stroke-width="{width}" stroke-dasharray="{dash}"/>'
        )

    def axes(self, x_ticks, y_ticks):
        for x in x_ticks:
            self.line((x, self._y[0]), (x, self._y[1]), "#e5e7eb")
            self._text(self._place(x, self._y[0])[0], HEIGHT - BOTTOM + 18, f"{x:g}")
        for y in y_ticks:
            self.line((self._x[0], y), (self._x[1], y), "#e5e7eb")
            self._text(LEFT - 8, self._place(self._x[0], y)[1] + 4, f"{y:g}", "end")

    def series(self, name, points, dash="", colour=None):
        """points: (x, y, low, high), the last two drawn as an error bar."""
        colour = colour or COLOURS[self._names % len(COLOURS)]
        for a, b in zip(points, points[1:]):
            self.line(a[:2], b[:2], colour, 2, dash)
        for x, y, low, high in points:
            self.line((x, low), (x, high), colour)
            cx, cy = self._place(x, y)
            self._parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="4" fill="{colour}"/>')
        self._name(name, colour, dash)

    def curve(self, name, points):
        """points: (x, y), many of them."""
        colour = COLOURS[self._names % len(COLOURS)]
        places = " ".join("{:.1f},{:.1f}".format(*self._place(*point)) for point in points)
        self._parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        self._name(name, colour)

    def _name(self, name, colour, dash=""):
        y = TOP + 16 + 20 * self._names
        self._parts.append(
            f'<line x1="{WIDTH - RIGHT + 4}" y1="{y - 4}" x2="{WIDTH - RIGHT + 24}" y2="{y - 4}" stroke="{colour}" '
            f'stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        self._text(WIDTH - RIGHT + 28, y, name, "start")
        self._names += 1

    def svg(self, at=None):
        """at: its place in a larger picture."""
        place = f' x="{at[0]}" y="{at[1]}" width="{WIDTH}" height="{HEIGHT}"' if at else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{place} viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>{"".join(self._parts)}</svg>\n'
        )


def grid(charts, columns=2):
    """One picture of several charts."""
    rows = -(-len(charts) // columns)
    parts = [chart.svg((WIDTH * (i % columns), HEIGHT * (i // columns))) for i, chart in enumerate(charts)]
    size = f"0 0 {WIDTH * columns} {HEIGHT * rows}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}">\n{"".join(parts)}</svg>\n'


def _accepted(figures):
    hits, count = figures["accepted"], figures["positives"]
    return (100 * hits / count, *stats.wilson(hits, count))


def _family(report, pattern):
    """Points of the cells whose name matches; the pattern's group is the x value."""
    found = [(re.fullmatch(pattern, cell), figures) for cell, figures in report["cells"].items()]
    return sorted((float(m.group(1)), *_accepted(f)) for m, f in found if m and f["positives"])


def _families(chart, reports, patterns):
    for title, report in reports:
        for name, pattern in patterns:
            points = _family(report, pattern)
            if len(points) > 1:
                chart.series(f"{title}: {name}" if len(reports) > 1 else name, points)
    return chart.svg()


def over_snr(reports):
    """`reports`: pairs (name, report); one line a system and kind of disturbance."""
    chart = Chart("Accepted over SNR, clips of 5 s", "SNR, dB", "accepted, %", (-6, 11))
    chart.axes((-5, 0, 3, 5, 10), range(0, 101, 20))
    return _families(
        chart,
        reports,
        [
            ("noise", r"noise_(-?\d+)db_5s"),
            ("speech", r"speech_(-?\d+)db_5s"),
            ("room + microphone", r"room_(-?\d+)db_5s"),
        ],
    )


def over_length(reports):
    chart = Chart("Accepted over the clip's length", "seconds", "accepted, %", (1, 11))
    chart.axes((2, 3, 5, 10), range(0, 101, 20))
    return _families(
        chart,
        reports,
        [
            ("clean", r"clean_(\d+)s"),
            ("noise 0 dB", r"noise_0db_(\d+)s"),
            ("WebM 32k", r"webm_32k_(\d+)s"),
            ("room + mic 10 dB", r"room_10db_(\d+)s"),
            ("room + mic 3 dB", r"room_3db_(\d+)s"),
        ],
    )


def _compare(chart, reports, patterns):
    """A colour a system, a dash a kind of disturbance."""
    for number, (title, report) in enumerate(reports):
        for name, pattern, dash in patterns:
            points = _family(report, pattern)
            if points:
                chart.series(f"{title}: {name}", points, dash, COLOURS[number % len(COLOURS)])
    return chart.svg()


def compare_over_snr(reports):
    """As over_snr(), for several systems side by side."""
    chart = Chart("Accepted over SNR, clips of 5 s", "SNR, dB", "accepted, %", (-6, 11))
    chart.axes((-5, 0, 3, 5, 10), range(0, 101, 20))
    return _compare(chart, reports, [("noise", r"noise_(-?\d+)db_5s", ""), ("room", r"room_(-?\d+)db_5s", "6 4")])


def compare_over_length(reports):
    chart = Chart("Accepted over the clip's length", "seconds", "accepted, %", (1, 11))
    chart.axes((2, 3, 5, 10), range(0, 101, 20))
    return _compare(chart, reports, [("clean", r"clean_(\d+)s", ""), ("noise 0 dB", r"noise_0db_(\d+)s", "6 4")])


def reliability(report):
    chart = Chart("Reliability of confidence", "confidence", "share of right answers", (0, 1), (0, 1))
    chart.axes([k / 5 for k in range(6)], [k / 5 for k in range(6)])
    chart.line((0, 0), (1, 1), "#9ca3af", 1, "4 4")
    points = []
    for _, _, count, confidence, right in report["reliability"]:
        low, high = stats.wilson(round(right * count), count)
        points.append((confidence, right, low / 100, high / 100))
    chart.series(f"ECE {report['ece']:.3f}", points)
    return chart.svg()
