"""The deployable targets. Each is a plain function, as functions-framework wants them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import functions_framework
from flask import Response
from werkzeug.exceptions import BadRequest, NotFound

from billing.handlers import BILLING
from booking.handlers import BOOKING
from credits.handlers import CREDITS
from imports.handlers import IMPORTS
from kernel.errors import PROBLEM_TYPE, malformed, not_found
from notifications.handlers import NOTIFICATIONS
from reports.handlers import REPORTS
from video.handlers import VIDEO

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request
    from flask.typing import ResponseReturnValue
    from werkzeug.exceptions import HTTPException


def booking(request: Request) -> ResponseReturnValue:
    """Appointments: book, move, cancel, run, and their calendar entries."""
    return BOOKING.serve(request)


def credits(request: Request) -> ResponseReturnValue:  # noqa: A001 - the function's public name
    """Credits: balance, statement, adjustment."""
    return CREDITS.serve(request)


def billing(request: Request) -> ResponseReturnValue:
    """Billing reports, invoices and their documents, bank statements."""
    return BILLING.serve(request)


def imports(request: Request) -> ResponseReturnValue:
    """Lists of clients from other programs."""
    return IMPORTS.serve(request)


def notifications(request: Request) -> ResponseReturnValue:
    """Messages: delivery, the desk's own, links, reports of providers."""
    return NOTIFICATIONS.serve(request)


def reports(request: Request) -> ResponseReturnValue:
    """Documents of clients: uploads checked, files handed out."""
    return REPORTS.serve(request)


def video(request: Request) -> ResponseReturnValue:
    """Video rooms of appointments."""
    return VIDEO.serve(request)


TARGETS: dict[str, Callable[[Request], ResponseReturnValue]] = {
    "booking": booking,
    "credits": credits,
    "billing": billing,
    "imports": imports,
    "notifications": notifications,
    "reports": reports,
    "video": video,
}


def unrouted(error: HTTPException) -> Response:
    """Answer what the framework routes to no function: a line break in the address, a WebSocket."""
    request_id = uuid.uuid4().hex
    if isinstance(error, NotFound):
        problem = not_found("There is no such address.")
    else:
        problem = malformed("The request cannot be read.")
    response = Response(problem.body(request_id), problem.status, content_type=PROBLEM_TYPE)
    response.headers["X-Request-Id"] = request_id
    return response


on_error: Any = functions_framework.errorhandler
on_error(NotFound)(unrouted)
on_error(BadRequest)(unrouted)
