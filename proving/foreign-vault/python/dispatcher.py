"""The part that is always there: takes jobs, keeps their leases, writes their ends."""

import threading
import time
import traceback

import log
from catalogue import Catalogue
from ingest import Ingest
from jobs import Jobs, Run
from mongo import FOR_A_JOB, MetadataUnavailable, Mongo
from retrying import JobFailed, RunInterrupted
from settings import Settings


class Dispatcher:
    """One thread claims, one keeps leases, one thread per running job works."""

    def __init__(self, settings: Settings, mongo: Mongo, jobs: Jobs, catalogue: Catalogue, ingest: Ingest):
        self._mongo = mongo
        self._jobs = jobs
        self._catalogue = catalogue
        self._ingest = ingest
        self._concurrency = settings.concurrency
        self._poll = min(0.2, settings.lease / 4)
        self._beat = settings.lease / 3
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()
        self._call = threading.Event()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the threads."""
        for body in (self._dispatch, self._keep_leases, lambda: self._mongo.keep_indexed(self._stopping)):
            threading.Thread(target=body, daemon=True).start()

    def wake(self) -> None:
        """There may be something to do."""
        self._call.set()

    def stop(self, patience: float) -> None:
        """Take no more jobs, interrupt the running ones and hand them back."""
        self._stopping.set()
        self.wake()
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            running = self._running()
            if not running:
                return
            for run in running:
                run.interrupted.set()
            time.sleep(0.02)

    def _running(self) -> list[Run]:
        with self._lock:
            return list(self._runs.values())

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._call.clear()
            running = self._running()
            run = None
            if len(running) < self._concurrency:
                try:
                    run = self._jobs.claim({run.job_id for run in running})
                except MetadataUnavailable:
                    pass
                except Exception:
                    log.line("claiming a job failed:\n" + traceback.format_exc())
            if run is None:
                self._call.wait(self._poll)
                continue
            with self._lock:
                self._runs[run.job_id] = run
            threading.Thread(target=self._work, args=(run,), daemon=True).start()

    def _keep_leases(self) -> None:
        while not self._stopping.wait(self._beat):
            for run in self._running():
                try:
                    if not self._jobs.renew(run):
                        run.interrupted.set()
                except MetadataUnavailable:
                    pass  # the run finds out itself, before it writes
                except Exception:
                    log.line("renewing a lease failed:\n" + traceback.format_exc())

    def _work(self, run: Run) -> None:
        try:
            self._to_the_end(run)
        except Exception:
            log.line(f"{run.job_id} was dropped, its lease will run out:\n" + traceback.format_exc())
        finally:
            with self._lock:
                self._runs.pop(run.job_id, None)
            self.wake()

    def _to_the_end(self, run: Run) -> None:
        try:
            tally, bucket, key = self._ingest.work(run)
            self._persist(run, lambda: self._jobs.complete(run, tally, bucket, key))
            log.line(f"{run.job_id} completed: {tally.records} records, {tally.bytes} bytes")
        except RunInterrupted:
            self._let_go(run)
        except JobFailed as failure:
            self._fail(run, failure.code, failure.message)
        except MetadataUnavailable as fault:
            self._fail(run, "metadata_unavailable", f"MongoDB could not be reached ({fault})")
        except Exception:
            log.line(f"{run.job_id} met a bug:\n" + traceback.format_exc())
            self._fail(run, "internal_error", "the vault has a bug; its log says which")

    def _fail(self, run: Run, code: str, message: str) -> None:
        message = log.redact(message)

        def write() -> None:
            self._jobs.fail(run, self._catalogue.tally(run.job_id, FOR_A_JOB), code, message)

        try:
            self._persist(run, write)
            log.line(f"{run.job_id} failed: {code}, {message}")
        except RunInterrupted:
            self._let_go(run)

    def _persist(self, run: Run, write) -> None:
        """Write a job's end, however long MongoDB is away."""
        while True:
            if run.interrupted.is_set():
                raise RunInterrupted()
            try:
                write()
                return
            except MetadataUnavailable:
                pass

    def _let_go(self, run: Run) -> None:
        try:
            self._jobs.hand_back(run)
        except MetadataUnavailable:
            pass  # the lease will run out
        log.line(f"{run.job_id} was let go")
