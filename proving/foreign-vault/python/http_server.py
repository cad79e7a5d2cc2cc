"""HTTP/1.1 for the API: keep-alive, bounded bodies, JSON errors. Knows nothing of the vault."""

import json
import socket
import threading
import time
import traceback
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote

import log

BODY_LIMIT = 64 * 1024
_DRAIN_LIMIT = 16 * 1024 * 1024


class HttpError(Exception):
    """An answer that is an error; `more` are further members of its body."""

    def __init__(self, status: int, error: str, headers: dict | None = None, **more):
        super().__init__(error)
        self.status, self.headers = status, headers or {}
        self.body = {"error": error, **more}


@dataclass
class Request:
    """What was asked. `body` is None when it was longer than BODY_LIMIT."""

    method: str
    path: list[str]
    query: list[tuple[str, str]]
    headers: object
    body: bytes | None


@dataclass
class Answer:
    """What is answered: a JSON value, or bytes as they are."""

    status: int
    body: object
    headers: dict = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The bytes of the body."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class VaultServer(ThreadingHTTPServer):
    """A thread per connection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, api):
        super().__init__(address, _Connection)
        self.api = api
        self.stopping = threading.Event()
        self._busy = 0
        self._lock = threading.Lock()

    def server_bind(self):
        """Bind without looking up the host's name, which may take long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def start(self) -> None:
        """Serve in a thread."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self, patience: float) -> None:
        """Accept no more, let the requests under way end."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        give_up = time.monotonic() + patience
        while self._busy and time.monotonic() < give_up:
            time.sleep(0.02)

    def count(self, change: int) -> None:
        """Keep the number of requests under way."""
        with self._lock:
            self._busy += change

    def handle_error(self, request, client_address):
        """A connection broke; its client knows."""


class _Connection(BaseHTTPRequestHandler):
    """One client's connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75

    def answer_request(self) -> None:
        """One request of any method."""
        self.server.count(+1)
        try:
            self._send(self._answer())
        except OSError:
            self.close_connection = True
        finally:
            self.server.count(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = answer_request

    def _answer(self) -> Answer:
        try:
            body = self._read_body()
        except HttpError as error:
            return Answer(error.status, error.body, error.headers)
        try:
            target = self.path if self.path.startswith("/") else "/" + self.path.partition("://")[2].partition("/")[2]
            path, _, query = target.partition("?")
            segments = [unquote(segment, errors="replace") for segment in path.split("/")[1:]]
            pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
            return self.server.api.answer(Request(self.command, segments, pairs, self.headers, body))
        except HttpError as error:
            return Answer(error.status, error.body, error.headers)
        except Exception:
            log.line("a request met a bug:\n" + traceback.format_exc())
            return Answer(500, {"error": "Internal Error"})

    # -- bodies -------------------------------------------------------------------------------------------------

    def handle_expect_100(self):
        """Said only when the body is wanted, see _read_body."""
        return True

    def _read_body(self) -> bytes | None:
        """The body, or None if it is too long; it is read away then, so that the client gets to the answer."""
        lengths = self.headers.get_all("Content-Length") or []
        coding = self.headers.get("Transfer-Encoding")
        if coding is not None and (coding.strip().lower() != "chunked" or lengths):
            raise self._hopeless("Unusable Transfer-Encoding")
        if len(set(lengths)) > 1 or (lengths and not (lengths[0].isascii() and lengths[0].isdigit())):
            raise self._hopeless("Unusable Content-Length")
        length = int(lengths[0][:18]) if lengths else 0
        if self.headers.get("Expect", "").strip().lower() == "100-continue" and (length or coding):
            if length > BODY_LIMIT:
                self.close_connection = True
                return None
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        taken = bytearray()
        total = 0
        for piece in self._chunked() if coding else self._counted(length):
            total += len(piece)
            if total <= BODY_LIMIT:
                taken += piece
            elif total > _DRAIN_LIMIT:
                self.close_connection = True
                return None
        return bytes(taken) if total <= BODY_LIMIT else None

    def _counted(self, length: int):
        while length:
            piece = self.rfile.read(min(length, 65536))
            if not piece:
                raise self._hopeless("The body is shorter than its Content-Length")
            length -= len(piece)
            yield piece

    def _chunked(self):
        while True:
            text = self.rfile.readline(1024).split(b";")[0].strip()
            try:
                length = int(text, 16) if text.isalnum() else -1
            except ValueError:
                length = -1
            if length < 0:
                raise self._hopeless("Malformed chunk")
            if length == 0:
                while self.rfile.readline(65536).strip():
                    pass  # trailers
                return
            yield from self._counted(length)
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise self._hopeless("Malformed chunk")

    def _hopeless(self, error: str) -> HttpError:
        """After this, nobody knows where the next request begins."""
        self.close_connection = True
        return HttpError(400, error)

    # -- answers ------------------------------------------------------------------------------------------------

    def _send(self, answer: Answer) -> None:
        body = answer.encoded()
        if self.server.stopping.is_set():
            self.close_connection = True
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
        if self.close_connection:
            headers["Connection"] = "close"
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        head = b"".join(self._headers_buffer) + b"\r\n"
        self._headers_buffer = []
        self.wfile.write(head if self.command == "HEAD" else head + body)
        if self.close_connection:
            self._linger()

    def _linger(self) -> None:
        """Read on for a moment: closing on unread bytes would reset the connection under the answer."""
        give_up = time.monotonic() + 2
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(0.5)
            while time.monotonic() < give_up and self.connection.recv(65536):
                pass
        except OSError:
            pass

    def send_error(self, code, message=None, explain=None):
        """What the base class finds wrong with a request line or its headers, said in JSON."""
        self.close_connection = True
        if not hasattr(self, "_headers_buffer"):
            self._headers_buffer = []
        self.command = getattr(self, "command", None)
        self.request_version = getattr(self, "request_version", "") or "HTTP/1.1"
        status = 405 if code == 501 else int(code)
        try:
            self._send(Answer(status, {"error": message if code != 501 and message else "Method Not Allowed"}))
        except OSError:
            pass

    def version_string(self):
        """The Server header."""
        return "foreign-vault"

    def log_message(self, *_):
        """No access log: queries and bodies are the clients' affair."""
