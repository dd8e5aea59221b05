"""Attacks on access tokens (JWT): every forged, stale or foreign one is refused with 401."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
import respx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from kernel import auth
from kernel.auth import Verifier
from kernel.errors import Problem
from kernel.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JWKS_URL = "http://api.test/auth/v1/.well-known/jwks.json"
SECRET = "a-shared-secret-of-more-than-32-characters"
USER_ID = "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11"


def jwk(public_key: Any, kid: str, **more: Any) -> dict[str, Any]:
    algorithm = (
        jwt.algorithms.RSAAlgorithm
        if isinstance(public_key, rsa.RSAPublicKey)
        else jwt.algorithms.ECAlgorithm
    )
    return {**algorithm.to_jwk(public_key, as_dict=True), "kid": kid, "use": "sig", **more}


def pem(public_key: Any) -> bytes:
    encoded: bytes = public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Time that a test moves by hand, for the age of keys."""
    now = {"seconds": 1000.0}
    monkeypatch.setattr(time, "monotonic", lambda: now["seconds"])
    return now


@pytest.fixture
def key_server(
    environment: Callable[..., None],
    ec_key: ec.EllipticCurvePrivateKey,
    rsa_key: rsa.RSAPrivateKey,
) -> Iterator[respx.Route]:
    """A project that signs with published keys and knows no shared secret."""
    environment(SUPABASE_JWT_SECRET=None)
    with respx.mock(assert_all_called=False) as router:
        yield router.get(JWKS_URL).mock(
            return_value=httpx.Response(
                200,
                json={
                    "keys": [jwk(ec_key.public_key(), "ec-1"), jwk(rsa_key.public_key(), "rsa-1")]
                },
            )
        )


@pytest.fixture
def shared(environment: Callable[..., None]) -> Verifier:
    """A verifier with a shared secret only."""
    environment()
    return Verifier(settings())


def refuse(verifier: Verifier, token: str | None) -> None:
    with pytest.raises(Problem) as caught:
        verifier.caller(None if token is None else f"Bearer {token}")
    assert caught.value.status == 401
    assert caught.value.code == "unauthenticated"


def test_a_user_token_is_accepted(shared: Verifier, mint: Callable[..., str]) -> None:
    token = mint()
    caller = shared.caller(f"Bearer {token}")
    assert (caller.user_id, caller.token) == (USER_ID, token)
    assert shared.caller(f"bearer  {token}") == caller


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, ["HS256"], {}])
def test_30_no_algorithm_in_any_spelling(shared: Verifier, algorithm: Any) -> None:
    claims = {
        "sub": USER_ID,
        "aud": "authenticated",
        "role": "authenticated",
        "exp": int(time.time()) + 60,
    }
    for signature in ("", part(b"x"), part(b"\0" * 32)):
        refuse(shared, f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}.{signature}")


@pytest.mark.usefixtures("key_server")
def test_31_public_key_is_not_a_secret(
    mint: Callable[..., str], ec_key: ec.EllipticCurvePrivateKey, rsa_key: rsa.RSAPrivateKey
) -> None:
    verifier = Verifier(settings())
    for kid, key in (("ec-1", ec_key.public_key()), ("rsa-1", rsa_key.public_key())):
        forms = [
            pem(key),
            pem(key).strip(),
            key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
            json.dumps(jwk(key, kid)).encode(),
        ]
        for form in forms:
            header = part({"alg": "HS256", "typ": "JWT", "kid": kid})
            signed = f"{header}.{mint().split('.')[1]}"
            signature = hmac.new(form, signed.encode(), hashlib.sha256).digest()
            refuse(verifier, f"{signed}.{part(signature)}")


