"""The running stack: what `make dev`, `make stop`, `make reset` and `make apply` do."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from local import schema
from local.postgres import Postgres
from local.stack import (
    DEFAULT_PORT_BASE,
    LOCAL,
    NODE_BIN,
    ROOT,
    SUPABASE,
    TEMPORARY_BASES,
    VENV_BIN,
    Stack,
    free_base,
    is_free,
)
from local.supervisor import Service, Supervisor

FUNCTIONS = ROOT / "functions"
# A worker's heartbeat is a file; on a busy disk it would look dead.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes an unlinked file in it
FUNCTION_WORKERS = 2
FUNCTION_THREADS = 8
# The rest of the caller's environment stays outside: it may be that of a deployment.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
START_SECONDS = 60
ABANDONED_SECONDS = 3600
DEMO_PASSWORD = "praxis-demo-2026"  # noqa: S105 - printed on purpose, for the seeded accounts
DEMO_ORGANIZATIONS = ("pristav.test", "harbour.test")
DEMO_ACCOUNTS = ("owner", "reception", "therapist", "client")


def run(stack: Stack, *, temporary: bool) -> int:
    """Start everything, say where it is, and keep it running until Ctrl-C.

    A temporary stack serves the process that started it: it ends with that process, leaves no data
    behind, and does not offer itself to others in supabase/.stack.json.
    """
    parent = os.getppid()
    if temporary:
        discard_abandoned()
    started = time.monotonic()
    with hold(stack) as is_ours:
        if not is_ours:
            print(f"This stack is already running: {stack.api_url} (make stop ends it).")
            return 0
        supervisor = Supervisor()
        try:
            start_postgres(stack, supervisor)
            check_ports(stack, without="PostgreSQL")
            start_mail(stack, supervisor)
            api = start_api(stack, supervisor)
            if not temporary:
                # Tests decide themselves when time passes.
                start_scheduler(stack, supervisor)
            functions = FunctionsReloader(stack, supervisor)
            wait_for_answer(f"{stack.api_url}/health", api)
            functions.start_if_present()
            if functions.service is not None:
                wait_for_answer(f"http://127.0.0.1:{stack.functions_port}/", functions.service)
            stack.announce(to_everyone=not temporary)
            print_addresses(stack, time.monotonic() - started, has_functions=functions.present)
            while not (temporary and os.getppid() != parent):
                supervisor.check()
                functions.reload_if_changed()
                time.sleep(0.1)
        finally:
            stack.withdraw()
            supervisor.stop()
            if temporary:
                Postgres.of(stack).remove()
            if temporary and os.getppid() != parent:
                # Otherwise the logs stay for the caller, who removes them.
                discard(stack)
    return 0


def stop(stack: Stack) -> int:
    """End the running stack."""
    pid = stack.supervisor_pid()
    if pid is None:
        # A supervisor that was killed outright may have left PostgreSQL behind (not on Linux).
        Postgres.of(stack).end_leftover()
        stack.withdraw()
        print(f"No stack is running on port base {stack.base}.")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while stack.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    if stack.is_running():
        print(f"The stack did not end; its supervisor is process {pid}.")
        return 1
    print("Stopped.")
    return 0


def reset(stack: Stack) -> int:
    """Give a fresh seeded database, whether the stack runs or not."""
    with running_postgres(stack):
        schema.build(stack, schema.fill_from_migrations)
        shutil.rmtree(stack.folder / "storage", ignore_errors=True)
    print("The database is fresh: migrations applied, seed loaded.")
    return 0


def apply(stack: Stack) -> int:
    """Rebuild the database from the declared files as they are now, without a migration."""
    started = time.monotonic()
    with running_postgres(stack):
        schema.build(stack, schema.fill_from_declared_files)
    count = len(schema.declared_files())
    print(f"Applied {count} files and the seed in {time.monotonic() - started:.1f} s.")
    return 0


@contextlib.contextmanager
def running_postgres(stack: Stack) -> Iterator[None]:
    """Lend the stack's PostgreSQL; starts it for the moment if the stack does not run."""
    with hold(stack) as is_ours:
        if not is_ours:
            yield
            return
        supervisor = Supervisor()
        try:
            start_postgres(stack, supervisor, fill=False)
            yield
        finally:
            supervisor.stop()


@contextlib.contextmanager
def any_postgres(stack: Stack) -> Iterator[Stack]:
    """Lend a PostgreSQL for scratch databases: the running stack's, or one made for the moment."""
    if stack.is_running():
        yield stack
        return
    discard_abandoned()
    temporary = Stack(free_base())
    try:
        with running_postgres(temporary):
            yield temporary
    finally:
        discard(temporary)


def discard_abandoned() -> None:
    """Remove temporary stacks whose test run was killed before it could."""
    for folder in (ROOT / ".praxis").glob("[0-9]*"):
        stack = Stack(int(folder.name))
        is_old = time.time() - folder.stat().st_mtime > ABANDONED_SECONDS
        if stack.base in TEMPORARY_BASES and is_old and not stack.is_running():
            discard(stack)


