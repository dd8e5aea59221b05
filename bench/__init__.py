"""What `make bench` runs: measures of Praxis, each beside its floor or a peer (docs/speed.md)."""
