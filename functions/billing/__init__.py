"""Billing reports over HTTP and their export."""