def test_31_public_key_configured_as_secret_is_refused(
    environment: Callable[..., None], ec_key: ec.EllipticCurvePrivateKey
) -> None:
    environment(SUPABASE_JWT_SECRET=pem(ec_key.public_key()).decode())
    with pytest.raises(ValueError, match="not a shared secret"):
        settings()


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "http://evil.test/keys"},
        {"x5u": "http://evil.test/cert"},
        {"x5c": ["MIIB"]},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"typ": "at+jwt"},
    ],
)
def test_32_headers_that_ask_for_more(
    key_server: respx.Route,
    mint: Callable[..., str],
    ec_key: ec.EllipticCurvePrivateKey,
    header: dict[str, Any],
) -> None:
    verifier = Verifier(settings())
    refuse(verifier, mint(ec_key, "ES256", {"kid": "ec-1", **header}))
    assert not key_server.called


def test_32_unknown_kid_fetches_once_an_interval(
    key_server: respx.Route,
    mint: Callable[..., str],
    ec_key: ec.EllipticCurvePrivateKey,
    clock: dict[str, float],
) -> None:
    verifier = Verifier(settings())
    for number in range(20):
        refuse(verifier, mint(ec_key, "ES256", {"kid": f"made-up-{number}"}))
    assert key_server.call_count == 1
    clock["seconds"] += auth.KEYS_RETRY_SECONDS
    for number in range(20):
        refuse(verifier, mint(ec_key, "ES256", {"kid": f"made-up-{number}"}))
    assert key_server.call_count == 2


@pytest.mark.usefixtures("key_server")
@pytest.mark.parametrize("kid", [None, "", "rsa-1", "../ec-1", "ec-1' or '1'='1"])
def test_32_kid_of_nothing_or_of_another_key(
    mint: Callable[..., str], ec_key: ec.EllipticCurvePrivateKey, kid: str | None
) -> None:
    refuse(Verifier(settings()), mint(ec_key, "ES256", {} if kid is None else {"kid": kid}))


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": -30},
        {"exp": -auth.LEEWAY_SECONDS - 1},
        {"nbf": 60},
        {"iat": 60},
        {"exp": -1_000_000_000},
    ],
)
def test_33_outside_its_time(
    shared: Verifier, mint: Callable[..., str], claims: dict[str, int]
) -> None:
    now = int(time.time())
    refuse(shared, mint(**{name: now + offset for name, offset in claims.items()}))


def test_33_leeway_is_small() -> None:
    assert auth.LEEWAY_SECONDS <= 30


@pytest.mark.parametrize("exp", ["soon", "", True, [9999999999], {}, -1])
def test_33_strange_expiry(shared: Verifier, exp: Any) -> None:
    claims = {"sub": USER_ID, "aud": "authenticated", "role": "authenticated", "exp": exp}
    payload = part(claims)
    header = part({"alg": "HS256", "typ": "JWT"})
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{header}.{payload}".encode(), SECRET.encode()
    )
    refuse(shared, f"{header}.{payload}.{part(signature)}")


def test_33_an_absurdly_late_expiry_is_no_fault(shared: Verifier, mint: Callable[..., str]) -> None:
    assert shared.caller(f"Bearer {mint(exp=10**400)}").user_id == USER_ID


@pytest.mark.parametrize("constant", ["Infinity", "NaN", "1e999", "-Infinity"])
def test_33_not_a_number(shared: Verifier, constant: str) -> None:
    payload = part(
        f'{{"sub":"{USER_ID}","aud":"authenticated","role":"authenticated","exp":{constant}}}'.encode()
    )
    header = part({"alg": "HS256", "typ": "JWT"})
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{header}.{payload}".encode(), SECRET.encode()
    )
    refuse(shared, f"{header}.{payload}.{part(signature)}")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": None},
        {"aud": "anon"},
        {"aud": ""},
        {"aud": ["other"]},
        {"aud": "AUTHENTICATED"},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
    ],
)
def test_34_missing_or_wrong_claims(
    shared: Verifier, mint: Callable[..., str], claims: dict[str, Any]
) -> None:
    refuse(shared, mint(**claims))


