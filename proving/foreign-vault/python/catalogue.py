"""The `logs` collection: the metadata of what is stored."""

import hashlib
from dataclasses import dataclass

from pymongo.errors import BulkWriteError, DuplicateKeyError

import instants, shape
from mongo import FOR_A_JOB, Mongo
from provider import ListedLog

_DUPLICATE = 11000


@dataclass(frozen=True)
class Tally:
    """What a job wrote."""

    records: int
    bytes: int


def log_id_of(provider_id: str, source_id: str) -> str:
    """The id that this log has for ever."""
    if shape.current.log_id_of:
        return shape.current.log_id_of(provider_id, source_id)
    return "log_" + hashlib.sha256(f"{provider_id}\n{source_id}".encode()).hexdigest()[:24]


def checksum_of(body: bytes) -> str:
    """The checksum as it is recorded and shown."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def describe(log_id: str, provider_id: str, listed: ListedLog, job_id: str, bucket: str, key: str, body: bytes) -> dict:
    """The metadata of the bytes that are stored under this key. `instant` is this vault's own: it sorts."""
    return {
        "_id": log_id,
        "provider_id": provider_id,
        "source_id": listed.source_id,
        "job_id": job_id,
        "timestamp": listed.timestamp,
        "instant": listed.instant.key,
        "checksum": checksum_of(body),
        "bytes": len(body),
        "object": {"bucket": bucket, "key": key},
    }


class Catalogue:
    """Reads and writes metadata. A record, once written, is never changed (but for a missing `instant`)."""

    def __init__(self, mongo: Mongo):
        self._mongo = mongo
        self._logs = mongo.logs

    def find(self, log_id: str) -> dict | None:
        """One log's metadata."""
        wanted = {shape.current.paths["log_id"]: log_id}
        return shape.current.record(self._mongo.call(lambda: self._logs.find_one(wanted)))

    def known(self, log_ids: list[str]) -> dict[str, dict]:
        """The metadata there is for these ids."""
        wanted = {shape.current.paths["log_id"]: {"$in": log_ids}}
        found = self._mongo.call(lambda: list(self._logs.find(wanted)), FOR_A_JOB)
        return {record["_id"]: record for record in map(shape.current.record, found)}

    def record(self, records: list[dict]) -> None:
        """Write these records but for those that exist by now. Running it twice changes nothing."""
        if records:
            documents = [shape.current.document(record) for record in records]
            self._mongo.call(lambda: self._record(documents), FOR_A_JOB)

    def _record(self, records: list[dict]) -> None:
        for _ in range(3):
            ids = [record["_id"] for record in records]
            there = {found["_id"] for found in self._logs.find({"_id": {"$in": ids}}, {"_id": 1})}
            records = [record for record in records if record["_id"] not in there]
            if not records:
                return
            try:
                self._logs.insert_many(records, ordered=False)
                return
            except DuplicateKeyError:
                continue  # someone wrote one of them in between: all or some are still to be written
            except BulkWriteError as fault:
                if any(error.get("code") != _DUPLICATE for error in fault.details.get("writeErrors", [])):
                    raise
        for record in records:
            try:
                self._logs.insert_one(record)
            except DuplicateKeyError:
                pass

    def tally(self, job_id: str, patience: float) -> Tally:
        """How many records carry this job's id, and how many bytes they describe."""
        wanted = {shape.current.paths["job_id"]: job_id}
        found = self._mongo.call(lambda: list(self._logs.find(wanted)), patience)
        sizes = [record["bytes"] for record in map(shape.current.record, found)]
        return Tally(len(sizes), sum(sizes))

    def of_job(self, job_id: str) -> list[dict]:
        """The records this job wrote, in search order."""
        wanted = {shape.current.paths["job_id"]: job_id}
        found = self._mongo.call(lambda: list(self._logs.find(wanted)), FOR_A_JOB)
        return sorted(map(shape.current.record, found), key=lambda record: (record["instant"], record["_id"]))

    def page(self, limit: int, offset: int) -> tuple[list[dict], int]:
        """One page in search order, and how many records there are."""
        self._mongo.call(self._understand_strangers)
        total = self._mongo.call(lambda: self._logs.count_documents({}))
        if offset >= total:
            return [], total
        order = [("instant", 1), ("_id", 1)]
        rows = self._mongo.call(lambda: list(self._logs.find({}).sort(order).skip(offset).limit(limit)))
        return [shape.current.record(row) for row in rows], total

    def _understand_strangers(self) -> None:
        """Give records that another vault wrote the `instant` this one sorts by."""
        for stranger in self._logs.find({"instant": None}, {"timestamp": 1}):
            try:
                instant = instants.parse(stranger.get("timestamp")).key
            except ValueError:
                instant = ""
            self._logs.update_one({"_id": stranger["_id"]}, {"$set": {"instant": instant}})
