"""What examples show as …: tokens, links and signatures that work on this stack."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
import uuid

import jwt
import psycopg

from tests.stack_fixture import TestStack

REPORT = '{"type": "email.delivered", "data": {"email_id": "re_1"}}'
TWILIO_FORM = {"MessageSid": "SM1", "MessageStatus": "delivered"}
MESSAGE_ID = "65000000-0000-4000-8000-000000001001"
ORGANIZATION = "10000000-0000-4000-8000-000000001000"


def with_secrets(text: str, stack: TestStack) -> str:
    """Put working ones in their place; each link is a fresh one."""
    text = re.sub("link_…", lambda _: make_link(stack), text)
    text = text.replace("unsubscribe_…", unsubscribe_token(stack))
    text = text.replace("service_token_…", service_token(stack))
    stamp = str(int(time.time()))
    event = f"msg_{secrets.token_hex(8)}"
    key = base64.b64decode(stack.webhook_secret)
    signed = f"{event}.{stamp}.{REPORT}".encode()
    svix = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    url = f"{stack.functions_url}/notifications/webhooks/twilio?message_id={MESSAGE_ID}"
    form = url + "".join(f"{name}{TWILIO_FORM[name]}" for name in sorted(TWILIO_FORM))
    twilio = hmac.digest(stack.webhook_secret.encode(), form.encode(), hashlib.sha1)
    return (
        text.replace("svix_id_…", event)
        .replace("svix_timestamp_…", stamp)
        .replace("svix_signature_…", svix)
        .replace("twilio_signature_…", base64.b64encode(twilio).decode())
    )


def service_token(stack: TestStack) -> str:
    """Sign a token for a machine, good for every scope that examples use."""
    now = int(time.time())
    claims = {"aud": "praxis-functions", "sub": "docs", "iat": now, "exp": now + 600}
    claims["scope"] = "notifications:run reports:sweep"
    return jwt.encode(claims, stack.service_token_secret, algorithm="HS256")


def unsubscribe_token(stack: TestStack) -> str:
    """Sign a link that turns off the kind of the seed's failed message."""
    identifier = uuid.UUID(MESSAGE_ID)
    text = f"unsubscribe:{identifier}".encode()
    signature = hmac.digest(stack.link_secret.encode(), text, hashlib.sha256)[:16]
    return base64.urlsafe_b64encode(identifier.bytes + signature).rstrip(b"=").decode()


def make_link(stack: TestStack) -> str:
    """Let an appointment of the seed be confirmed by a link that nobody has used."""
    secret = secrets.token_urlsafe(32)
    with psycopg.connect(stack.db_url) as sql:
        sql.execute(
            """
            with appointment as (
              select a.* from public.appointments as a
              where a.organization_id = %(organization)s and a.status in ('pending', 'confirmed')
                and a.starts_at > now() and a.held_until is null
              order by a.starts_at desc limit 1
            ),
            message as (
              insert into public.messages
                (organization_id, key, kind, channel, client_id, data, status, sent_at, subject_id)
              select organization_id, %(secret)s, 'appointment_reminder', 'email', client_id,
                jsonb_build_object('appointment_id', id, 'starts_at', starts_at), 'sent', now(), id
              from appointment
              returning *
            )
            insert into private.message_links
              (token_hash, organization_id, message_id, purpose, subject_id, expires_at)
            select private.hash_token(%(secret)s), organization_id, id, 'appointment_confirm',
              subject_id, now() + interval '1 day'
            from message
            """,
            {"organization": ORGANIZATION, "secret": secret},
        )
    return secret
