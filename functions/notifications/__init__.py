"""What people are told: delivery of the outbox, reports of providers, links in messages."""
