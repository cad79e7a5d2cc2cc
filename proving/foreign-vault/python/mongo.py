"""The connection to MongoDB: retried by time, indexes made sure of again after every absence."""

import threading
import time
from typing import Callable, TypeVar

import pymongo
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

import log, shape
from settings import Settings

Result = TypeVar("Result")

#: Seconds an operation is tried again: for a request that someone waits for, and for a job nobody waits for.
FOR_A_REQUEST = 2.5
FOR_A_JOB = 10.0


class MetadataUnavailable(Exception):
    """MongoDB could not be had in the time there was."""


class Mongo:
    """Hands out collections and runs operations on them. Operations must bear being run twice."""

    def __init__(self, settings: Settings):
        self._client = pymongo.MongoClient(
            settings.mongodb_uri,
            connect=False,
            serverSelectionTimeoutMS=2000,
            connectTimeoutMS=2000,
            socketTimeoutMS=int(min(max(settings.call_timeout, 2.0), 3.0) * 1000),
            waitQueueTimeoutMS=3000,
            retryWrites=False,
            retryReads=False,
            w="majority",
        )
        database = self._client[settings.mongodb_db]
        self.logs = database[shape.current.collection]
        self.jobs = database["jobs"]
        self.write_claims = database["write_claims"]
        self._indexed = threading.Event()

    def call(self, operation: Callable[[], Result], patience: float = FOR_A_REQUEST) -> Result:
        """Run the operation, again and again for `patience` seconds while MongoDB fails."""
        give_up = time.monotonic() + patience
        while True:
            try:
                return operation()
            except (DuplicateKeyError, BulkWriteError):
                raise
            except PyMongoError as fault:
                self._indexed.clear()  # who comes back may not be who went
                if time.monotonic() >= give_up:
                    raise MetadataUnavailable(type(fault).__name__) from fault
                time.sleep(0.1)

    def ensure_indexes(self, patience: float = FOR_A_REQUEST) -> None:
        """Create what coalescing, the queue limit and the search order rest on, unless done since the last absence."""
        if self._indexed.is_set():
            return
        self.call(self._create_indexes, patience)
        self._indexed.set()

    def keep_indexed(self, stopping: threading.Event) -> None:
        """Body of a thread: see to it that the indexes exist, whenever they may not."""
        told = False
        while not stopping.is_set():
            try:
                self.ensure_indexes(patience=0)
                told = False
            except MetadataUnavailable as fault:
                if not told:
                    log.line(f"MongoDB is not there ({fault}); trying on")
                told = True
            stopping.wait(0.5)

    def _create_indexes(self) -> None:
        self.jobs.create_index([("twin", 1)], unique=True, sparse=True, name="one_job_per_range")
        self.jobs.create_index([("slot", 1)], unique=True, sparse=True, name="one_job_per_queue_slot")
        self.jobs.create_index([("phase", 1), ("rank", 1), ("born", 1)], name="next_in_line")
        self.logs.create_index([("instant", 1), ("_id", 1)])
        self.logs.create_index([(shape.current.paths["job_id"], 1)])
