"""The configuration, read once from the environment."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit


class ConfigurationError(Exception):
    """One sentence that says what is wrong with the environment."""


@dataclass(frozen=True)
class Settings:
    """Everything section 6 of the contract names; times are in seconds."""

    bind_host: str
    port: int
    provider_base_url: str
    provider_api_key: str
    providers: frozenset[str]
    s3_endpoint: str
    s3_bucket: str
    region: str
    access_key_id: str
    secret_access_key: str
    mongodb_uri: str
    mongodb_db: str
    retry_base: float
    retry_max_attempts: int
    lease: float
    queue_limit: int
    concurrency: int
    call_timeout: float

    @classmethod
    def from_environment(cls, env=os.environ) -> "Settings":
        """Read and judge the environment; the first thing wrong with it is raised."""
        key = _text(env, "PROVIDER_API_KEY")
        if not fits_in_a_header(key):
            raise ConfigurationError("PROVIDER_API_KEY has characters that no HTTP header can carry.")
        providers = frozenset(name.strip() for name in _text(env, "VAULT_PROVIDERS").split(",") if name.strip())
        if not providers:
            raise ConfigurationError("VAULT_PROVIDERS names no provider.")
        return cls(
            bind_host=env.get("BIND_HOST") or "127.0.0.1",
            port=_number(env, "PORT", None, 0, 65535),
            provider_base_url=_url(env, "PROVIDER_BASE_URL"),
            provider_api_key=key,
            providers=providers,
            s3_endpoint=_url(env, "S3_ENDPOINT"),
            s3_bucket=_text(env, "S3_BUCKET"),
            region=_text(env, "AWS_REGION"),
            access_key_id=_text(env, "AWS_ACCESS_KEY_ID"),
            secret_access_key=_text(env, "AWS_SECRET_ACCESS_KEY"),
            mongodb_uri=_text(env, "MONGODB_URI"),
            mongodb_db=_text(env, "MONGODB_DB"),
            retry_base=_number(env, "VAULT_RETRY_BASE_MS", 100, 0) / 1000,
            retry_max_attempts=_number(env, "VAULT_RETRY_MAX_ATTEMPTS", 5, 1),
            lease=_number(env, "VAULT_LEASE_MS", 5000, 1) / 1000,
            queue_limit=_number(env, "VAULT_QUEUE_LIMIT", 1000, 0),
            concurrency=_number(env, "VAULT_CONCURRENCY", 4, 1),
            call_timeout=_number(env, "VAULT_CALL_TIMEOUT_MS", 3000, 1) / 1000,
        )


def fits_in_a_header(text: str) -> bool:
    """Whether the text can be sent as (part of) an HTTP header's value."""
    return all(32 <= ord(char) < 127 or 160 <= ord(char) < 256 for char in text)


def _text(env, name: str) -> str:
    value = env.get(name, "")
    if not value.strip():
        raise ConfigurationError(f"The environment variable {name} is missing.")
    return value


def _url(env, name: str) -> str:
    value = _text(env, name).rstrip("/")
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(f"The environment variable {name} is not an http or https URL.")
    return value


def _number(env, name: str, default: int | None, least: int, most: int = 2**31) -> int:
    value = (env.get(name) or "").strip() if default is not None else _text(env, name).strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and least <= int(value[:12]) <= most):
        raise ConfigurationError(f"The environment variable {name} is not a whole number from {least} to {most}.")
    return int(value)
