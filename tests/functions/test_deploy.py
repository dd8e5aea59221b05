"""The deploy command, without a cloud: what it would run, and that secrets stay out of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

import main
from kernel.settings import Settings

FUNCTIONS = Path(main.__file__).parent

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


def deploy(env_file: Path, *targets: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(FUNCTIONS / "deploy.sh"), *targets],
        env={
            "PATH": os.environ["PATH"],
            "GOOGLE_CLOUD_PROJECT": "my-project",
            "DRY_RUN": "1",
            "ENV_FILE": str(env_file),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    path = tmp_path / "env"
    path.write_text(
        "# comment\n\nSUPABASE_URL=https://abc.supabase.co\nCORS_ALLOWED_ORIGINS=\n"
        "SUPABASE_JWT_SECRET=s3cret=with=signs\nJAAS_PRIVATE_KEY=-----BEGIN\\nKEY\nnot a line\n"
    )
    return path


def test_one_command_deploys_all(env_file: Path) -> None:
    done = deploy(env_file)
    assert done.returncode == 0, done.stderr
    deployed = re.findall(r"gcloud run deploy (\w+) .*--function=(\w+)", done.stdout)
    assert deployed == [(name, name) for name in main.TARGETS]
    assert done.stdout.count("--source=.") == len(main.TARGETS)


def test_secrets_are_mounted_and_not_shown(env_file: Path) -> None:
    done = deploy(env_file, "video")
    assert "s3cret" not in done.stdout + done.stderr
    assert "BEGIN" not in done.stdout + done.stderr
    assert "SUPABASE_JWT_SECRET=praxis-supabase-jwt-secret:latest" in done.stdout
    assert "JAAS_PRIVATE_KEY=praxis-jaas-private-key:latest" in done.stdout
    assert len(re.findall("gcloud run deploy", done.stdout)) == 1


def test_only_those_that_act_without_a_user_get_the_secret_key(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text("SUPABASE_SECRET_KEY=k\nSERVICE_TOKEN_SECRET=s\nJITSI_APP_SECRET=j\n")
    done = deploy(path)
    keyed = {
        match[1]
        for match in re.finditer(r"gcloud run deploy (\w+) (.*)", done.stdout)
        if "SUPABASE_SECRET_KEY=" in match[2]
    }
    acting = {
        name
        for name in main.TARGETS
        if any(route.uses_secret for route in getattr(main, name.upper()).routes)
    }
    assert keyed == acting
    assert done.stdout.count("JITSI_APP_SECRET=praxis") == len(main.TARGETS)


def test_every_secret_setting_is_treated_as_one() -> None:
    listed = re.search(r"SECRETS='([^']*)'", (FUNCTIONS / "deploy.sh").read_text(encoding="utf-8"))
    assert listed is not None
    secret = {
        name.upper()
        for name, field in Settings.model_fields.items()
        if SecretStr.__name__ in repr(field)
    }
    assert set(listed[1].split()) == secret


def test_what_is_refused(env_file: Path, tmp_path: Path) -> None:
    assert deploy(env_file, "nothing").returncode == 1
    assert deploy(tmp_path / "absent").returncode == 1
    assert deploy(env_file, GOOGLE_CLOUD_PROJECT="").returncode != 0
