"""Bank statements: files of several formats, each read as one stream of movements."""
