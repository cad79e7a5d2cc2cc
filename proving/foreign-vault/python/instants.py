"""RFC 3339 timestamps as comparable instants, to the nanosecond.

An instant is kept as text: `2026-01-01T12:00:00.123456789`, always UTC, trailing zeros of the fraction cut. Such
texts sort like the instants they name, whatever precision and offset the original had, in Python and in MongoDB.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_GRAMMAR = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)
_UTC_ONLY = re.compile(r"[^a-z]*(?:Z|\+00:00)", re.ASCII)


@dataclass(frozen=True, order=True)
class Instant:
    """A point in time; `key` sorts."""

    key: str

    @property
    def day(self) -> str:
        """The UTC date as the folders of an object key."""
        return self.key[:10].replace("-", "/")


def parse(text: object) -> Instant:
    """The instant a provider's timestamp names (any offset), or ValueError."""
    match = _GRAMMAR.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("not an RFC 3339 timestamp")
    date, hour, minute, second, fraction, _, sign, off_hours, off_minutes = match.groups()
    if int(second) > 60:
        raise ValueError("no such second")
    moment = datetime.fromisoformat(date).replace(hour=int(hour), minute=int(minute))
    if sign:
        offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
        try:
            moment = moment - offset if sign == "+" else moment + offset
        except OverflowError as beyond:
            raise ValueError("outside the years 0001 to 9999") from beyond
    if second == "60" and (moment.hour, moment.minute) != (23, 59):
        raise ValueError("a leap second comes at 23:59:60 UTC")
    key = f"{moment.isoformat()[:16]}:{second}"
    fraction = (fraction or "")[:9].rstrip("0")
    return Instant(f"{key}.{fraction}" if fraction else key)


def parse_utc(text: object) -> Instant:
    """The instant a request names: as `parse`, but in capitals and ending in `Z` or `+00:00` only."""
    instant = parse(text)
    if not _UTC_ONLY.fullmatch(text):
        raise ValueError("not a UTC timestamp")
    return instant
