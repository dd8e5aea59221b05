"""Which machine is calling: short-lived tokens of our own, each for the scopes it names.

A scheduler signs one with SERVICE_TOKEN_SECRET when it calls. No user's token passes here, and no
machine's token passes for a user: the secrets, audiences and claims are all different.

    python -m kernel.machines scheduler notifications:run
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jwt

from kernel.auth import LEEWAY_SECONDS, bearer_token, has_plain_header
from kernel.errors import Problem, unauthenticated, unavailable
from kernel.settings import settings

if TYPE_CHECKING:
    from kernel.settings import Settings

AUDIENCE: Final = "praxis-functions"
LONGEST_SECONDS: Final = 3600
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
SCOPE: Final = re.compile(r"[a-z][a-z_]*:[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class Machine:
    """A verified machine and what it may do."""

    name: str
    scopes: frozenset[str]


def machine(authorization: str | None, scope: str) -> Machine:
    """The machine behind a bearer token, which must hold this very scope."""
    secret = _secret(settings())
    token = bearer_token(authorization)
    try:
        header = jwt.get_unverified_header(token)
        if not has_plain_header(header) or header.get("alg") != "HS256":
            raise unauthenticated()
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "aud", "sub", "scope"]},
        )
        lifetime = int(claims["exp"]) - int(claims["iat"])
    except (
        jwt.PyJWTError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        AttributeError,
    ):
        raise unauthenticated() from None
    name, scopes = claims["sub"], claims["scope"]
    if (
        not 0 < lifetime <= LONGEST_SECONDS
        # An audience of several is a token that others may use too.
        or claims["aud"] != AUDIENCE
        or not isinstance(name, str)
        or not NAME.fullmatch(name)
        or not isinstance(scopes, str)
    ):
        raise unauthenticated()
    found = frozenset(scopes.split(" "))
    if scope not in found:
        raise Problem(403, "forbidden", f"This needs a token with the scope {scope}.")
    return Machine(name, found)


def sign(name: str, scope: str, *, seconds: int = 300) -> str:
    """A token for a machine, as its scheduler makes one for each call."""
    if not NAME.fullmatch(name) or not all(SCOPE.fullmatch(word) for word in scope.split(" ")):
        raise ValueError("a machine has a short name, and scopes like notifications:run")
    now = int(time.time())
    claims = {
        "aud": AUDIENCE,
        "sub": name,
        "scope": scope,
        "iat": now,
        "exp": now + min(seconds, LONGEST_SECONDS),
    }
    return jwt.encode(claims, _secret(settings()), algorithm="HS256")


def _secret(config: Settings) -> str:
    if config.service_token_secret is None:
        raise unavailable("This function takes no service tokens: it has no secret for them.")
    return config.service_token_secret.get_secret_value()


if __name__ == "__main__":
    sys.stdout.write(sign(sys.argv[1], " ".join(sys.argv[2:])) + "\n")
