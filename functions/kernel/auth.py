"""Who is calling: verifies Supabase access tokens. What they may do is decided by RLS, not here."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from kernel.errors import unauthenticated
from kernel.logs import log
from kernel.settings import Settings, settings

LEEWAY_SECONDS: Final = 10
TOKEN_MAX_LENGTH: Final = 8192
KEYS_REFRESH_SECONDS: Final = 600
KEYS_RETRY_SECONDS: Final = 30
# While the key server is out, the keys at hand stay good, but not for ever: whoever holds a stolen,
# rotated key must not profit from keeping us away from the news.
KEYS_SURVIVE_OUTAGE_SECONDS: Final = 24 * 3600
KEYS_MAX_COUNT: Final = 32
KEYS_MAX_BYTES: Final = 256 * 1024
VERIFIED_SECONDS: Final = 60
VERIFIED_MAX_COUNT: Final = 4096
RSA_MIN_BITS: Final = 2048

_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# jku, x5u, x5c, jwk, crit, b64, zip and whatever comes next: a header that asks for more than a
# known key and algorithm is refused before anything is looked up.
_HEADER_NAMES = frozenset({"alg", "kid", "typ"})

PublicKey = RSAPublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified user and the token that proves it, which goes on to the API."""

    user_id: str
    token: str


class SigningKeys:
    """The project's public keys, with a bounded, self-refreshing memory."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(timeout=5.0, follow_redirects=False)
        self._lock = threading.Lock()
        self._keys: dict[tuple[str, str], PublicKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")

    def find(self, kid: str, algorithm: str) -> PublicKey | None:
        """The key of this id for this algorithm, or None.

        An unknown id causes a fetch, because a new key may have come into use, but no more than
        one per interval: made-up ids must not turn into traffic.
        """
        now = time.monotonic()
        age = now - self._fetched_at
        known = self._keys.get((kid, algorithm))
        if age > KEYS_REFRESH_SECONDS or known is None:
            # Callers with a key at hand do not queue behind the one that refreshes.
            if self._lock.acquire(blocking=known is None):
                try:
                    self._refresh(now)
                finally:
                    self._lock.release()
            known = self._keys.get((kid, algorithm))
        if time.monotonic() - self._fetched_at > KEYS_SURVIVE_OUTAGE_SECONDS:
            return None
        return known

    def _refresh(self, asked_at: float) -> None:
        if asked_at - self._tried_at < KEYS_RETRY_SECONDS:
            return
        self._tried_at = time.monotonic()
        try:
            keys = _read_keys(self._fetch())
        except (httpx.HTTPError, ValueError, TypeError, AttributeError) as error:
            log.error("signing_keys_unavailable", error=error)
            return
        self._keys = keys
        self._fetched_at = self._tried_at

    def _fetch(self) -> bytes:
        with self._client.stream("GET", self._url) as answer:
            answer.raise_for_status()
            content = b""
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > KEYS_MAX_BYTES:
                    raise ValueError("key set too large")
        return content


def _read_keys(content: bytes) -> dict[tuple[str, str], PublicKey]:
    keys: dict[tuple[str, str], PublicKey] = {}
    for entry in json.loads(content)["keys"][:KEYS_MAX_COUNT]:
        kid = entry.get("kid")
        algorithm = {"RSA": "RS256", "EC": "ES256"}.get(entry.get("kty"))
        if (
            not isinstance(kid, str)
            or algorithm is None
            or entry.get("alg", algorithm) != algorithm
            or entry.get("use", "sig") != "sig"
            or "d" in entry
        ):
            continue
        try:
            key = jwt.PyJWK(entry, algorithm).key
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        strong = (isinstance(key, RSAPublicKey) and key.key_size >= RSA_MIN_BITS) or (
            isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
        )
        if strong:
            keys.setdefault((kid, algorithm), key)
    return keys


class Verifier:
    """Turns an Authorization header into a caller, or raises `unauthenticated`."""

    def __init__(self, config: Settings) -> None:
        self._audience = config.jwt_audience
        self._issuer = config.jwt_issuer
        secret = config.supabase_jwt_secret
        self._secret = secret.get_secret_value() if secret else None
        self._keys = SigningKeys(config.jwks_url) if config.jwks_url else None
        self._verified: dict[bytes, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def caller(self, authorization: str | None) -> Caller:
        """The caller behind a bearer token."""
        token = bearer_token(authorization)
        # Remembering a verified token for a minute spares the signature check. It grants nothing:
        # every query still runs as this user under RLS. The digest keeps tokens out of memory.
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        now = time.time()
        if known is not None and now < known[1]:
            return Caller(known[0], token)
        claims = self._claims(token)
        user_id = claims["sub"].lower()
        good_until = min(now + VERIFIED_SECONDS, int(claims["exp"]))
        with self._lock:
            while len(self._verified) >= VERIFIED_MAX_COUNT:
                self._verified.pop(next(iter(self._verified)))
            self._verified[digest] = (user_id, good_until)
        return Caller(user_id, token)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key, algorithm = self._key(header)
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "aud", "sub", *(["iss"] if self._issuer else [])]},
            )
        except (
            jwt.PyJWTError,
            ValueError,
            TypeError,
            OverflowError,
            RecursionError,
            AttributeError,
        ):
            raise unauthenticated() from None
        subject, role = claims["sub"], claims.get("role")
        if not isinstance(subject, str) or not _UUID.fullmatch(subject):
            raise unauthenticated()
        # A service_role or anon token proves a machine or nobody, not a user.
        if not isinstance(role, str) or role != "authenticated":
            raise unauthenticated()
        return claims

    def _key(self, header: dict[str, Any]) -> tuple[PublicKey | str, str]:
        """The key that this algorithm may use: the secret for HS256, a published key for the rest.

        The two never mix, so a public key cannot serve as a secret.
        """
        algorithm = header.get("alg")
        if not has_plain_header(header):
            raise unauthenticated()
        if algorithm == "HS256" and self._secret:
            return self._secret, "HS256"
        kid = header.get("kid")
        if algorithm in {"ES256", "RS256"} and isinstance(kid, str) and self._keys:
            key = self._keys.find(kid, algorithm)
            if key is not None:
                return key, algorithm
        raise unauthenticated()


@cache
def verifier() -> Verifier:
    """The process's verifier."""
    return Verifier(settings())


def bearer_token(authorization: str | None) -> str:
    """The token of an Authorization header, if it is one that can be read."""
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or len(token) > TOKEN_MAX_LENGTH or not _TOKEN.fullmatch(token):
        raise unauthenticated()
    return token


def has_plain_header(header: dict[str, Any]) -> bool:
    """Whether a token's header asks for nothing beyond a known key and algorithm."""
    typ = header.get("typ", "JWT")
    return _HEADER_NAMES.issuperset(header) and isinstance(typ, str) and typ.upper() == "JWT"


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its usual spelling."""
    return _UUID.fullmatch(text) is not None
