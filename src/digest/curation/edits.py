"""What each of the editor's commands asks of the files in `content/threads`.

All are idempotent: what the files say already is not written again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from digest.curation.front_matter import Change, Entry
from digest.curation.stories import Stories, Story, as_published
from digest.errors import ContentError
from digest.ids import slugify
from digest.model import Page, ThreadFile

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_MONTH = re.compile(r"\d{4}(?:-\d\d)?\Z")


class Edit(Struct, frozen=True):
    """The changes of one file. `path` is that of an editor's file, or of a new one in `threads/`;
    `body` is what shall stand below the front matter, None leaves it."""

    path: str
    changes: tuple[Change, ...]
    is_new: bool = False
    body: str | None = None


def adopt(stories: Stories, reference: str, title: str = "", slug: str = "") -> list[Edit]:
    """Gives a story the machine found a file of its own, with `slug` as its id. An article that is
    in no story becomes one."""
    story = stories.story(reference)
    if story.file is None:
        return [_new(_free_slug(stories, slug, story), title, _adoption(stories, story))]
    if slug and slug != story.file.id:
        raise ContentError(f"{reference!r} belongs to {story.file.path} already (id {story.file.id!r})")
    return _edits(story.file, *_titled(story.file, title))


def merge(stories: Stories, references: Sequence[str]) -> list[Edit]:
    """Lets the other stories flow into the first."""
    first, *others = (stories.story(reference) for reference in references)
    entries: list[Entry] = []
    readmitted: list[str] = []
    for reference, other in zip(references[1:], others, strict=True):
        if other.id == first.id:
            continue
        if other.file is not None:
            message = f"{reference!r} is the story of {other.file.path} (expected one without a file)"
            raise ContentError(message, hint="name it first, or remove that file")
        entries.append(stories.name_story(other))
        if other.thread is None and first.file is not None:
            readmitted += stories.naming(stories.page(other.id), first.file.exclude)
    changes = Change("exclude", drop=tuple(readmitted)), Change("merge", add=tuple(entries))
    return _edit_story(stories, first, *changes) if entries else []


def split(
    stories: Stories,
    reference: str,
    members: Sequence[str],
    title: str = "",
    slug: str = "",
    *,
    whole_events: bool = False,
) -> list[Edit]:
    """Makes a story of its own of some members, with all that report the same events if asked."""
    pages, story = stories.pages(members), stories.story(reference)
    if done := _find_split(stories, story, pages, slug):
        return _edits(done, *_titled(done, title))
    story = as_published(story)
    if strays := [page.id for page in pages if page.id not in story.members]:
        raise ContentError(f"{strays[0]} is no article of the story {story.id}")
    if whole_events and story.thread:
        chosen = {page.id for page in pages}
        together = [e.members for e in story.thread.events if not chosen.isdisjoint(e.members)]
        pages = stories.pages({member for event in together for member in event})
    if len(pages) == len(story.members):
        if story.file is not None and _only_includes(story.file) and slug in ("", story.file.id):
            return _edits(story.file, *_titled(story.file, title))
        raise ContentError(f"these are all articles of the story {story.id} (expected some of them)")
    free = (page.id for page in pages if not stories.is_taken(page.id))
    name = _free_slug(stories, slug or next(free, ""))
    edits = [_new(name, title, Change("include", add=tuple(map(stories.name, pages))))]
    return edits + (_let_go(stories, story.file, pages) if story.file else [])


def _find_split(stories: Stories, story: Story, pages: Sequence[Page], slug: str) -> ThreadFile | None:
    """The file that an earlier split off `story` made of `pages`."""
    for file in stories.files:
        may_be = file != story.file and _only_includes(file) and slug in ("", file.id)
        if may_be and all(stories.naming(page, file.include) for page in pages):
            return file
    return None


def _only_includes(file: ThreadFile) -> bool:
    return not (file.adopt or file.merge or file.words or file.sources)


def move(stories: Stories, members: Sequence[str], to: str) -> list[Edit]:
    """Puts articles into the story `to`, and takes them out of all others."""
    pages, target = stories.pages(members), stories.story(to)
    if target.file is not None and target.file.hide:
        raise ContentError(f"{to!r} is hidden by {target.file.path}", hint="take the hide away first")
    is_alone = target.thread is None and target.file is None
    missing = [p for p in pages if p.id not in target.members and not (is_alone and p.id == target.id)]
    if not missing and is_alone:
        raise ContentError(f"{target.id} is in no story, and there is nothing else to put with it")
    edits = _edit_story(stories, target, *_include(stories, target.file, missing)) if missing else []
    leaving: dict[str, tuple[ThreadFile, list[Page]]] = {}
    for page in pages:
        for story in stories.stories_of(page):
            if story.file is not None and story.id != target.id:
                leaving.setdefault(story.file.path, (story.file, []))[1].append(page)
    for file, its in leaving.values():
        edits += _let_go(stories, file, its)
    return edits


def note(stories: Stories, reference: str, text: str) -> list[Edit]:
    """Makes `text`, which is Markdown, the introduction of a story."""
    story = stories.story(reference)
    if story.file is not None:
        return [Edit(story.file.path, (), body=text)]
    if not text.strip():
        return []
    new = _new(_free_slug(stories, "", story), "", _adoption(stories, story))
    return [msgspec.structs.replace(new, body=text)]


def hide(stories: Stories, reference: str) -> list[Edit]:
    """Takes a story off the site."""
    story = stories.story(reference)
    if story.file is not None and not (story.file.adopt or story.file.merge):
        message = f"{story.file.path} adopts no story that could be hidden"
        raise ContentError(message, hint="without the file its articles go back to where they were")
    if story.file is not None:
        return [] if story.file.hide else _edits(story.file, Change("hide", on=True))
    return _edit_story(stories, as_published(story), Change("hide", on=True))


def pin(stories: Stories, members: Sequence[str], story: str = "") -> list[Edit]:
    """Makes the events of these articles key events of their story."""
    edits = []
    for its, pages in _by_story(stories, stories.pages(members), story):
        held = its.file.pin if its.file else ()
        new = tuple(stories.name(page) for page in pages if not stories.naming(page, held))
        edits += _edit_story(stories, its, Change("pin", add=new)) if new else []
    return edits


def exclude(stories: Stories, members: Sequence[str], story: str = "") -> list[Edit]:
    """Takes articles out of their story. One that a file leaves out already, and none includes, stays
    in the story it has fallen back to unless that `story` is named."""
    pages = stories.pages(members)
    if not story:
        left_out = [reference for file in stories.files for reference in file.exclude]
        included = [reference for file in stories.files if not file.hide for reference in file.include]
        pages = tuple(
            page for page in pages if stories.naming(page, included) or not stories.naming(page, left_out)
        )
    edits = []
    for its, leaving in _by_story(stories, pages, story):
        if its.members and {page.id for page in leaving} >= set(its.members):
            raise ContentError(f"these are all articles of the story {its.id}", hint="hide it instead")
        added = tuple(map(stories.name, leaving))
        if its.file is None:
            changes = (_adoption(stories, its, leaving), Change("exclude", add=added))
            edits.append(_new(_free_slug(stories, "", its), "", *changes))
        else:
            edits += _let_go(stories, its.file, leaving, always=True)
    return edits


def _by_story(stories: Stories, pages: Sequence[Page], named: str) -> list[tuple[Story, list[Page]]]:
    found: dict[str, tuple[Story, list[Page]]] = {}
    for page in pages:
        story = as_published(stories.story(named) if named else stories.story_of(page))
        is_out = story.file is not None and bool(stories.naming(page, story.file.exclude))
        if page.id not in story.members and not is_out:
            raise ContentError(f"{page.id} is no article of the story {story.id}")
        found.setdefault(story.id, (story, []))[1].append(page)
    return list(found.values())


def _edit_story(stories: Stories, story: Story, *changes: Change) -> list[Edit]:
    """The changes in the story's file, or in a new one that adopts it."""
    if story.file is not None:
        return _edits(story.file, *changes)
    return [_new(_free_slug(stories, "", story), "", _adoption(stories, story), *changes)]


