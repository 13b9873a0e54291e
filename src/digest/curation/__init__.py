"""The editor's hand: what a command asks for, as small edits of the files in `content/threads`."""
