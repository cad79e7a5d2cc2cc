#!/usr/bin/python3
"""Audit Vault, second implementation: the process.

Reads its configuration from the environment (section 6 of the contract), serves until SIGTERM or SIGINT.
"""

import signal
import sys
import threading

from foreign_vault import log
from foreign_vault.api import Api
from foreign_vault.catalogue import Catalogue
from foreign_vault.claims import Claims
from foreign_vault.dispatcher import Dispatcher
from foreign_vault.http_server import VaultServer
from foreign_vault.ingest import Ingest
from foreign_vault.jobs import Jobs
from foreign_vault.mongo import Mongo
from foreign_vault.objects import ObjectStore
from foreign_vault.provider import Provider
from foreign_vault.settings import ConfigurationError, Settings


def main() -> int:
    """Wire the parts together, serve, and leave in good order."""
    try:
        settings = Settings.from_environment()
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
