"""Billing reports, invoices and bank statements over HTTP, and their files."""
