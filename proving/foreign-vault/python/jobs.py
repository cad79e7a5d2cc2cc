"""The `jobs` collection: the queue, its limit, coalescing and leases.

A document: `{_id, phase, rank, born, spec, twin, slot, holder, held_until, sealed, tally, manifest, fault}`.

* `twin` names provider and instants while the job is not terminal. Its unique index makes coalescing race-free.
* `slot` is a number below the queue limit while the job is pending. Its unique index makes the limit race-free.
* `holder` is the token of the run that works on the job, `held_until` (ms) the end of its lease.
"""

import random
import threading
import time
import uuid
from dataclasses import dataclass, field

from pymongo.errors import DuplicateKeyError

from catalogue import Tally
from instants import Instant
from mongo import FOR_A_JOB, FOR_A_REQUEST, MetadataUnavailable, Mongo
from retrying import RunInterrupted
from settings import Settings

RANKS = {"high": 0, "normal": 1, "low": 2}
TERMINAL = ("completed", "failed")


class QueueFull(Exception):
    """No slot is free."""


@dataclass
class Run:
    """One process's hold on one job."""

    job: dict
    token: str
    held_until: float  # monotonic seconds: until then the lease is certain
    interrupted: threading.Event = field(default_factory=threading.Event)

    @property
    def job_id(self) -> str:
        """The job that is run."""
        return self.job["_id"]

    def pause(self, seconds: float) -> None:
        """Wait, unless the run is to end."""
        if self.interrupted.wait(seconds):
            raise RunInterrupted()


