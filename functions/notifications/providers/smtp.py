"""E-mail by SMTP. The Message-ID is the message's own, so that a receiver sees a repeat as one."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from notifications.providers.model import WAIT_SECONDS, Result
from notifications.rendering import one_line

if TYPE_CHECKING:
    from kernel.settings import Settings
    from notifications.providers.model import Outgoing

PERMANENT: Final = range(500, 600)


def mailbox(address: str) -> Address | None:
    """An address as headers take it; None if it is none."""
    try:
        return Address(addr_spec=address)
    # The parser has its own errors, and for some texts those of Python.
    except (ValueError, MessageError, LookupError, AttributeError):
        return None


class Smtp:
    """A mail server."""

    name = "smtp"

    def __init__(self, config: Settings) -> None:
        if config.smtp_host is None or config.email_from is None:
            raise ValueError("SMTP is not configured")
        self._config = config
        self._host = config.smtp_host
        self._from = config.email_from

    def send(self, message: Outgoing) -> Result:
        """Send one e-mail."""
        to = mailbox(message.address)
        if to is None:
            return Result("failed", self.name, error="invalid_address", dead="unreachable")
        document = self._document(message, to)
        is_taken = False
        try:
            with self._connection() as server:
                server.send_message(document, self._from, [message.address])
                is_taken = True
        except smtplib.SMTPAuthenticationError as error:
            # A wrong password is for people to mend: until then nothing is lost.
            return Result("retry", self.name, error=f"smtp_{error.smtp_code}")
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(error.recipients.get(message.address, (550, b""))[0], "recipient")
        except smtplib.SMTPResponseException as error:
            # How it takes leave of us says nothing of a message that it has.
            if not is_taken:
                return self._refused(error.smtp_code, "")
        except (smtplib.SMTPException, OSError):
            return Result("retry", self.name, error="unreachable_provider")
        return Result("sent", self.name, str(document["Message-ID"]))

    def _refused(self, code: int, whom: str) -> Result:
        if code not in PERMANENT:
            return Result("retry", self.name, error=f"smtp_{code}")
        # 550 to 553 speak of the mailbox; anything else may be ours to mend.
        is_dead = whom == "recipient" and code in {550, 551, 553}
        return Result(
            "failed", self.name, error=f"smtp_{code}", dead="bounced" if is_dead else None
        )

    def _connection(self) -> smtplib.SMTP:
        config = self._config
        if config.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host,
                config.smtp_port,
                timeout=WAIT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(self._host, config.smtp_port, timeout=WAIT_SECONDS)
        try:
            if config.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if config.smtp_username and config.smtp_password:
                server.login(config.smtp_username, config.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _document(self, message: Outgoing, to: Address) -> EmailMessage:
        document = EmailMessage()
        # The policy refuses line breaks in headers, whoever wrote them.
        document["From"] = Address(one_line(message.sender_name), addr_spec=self._from)
        document["To"] = to
        # A practice's own address that is none is no fault of the recipient's.
        reply_to = mailbox(message.reply_to or "")
        if reply_to is not None:
            document["Reply-To"] = reply_to
        document["Subject"] = one_line(message.subject)
        document["Date"] = format_datetime(datetime.fromisoformat(message.queued_at))
        document["Message-ID"] = f"<{message.key}@{self._from.rpartition('@')[2]}>"
        document["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe_url:
            document["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
            document["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        document.set_content(message.text)
        document.add_alternative(message.html, subtype="html")
        for file in message.attachments:
            main, _, sub = file.content_type.partition("/")
            document.add_attachment(
                file.content, maintype=main, subtype=sub, filename=file.filename
            )
        return document
