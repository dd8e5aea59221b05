"""Settings: described, frozen, without default secrets, refused when they cannot be right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr, ValidationError

from kernel.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]


def private_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def test_every_setting_is_described_and_no_secret_has_a_default() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        if "secret" in name or "key" in name:
            assert field.default is None or field.is_required(), name


def test_settings_are_read_once_and_frozen(environment: Callable[..., None]) -> None:
    environment()
    assert settings() is settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings().supabase_url = "http://evil.test"


def test_secrets_do_not_show(environment: Callable[..., None]) -> None:
    environment()
    assert isinstance(settings().supabase_jwt_secret, SecretStr)
    assert "a-shared-secret" not in repr(settings())


@pytest.mark.parametrize(
    "variables",
    [
        {"SUPABASE_URL": None},
        {"SUPABASE_URL": "api.test"},
        {"SUPABASE_URL": "ftp://api.test"},
        {"SUPABASE_PUBLISHABLE_KEY": None},
        {"SUPABASE_JWT_SECRET": "short"},
        {"CORS_ALLOWED_ORIGINS": "*"},
        {"CORS_ALLOWED_ORIGINS": "https://app.example.org/"},
        {"CORS_ALLOWED_ORIGINS": "https://ok.example.org, null"},
        {"VIDEO_PROVIDER": "zoom"},
        {"VIDEO_PROVIDER": "public"},
        {"VIDEO_PROVIDER": "jitsi", "JITSI_DOMAIN": "meet.test"},
        {"VIDEO_PROVIDER": "jaas", "JAAS_APP_ID": "vpaas-magic-cookie-1", "JAAS_KEY_ID": "k"},
        {"JITSI_DOMAIN": "meet.test/path"},
        {"JAAS_APP_ID": "other"},
        {"JAAS_PRIVATE_KEY": "no key"},
        {"JAAS_PRIVATE_KEY": private_pem(ec.generate_private_key(ec.SECP256R1()))},
        {"UPSTREAM_TIMEOUT_SECONDS": "0"},
    ],
)
def test_settings_that_cannot_be_right(
    environment: Callable[..., None], variables: dict[str, str | None]
) -> None:
    environment(**variables)
    with pytest.raises(ValidationError):
        settings()


def test_a_key_may_have_its_line_breaks_escaped(environment: Callable[..., None]) -> None:
    pem = private_pem(rsa.generate_private_key(65537, 2048))
    for spelling in (pem, pem.replace("\n", "\\n"), '"' + pem.replace("\n", "\\n") + '"'):
        environment(
            VIDEO_PROVIDER="jaas",
            JAAS_APP_ID="vpaas-magic-cookie-1",
            JAAS_KEY_ID="k",
            JAAS_PRIVATE_KEY=spelling,
        )
        assert settings().jaas_private_key


def test_the_example_names_every_setting() -> None:
    example = (ROOT / "functions" / ".env.example").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"\n{name.upper()}=" in example, name
