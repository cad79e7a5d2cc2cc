"""The API of section 1: routes, what requests must look like, what answers look like."""

import json
import time
from typing import Callable

import instants, log, shape
from catalogue import Catalogue
from http_server import Answer, HttpError, Request
from jobs import RANKS, TERMINAL, Jobs, QueueFull
from mongo import FOR_A_REQUEST, MetadataUnavailable
from objects import ObjectStore
from provider import Provider
from retrying import JobFailed, Transient
from settings import Settings, fits_in_a_header

_SOON = {"Retry-After": "1"}


class Api:
    """Answers requests."""

    def __init__(self, settings: Settings, provider: Provider, store: ObjectStore, catalogue: Catalogue, jobs: Jobs,
                 wake: Callable[[], None]):
        self._settings = settings
        self._provider = provider
        self._store = store
        self._catalogue = catalogue
        self._jobs = jobs
        self._wake = wake

    def answer(self, request: Request) -> Answer:
        """Route the request."""
        match request.path:
            case ["v1", "ingest"]:
                method, work = "POST", self._ingest
            case ["v1", "providers", "validate"]:
                method, work = "POST", self._validate
            case ["v1", "jobs", job_id] if job_id:
                method, work = "GET", lambda _: self._job(job_id)
            case ["v1", "logs"]:
                method, work = "GET", self._search
            case ["v1", "logs", log_id, "raw"] if log_id:
                method, work = "GET", lambda _: self._raw(log_id)
            case _:
                raise HttpError(404, "Not Found")
        if request.method != method and not (method == "GET" and request.method == "HEAD"):
            raise HttpError(405, "Method Not Allowed", {"Allow": "GET, HEAD" if method == "GET" else method})
        try:
            return work(request)
        except MetadataUnavailable as fault:
            raise HttpError(503, "Metadata Store Unavailable", _SOON) from fault

    # -- POST /v1/ingest ----------------------------------------------------------------------------------------

    def _ingest(self, request: Request) -> Answer:
        body = _json_object(request)
        provider_id = _string(body, "provider_id")
        if not isinstance(body.get("range"), dict):
            raise HttpError(400, "range must be an object with start and end")
        start, end = _instant(body["range"], "start"), _instant(body["range"], "end")
        if end[1] <= start[1]:
            raise HttpError(400, "range.end must be after range.start")
        if provider_id not in self._settings.providers:
            raise HttpError(400, "provider_id names no known provider")
        priority = body.get("priority", "normal")
        if not isinstance(priority, str) or priority not in RANKS:
            raise HttpError(400, "priority must be high, normal or low")
        try:
            job_id, ahead = self._jobs.submit(provider_id, start, end, priority)
        except QueueFull as fault:
            raise HttpError(429, "Queue Full", _SOON) from fault
        self._wake()
        estimate = 1000 * (1 + ahead // self._settings.concurrency)
        return Answer(202, {"job_id": job_id, "status": "queued", "estimated_completion_ms": estimate},
                      {"Location": f"/v1/jobs/{job_id}"})

    # -- GET /v1/jobs/{job_id} ----------------------------------------------------------------------------------

    def _job(self, job_id: str) -> Answer:
        job = self._jobs.find(job_id)
        if job is None:
            raise HttpError(404, "Job Not Found")
        if job["phase"] in TERMINAL:
            records, size = job["tally"]["records"], job["tally"]["bytes"]
        elif job["phase"] == "processing":
            so_far = self._catalogue.tally(job_id, FOR_A_REQUEST)
            records, size = so_far.records, so_far.bytes
        else:
            records, size = 0, 0
        shown = {
            "job_id": job_id,
            "state": job["phase"],
            "metrics": {"records_synced": records, "bytes_written": size},
            "artifacts": {},
        }
        if job["phase"] == "completed":
            shown["artifacts"] = {"s3_path": f"s3://{job['manifest']['bucket']}/{job['manifest']['key']}"}
        if job["phase"] == "failed":
            shown["error"] = {"code": shape.current.code(job["fault"]["code"]), "message": job["fault"]["message"]}
        return Answer(200, shown)

    # -- GET /v1/logs, GET /v1/logs/{log_id}/raw ----------------------------------------------------------------

    def _search(self, request: Request) -> Answer:
        limit = _whole_number(request, "limit", 50)
        offset = _whole_number(request, "offset", 0)
        if not 1 <= limit <= 1000:
            raise HttpError(400, "limit must be a whole number from 1 to 1000")
        rows, total = self._catalogue.page(limit, offset)
        data = [{"id": row["_id"], "checksum": shape.current.checksum(row["checksum"]), "timestamp": row["timestamp"]} for row in rows]
        return Answer(200, {"data": data, "meta": {"total_count": total, "has_more": offset + len(data) < total}})

    def _raw(self, log_id: str) -> Answer:
        record = self._catalogue.find(log_id)
        if record is None:
            raise HttpError(404, "Log Not Found")
        bucket, key = record["object"]["bucket"], record["object"]["key"]
        try:
            body = self._read(bucket, key)
        except (JobFailed, Transient) as fault:
            raise HttpError(503, "Raw Storage Unavailable", _SOON) from fault
        if body is None:
            log.line(f"ERROR the object of {log_id} is missing: s3://{bucket}/{key}")
            raise HttpError(shape.current.missing, "Raw Content Missing", {"Cache-Control": "no-store"},
                            log_id=log_id, checksum=shape.current.checksum(record["checksum"]))
        checksum = shape.current.checksum(record["checksum"])
        return Answer(200, body, {shape.current.checksum_header: checksum, "X-Content-Type-Options": "nosniff"})

    def _read(self, bucket: str, key: str) -> bytes | None:
        """Read an object; once more if the first try failed at once, for a silent store has been waited for enough."""
        begun = time.monotonic()
        try:
            return self._store.read(bucket, key)
        except Transient:
            if time.monotonic() - begun > 0.5:
                raise
        time.sleep(0.1)
        return self._store.read(bucket, key)

    # -- POST /v1/providers/validate ----------------------------------------------------------------------------

    def _validate(self, request: Request) -> Answer:
        body = _json_object(request)
        if _string(body, "provider_type") != "rest":
            raise HttpError(400, "provider_type must be rest")
        key = _string(body, "api_key")
        if not key.strip() or not fits_in_a_header(key):
            raise HttpError(400, "api_key is empty or cannot be sent in a header")
        begun = time.monotonic()
        try:
            status = self._provider.health(key)
        except Transient as fault:
            raise HttpError(502, "Provider Unreachable") from fault
        if status in (401, 403):
            raise HttpError(401, "Invalid Provider Credentials")
        if status != self._provider.healthy:
            raise HttpError(502, "Unexpected Provider Answer")
        return Answer(200, {"connection": "secure", "latency_ms": round((time.monotonic() - begun) * 1000)})


# -- reading requests -------------------------------------------------------------------------------------------


def _json_object(request: Request) -> dict:
    kind = (request.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise HttpError(415, "Content-Type must be application/json")
    if (request.headers.get("Content-Encoding") or "identity").strip().lower() != "identity":
        raise HttpError(415, "Content-Encoding is not supported", {"Accept-Encoding": "identity"})
    if request.body is None:
        raise HttpError(413, "The body is longer than 64 KiB")
    try:
        value = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise HttpError(400, "The body is not JSON") from None
    if not isinstance(value, dict):
        raise HttpError(400, "The body must be a JSON object")
    return value


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")


def _string(body: dict, name: str) -> str:
    if not isinstance(body.get(name), str):
        raise HttpError(400, f"{name} must be a string")
    return body[name]


def _instant(span: dict, name: str) -> tuple[str, instants.Instant]:
    try:
        return span.get(name), instants.parse_utc(span.get(name))
    except ValueError:
        raise HttpError(400, f"range.{name} must be an RFC 3339 timestamp in UTC") from None


def _whole_number(request: Request, name: str, default: int) -> int:
    values = [value for key, value in request.query if key == name]
    if not values:
        return default
    text = values[0]
    if len(values) > 1 or not (text.isascii() and text.isdigit()):
        raise HttpError(400, f"{name} must be a whole number")
    return int(text) if len(text) <= 4000 else 10**4000
