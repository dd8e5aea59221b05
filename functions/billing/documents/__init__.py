"""Invoices as documents: PDF with a payment code, ISDOC, and lists."""