def discard(stack: Stack) -> None:
    """Remove everything a stack keeps."""
    Postgres.of(stack).remove()
    shutil.rmtree(stack.folder, ignore_errors=True)


@contextlib.contextmanager
def hold(stack: Stack) -> Iterator[bool]:
    """Hold the stack's lock; yields whether we got it. The kernel frees it if we are killed."""
    stack.folder.mkdir(parents=True, exist_ok=True)
    stack.folder.chmod(0o711)
    stack.logs.mkdir(exist_ok=True)
    with stack.lock_path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield True


def start_postgres(stack: Stack, supervisor: Supervisor, *, fill: bool = True) -> None:
    """Start PostgreSQL, creating the cluster and its first database where there is none."""
    postgres = Postgres.of(stack)
    postgres.prepare_home()
    postgres.end_leftover()
    check_ports(stack, only="PostgreSQL")
    fresh = not postgres.exists()
    if fresh:
        print("PostgreSQL: creating a cluster …", flush=True)
        postgres.initialise()
    service = supervisor.add(
        Service(
            name="PostgreSQL",
            command=postgres.command(),
            log=stack.logs / "postgres.log",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            cwd=Path("/"),
            uid=postgres.owner.uid,
            gid=postgres.owner.gid,
            # SIGINT is a fast shutdown: sessions are ended, data is written.
            stop_signal=signal.SIGINT,
            stop_seconds=30,
        )
    )
    postgres.wait_until_ready(service.is_alive)
    if fresh:
        schema.create_system_schemas(stack)
        postgres.mark_ready()
    if not fill:
        return
    if schema.exists(stack):
        schema.push_pending_migrations(stack)
    else:
        print("Database: applying migrations and loading the seed …", flush=True)
        schema.build(stack, schema.fill_from_migrations)


def start_mail(stack: Stack, supervisor: Supervisor) -> None:
    """Start the mail catcher."""
    supervisor.add(
        python_service(
            stack,
            "mail catcher",
            "mail.log",
            ["-m", "local.mail"],
            [f"--http-port={stack.mail_port}", f"--smtp-port={stack.smtp_port}"],
        )
    )


def start_scheduler(stack: Stack, supervisor: Supervisor) -> None:
    """Start what pg_cron is on hosted Supabase; it also runs the worker of the functions."""
    supervisor.add(
        python_service(
            stack,
            "scheduler",
            "scheduler.log",
            ["-m", "local.scheduler"],
            [],
            {**functions_environment(stack), "PRAXIS_DB_URL": stack.db_url()},
        )
    )


def start_api(stack: Stack, supervisor: Supervisor) -> Service:
    """Start the API, which is also the origin that the functions are reached through."""
    options = {
        "apiPort": stack.api_port,
        "studioPort": stack.studio_port,
        "functionsPort": stack.functions_port,
        "smtpPort": stack.smtp_port,
        "databaseUrl": stack.db_url(role="supabase_admin"),
        "jwtSecret": stack.secrets.jwt_secret,
        "publishableKey": stack.secrets.publishable_key,
        "secretKey": stack.secrets.secret_key,
        "storageFolder": str(stack.folder / "storage"),
    }
    return supervisor.add(
        Service(
            name="API",
            command=[str(NODE_BIN / "node"), "--no-warnings", str(LOCAL / "api" / "server.mjs")],
            log=stack.logs / "api.log",
            env={
                "PATH": os.environ.get("PATH", ""),
                "PRAXIS_API": json.dumps(options),
                "LITE_TELEMETRY": "0",
                "DO_NOT_TRACK": "1",
                "NODE_ENV": "production",
            },
            cwd=LOCAL,
        )
    )


class FunctionsReloader:
    """Runs the functions once there are any, and reloads them when a file changes."""

    def __init__(self, stack: Stack, supervisor: Supervisor) -> None:
        self.stack = stack
        self.supervisor = supervisor
        self.service: Service | None = None
        self.newest = 0.0
        self.looked_at = 0.0

    @property
    def present(self) -> bool:
        """Say whether there is anything to run."""
        return (FUNCTIONS / "main.py").exists()

    def start_if_present(self) -> None:
        """Start the server if functions/main.py exists."""
        if not self.present:
            return
        self.newest = self._newest_change()
        heartbeats = SHARED_MEMORY if SHARED_MEMORY.is_dir() else self.stack.logs
        self.service = self.supervisor.add(
            python_service(
                self.stack,
                "functions",
                "functions.log",
                ["-m", "gunicorn.app.wsgiapp"],
                [
                    "--worker-class=gthread",
                    f"--workers={FUNCTION_WORKERS}",
                    f"--threads={FUNCTION_THREADS}",
                    f"--bind=127.0.0.1:{self.stack.functions_port}",
                    "--timeout=60",
                    "--graceful-timeout=5",
                    "--keep-alive=75",
                    # As functions-framework has it: how long an address may be, the functions say.
                    "--limit-request-line=0",
                    "--log-level=warning",
                    f"--worker-tmp-dir={heartbeats}",
                    "local.functions_server:application",
                ],
                functions_environment(self.stack),
            )
        )

    def reload_if_changed(self) -> None:
        """Have gunicorn replace its workers when a source file is newer than they are."""
        now = time.monotonic()
        if now - self.looked_at < 1:
            return
        self.looked_at = now
        if self.service is None:
            self.start_if_present()
            return
        newest = self._newest_change()
        if newest > self.newest and self.service.process is not None:
            self.newest = newest
            self.service.process.send_signal(signal.SIGHUP)

    @staticmethod
    def _newest_change() -> float:
        return max((path.stat().st_mtime for path in FUNCTIONS.rglob("*.py")), default=0.0)


