"""Documents of clients over HTTP: what needs the files themselves."""
