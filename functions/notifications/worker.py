"""One run over the outbox: claim, word, send, settle, until nothing is due or the time is up.

It keeps nothing. Whatever kills it, the leases run out, and the next run sends what is left under
the same keys.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from kernel.errors import Problem
from kernel.logs import log
from notifications import links
from notifications.providers import provider_for
from notifications.providers.model import Attachment, Outgoing, Result
from notifications.rendering import BadTemplateError, one_line
from notifications.wording import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kernel.database import Database

WORKER: Final = "notifications"
LEASE_SECONDS: Final = 300
# What was not begun by then is given back: its turn would end after the lease, when another has it.
BEGIN_SECONDS: Final = 200
ANNOUNCED: Final = 500
PARALLEL: Final = 8
ATTACHMENTS_MAX_BYTES: Final = 15 * 1024 * 1024
# Whose numbers are written without a country code.
_REGIONS: Final = {"cs": "CZ", "da": "DK", "de": "DE", "en": "GB"}

Row = dict[str, Any]


class Run:
    """One run, with the secret key and a limit in time."""

    def __init__(self, database: Database, *, max_seconds: float, batch_size: int) -> None:
        self._database = database
        self._worker = f"{WORKER}-{uuid.uuid4().hex[:12]}"
        self._ends_at = time.monotonic() + max_seconds
        self._begins_until = 0.0
        self._batch_size = batch_size
        self._counts: Counter[str] = Counter()

    def go(self) -> dict[str, int]:
        """Deliver what is due; how many messages ended how."""
        # Without it hardly a message could be worded: then none is claimed, for claims are counted.
        links.require_secret()
        started_at = datetime.now(UTC).isoformat()
        self._announce()
        with ThreadPoolExecutor(PARALLEL) as pool:
            while time.monotonic() < self._ends_at:
                claimed = self._claim()
                if not claimed:
                    break
                for outcome in pool.map(self._deliver, *self._prepared(claimed)):
                    self._counts[outcome] += 1
        self._database.rpc(
            "record_worker_run",
            {"worker": WORKER, "started_at": started_at, "counts": dict(self._counts)},
            repeatable=True,
            answers=str,
        )
        return dict(self._counts)

    def _announce(self) -> None:
        # Whoever books does not wait for the messages that come of it: they are written here.
        arguments = {"batch_size": ANNOUNCED}
        dealt_with = ANNOUNCED
        while dealt_with >= ANNOUNCED and time.monotonic() < self._ends_at:
            try:
                dealt_with = self._database.rpc(
                    "announce_bookings", arguments, repeatable=True, answers=int
                )
            except Problem as problem:
                # They wait for the next run; what is queued already does not wait with them.
                log.warning("bookings_not_announced", code=problem.code)
                break

    def _claim(self) -> list[Row]:
        # Asking twice claims twice: what the lost answer named waits for its lease to end.
        arguments = {
            "worker": self._worker,
            "batch_size": self._batch_size,
            "lease_seconds": LEASE_SECONDS,
        }
        self._begins_until = time.monotonic() + BEGIN_SECONDS
        claimed: list[Row] = self._database.rpc("claim_messages", arguments, answers=list)
        return claimed

    def _prepared(self, claimed: list[Row]) -> tuple[list[Row], list[Row]]:
        by_id = {message["id"]: message for message in claimed}
        lease = claimed[0]["lease"]
        prepared: list[Row] = self._database.rpc(
            "prepare_messages",
            {"message_ids": list(by_id), "lease": lease},
            repeatable=True,
            answers=list,
        )
        wanted = [
            {
                "message_id": entry["id"],
                "purpose": purpose,
                "token_hash": links.token_hash(links.token(entry["id"], purpose)),
            }
            for entry in prepared
            for purpose in entry.get("links", ())
        ]
        if wanted:
            # Before they are sent: a link that arrives works.
            arguments = {"lease": lease, "links": wanted}
            self._database.rpc("register_message_links", arguments, repeatable=True, answers=int)
        return [by_id[entry["id"]] for entry in prepared], prepared

    def _deliver(self, message: Row, prepared: Row) -> str:
        try:
            if prepared["outcome"] != "deliver":
                return self._settle(
                    message,
                    prepared["outcome"],
                    error=prepared["error"],
                    send_after=prepared.get("send_after"),
                )
            if time.monotonic() > self._begins_until:
                now = datetime.now(UTC).isoformat()
                return self._settle(message, "postponed", error="slow_provider", send_after=now)
            result = self._send(message, prepared)
            for registration in result.dead_registrations:
                arguments = {"registration": registration}
                self._database.rpc("drop_push_device", arguments, repeatable=True, answers=bool)
            if result.dead:
                self._report_dead(message, result, prepared["recipient"]["address"])
            return self._settle(
                message,
                result.outcome,
                provider=result.provider,
                provider_id=result.provider_id,
                error=result.error,
                retry_after_seconds=result.retry_after_seconds,
            )
        except Problem as problem:
            # The database is away. Whatever was sent is sent again under the same key.
            log.warning("message_not_settled", message_id=message["id"], code=problem.code)
            return "unsettled"

    def _send(self, message: Row, prepared: Row) -> Result:
        channel = message["channel"]
        if channel == "in_app":
            return Result("sent", "in_app")
        provider = provider_for(channel)
        if provider is None:
            return Result("failed", channel, error="no_provider")
        try:
            outgoing = self._outgoing(message, prepared, provider.name)
            return outgoing if isinstance(outgoing, Result) else provider.send(outgoing)
        except BadTemplateError as error:
            return Result("failed", provider.name, error=f"bad_template: {error}"[:200])
        except Problem:
            raise
        except Exception as error:  # noqa: BLE001 - one message must not end the run
            log.error("provider_failed", provider=provider.name, error=error)
            return Result("retry", provider.name, error="internal_error")

    def _outgoing(self, message: Row, prepared: Row, provider: str) -> Outgoing | Result:
        worded = word(message, prepared)
        if worded is None:
            return Result("failed", provider, error="no_template")
        wanted = prepared["attachments"] if message["channel"] == "email" else []
        attachments = self._attachments(wanted, provider)
        if isinstance(attachments, Result):
            return attachments
        recipient = prepared["recipient"]
        organization = recipient["organization"]
        subject_id = prepared["subject_id"]
        return Outgoing(
            id=message["id"],
            key=prepared["key"],
            kind=message["kind"],
            sender_name=one_line(organization["name"]),
            reply_to=organization["contact_email"],
            address=recipient["address"] or "",
            subject=worded.subject,
            text=worded.text,
            html=worded.html,
            region=_REGIONS.get(organization["locale"], "GB"),
            is_repeat=message["was_interrupted"] or message["attempts"] > 1,
            unsubscribe_url=worded.unsubscribe_url,
            attachments=attachments,
            registrations=tuple(recipient["registrations"] or ()),
            data={"subject_id": subject_id} if subject_id else {},
            queued_at=prepared["queued_at"],
        )

    def _attachments(
        self, wanted: list[Mapping[str, str]], provider: str
    ) -> list[Attachment] | Result:
        found: list[Attachment] = []
        for file in wanted:
            try:
                content, _ = self._database.download(file["bucket"], file["path"])
            except Problem as problem:
                return Result("retry", provider, error=f"attachment_{problem.code}")
            except (KeyError, ValueError):
                return Result("failed", provider, error="bad_attachment")
            found.append(Attachment(file["filename"], file["content_type"], content))
            if sum(len(entry.content) for entry in found) > ATTACHMENTS_MAX_BYTES:
                return Result("failed", provider, error="attachments_too_large")
        return found

    def _report_dead(self, message: Row, result: Result, address: str) -> None:
        self._database.rpc(
            "record_delivery_event",
            {
                "provider": result.provider,
                "event_id": f"send:{message['id']}:{message['lease']}",
                "state": result.dead,
                "message_id": message["id"],
                "detail": result.error,
                "address": address,
            },
            repeatable=True,
            answers=str,
        )

    def _settle(self, message: Row, outcome: str, **more: Any) -> str:
        self._database.rpc(
            "settle_message",
            {
                "message_id": message["id"],
                "lease": message["lease"],
                "outcome": outcome,
                **{name: value for name, value in more.items() if value is not None},
            },
            repeatable=True,
            answers=str,
        )
        return outcome
