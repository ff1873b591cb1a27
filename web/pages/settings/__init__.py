"""The firm's settings: team, requests for access, modules."""
