"""Running the real command `crm`, as an operator does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from web.settings import Settings

CRM = Path(sys.executable).parent / "crm"
OURS = ("CRM_DATA", "DATABASE_URL", "DATABASE_OWNER_URL", "CRM_PASSWORD", "CRM_EDITIONS")


@frozen
class Said:
    """What a command answered."""

    code: int
    out: str
    error: str


@frozen
class Crm:
    """The command with the environment of these settings: `crm("firm", "list")`."""

    settings: Settings
    shows_traces: bool = False

    def environment(self, **more: str) -> dict[str, str]:
        """What the command finds around it."""
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        mine = {
            "CRM_DATA": str(self.settings.folder),
            "DATABASE_URL": self.settings.database_url,
            "DATABASE_OWNER_URL": self.settings.owner_url,
            "NO_COLOR": "1",
            "COLUMNS": "100",
        }
        return {**kept, **mine, **more}

    def __call__(self, *arguments: str, said: str = "", **environment: str) -> Said:
        """Runs it to its end; it shows no trace of the code, but to authors of plugins."""
        done = subprocess.run(
            [CRM, *arguments],
            input=said,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert self.shows_traces or "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def refused(self, *arguments: str, **environment: str) -> str:
        """Runs what must be refused in one clear line with the exit code 2; answers the line."""
        said = self(*arguments, **environment)
        assert said.code == 2, said
        assert said.out == "", said
        (line,) = said.error.splitlines()
        return line
