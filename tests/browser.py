"""The real Chromium the browser tests drive: found, or installed where that is possible.

    python tests/browser.py

installs it where it is missing and says in one line what was found; it fails only under
REQUIRE_BROWSER=1. The tests themselves never install anything.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
MISSING = "no Chromium that starts (set CHROMIUM to one, or run `make test` with a network)"


def find_chromium() -> Path | None:
    """A Chromium that starts on this machine: $CHROMIUM, else the system's, else Playwright's."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("CHROMIUM"):
        yield Path(named)
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    for cache in filter(None, (home, "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")):
        folder = Path(cache).expanduser()
        yield from sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
        yield from sorted(
            folder.glob("chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium"), reverse=True
        )


def _starts(path: Path) -> bool:
    """Whether it is there with all the libraries it needs."""
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_chromium() -> str:
    """Try the ways of getting one; what went wrong last, or nothing."""
    ways = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways += [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
        ]
    ways.append([sys.executable, "-m", "playwright", "install", "chromium"])
    reason = ""
    for command in ways:
        if command[-1] == "chromium" and find_chromium():
            break
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=env)
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = str(error)
            continue
        reason = (
            f"{' '.join(command[-3:])}: {_complaint(done.stderr + done.stdout)}" if done.returncode else ""
        )
    return reason


def _complaint(output: str) -> str:
    """The line of a failed command's output that says what was wrong: the first error, else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "failed")


def main() -> int:
    """Find or install, and say so."""
    found = find_chromium()
    reason = ""
    if found is None:
        print("Chromium: installing", flush=True)
        reason = install_chromium()
        found = find_chromium()
    if found is not None:
        print(f"Chromium: {found}")
        return 0
    outcome = "REQUIRE_BROWSER=1 asks for one" if REQUIRED else "its tests are skipped"
    print(f"Chromium: {'; '.join(filter(None, (MISSING, reason, outcome)))}")
    return 1 if REQUIRED else 0


if __name__ == "__main__":
    sys.exit(main())
