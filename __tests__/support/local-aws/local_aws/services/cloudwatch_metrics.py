"""
Metrics. Stock moto keeps every sample in one list and searches all of it for each period of each query (60 days of 15 series take
19 seconds, 200 series do not finish), has no percentiles, and starts periods wherever the query starts.

Here samples are kept by series and minute, as CloudWatch keeps standard-resolution metrics; a query touches only its own series;
periods start at multiples of their length. A percentile needs the samples themselves (`Value` or `Values`, or a statistic set whose
minimum and maximum are equal), as on AWS: other statistic sets have none.
Like AWS itself, and unlike its public API, this server lets a caller write to namespaces that start with `AWS/`: a test plays AWS.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
"""

import bisect
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend, MetricDatumBase

from ..clock import clock
from ..patching import wraps

MINUTE = 60
QUERIES_PER_CALL = 500
PERCENTILE = re.compile(r"^p(\d{1,2}(?:\.\d{1,10})?|100)$")

SeriesKey = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass
class Samples:
    """What came in during a minute, or a period of several."""

    count: float = 0
    sum: float = 0
    minimum: float = math.inf
    maximum: float = -math.inf
    values: dict[float, float] = field(default_factory=dict)
    whole: bool = True

    def add(self, value: float, count: float) -> None:
        self._extend(count, value * count, value, value)
        self.values[value] = self.values.get(value, 0) + count

    def add_set(self, statistics: dict[str, Any]) -> None:
        count, total, low, high = (float(statistics[name]) for name in ("SampleCount", "Sum", "Minimum", "Maximum"))
        if low == high:
            self.add(low, count)
            return
        self._extend(count, total, low, high)
        self.whole = False

    def merge(self, other: "Samples") -> None:
        self._extend(other.count, other.sum, other.minimum, other.maximum)
        for value, count in other.values.items():
            self.values[value] = self.values.get(value, 0) + count
        self.whole = self.whole and other.whole

    def _extend(self, count: float, total: float, low: float, high: float) -> None:
        self.count += count
        self.sum += total
        self.minimum = min(self.minimum, low)
        self.maximum = max(self.maximum, high)

    def statistic(self, name: str) -> float | None:
        plain = {"Sum": self.sum, "SampleCount": self.count, "Minimum": self.minimum, "Maximum": self.maximum}
        if name in plain:
            return plain[name]
        if name == "Average":
            return self.sum / self.count if self.count else None
        percentile = PERCENTILE.match(name)
        if percentile is None:
            raise ValidationError(f"The value {name} for parameter Stat is not supported.")
        return self._percentile(float(percentile.group(1))) if self.whole else None

    def _percentile(self, percent: float) -> float | None:
        """Nearest rank."""
        rank = math.ceil(percent / 100 * self.count)
        reached = 0.0
        for value in sorted(self.values):
            reached += self.values[value]
            if reached >= rank:
                return value
        return None


class Series:
    def __init__(self) -> None:
        self._minutes: list[int] = []
        self._samples: dict[int, Samples] = {}

    def at(self, epoch: float) -> Samples:
        minute = int(epoch // MINUTE) * MINUTE
        if minute not in self._samples:
            bisect.insort(self._minutes, minute)
            self._samples[minute] = Samples()
        return self._samples[minute]

    def periods(self, start: int, end: int, period: int) -> list[tuple[int, Samples]]:
        """Periods with samples that begin in [start, end), in order."""
        first = start // period * period
        found: list[tuple[int, Samples]] = []
        for minute in self._minutes[bisect.bisect_left(self._minutes, first) : bisect.bisect_left(self._minutes, end)]:
            begins = minute // period * period
            if not found or found[-1][0] != begins:
                found.append((begins, Samples()))
            found[-1][1].merge(self._samples[minute])
        return found


def _series(backend: CloudWatchBackend) -> dict[SeriesKey, Series]:
    if not hasattr(backend, "series"):
        backend.series = {}
    return backend.series


def _key(namespace: str, metric: str, dimensions: Iterable[dict[str, str]]) -> SeriesKey:
    return namespace, metric, frozenset((dimension["Name"], dimension["Value"]) for dimension in dimensions)


def _epoch(moment: datetime | None) -> float:
    """moto's parsers give naive UTC times."""
    at = moment or clock.now()
    return (at if at.tzinfo else at.replace(tzinfo=timezone.utc)).timestamp()


@wraps(CloudWatchBackend)
def put_metric_data(_original: Any, self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
    for number, datum in enumerate(metric_data, 1):
        self._validate_parameters_put_metric_data(datum, number)
    for datum in metric_data:
        series = _series(self).setdefault(_key(namespace, datum["MetricName"], datum.get("Dimensions") or []), Series())
        samples = series.at(_epoch(datum.get("Timestamp")))
        if datum.get("StatisticValues"):
            samples.add_set(datum["StatisticValues"])
            continue
        values = datum.get("Values") or [datum.get("Value", 0)]
        for value, count in zip(values, datum.get("Counts") or [1] * len(values), strict=True):
            samples.add(float(value), float(count))


@wraps(CloudWatchBackend)
def get_metric_data(
    _original: Any, self: CloudWatchBackend, queries: list[dict[str, Any]], start_time: datetime, end_time: datetime, scan_by: str = "TimestampDescending"
) -> list[dict[str, Any]]:
    start, end = int(_epoch(start_time)), int(_epoch(end_time))
    if start >= end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    if len(queries) > QUERIES_PER_CALL:
        raise ValidationError(f"The collection MetricDataQueries must not have a size greater than {QUERIES_PER_CALL}.")
    return [_answer(self, query, start, end, scan_by) for query in queries if query.get("ReturnData", True)]


def _answer(backend: CloudWatchBackend, query: dict[str, Any], start: int, end: int, scan_by: str) -> dict[str, Any]:
    if "MetricStat" not in query:
        raise NotImplementedError("GetMetricData with expressions")
    asked = query["MetricStat"]
    metric, period, statistic = asked["Metric"], int(asked["Period"]), asked["Stat"]
    if period % MINUTE:
        raise ValidationError(f"The parameter Period must be a multiple of {MINUTE}.")
    series = _series(backend).get(_key(metric["Namespace"], metric["MetricName"], metric.get("Dimensions") or []), Series())
    points = [(begins, samples.statistic(statistic)) for begins, samples in series.periods(start, end, period)]
    points = [(begins, value) for begins, value in points if value is not None]
    if scan_by == "TimestampDescending":
        points.reverse()
    return {
        "id": query["Id"],
        "label": query.get("Label") or metric["MetricName"],
        "values": [value for _, value in points],
        "timestamps": [datetime.fromtimestamp(begins, timezone.utc).replace(tzinfo=None) for begins, _ in points],
        "status_code": "Complete",
    }


@wraps(CloudWatchBackend)
def get_all_metrics(_original: Any, self: CloudWatchBackend) -> list[MetricDatumBase]:
    """One datum a series, which is what ListMetrics looks for."""
    return [
        MetricDatumBase(namespace, name, [{"Name": dimension, "Value": value} for dimension, value in sorted(dimensions)], clock.now())
        for namespace, name, dimensions in _series(self)
    ]


@wraps(CloudWatchBackend)
def get_metric_statistics(_original: Any, self: CloudWatchBackend, *_args: Any, **_kwargs: Any) -> Any:
    raise NotImplementedError("GetMetricStatistics: ask GetMetricData")
