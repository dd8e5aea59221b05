"""A client's credits over HTTP."""
