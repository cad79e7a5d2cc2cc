"""Who may write which log's object: what makes HEAD, then PUT safe without conditional writes.

A claim `{_id: log_id, job_id, token}` is good as long as the run that made it holds its job; so it needs no time
limit of its own, and the claims of a killed process are free when its lease is. A run holds one claim at a time, so
there is no deadlock.
"""

from contextlib import contextmanager

from pymongo.errors import DuplicateKeyError

from jobs import Jobs, Run
from mongo import FOR_A_JOB, MetadataUnavailable, Mongo


class Claims:
    """The `write_claims` collection: as many documents as logs are being written this moment."""

    def __init__(self, mongo: Mongo, jobs: Jobs):
        self._mongo = mongo
        self._claims = mongo.write_claims
        self._jobs = jobs

    @contextmanager
    def of(self, run: Run, log_id: str):
        """Claim the log, as soon as nobody alive holds it, and let go of it at the end of the block."""
        claim = {"_id": log_id, "job_id": run.job_id, "token": run.token}
        while not self._take(claim):
            run.pause(0.02)
            self._jobs.make_sure_of(run)
        try:
            yield
        finally:
            self._let_go(claim)

    def _take(self, claim: dict) -> bool:
        """Insert the claim, or inherit it from a run that is no more."""
        try:
            self._mongo.call(lambda: self._claims.insert_one(claim), FOR_A_JOB)
            return True
        except DuplicateKeyError:
            there = self._mongo.call(lambda: self._claims.find_one({"_id": claim["_id"]}), FOR_A_JOB)
        if there is None:
            return False
        if there["token"] == claim["token"]:
            return True  # written by a first try whose answer got lost
        if not self._jobs.is_live(there["job_id"], there["token"]):
            heir = {"$set": {"job_id": claim["job_id"], "token": claim["token"]}}
            stale = {"_id": there["_id"], "token": there["token"]}
            self._mongo.call(lambda: self._claims.update_one(stale, heir), FOR_A_JOB)
        return False  # the next look tells who holds it

    def _let_go(self, claim: dict) -> None:
        """Delete the claim. A claim that stays, MongoDB being away, dies with the run."""
        try:
            self._mongo.call(lambda: self._claims.delete_one({"_id": claim["_id"], "token": claim["token"]}))
        except MetadataUnavailable:
            pass

    def forget_former_runs(self, run: Run) -> None:
        """Delete what a killed process left of this job."""
        left = {"job_id": run.job_id, "token": {"$ne": run.token}}
        self._mongo.call(lambda: self._claims.delete_many(left), FOR_A_JOB)
