"""Configuration from the environment: read once, on first use, and never changed after."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HMAC_SECRET_MIN_LENGTH = 32
RSA_MIN_BITS = 2048


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http(s) address")
    return value.rstrip("/")


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"}:
        raise ValueError("an origin is scheme://host[:port], without a path or wildcard")
    return value.lower()


def _split(value: object) -> object:
    return (
        [item.strip() for item in value.split(",") if item.strip()]
        if isinstance(value, str)
        else value
    )


def _pairs(value: object) -> object:
    items = _split(value)
    return dict(item.partition("=")[::2] for item in items) if isinstance(items, list) else value


def _hmac_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if len(text) < HMAC_SECRET_MIN_LENGTH:
        raise ValueError(f"must have at least {HMAC_SECRET_MIN_LENGTH} characters")
    if "-----BEGIN" in text or text.startswith(("ssh-", "ecdsa-")) or '"kty"' in text:
        raise ValueError("is a key, not a shared secret: use SUPABASE_JWKS_URL for public keys")
    return value


def rsa_private_key(value: SecretStr) -> RSAPrivateKey:
    """Read a PEM key that came through an environment variable."""
    text = value.get_secret_value().strip().strip('"').replace("\\n", "\n")
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < RSA_MIN_BITS:
        raise ValueError(f"must be an unencrypted RSA key in PEM of at least {RSA_MIN_BITS} bits")
    return key


def _rsa_pem(value: SecretStr) -> SecretStr:
    rsa_private_key(value)
    return value


Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[str, AfterValidator(_origin)]
HmacSecret = Annotated[SecretStr, AfterValidator(_hmac_secret)]
RsaKey = Annotated[SecretStr, AfterValidator(_rsa_pem)]


# What each choice of a provider needs beside it.
_NEEDED: dict[str, dict[str | None, tuple[str, ...]]] = {
    "video_provider": {
        "jaas": ("jaas_app_id", "jaas_key_id", "jaas_private_key"),
        "jitsi": ("jitsi_domain", "jitsi_app_id", "jitsi_app_secret"),
        "public": ("jitsi_domain",),
    },
    "email_provider": {
        "resend": ("email_from", "resend_api_key"),
        "smtp": ("email_from", "smtp_host"),
    },
    "sms_provider": {"twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_from")},
    "push_provider": {"fcm": ("fcm_project_id", "fcm_client_email", "fcm_private_key")},
}


class Settings(BaseSettings):
    """Every variable the functions read. `.env.example` repeats the descriptions."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    supabase_url: Address = Field(description="Address of the Supabase project's API.")
    supabase_publishable_key: str = Field(
        pattern=r"^[!-~]+$",
        description="Publishable API key, sent as `apikey` beside the caller's own token.",
    )
    supabase_secret_key: SecretStr | None = Field(
        default=None,
        description="Secret API key: passes every policy. Only addresses that declare it act"
        " with it (docs/security.md says which); without it they answer 503.",
    )
    service_token_secret: HmacSecret | None = Field(
        default=None,
        description="Signs the tokens with which schedulers call. At least 32 random characters,"
        " and never the project's SUPABASE_JWT_SECRET. Without it no service token is accepted.",
    )
    link_secret: HmacSecret | None = Field(
        default=None,
        description="Signs the links in messages: at least 32 random characters. Changing it ends"
        " all links that are out, unsubscribe links too.",
    )
    supabase_jwks_url: Address | None = Field(
        default=None,
        description="Where the project publishes its signing keys. Default, where no"
        " SUPABASE_JWT_SECRET is set: SUPABASE_URL/auth/v1/.well-known/jwks.json.",
    )
    supabase_jwt_secret: HmacSecret | None = Field(
        default=None,
        description="Shared secret of a project that signs with HS256. Without it no HS256 token"
        " is accepted.",
    )
    jwt_audience: str = Field(
        default="authenticated", min_length=1, description="Required `aud` of access tokens."
    )
    jwt_issuer: str | None = Field(
        default=None,
        description="Required `iss` of access tokens, such as SUPABASE_URL/auth/v1. Not checked"
        " when empty.",
    )
    cors_allowed_origins: Annotated[list[Origin], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list,
        description="Origins of the web frontends, comma-separated. Others get no CORS headers.",
    )
    functions_public_url: Address | None = Field(
        default=None,
        description="Address under which callers reach the functions, for links in answers:"
        " /<name> is appended, and {name} replaced. Default: SUPABASE_URL/functions/v1.",
    )
    join_url_template: Address | None = Field(
        default=None,
        description="The frontend's page for joining a video appointment, with {appointment_id}.",
    )
    upstream_timeout_seconds: float = Field(
        default=30.0, gt=0, le=300, description="Longest wait for an answer of the API, in seconds."
    )
    upstream_connections: int = Field(
        default=32, ge=1, le=1000, description="Most connections to the API that are kept open."
    )
    calendar_uid_domain: str = Field(
        default="praxis",
        pattern=r"^[A-Za-z0-9.-]{1,253}$",
        description="Right-hand side of calendar UIDs. Never change it once invitations are out.",
    )
    calendar_organizer_email: str | None = Field(
        default=None,
        description="Organizer of calendar entries whose organization has no e-mail address.",
    )
    email_provider: Literal["resend", "smtp"] | None = Field(
        default=None,
        description="How e-mails are sent: resend, or smtp. Empty: e-mails fail, and say so.",
    )
    email_from: str | None = Field(
        default=None,
        pattern=r"^[^\s@<>,;:]+@[A-Za-z0-9.-]+$",
        description="Address that e-mails come from; the organization's name stands before it.",
    )
    resend_api_key: SecretStr | None = Field(default=None, description="API key of Resend.")
    resend_webhook_secret: SecretStr | None = Field(
        default=None,
        description="Signing secret of the webhook at Resend (whsec_...), for delivery reports.",
    )
    smtp_host: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9.:-]+$", description="Host of the SMTP server."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the SMTP server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="starttls, tls (from the first byte, usually port 465), or none: for a server"
        " on the same machine only.",
    )
    smtp_username: str | None = Field(default=None, description="User at the SMTP server, if any.")
    smtp_password: SecretStr | None = Field(default=None, description="Its password.")
    sms_provider: Literal["twilio"] | None = Field(
        default=None, description="How SMS are sent: twilio. Empty: they fail, and say so."
    )
    twilio_account_sid: str | None = Field(
        default=None, pattern=r"^AC[0-9a-zA-Z]{32}$", description="Account SID of Twilio (AC...)."
    )
    twilio_auth_token: SecretStr | None = Field(
        default=None, description="Auth token of Twilio: sends, and verifies delivery reports."
    )
    twilio_from: str | None = Field(
        default=None,
        pattern=r"^(\+[0-9]{6,15}|MG[0-9a-zA-Z]{32}|[A-Za-z0-9 ]{1,11})$",
        description="Number in E.164, sender name, or Messaging Service SID (MG...) for SMS.",
    )
    push_provider: Literal["fcm"] | None = Field(
        default=None, description="How push messages are sent: fcm. Empty: they fail, and say so."
    )
    fcm_project_id: str | None = Field(
        default=None, pattern=r"^[a-z0-9-]{4,40}$", description="Id of the Firebase project."
    )
    fcm_client_email: str | None = Field(
        default=None, description="client_email of the project's service account."
    )
    fcm_private_key: RsaKey | None = Field(
        default=None,
        description="private_key of the service account, PEM; \\n may stand for a line break.",
    )
    video_provider: Literal["jaas", "jitsi", "public"] | None = Field(
        default=None,
        description="jaas (8x8), jitsi (self-hosted) or public (a server without tokens, such as"
        " meet.jit.si: anyone who learns a room's name can enter). Empty: no video rooms.",
    )
    jaas_app_id: str | None = Field(
        default=None,
        pattern=r"^vpaas-magic-cookie-[A-Za-z0-9]+$",
        description="JaaS AppID (vpaas-magic-cookie-...).",
    )
    jaas_key_id: str | None = Field(
        default=None, description="Id of the JaaS API key, with or without the AppID before it."
    )
    jaas_private_key: RsaKey | None = Field(
        default=None,
        description="RSA private key of the JaaS API key, PEM; \\n may stand for a line break.",
    )
    jitsi_domain: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$",
        description="Host of the self-hosted or public Jitsi server.",
    )
    jitsi_app_id: str | None = Field(
        default=None, description="app_id of the self-hosted server: the tokens' `iss`."
    )
    jitsi_app_secret: HmacSecret | None = Field(
        default=None, description="app_secret of the self-hosted server: signs with HS256."
    )
    jitsi_audience: str = Field(
        default="jitsi", description="`aud` of the tokens for the self-hosted server."
    )

    fio_api_url: Address = Field(
        default="https://fioapi.fio.cz/v1/rest", description="Address of Fio banka's API."
    )
    bank_tokens: Annotated[dict[UUID, SecretStr], NoDecode, BeforeValidator(_pairs)] = Field(
        default_factory=dict,
        description="Tokens of banks' APIs where the database has no Vault, comma-separated:"
        " <id of the bank account>=<token>.",
    )

    @model_validator(mode="after")
    def _providers_are_complete(self) -> Self:
        for kind, providers in _NEEDED.items():
            chosen = getattr(self, kind)
            missing = [n.upper() for n in providers.get(chosen, ()) if not getattr(self, n)]
            if missing:
                raise ValueError(f"{kind.upper()}={chosen} needs {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _machines_have_their_own_secret(self) -> Self:
        if self.service_token_secret and self.service_token_secret == self.supabase_jwt_secret:
            raise ValueError("SERVICE_TOKEN_SECRET must differ from SUPABASE_JWT_SECRET")
        return self

    @property
    def jwks_url(self) -> str | None:
        """Where keys come from; a project with only a shared secret has none."""
        if self.supabase_jwks_url:
            return self.supabase_jwks_url
        if self.supabase_jwt_secret:
            return None
        return f"{self.supabase_url}/auth/v1/.well-known/jwks.json"

    def server_url(self, name: str) -> str:
        """What precedes /<name>/… in the public address of a function.

        Fixed by configuration: never taken from the request's Host header.
        """
        base = self.functions_public_url or f"{self.supabase_url}/functions/v1"
        return base.replace("{name}", name)

    def join_url(self, appointment_id: str) -> str | None:
        """Return the frontend's page for joining a video appointment, where it has one."""
        template = self.join_url_template
        return template and template.replace("{appointment_id}", appointment_id)


@cache
def settings() -> Settings:
    """The process's settings."""
    return Settings()  # type: ignore[call-arg]  # the environment gives them
