"""From the output folder to where readers find it: a git branch, a folder, an archive.

    output ──gather──▶ Tree ──compare with what is there──▶ Changes ──write──▶ branch, folder or archive

What is compared and judged is pure (`tree`, `changes`, `commits`); git is only ever run through `git`.
"""
