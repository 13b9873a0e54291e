"""`digest completion`: what a shell needs to complete digest's commands."""

from __future__ import annotations

import click

_VARIABLE = "_DIGEST_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Examples, each once and for all later shells:
      digest completion bash > ~/.local/share/bash-completion/completions/digest
      digest completion zsh > "${fpath[1]}/_digest"
      digest completion fish > ~/.config/fish/completions/digest.fish
    """  # noqa: D301 - click keeps the lines below its \b
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - not for --help

    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root()
    script = kind(root.command, {}, "digest", _VARIABLE)
    # `source()` would first run bash to ask for its version, and so fail where there is none.
    click.echo(script.source_template % script.source_vars())
