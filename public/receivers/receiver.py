# A receiver of Dumont's webhooks, with the standard library alone. DUMONT_WEBHOOK_SECRET=whsec_… python3 receiver.py
import hashlib, hmac, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["DUMONT_WEBHOOK_SECRET"].encode()
TOLERANCE_S = 300


def verify(header: str, body: bytes) -> bool:
    parts = [part.split("=", 1) for part in header.split(",") if "=" in part]
    timestamp = next((value for name, value in parts if name == "t"), "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    expected = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    # While a secret is being rotated there are several; one that matches is enough.
    return any(hmac.compare_digest(expected.encode(), value.encode()) for name, value in parts if name == "v1")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        ok = verify(self.headers.get("x-webhook-signature", ""), body)
        self.send_response(204 if ok else 401)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
