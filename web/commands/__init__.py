"""What the commands of `crm` do, one module each; `web.cli` reads their arguments."""
