# A receiver of webhooks signed with Ed25519. pip install cryptography; DUMONT_JWKS_URL=https://… python3 receiver-ed25519.py
import base64, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE_S = 300
CACHE_S = 300
known = {"keys": [], "at": float("-inf")}


def public_keys() -> list[Ed25519PublicKey]:
    if time.monotonic() - known["at"] > CACHE_S:
        with urlopen(os.environ["DUMONT_JWKS_URL"]) as answer:
            jwks = json.load(answer)["keys"]
        raw = [base64.urlsafe_b64decode(key["x"] + "=") for key in jwks]
        known.update(keys=[Ed25519PublicKey.from_public_bytes(each) for each in raw], at=time.monotonic())
    return known["keys"]


def matches(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
        return True
    except InvalidSignature:
        return False


def verify(headers, body: bytes) -> bool:
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    message = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    parts = headers.get("webhook-signature", "").split(" ")
    signatures = [base64.b64decode(part[4:]) for part in parts if part.startswith("v1a,")]
    return any(matches(key, signature, message) for key in public_keys() for signature in signatures)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(204 if verify(self.headers, body) else 401)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
