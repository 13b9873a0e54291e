"""`digest serve`: the preview."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli_options import content_option, read_now, site_option
from digest.config import load_config


@click.command()
@site_option
@content_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one."
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name this machine is called by elsewhere; may be given several times.",
)
@click.option("--open", "opens", is_flag=True, help="Open the site in the browser.")
def serve(
    site: Path, content: tuple[Path, ...], host: str, port: int, names: tuple[str, ...], *, opens: bool
) -> None:  # fmt: skip
    """Show the site while you work on it.

    Keeps the site in memory and serves it on this machine; no output is written. Watches content,
    templates, static files and site.toml; pages that are open in a browser follow every change by
    themselves. What cannot be built is told here and in the page, and the last good page stays. On a
    story or an article, a bar lets you curate; /-/digest/queue suggests what to look at.

    \b
    Examples:
      digest serve --open
      digest serve --site news --port 8080
      digest serve --host 0.0.0.0 --allow-host desk.example.org
    """  # noqa: D301 - click reads the backspace
    from digest.serve import Where  # noqa: PLC0415 - not for --help
    from digest.serve import serve as serve_site  # noqa: PLC0415
    from digest.serve.resident import ResidentSite  # noqa: PLC0415

    def open_browser(url: str) -> None:
        if opens:
            import webbrowser  # noqa: PLC0415

            webbrowser.open(url)

    serve_site(
        ResidentSite(lambda: load_config(site, content=content), read_now()),
        Where(host, port, names),
        on_message=click.echo,
        on_ready=open_browser,
    )
