"""The firm's settings: team, access, modules, security, history."""
