"""One line per event on stderr, with every configured secret blotted out."""

import sys
import time
from urllib.parse import urlsplit

_secrets: set[str] = set()


def keep_secret(api_key: str, secret_key: str, mongodb_uri: str) -> None:
    """Name the strings that must never appear in a line."""
    _secrets.update(text for text in (api_key, secret_key) if text)
    try:
        password = urlsplit(mongodb_uri).password
    except ValueError:
        password = None
    if password:
        _secrets.add(password)


def redact(text: str) -> str:
    """The text without the secrets."""
    for secret in _secrets:
        text = text.replace(secret, "***")
    return text


def line(text: str) -> None:
    """Write one line."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    try:
        sys.stderr.write(f"{stamp} {redact(text)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody listens any more; the vault goes on