def functions_environment(stack: Stack) -> dict[str, str]:
    """Return what a deployment would configure; .env in the project folder may override it."""
    return {
        "SUPABASE_URL": stack.api_url,
        "SUPABASE_PUBLISHABLE_KEY": stack.secrets.publishable_key,
        "SUPABASE_SECRET_KEY": stack.secrets.secret_key,
        "SUPABASE_JWT_SECRET": stack.secrets.jwt_secret,
        "SERVICE_TOKEN_SECRET": stack.secrets.service_token_secret,
        "LINK_SECRET": stack.secrets.link_secret,
        "FUNCTIONS_PUBLIC_URL": f"{stack.api_url}/functions/v1",
        "CORS_ALLOWED_ORIGINS": "http://localhost:3000,http://127.0.0.1:3000",
        "EMAIL_PROVIDER": "smtp",
        "EMAIL_FROM": "praxis@praxis.test",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(stack.smtp_port),
        "SMTP_SECURITY": "none",
        # Reports of providers can be tried, though nothing is sent by them.
        "RESEND_WEBHOOK_SECRET": f"whsec_{stack.secrets.webhook_secret}",
        "TWILIO_AUTH_TOKEN": stack.secrets.webhook_secret,
        "VIDEO_PROVIDER": "jitsi",
        "JITSI_DOMAIN": "meet.praxis.test",
        "JITSI_APP_ID": "praxis",
        "JITSI_APP_SECRET": stack.secrets.video_secret,
        # No bank is asked from here: this address says that it knows no token.
        "FIO_API_URL": f"{stack.api_url}/no-bank",
        **overrides(),
    }


def overrides() -> dict[str, str]:
    """Read NAME=value lines from .env, for trying real providers locally."""
    try:
        lines = (ROOT / ".env").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs if value.strip()}


def python_service(
    stack: Stack,
    name: str,
    log: str,
    program: list[str],
    arguments: list[str],
    environment: dict[str, str] | None = None,
) -> Service:
    """Describe a process that runs Python from the environment."""
    return Service(
        name=name,
        command=[str(VENV_BIN / "python"), *program, *arguments],
        log=stack.logs / log,
        env={
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PYTHONPATH": f"{SUPABASE}{os.pathsep}{FUNCTIONS}",
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        },
        cwd=ROOT,
    )


def check_ports(stack: Stack, *, only: str = "", without: str = "") -> None:
    """Stop early, and say why, when another program has one of our ports."""
    for name, port in stack.ports.items():
        if (only and name != only) or name == without:
            continue
        if not is_free(port):
            message = (
                f"Port {port} ({name}) is used by another program. Choose others with\n"
                f"  make dev PRAXIS_PORT_BASE={stack.base + 100}"
            )
            raise SystemExit(message)


def wait_for_answer(url: str, service: Service) -> None:
    """Return once an address answers at all."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if not service.is_alive():
                break
            time.sleep(0.05)
    message = f"{service.name} did not start. The end of {service.log}:\n{service.last_lines()}"
    raise SystemExit(message)


def print_addresses(stack: Stack, seconds: float, *, has_functions: bool) -> None:
    """Say where things are and how to sign in."""
    functions = "" if has_functions else "   (functions/main.py does not exist yet)"
    print(f"""
Praxis is running (started in {seconds:.1f} s). Ctrl-C or `make stop` ends it.

  API           {stack.api_url}   (/rest/v1 /auth/v1 /storage/v1 /realtime/v1)
  Functions     {stack.api_url}/functions/v1{functions}
  Dashboard     http://127.0.0.1:{stack.studio_port}
  Mail          http://127.0.0.1:{stack.mail_port}
  PostgreSQL    {stack.db_url()}

  Publishable key   {stack.secrets.publishable_key}
  Everything else   {stack.folder.relative_to(ROOT) / "stack.json"}
""")
    if schema.SEED.exists():
        print(f"Sign in with the password {DEMO_PASSWORD} as")
        for organization in DEMO_ORGANIZATIONS:
            print("  " + "  ".join(f"{name}@{organization}" for name in DEMO_ACCOUNTS))
    if stack.base != DEFAULT_PORT_BASE:
        print(f"\nThis is port base {stack.base}: make stop PRAXIS_PORT_BASE={stack.base}")
    sys.stdout.flush()
