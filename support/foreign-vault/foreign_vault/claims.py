"""Who may write which log's object: what makes HEAD, then PUT safe without conditional writes.

A claim `{_id: log_id, job_id, token}` is good as long as the run that made it holds its job; so it needs no time
limit of its own, and the claims of a killed process are free when its lease is. A run that waits for a claim holds
none, so there is no deadlock.
"""

from pymongo.errors import BulkWriteError, DuplicateKeyError

from .jobs import Jobs, Run
from .mongo import FOR_A_JOB, MetadataUnavailable, Mongo


class Claims:
    """The `write_claims` collection: as many documents as logs are being written this moment."""

    def __init__(self, mongo: Mongo, jobs: Jobs):
        self._mongo = mongo
        self._claims = mongo.write_claims
        self._jobs = jobs

    def take_all(self, run: Run, log_ids: list[str]) -> bool:
        """Claim all of these at once, or none."""
        if not log_ids:
            return True
        wanted = [{"_id": log_id, "job_id": run.job_id, "token": run.token} for log_id in log_ids]
        try:
            self._mongo.call(lambda: self._claims.insert_many(wanted, ordered=True), FOR_A_JOB)
            return True
        except (DuplicateKeyError, BulkWriteError):
            self.release(run)
            return False

    def take(self, run: Run, log_id: str) -> None:
        """Claim this one, as soon as nobody alive holds it."""
        wanted = {"_id": log_id, "job_id": run.job_id, "token": run.token}
        while True:
            try:
                self._mongo.call(lambda: self._claims.insert_one(wanted), FOR_A_JOB)
                return
            except DuplicateKeyError:
                other = self._mongo.call(lambda: self._claims.find_one({"_id": log_id}), FOR_A_JOB)
            if other is None:
                continue
            if other["token"] == run.token:
                return
            if not self._jobs.is_live(other["job_id"], other["token"]):
                change = {"$set": {"job_id": run.job_id, "token": run.token}}
                self._mongo.call(
                    lambda: self._claims.update_one({"_id": log_id, "token": other["token"]}, change), FOR_A_JOB
                )
                continue
            run.pause(0.05)
            self._jobs.make_sure_of(run)

    def release(self, run: Run) -> None:
        """Let go of everything this run claimed."""
        self._mongo.call(lambda: self._claims.delete_many({"token": run.token}), FOR_A_JOB)

    def drop(self, run: Run) -> None:
        """The same at the end of a run, when it no longer matters whether it works."""
        try:
            self._mongo.call(lambda: self._claims.delete_many({"token": run.token}), patience=0)
        except MetadataUnavailable:
            pass
