"""The one retry policy for the provider and the object store, and the words for what went wrong."""

import random
import threading
from typing import Callable, TypeVar

Result = TypeVar("Result")


class Transient(Exception):
    """A call failed in a way that may pass. `retry_after` is what the other side asked for, in seconds."""

    def __init__(self, reason: str, retry_after: float = 0.0):
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class JobFailed(Exception):
    """The job cannot succeed; `code` and the message go into its record."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


class RunInterrupted(Exception):
    """This process must let go of the job: its lease is lost, or the vault is stopping."""


class RetryPolicy:
    """Exponential backoff with jitter: after the n-th failure 60 to 100 % of `base * 2^(n-1)`."""

    def __init__(self, base: float, max_attempts: int):
        self.base = base
        self.max_attempts = max_attempts

    def backoff(self, failures: int) -> float:
        """The wait after this many failures, in seconds."""
        return self.base * 2 ** (failures - 1) * random.uniform(0.6, 1.0)

    def run(self, attempt: Callable[[int], Result], exhausted: str, pause: Callable[[float], None]) -> Result:
        """Call `attempt(number)` until it does not raise Transient; give up as JobFailed with code `exhausted`."""
        number = 1
        while True:
            try:
                return attempt(number)
            except Transient as fault:
                if number >= self.max_attempts:
                    raise JobFailed(exhausted, f"gave up after {number} attempts: {fault.reason}") from fault
                pause(max(self.backoff(number), fault.retry_after))
            number += 1


def seconds_of(header: str | None) -> float:
    """A Retry-After header in seconds; dates and nonsense count as none."""
    text = (header or "").strip()
    return min(float(text), threading.TIMEOUT_MAX) if text.isascii() and text.isdigit() else 0.0