def test_34_issuer_when_configured(
    environment: Callable[..., None], mint: Callable[..., str]
) -> None:
    environment(JWT_ISSUER="http://api.test/auth/v1")
    verifier = Verifier(settings())
    refuse(verifier, mint())
    refuse(verifier, mint(iss="http://evil.test/auth/v1"))
    refuse(verifier, mint(iss="http://api.test/auth/v1/"))
    assert verifier.caller(f"Bearer {mint(iss='http://api.test/auth/v1')}").user_id == USER_ID


@pytest.mark.usefixtures("key_server")
def test_35_another_projects_token(mint: Callable[..., str]) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    refuse(Verifier(settings()), mint(other, "ES256", {"kid": "ec-1"}))
    refuse(Verifier(settings()), mint("another-secret-with-more-than-32-characters"))
    refuse(Verifier(settings()), mint())


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer sb_publishable_test",
        "Bearer sb_secret_test",
        "Basic dXNlcjpwYXNz",
        "Bearer a.b",
        "Bearer a.b.c.d",
        "Bearer ..",
        "Bearer a.b.c",
        "Bearer \u017e.\u017e.\u017e",
        f"Bearer {part(b'[' * 5000)}.{part({})}.x",
        f"Bearer {part(b'{')}.{part({})}.x",
        f"Bearer {part([])}.{part({})}.x",
        f"Bearer {part(b'null')}.{part({})}.x",
    ],
)
def test_35_what_is_no_user_token(shared: Verifier, authorization: str | None) -> None:
    with pytest.raises(Problem) as caught:
        shared.caller(authorization)
    assert caught.value.status == 401


@pytest.mark.parametrize(
    "role",
    [
        None,
        "anon",
        "service_role",
        "postgres",
        "Authenticated",
        "authenticated ",
        "owner",
        ["authenticated"],
        {"authenticated": True},
        True,
        1,
    ],
)
def test_36_only_the_role_of_users(shared: Verifier, mint: Callable[..., str], role: Any) -> None:
    refuse(shared, mint(role=role))


@pytest.mark.parametrize(
    "subject",
    [
        "1' or '1'='1",
        "00000000-0000-0000-0000-00000000000",
        "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11\n",
        "5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11\x00",
        "\uff15d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11",
        "{5d1f6b5e-6f5b-4a77-9c38-0d3a8b7a1c11}",
        "\u202e",
        "x" * 10_000,
    ],
)
def test_37_strange_subject(shared: Verifier, mint: Callable[..., str], subject: str) -> None:
    refuse(shared, mint(sub=subject))


def test_37_long_token(shared: Verifier, mint: Callable[..., str]) -> None:
    refuse(shared, mint(padding="x" * auth.TOKEN_MAX_LENGTH))


