"""The object store, by boto3: one attempt per call, the faults sorted into passing and lasting ones."""

import base64
import hashlib
import http.client

import boto3
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from retrying import JobFailed, Transient, seconds_of
from settings import Settings

_BROKEN = (BotoCoreError, ResponseParserError, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
_PASSING_CODES = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "BadDigest", "OperationAborted"}


class ObjectStore:
    """HEAD, GET and PUT of whole objects. Lasting refusals are JobFailed `storage_rejected`."""

    def __init__(self, settings: Settings):
        self.bucket = settings.s3_bucket
        session = boto3.session.Session(
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret_access_key,
            region_name=settings.region,
        )
        self._client = session.client("s3", endpoint_url=settings.s3_endpoint, config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
            connect_timeout=settings.call_timeout,
            read_timeout=settings.call_timeout,
            max_pool_connections=64,
            proxies={},
        ))

    def has(self, bucket: str, key: str) -> bool:
        """Whether the object is there. (A missing bucket looks like a missing object here; PUT and GET tell.)"""
        try:
            self._client.head_object(Bucket=bucket, Key=key)
            return True
        except ClientError as fault:
            if _status(fault) == 404:
                return False
            raise _sorted_out(fault, "looking for an object") from fault
        except _BROKEN as fault:
            raise _sorted_out(fault, "looking for an object") from fault

    def read(self, bucket: str, key: str) -> bytes | None:
        """All bytes of the object; None when the store says that there is no such object."""
        try:
            return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as fault:
            if _code(fault) == "NoSuchKey":
                return None
            raise _sorted_out(fault, "reading an object") from fault
        except _BROKEN as fault:
            raise _sorted_out(fault, "reading an object") from fault

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """One upload of the whole object."""
        checksum = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        try:
            self._client.put_object(
                Bucket=bucket, Key=key, Body=body, ContentType="application/json", ContentMD5=checksum
            )
        except (ClientError, *_BROKEN) as fault:
            raise _sorted_out(fault, "an upload") from fault


def _status(fault: ClientError) -> int:
    return int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", ""))


def _sorted_out(fault: Exception, doing: str) -> Exception:
    """Transient or JobFailed, whichever the fault is."""
    if isinstance(fault, ParamValidationError):
        return JobFailed("storage_rejected", f"{doing} was malformed")
    if not isinstance(fault, ClientError):
        return Transient(f"{doing} failed ({type(fault).__name__})")
    status, code = _status(fault), _code(fault)
    told = f"{doing} was answered {status} {code}"
    if status >= 500 or status in (408, 409, 429) or code in _PASSING_CODES:
        headers = fault.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        return Transient(told, seconds_of(headers.get("retry-after")))
    return JobFailed("storage_rejected", told)
