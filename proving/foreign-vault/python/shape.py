"""The shape of this vault: where things lie, what they are called, and which language its provider speaks.

`CONTRACT` is the contract's own. `ARCHIVE` is another one, by which the suite is tried with a vault that was not built
to its layout (`archive.yaml` is its profile): nobody outside can compute its ids and keys.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Callable

_IDS = uuid.UUID("5b9d2f0e-8c5f-4f2a-9d6e-0e3f5a1c7b42")

#: The archive's words for the codes of failed jobs.
_ARCHIVE_CODES = {
    "storage_unavailable": "STORAGE_DOWN",
    "storage_rejected": "STORAGE_REFUSED",
    "provider_unavailable": "SOURCE_DOWN",
    "provider_unauthorized": "SOURCE_DENIED",
    "provider_rejected": "SOURCE_REFUSED",
    "metadata_unavailable": "CATALOGUE_DOWN",
}


@dataclass(frozen=True)
class Shape:
    """Everything that differs. Records inside the vault are as the contract has them; documents are in this shape."""

    collection: str
    paths: dict[str, str]
    log_id_of: Callable[[str, str], str] | None
    checksum_header: str
    missing: int
    codes: dict[str, str]
    inline: bool

    def checksum(self, checksum: str) -> str:
        """The checksum as it is shown."""
        return checksum.removeprefix("sha256:") if self.inline else checksum

    def object_key(self, day: str, provider_id: str, log_id: str) -> str:
        """Where the object of a log lies; it depends on the log alone."""
        return f"blobs/{uuid.uuid5(_IDS, 'blob ' + log_id).hex}" if self.inline else f"{day}/{provider_id}/{log_id}.json"

    def manifest_key(self, day: str, job_id: str) -> str:
        """Where the manifest of a job lies."""
        return f"imports/{job_id}.json" if self.inline else f"{day}/{job_id}/logs.json"

    def code(self, code: str) -> str:
        """The word for a contract's code."""
        return self.codes.get(code, code)

    def document(self, record: dict) -> dict:
        """The document of a record."""
        if not self.inline:
            return record
        return {
            "_id": "entry:" + record["_id"],
            "logId": record["_id"],
            "source": {"provider": record["provider_id"], "event": record["source_id"]},
            "importedBy": record["job_id"],
            "occurredAt": record["timestamp"],
            "instant": record["instant"],
            "content": {
                "sha256": self.checksum(record["checksum"]),
                "size": record["bytes"],
                "uri": f"s3://{record['object']['bucket']}/{record['object']['key']}",
            },
        }

    def record(self, document: dict | None) -> dict | None:
        """The record of a document."""
        if document is None or not self.inline:
            return document
        bucket, _, key = document["content"]["uri"].removeprefix("s3://").partition("/")
        return {
            "_id": document["logId"],
            "provider_id": document["source"]["provider"],
            "source_id": document["source"]["event"],
            "job_id": document["importedBy"],
            "timestamp": document["occurredAt"],
            "instant": document["instant"],
            "checksum": "sha256:" + document["content"]["sha256"],
            "bytes": document["content"]["size"],
            "object": {"bucket": bucket, "key": key},
        }


CONTRACT = Shape(
    collection="logs",
    paths={"log_id": "_id", "job_id": "job_id"},
    log_id_of=None,
    checksum_header="X-Vault-Checksum",
    missing=410,
    codes={},
    inline=False,
)

ARCHIVE = Shape(
    collection="evidence",
    paths={"log_id": "logId", "job_id": "importedBy"},
    log_id_of=lambda provider_id, source_id: str(uuid.uuid5(_IDS, f"{provider_id}\n{source_id}")),
    checksum_header="X-Content-SHA256",
    missing=424,
    codes=_ARCHIVE_CODES,
    inline=True,
)


def entries(listing: bytes) -> list[tuple[object, bytes]]:
    """The entries of a list, each with its bytes as they came."""
    text = listing.decode("utf-8")
    decoder = json.JSONDecoder()
    if not isinstance(json.loads(text), list):
        raise ValueError("not a list")
    found, at = [], text.index("[") + 1
    while True:
        at = _past_space(text, at)
        if text[at] == "]":
            return found
        value, end = decoder.raw_decode(text, at)
        found.append((value, text[at:end].encode("utf-8")))
        at = _past_space(text, end)
        if text[at] == ",":
            at += 1


def _past_space(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at


current = CONTRACT


def use(shape: Shape) -> None:
    """Take this shape, before anything else is made."""
    global current
    current = shape