def test_38_rotated_key_dies(
    key_server: respx.Route,
    mint: Callable[..., str],
    ec_key: ec.EllipticCurvePrivateKey,
    clock: dict[str, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier = Verifier(settings())
    token = mint(ec_key, "ES256", {"kid": "ec-1"})
    assert verifier.caller(f"Bearer {token}").user_id == USER_ID
    successor = ec.generate_private_key(ec.SECP256R1())
    key_server.mock(
        return_value=httpx.Response(200, json={"keys": [jwk(successor.public_key(), "ec-2")]})
    )
    minutes = 20 * 60
    clock["seconds"] += minutes
    new = mint(successor, "ES256", {"kid": "ec-2"})
    later = time.time() + minutes
    monkeypatch.setattr(time, "time", lambda: later)
    refuse(verifier, token)
    assert verifier.caller(f"Bearer {new}").user_id == USER_ID


def test_38_outage_keeps_known_keys(
    key_server: respx.Route,
    mint: Callable[..., str],
    ec_key: ec.EllipticCurvePrivateKey,
    clock: dict[str, float],
) -> None:
    verifier = Verifier(settings())
    assert verifier.caller(f"Bearer {mint(ec_key, 'ES256', {'kid': 'ec-1'})}")
    for fault in (
        httpx.ConnectError("down"),
        httpx.ReadTimeout("slow"),
        httpx.Response(503),
        httpx.Response(302, headers={"location": "http://evil.test/"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"keys": None}),
        httpx.Response(200, content=b"x" * (auth.KEYS_MAX_BYTES + 1)),
    ):
        if isinstance(fault, Exception):
            key_server.mock(side_effect=fault)
        else:
            key_server.mock(side_effect=None, return_value=fault)
        before = key_server.call_count
        clock["seconds"] += auth.KEYS_REFRESH_SECONDS + 1
        token = mint(ec_key, "ES256", {"kid": "ec-1"}, jti=str(clock["seconds"]))
        assert verifier.caller(f"Bearer {token}").user_id == USER_ID
        refuse(verifier, mint(ec_key, "ES256", {"kid": "unknown"}))
        assert key_server.call_count == before + 1
    clock["seconds"] += auth.KEYS_SURVIVE_OUTAGE_SECONDS
    refuse(verifier, mint(ec_key, "ES256", {"kid": "ec-1"}, jti="late"))


def test_published_keys_of_both_kinds_work(
    key_server: respx.Route,
    mint: Callable[..., str],
    ec_key: ec.EllipticCurvePrivateKey,
    rsa_key: rsa.RSAPrivateKey,
) -> None:
    verifier = Verifier(settings())
    assert verifier.caller(f"Bearer {mint(ec_key, 'ES256', {'kid': 'ec-1'})}")
    assert verifier.caller(f"Bearer {mint(rsa_key, 'RS256', {'kid': 'rsa-1'})}")
    assert key_server.call_count == 1


def test_weak_and_foreign_entries_of_a_key_set_are_left_out(
    key_server: respx.Route, mint: Callable[..., str], rsa_key: rsa.RSAPrivateKey
) -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - the point of the test
    curve = ec.generate_private_key(ec.SECP384R1())
    key_server.mock(
        return_value=httpx.Response(
            200,
            json={
                "keys": [
                    {"kty": "oct", "k": part(SECRET.encode()), "kid": "oct", "alg": "HS256"},
                    jwk(weak.public_key(), "weak"),
                    jwk(curve.public_key(), "p384"),
                    jwk(rsa_key.public_key(), "encrypts", use="enc"),
                    jwk(rsa_key.public_key(), "other-alg", alg="RS512"),
                    {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
                    {"kid": 7},
                    jwk(rsa_key.public_key(), "good"),
                ]
            },
        )
    )
    verifier = Verifier(settings())
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        weak_token = mint(weak, "RS256", {"kid": "weak"})
    refuse(verifier, weak_token)
    for kid in ("encrypts", "other-alg", "broken", "oct"):
        refuse(verifier, mint(rsa_key, "RS256", {"kid": kid}))
    refuse(verifier, mint(SECRET, "HS256", {"kid": "oct"}))
    assert verifier.caller(f"Bearer {mint(rsa_key, 'RS256', {'kid': 'good'})}")


def test_the_memory_of_verified_tokens_is_bounded_and_short(
    shared: Verifier, mint: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "VERIFIED_MAX_COUNT", 8)
    for number in range(30):
        shared.caller(f"Bearer {mint(jti=str(number))}")
    assert len(shared._verified) == 8
    token = mint(exp=int(time.time()) + 5, jti="short")
    shared.caller(f"Bearer {token}")
    later = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: later)
    kept = [until for _, until in shared._verified.values()]
    assert max(kept) <= later + auth.VERIFIED_SECONDS
    assert all(token not in str(digest) for digest in shared._verified)


def test_without_a_secret_the_projects_own_key_address_is_used(
    environment: Callable[..., None],
) -> None:
    environment(SUPABASE_JWT_SECRET=None)
    assert settings().jwks_url == JWKS_URL
    environment(SUPABASE_JWT_SECRET=SECRET)
    assert settings().jwks_url is None
    environment(SUPABASE_JWKS_URL="https://keys.test/jwks")
    assert settings().jwks_url == "https://keys.test/jwks"
    assert isinstance(settings(), Settings)
