"""Push by FCM v1. Devices show a repeat in place of the first: both carry the message's id."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import jwt

from kernel.database import SUCCESS
from kernel.settings import rsa_private_key
from kernel.transport import Pool
from notifications.providers.model import (
    MOST_IDLE,
    TOO_MANY,
    WAIT_SECONDS,
    Result,
    exchange,
    json_object,
    refused,
)

if TYPE_CHECKING:
    from kernel.settings import Settings
    from notifications.providers.model import Outgoing

ADDRESS: Final = "https://fcm.googleapis.com"
TOKEN_ADDRESS: Final = "https://oauth2.googleapis.com"  # noqa: S105 - an address
SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
ASSERTION_SECONDS: Final = 3600
EARLY_SECONDS: Final = 120
UNAUTHORIZED: Final = 401
BODY_MAX_LENGTH: Final = 1000

_TOKEN_ENDED = "http_401"  # noqa: S105 - an error word


class Fcm:
    """The API of Firebase Cloud Messaging."""

    name = "fcm"

    def __init__(
        self, config: Settings, address: str = ADDRESS, token_address: str = TOKEN_ADDRESS
    ) -> None:
        if config.fcm_project_id is None or config.fcm_private_key is None:
            raise ValueError("FCM is not configured")
        self._pool = Pool(address, most_idle=MOST_IDLE, wait_seconds=WAIT_SECONDS)
        self._tokens = Pool(token_address, most_idle=1, wait_seconds=WAIT_SECONDS)
        self._audience = f"{token_address}/token"
        self._target = f"/v1/projects/{config.fcm_project_id}/messages:send"
        self._email = config.fcm_client_email
        self._key = rsa_private_key(config.fcm_private_key)
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def send(self, message: Outgoing) -> Result:
        """Send one push message to every device of its recipient."""
        dead: list[str] = []
        reached: str | None = None
        worst: Result | None = None
        for registration in message.registrations:
            result = self._send_to(registration, message)
            if result.outcome == "sent":
                reached = reached or result.provider_id or ""
            elif result.dead:
                dead.append(registration)
            elif worst is None or result.outcome == "retry":
                worst = result
        gone = tuple(dead)
        if reached is not None:
            return Result("sent", self.name, reached or None, dead_registrations=gone)
        if worst is None:
            return Result("failed", self.name, error="no_device", dead_registrations=gone)
        return Result(
            worst.outcome,
            self.name,
            error=worst.error,
            retry_after_seconds=worst.retry_after_seconds,
            dead_registrations=gone,
        )

    def _send_to(self, registration: str, message: Outgoing) -> Result:
        result = self._try_to(registration, message)
        if result.error != _TOKEN_ENDED:
            return result
        with self._lock:
            self._good_until = 0.0
        return self._try_to(registration, message)

    def _try_to(self, registration: str, message: Outgoing) -> Result:
        token = self._access_token()
        if isinstance(token, Result):
            return token
        tag = {"tag": message.id}
        document = {
            "message": {
                "token": registration,
                "notification": {"title": message.subject, "body": message.text[:BODY_MAX_LENGTH]},
                "data": {**message.data, "kind": message.kind, "message_id": message.id},
                "android": {"collapse_key": message.id, "notification": tag},
                "apns": {"headers": {"apns-collapse-id": message.id}},
                "webpush": {"notification": tag},
            }
        }
        answer = exchange(
            self._pool,
            self.name,
            "POST",
            self._target,
            {"authorization": f"Bearer {token}", "content-type": "application/json"},
            json.dumps(document, ensure_ascii=False).encode(),
        )
        if isinstance(answer, Result):
            return answer
        body = json_object(answer.content)
        if answer.status in SUCCESS:
            return Result("sent", self.name, str(body.get("name") or "") or None)
        word = _error_word(body)
        # Only the first drops the device: with a wrong project, every one would go.
        if word in {"UNREGISTERED", "SENDER_ID_MISMATCH"}:
            dead: Final = "unreachable" if word == "UNREGISTERED" else None
            return Result("failed", self.name, error=word.lower(), dead=dead)
        if answer.status == UNAUTHORIZED:
            return Result("retry", self.name, error=_TOKEN_ENDED)
        return refused(self.name, answer, word)

    def _access_token(self) -> str | Result:
        with self._lock:
            if time.time() < self._good_until:
                return self._token
            now = int(time.time())
            assertion = jwt.encode(
                {
                    "iss": self._email,
                    "scope": SCOPE,
                    "aud": self._audience,
                    "iat": now,
                    "exp": now + ASSERTION_SECONDS,
                },
                self._key,
                algorithm="RS256",
            )
            form = {
                "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "assertion": assertion,
            }
            answer = exchange(
                self._tokens,
                self.name,
                "POST",
                "/token",
                {"content-type": "application/x-www-form-urlencoded"},
                urlencode(form).encode(),
            )
            if isinstance(answer, Result):
                return answer
            body = json_object(answer.content)
            token = body.get("access_token")
            if answer.status not in SUCCESS or not isinstance(token, str):
                if answer.status == TOO_MANY:
                    return refused(self.name, answer, "token")
                # A wrong key is for people to mend: until then nothing is lost.
                return Result("retry", self.name, error=f"token_{answer.status}")
            lifetime = body.get("expires_in")
            known = lifetime if isinstance(lifetime, int) else 0
            self._token, self._good_until = token, now + known - EARLY_SECONDS
            return token


def _error_word(body: dict[str, Any]) -> str:
    error = body.get("error")
    if not isinstance(error, dict):
        return ""
    details = error.get("details")
    for entry in details if isinstance(details, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("errorCode"), str):
            return str(entry["errorCode"])[:60]
    return str(error.get("status") or "")[:60]
