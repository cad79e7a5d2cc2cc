#!/usr/bin/python3
"""Audit Vault, second implementation: the process.

Reads its configuration from the environment (section 6 of the contract), serves until SIGTERM or SIGINT.
"""

import signal
import sys
import threading

import os

import log
import shape
from api import Api
from catalogue import Catalogue
from claims import Claims
from dispatcher import Dispatcher
from http_server import VaultServer
from ingest import Ingest
from jobs import Jobs
from mongo import Mongo
from objects import ObjectStore
from provider import Provider
from settings import ConfigurationError, Settings


def main() -> int:
    """Wire the parts together, serve, and leave in good order."""
    env = os.environ
    if sys.argv[1:] == ["archive"]:
        shape.use(shape.ARCHIVE)
        env = {name.removeprefix("ARCHIVE_"): value for name, value in os.environ.items()}
    try:
        settings = Settings.from_environment(env)
    except ConfigurationError as problem:
        print(problem, file=sys.stderr)
        return 2

    log.keep_secret(settings.provider_api_key, settings.secret_access_key, settings.mongodb_uri)
    mongo = Mongo(settings)
    catalogue = Catalogue(mongo)
    jobs = Jobs(mongo, settings)
    claims = Claims(mongo, jobs)
    provider = Provider(settings)
    store = ObjectStore(settings)
    ingest = Ingest(settings, provider, store, catalogue, jobs, claims)
    dispatcher = Dispatcher(settings, mongo, jobs, catalogue, ingest)
    api = Api(settings, provider, store, catalogue, jobs, dispatcher.wake)

    leave = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: leave.set())

    try:
        server = VaultServer((settings.bind_host, settings.port), api)
    except OSError as problem:
        print(f"Cannot listen on {settings.bind_host}:{settings.port}: {problem.strerror}.", file=sys.stderr)
        return 1
    dispatcher.start()
    server.start()
    log.line(f"listening on http://{settings.bind_host}:{server.server_port}")

    leave.wait()
    log.line("stopping: no new requests, running jobs are handed back")
    server.stop(patience=5)
    dispatcher.stop(patience=settings.call_timeout + 3)
    log.line("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
