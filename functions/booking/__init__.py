"""Appointments over HTTP: one SQL function per request, an iCalendar file, links to join."""
