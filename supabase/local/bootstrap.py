"""Build the environment from the lockfiles: .venv, Node (a wheel inside it) and the npm packages.

Standard library only, because it runs before anything is installed. A stamp with the lockfile's
hash makes the second run a matter of milliseconds.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / "supabase" / "local"
VENV = ROOT / ".venv"
PYTHON_LOCK = ROOT / "requirements.lock"
NODE_LOCK = LOCAL / "package-lock.json"
OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Bring .venv and node_modules up to date; say what takes long while it does."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"Praxis needs Python 3.11 or newer; this is {found}.")
        print("Name another one with: make dev PYTHON=/path/to/python3.11")
        return 1
    if os.name == "nt":
        print("The embedded stack runs on Linux and macOS. On Windows, use WSL.")
        return 1
    with Lock(ROOT / ".praxis" / "bootstrap.lock"):
        try:
            install_python_packages()
            install_node_packages()
        except subprocess.CalledProcessError as failure:
            command = " ".join(str(part) for part in failure.cmd)
            print(f"\nInstallation stopped: `{command}` failed with status {failure.returncode}.")
            return 1
    return 0


def install_python_packages() -> None:
    """Create .venv and install exactly what requirements.lock lists."""
    stamp = VENV / ".praxis-stamp"
    wanted = f"{digest(PYTHON_LOCK)} {sys.version_info[:2]} {ROOT}"
    if read(stamp) == wanted:
        return
    count = PYTHON_LOCK.read_text(encoding="utf-8").count("==")
    print(f"Python packages: installing about {count} into .venv (first start only) …", flush=True)
    # A lock that changed gets a fresh environment: leftovers would hide a missing dependency.
    shutil.rmtree(VENV, ignore_errors=True)
    pip = create_venv()
    show_progress(
        [
            *pip,
            "install",
            "--require-hashes",
            "--no-deps",
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar=off",
            f"--requirement={PYTHON_LOCK}",
        ],
        count,
    )
    stamp.write_text(wanted, encoding="utf-8")


def create_venv() -> list[str]:
    """Create the environment and return the command that runs pip for it."""
    python = VENV / "bin" / "python"
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode == 0:
        return [str(python), "-m", "pip"]
    # Debian ships Python without ensurepip: a pip outside can fill the environment just as well.
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", "--without-pip", str(VENV))
    outside = [sys.executable, "-m", "pip"]
    if subprocess.run([*outside, "--version"], capture_output=True, check=False).returncode:
        print("This Python has neither ensurepip nor pip. On Debian or Ubuntu:")
        print("  apt install python3-venv")
        raise subprocess.CalledProcessError(made.returncode, [sys.executable, "-m", "venv"])
    return [*outside, "--python", str(python)]


def install_node_packages() -> None:
    """Install package-lock.json with the Node that pip has just brought."""
    modules = LOCAL / "node_modules"
    stamp = modules / ".praxis-stamp"
    wanted = digest(NODE_LOCK)
    if read(stamp) == wanted:
        return
    print("Node packages: PostgreSQL, the API and the Supabase CLI …", flush=True)
    binaries = VENV / "bin"
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    run(str(binaries / "npm"), "ci", "--loglevel=error", cwd=LOCAL, env=environment)
    stamp.write_text(wanted, encoding="utf-8")


def show_progress(command: list[str], count: int) -> None:
    """Run pip, counting the packages it fetches; show all it said if it fails."""
    said: list[str] = []
    fetched = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith("Collecting "):
                fetched += 1
                report(f"{fetched}/{count} {line.split()[1]}", always=fetched % 20 == 0)
            elif line.startswith("Installing "):
                report("unpacking …", always=True)
    if process.returncode:
        print("".join(said))
        raise subprocess.CalledProcessError(process.returncode, command)
    report("done\n", always=True)


def report(text: str, *, always: bool) -> None:
    """Rewrite one line on a terminal; elsewhere print a line now and then."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {text}", end="", flush=True)
    elif always:
        print(f"  {text.rstrip()}", flush=True)


def run(*command: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command with its output in view."""
    subprocess.run(command, cwd=cwd, env=env, check=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path: Path) -> str | None:
    """Return a file's text, or nothing when there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


class Lock:
    """Let one installation run at a time, so that two `make` calls do not mix their files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.path.parent.mkdir(exist_ok=True)
        self.file = self.path.open("w", encoding="utf-8")
        import fcntl  # noqa: PLC0415 - does not exist on Windows, where main() says so

        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


if __name__ == "__main__":
    sys.exit(main())