def _adoption(stories: Stories, story: Story, without: Sequence[Page] = ()) -> Change:
    return Change("adopt", put=stories.name_story(story, without))


def _include(stories: Stories, file: ThreadFile | None, pages: Sequence[Page]) -> list[Change]:
    dropped = tuple(r for page in pages for r in stories.naming(page, file.exclude)) if file else ()
    held = file.include if file else ()
    new = tuple(stories.name(page) for page in pages if not stories.naming(page, held))
    return [Change("exclude", drop=dropped), Change("include", add=new)]


def _let_go(stories: Stories, file: ThreadFile, pages: Sequence[Page], *, always: bool = False) -> list[Edit]:
    """The file without `pages`. Those that another file includes leave a story the machine found by
    that alone; what a rule chooses has to be excluded."""
    drops = [
        Change(key, drop=tuple(r for page in pages for r in stories.naming(page, held)))
        for key, held in (("include", file.include), ("pin", file.pin))
    ]
    if not (always or file.words or file.sources):
        return _edits(file, *drops)
    new = tuple(stories.name(page) for page in pages if not stories.naming(page, file.exclude))
    return _edits(file, *drops, Change("exclude", add=new))


def _titled(file: ThreadFile, title: str) -> tuple[Change, ...]:
    is_said = file.titled and title == file.title
    return (Change("title", put=Entry(title)),) if title and not is_said else ()


def _edits(file: ThreadFile, *changes: Change) -> list[Edit]:
    real = tuple(c for c in changes if c.put or c.on or c.drop or c.add)
    return [Edit(file.path, real)] if real else []


def _new(slug: str, title: str, *changes: Change) -> Edit:
    head = (Change("title", put=Entry(title)),) if title else ()
    real = tuple(c for c in changes if c.put or c.on or c.add)
    return Edit(f"threads/{slug}.md", (*head, Change("id", put=Entry(slug)), *real), is_new=True)


def _free_slug(stories: Stories, slug: str, story: Story | None = None) -> str:
    """The id of a new file: `slug`, or by default the story's own, so that its address stays."""
    own = (story.id, *(story.thread.former if story.thread else ())) if story else ()
    name = slug or next((name if _SLUG.match(name) else slugify(name) for name in own), "")
    if not name:
        raise ContentError("the new story needs an id of its own", hint="give one with --as")
    if not _SLUG.match(name):
        raise ContentError(f"the id is {name!r} (expected lower-case letters, digits and -)")
    if _MONTH.match(name):
        raise ContentError(f"the id is {name!r}, where the stories of that time are listed (expected words)")
    if stories.is_taken(name) and name not in own:
        raise ContentError(f"the id {name!r} is another story's already (expected a new one)")
    return name
