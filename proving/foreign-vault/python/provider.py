"""The provider's side: listings, payloads, the health call. One connection per call, one attempt per call."""

import base64
import hashlib
import http.client
import json
import re
import zlib
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import instants, shape
from retrying import JobFailed, Transient, seconds_of
from settings import Settings

_DIGEST = re.compile(r"(?:^|,)\s*(sha-256|sha-512)\s*=\s*(?::([A-Za-z0-9+/=]*):)?")
_BROKEN = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True)
class ListedLog:
    """One entry of a listing, with its timestamp understood."""

    source_id: str
    timestamp: str
    instant: instants.Instant
    payload: bytes | None = None


class Provider:
    """Speaks the three calls of section 2."""

    def __init__(self, settings: Settings):
        base = urlsplit(settings.provider_base_url)
        self._make = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._root = base.hostname, base.port, base.path
        self._key = settings.provider_api_key
        self._timeout = settings.call_timeout

    def page(self, provider_id: str, start: str, end: str, cursor: str | None) -> tuple[list[ListedLog], str | None]:
        """One page of a listing and the cursor of the next: in the archive's dialect, the address of it."""
        if shape.current.inline:
            return self._events(provider_id, start, end, cursor)
        query = {"start": start, "end": end}
        if cursor is not None:
            query["cursor"] = cursor
        body, _ = self._fetch(f"/{quote(provider_id, safe='')}/logs?{urlencode(query, quote_via=quote)}")
        try:
            return _understand(json.loads(body))
        except (ValueError, RecursionError) as fault:
            raise Transient("the provider's listing is not what was agreed") from fault

    def payload(self, provider_id: str, source_id: str) -> bytes:
        """The entity's bytes of one log."""
        return self._fetch(f"/{quote(provider_id, safe='')}/logs/{quote(source_id, safe='')}")[0]

    def health(self, key: str) -> int:
        """The status the provider answers this key with; Transient when it does not answer."""
        connection, response = self._ask("/api/v2/ping" if shape.current.inline else "/health", key)
        connection.close()
        return response.status

    @property
    def healthy(self) -> int:
        """The status of a provider that accepts a key."""
        return 204 if shape.current.inline else 200

    def _events(self, provider_id: str, start: str, end: str, address: str | None):
        query = urlencode({"since": start, "until": end}, quote_via=quote)
        path = address or f"/api/v2/{quote(provider_id, safe='')}/events?{query}"
        body, link = self._fetch(path, whole=address is not None)
        try:
            found = [_event(entry, raw) for entry, raw in shape.entries(body)]
            return found, _next_address(link)
        except (ValueError, RecursionError) as fault:
            raise Transient("the provider's listing is not what was agreed") from fault

    def _fetch(self, path: str, whole: bool = False) -> tuple[bytes, str | None]:
        connection, response = self._ask(path, self._key, "" if whole else self._root)
        try:
            if response.status != 200:
                raise _refusal(response)
            coding = (response.getheader("Transfer-Encoding") or "chunked").strip().lower()
            if coding != "chunked":
                raise Transient(f"the provider uses the transfer coding {coding[:40]!r}")
            wire = response.read()
        except _BROKEN as fault:
            raise Transient(f"the provider's answer broke off ({type(fault).__name__})") from fault
        finally:
            connection.close()
        body = _undo_encodings(wire, response.getheader("Content-Encoding"))
        _check_digest(response.getheader("Content-Digest"), wire, body)
        return body, response.getheader("Link")

    def _ask(self, path: str, key: str, root: str | None = None):
        connection = self._make(self._host, self._port, timeout=self._timeout)
        try:
            connection.request("GET", (self._root if root is None else root) + path, headers={
                **({"X-Api-Key": key.encode("latin-1")} if shape.current.inline
                   else {"Authorization": f"Bearer {key}".encode("latin-1")}),
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "Connection": "close",
            })
            return connection, connection.getresponse()
        except _BROKEN as fault:
            connection.close()
            # The fault's own text could repeat the header: only its kind is told.
            raise Transient(f"the provider cannot be reached ({type(fault).__name__})") from None


def _event(entry: object, raw: bytes) -> ListedLog:
    if not isinstance(entry, dict):
        raise ValueError("not an event")
    listed = _entry({"id": entry.get("eventId"), "timestamp": entry.get("eventTime")})
    return ListedLog(listed.source_id, listed.timestamp, listed.instant, raw)


def _next_address(link: str | None) -> str | None:
    """Path and query of the next page; where it is, the provider has said."""
    found = re.search(r'<([^>]*)>\s*;\s*rel="?next"?', link or "")
    if found is None:
        return None
    parts = urlsplit(found.group(1))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _refusal(response: http.client.HTTPResponse) -> Exception:
    status = response.status
    if status == 429 or status >= 500:
        return Transient(f"the provider answered {status}", seconds_of(response.getheader("Retry-After")))
    if status in (401, 403):
        return JobFailed("provider_unauthorized", f"the provider answered {status}")
    return JobFailed("provider_rejected", f"the provider answered {status}")


def _understand(listing: object) -> tuple[list[ListedLog], str | None]:
    if not isinstance(listing, dict) or not isinstance(listing.get("logs"), list) or "next_cursor" not in listing:
        raise ValueError("not a listing")
    cursor = listing["next_cursor"]
    if cursor is not None and not isinstance(cursor, str):
        raise ValueError("not a cursor")
    if cursor is not None:
        cursor.encode("utf-8")
    return [_entry(entry) for entry in listing["logs"]], cursor


def _entry(entry: object) -> ListedLog:
    source_id = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(source_id, str) or not 1 <= len(source_id) <= 200 or source_id in (".", ".."):
        raise ValueError("not a log's id")
    source_id.encode("utf-8")  # lone surrogates name nothing
    return ListedLog(source_id, entry.get("timestamp"), instants.parse(entry.get("timestamp")))


def _undo_encodings(wire: bytes, header: str | None) -> bytes:
    """Undo the codings named in Content-Encoding, and only those."""
    body = wire
    for coding in reversed([name.strip().lower() for name in (header or "").split(",")]):
        if coding in ("gzip", "x-gzip"):
            body = _gunzip(body)
        elif coding not in ("", "identity"):
            raise Transient(f"the provider uses the content coding {coding[:40]!r}")
    return body


def _gunzip(packed: bytes) -> bytes:
    plain = []
    while True:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            plain.append(unpacker.decompress(packed))
        except zlib.error as fault:
            raise Transient("the provider's gzip is damaged") from fault
        if not unpacker.eof:
            raise Transient("the provider's gzip ends too early")
        packed = unpacker.unused_data
        if not packed:
            return b"".join(plain)


def _check_digest(header: str | None, wire: bytes, body: bytes) -> None:
    """Compare Content-Digest. RFC 9530 means the encoded bytes; the entity's own digest proves as much."""
    for algorithm, value in _DIGEST.findall(header or ""):
        kind = hashlib.sha256 if algorithm == "sha-256" else hashlib.sha512
        if value not in {base64.b64encode(kind(data).digest()).decode() for data in (wire, body)}:
            raise Transient("the payload does not match its Content-Digest")
