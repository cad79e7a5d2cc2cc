"""One job's work: list, store one log after the other, seal, write the manifest."""

import json
import time

import shape
from catalogue import Catalogue, Tally, describe, checksum_of, log_id_of
from claims import Claims
from jobs import Jobs, Run
from objects import ObjectStore
from provider import ListedLog, Provider
from retrying import JobFailed, RetryPolicy, Transient
from settings import Settings

_BATCH = 50
_FLUSH_EVERY = 0.3  # seconds


class Ingest:
    """Does a job from wherever its last holder left it."""

    def __init__(self, settings: Settings, provider: Provider, store: ObjectStore, catalogue: Catalogue,
                 jobs: Jobs, claims: Claims):
        self._provider = provider
        self._store = store
        self._catalogue = catalogue
        self._jobs = jobs
        self._claims = claims
        self._policy = RetryPolicy(settings.retry_base, settings.retry_max_attempts)

    def work(self, run: Run) -> tuple[Tally, str, str]:
        """Do it all; answers what this job wrote and the manifest's bucket and key."""
        if not run.job.get("sealed"):
            self._claims.forget_former_runs(run)
            listed = self._list(run)
            for begin in range(0, len(listed), _BATCH):
                self._store_batch(run, dict(listed[begin:begin + _BATCH]))
            self._jobs.make_sure_of(run)
            self._jobs.seal(run)
        return self._write_manifest(run)

    # -- listing ------------------------------------------------------------------------------------------------

    def _list(self, run: Run) -> list[tuple[str, ListedLog]]:
        """Every log of the range, by log id, each once."""
        spec = run.job["spec"]
        found: dict[str, ListedLog] = {}
        seen: set[str] = set()
        cursor = None
        while True:
            logs, cursor = self._policy.run(
                lambda _: self._page(spec, cursor, seen), "provider_unavailable", run.pause
            )
            for listed in logs:
                found.setdefault(log_id_of(spec["provider_id"], listed.source_id), listed)
            if cursor is None:
                return list(found.items())
            seen.add(cursor)

    def _page(self, spec: dict, cursor: str | None, seen: set[str]):
        logs, following = self._provider.page(spec["provider_id"], spec["start"], spec["end"], cursor)
        if following in seen:
            raise Transient("the provider's listing goes round in circles")
        return logs, following

    # -- storing ------------------------------------------------------------------------------------------------

    def _store_batch(self, run: Run, batch: dict[str, ListedLog]) -> None:
        known = self._catalogue.known(list(batch))
        written: list[dict] = []
        flushed = time.monotonic()
        try:
            for log_id, listed in batch.items():
                if log_id in known:
                    self._keep_readable(run, known[log_id], listed)
                    continue
                written.append(self._store_log(run, log_id, listed))
                if time.monotonic() - flushed > _FLUSH_EVERY:
                    self._flush(run, written)
                    flushed = time.monotonic()
        except JobFailed:
            self._flush(run, written)
            raise
        self._flush(run, written)

    def _flush(self, run: Run, written: list[dict]) -> None:
        self._jobs.make_sure_of(run)
        self._catalogue.record(written)
        written.clear()

    def _store_log(self, run: Run, log_id: str, listed: ListedLog) -> dict:
        """Have the log's object in the store and describe the bytes that are there, be they this run's or not."""
        provider_id, bucket = run.job["spec"]["provider_id"], self._store.bucket
        key = shape.current.object_key(listed.instant.day, provider_id, log_id)
        with self._claims.of(run, log_id):
            body = self._read_if_there(run, bucket, key)
            if body is None:
                payload = self._payload(run, provider_id, listed)
                body = self._upload(run, bucket, key, payload)
        return describe(log_id, provider_id, listed, run.job_id, bucket, key, body)

    def _keep_readable(self, run: Run, record: dict, listed: ListedLog) -> None:
        """A log that is known must be readable too when the job completes: put back a lost object."""
        bucket, key = record["object"]["bucket"], record["object"]["key"]
        if self._is_there(run, bucket, key):
            return
        with self._claims.of(run, record["_id"]):
            if self._is_there(run, bucket, key):
                return
            payload = self._payload(run, record["provider_id"], listed)
            if checksum_of(payload) != record["checksum"]:
                raise JobFailed("content_changed", f"the object of {record['_id']} is lost, and the provider's "
                                                   "payload is no longer the one that was recorded")
            self._upload(run, bucket, key, payload)

    def _payload(self, run: Run, provider_id: str, listed: ListedLog) -> bytes:
        if listed.payload is not None:
            return listed.payload
        return self._policy.run(
            lambda _: self._provider.payload(provider_id, listed.source_id), "provider_unavailable", run.pause
        )

    def _is_there(self, run: Run, bucket: str, key: str) -> bool:
        return self._policy.run(lambda _: self._store.has(bucket, key), "storage_unavailable", run.pause)

    def _read_if_there(self, run: Run, bucket: str, key: str) -> bytes | None:
        return self._policy.run(lambda _: self._stored(bucket, key), "storage_unavailable", run.pause)

    def _stored(self, bucket: str, key: str) -> bytes | None:
        return self._store.read(bucket, key) if self._store.has(bucket, key) else None

    def _upload(self, run: Run, bucket: str, key: str, body: bytes) -> bytes:
        """Upload, having looked that nothing is there; answers the bytes the store holds in the end."""

        def attempt(number: int) -> bytes:
            if number > 1:  # a failed upload may have arrived; before the first, the caller has looked
                there = self._stored(bucket, key)
                if there is not None:
                    return there
            self._jobs.make_sure_of(run)
            self._store.put(bucket, key, body)
            return body

        return self._policy.run(attempt, "storage_unavailable", run.pause)

    # -- the end ------------------------------------------------------------------------------------------------

    def _write_manifest(self, run: Run) -> tuple[Tally, str, str]:
        """Write the manifest, which after sealing is the same whoever writes it, whenever."""
        spec, bucket = run.job["spec"], self._store.bucket
        key = shape.current.manifest_key(run.job["day"], run.job_id)
        records = self._catalogue.of_job(run.job_id)
        if not self._is_there(run, bucket, key):
            manifest = {
                "job_id": run.job_id,
                "provider_id": spec["provider_id"],
                "range": {"start": spec["start"], "end": spec["end"]},
                "logs": [{
                    "id": record["_id"],
                    "key": record["object"]["key"],
                    "checksum": shape.current.checksum(record["checksum"]),
                    "bytes": record["bytes"],
                } for record in records],
            }
            self._upload(run, bucket, key, json.dumps(manifest, indent=1).encode())
        return Tally(len(records), sum(record["bytes"] for record in records)), bucket, key