class Jobs:
    """Every step compares and sets in one update of one document, and can be told from its outcome."""

    def __init__(self, mongo: Mongo, settings: Settings):
        self._mongo = mongo
        self._jobs = mongo.jobs
        self._limit = settings.queue_limit
        self._lease = settings.lease

    def submit(self, provider_id: str, start: tuple[str, Instant], end: tuple[str, Instant], priority: str):
        """Queue a job, or find the one that is doing this already. Answers its id and how many are pending."""
        self._mongo.ensure_indexes()
        twin = "\n".join((provider_id, start[1].key, end[1].key))
        job = {
            "_id": f"job_{uuid.uuid4().hex}",
            "phase": "pending",
            "rank": RANKS[priority],
            "born": time.time_ns(),
            "spec": {"provider_id": provider_id, "start": start[0], "end": end[0], "priority": priority},
            "day": start[1].day,
            "twin": twin,
        }
        give_up = time.monotonic() + 8
        while time.monotonic() < give_up:
            known = self._of_twin(twin)
            if known:
                return known, 0
            taken = self._mongo.call(self._taken_slots)
            if len(taken) >= self._limit:
                known = self._of_twin(twin)  # the last slot may have gone to the very same request
                if known:
                    return known, 0
                raise QueueFull()
            job["slot"] = random.randrange(self._limit)
            while job["slot"] in taken:
                job["slot"] = random.randrange(self._limit)
            try:
                self._mongo.call(lambda: self._jobs.insert_one(job))
                return job["_id"], len(taken)
            except DuplicateKeyError:
                if self.find(job["_id"]):  # written by a first try whose answer got lost
                    return job["_id"], len(taken)
                continue  # a twin came first, or another job took the slot: look again
        raise MetadataUnavailable("no queue slot could be taken in time")

    def _taken_slots(self) -> set[int]:
        return {waiting["slot"] for waiting in self._jobs.find({"phase": "pending"}, {"slot": 1}) if "slot" in waiting}

    def _of_twin(self, twin: str) -> str | None:
        found = self._mongo.call(lambda: self._jobs.find_one({"twin": twin}, {"_id": 1}))
        return found["_id"] if found else None

    def find(self, job_id: str, patience: float = FOR_A_REQUEST) -> dict | None:
        """The job's document."""
        return self._mongo.call(lambda: self._jobs.find_one({"_id": job_id}), patience)

    def claim(self, running: set[str]) -> Run | None:
        """Take over a job whose holder is gone, else the next pending one. One try at MongoDB, no waiting."""
        return self._mongo.call(lambda: self._claim(running), patience=0)

    def _claim(self, running: set[str]) -> Run | None:
        left = {"phase": "processing", "held_until": {"$lt": _now()}, "_id": {"$nin": sorted(running)}}
        for job in self._jobs.find(left).limit(8):
            run = self._take(job, {"phase": "processing", "holder": job.get("holder"), "held_until": {"$lt": _now()}})
            if run:
                return run
        waiting = self._jobs.find({"phase": "pending"}).sort([("rank", 1), ("born", 1), ("_id", 1)]).limit(8)
        for job in waiting:
            run = self._take(job, {"phase": "pending"})
            if run:
                return run
        return None

    def _take(self, job: dict, still: dict) -> Run | None:
        """Become the holder if the document is still as it was seen."""
        token, begun = uuid.uuid4().hex, time.monotonic()
        held = {"phase": "processing", "holder": token, "held_until": _now() + round(self._lease * 1000)}
        done = self._jobs.update_one({"_id": job["_id"], **still}, {"$set": held, "$unset": {"slot": ""}})
        return Run({**job, **held}, token, begun + self._lease) if done.modified_count == 1 else None

    def renew(self, run: Run, patience: float = 0) -> bool:
        """Prolong the lease; False when it is somebody else's by now, or the job is over or gone."""
        begun = time.monotonic()
        until = _now() + round(self._lease * 1000)
        done = self._mongo.call(
            lambda: self._jobs.update_one(self._held(run), {"$set": {"held_until": until}}), patience
        )
        if done.matched_count == 1:
            run.held_until = begun + self._lease
            return True
        return False

    def make_sure_of(self, run: Run) -> None:
        """Raise RunInterrupted unless this run holds its job now. To be called before anything is written."""
        if run.interrupted.is_set():
            raise RunInterrupted()
        if time.monotonic() >= run.held_until and not self.renew(run, FOR_A_JOB):
            run.interrupted.set()
            raise RunInterrupted()

    def is_live(self, job_id: str, token: str) -> bool:
        """Whether that run holds its job."""
        alive = {"_id": job_id, "phase": "processing", "holder": token, "held_until": {"$gte": _now()}}
        return self._mongo.call(lambda: self._jobs.find_one(alive, {"_id": 1}), FOR_A_JOB) is not None

    def seal(self, run: Run) -> None:
        """Note that all logs are stored: who resumes the job writes the same manifest, and lists no more."""
        done = self._mongo.call(
            lambda: self._jobs.update_one(self._held(run), {"$set": {"sealed": True}}), FOR_A_JOB
        )
        if done.matched_count != 1:
            raise RunInterrupted()

    def complete(self, run: Run, tally: Tally, bucket: str, key: str) -> None:
        """The job's good end."""
        self._end(run, {"phase": "completed", "manifest": {"bucket": bucket, "key": key}}, tally)

    def fail(self, run: Run, tally: Tally, code: str, message: str) -> None:
        """The job's bad end."""
        self._end(run, {"phase": "failed", "fault": {"code": code, "message": message}}, tally)

    def _end(self, run: Run, outcome: dict, tally: Tally) -> None:
        """One update if this run still holds the job. Run twice, the second finds nothing to do."""
        outcome = {**outcome, "tally": {"records": tally.records, "bytes": tally.bytes}}
        gone = {"twin": "", "holder": "", "held_until": "", "slot": ""}
        self._mongo.call(
            lambda: self._jobs.update_one(self._held(run), {"$set": outcome, "$unset": gone}), FOR_A_JOB
        )

    def hand_back(self, run: Run) -> None:
        """End the lease now, so that another process need not wait for it to run out."""
        self._mongo.call(lambda: self._jobs.update_one(self._held(run), {"$set": {"held_until": 0}}), patience=0)

    @staticmethod
    def _held(run: Run) -> dict:
        return {"_id": run.job_id, "phase": "processing", "holder": run.token}


def _now() -> int:
    return time.time_ns() // 1_000_000
