"""The commands behind the Makefile: `python -m local <command>`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import psycopg

from local import dev, tools
from local.postgres import PostgresError
from local.schema import SchemaError
from local.scripts import ScriptError
from local.stack import Stack

COMMANDS: dict[str, Callable[[Stack, argparse.Namespace], int]] = {
    "dev": lambda stack, options: dev.run(stack, temporary=options.temporary),
    "stop": lambda stack, _: dev.stop(stack),
    "reset": lambda stack, _: dev.reset(stack),
    "apply": lambda stack, _: dev.apply(stack),
    "migration": lambda stack, options: tools.migration(stack, options.name),
    "types": lambda stack, _: tools.types(stack),
    "lock": lambda stack, _: tools.lock(stack),
    "verify": lambda stack, _: tools.verify(stack),
    "advisors": lambda stack, _: tools.advisors(stack),
}


def main() -> int:
    """Run one command; what goes wrong is said in a sentence, not in a traceback."""
    options = argparse.ArgumentParser(prog="local", description=__doc__)
    options.add_argument("command", choices=COMMANDS)
    options.add_argument("--name", default="", help="what the migration does, for its file name")
    options.add_argument("--temporary", action="store_true", help="dev: end with the caller")
    chosen = options.parse_args()
    try:
        return COMMANDS[chosen.command](Stack.from_environment(), chosen)
    except (PostgresError, SchemaError, ScriptError, psycopg.OperationalError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
