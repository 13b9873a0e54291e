"""How a site begins: the files of a new one, what an archive that is adopted holds, single new files."""
