"""What `digest threads` prints, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from digest.cli_columns import cut, pad, plain, width

if TYPE_CHECKING:
    from digest.grouping.why import Why
    from digest.model import Digest, Event, Page, Thread
    from digest.scoring import Figures, Match, Mistake

_SILENCE = 3
"""Days without a report that are worth a line; thread pages name as many."""
_SHOWN = 5


def list_stories(threads: Sequence[Thread], columns: int) -> Iterator[str]:
    """One line a story: id, span, reports, outlets, title, file. `columns` limits a line; 0 does not."""
    rows = [
        (t.id, _span(t), _count(len(t.members), "report"), _count(len(t.sources), "outlet")) for t in threads
    ]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for thread, (name, span, reports, outlets) in zip(threads, rows, strict=True):
        numbers = f"{reports:>{widths[2]}}  {outlets:>{widths[3]}}"
        line = f"{pad(name, widths[0])}  {pad(span, widths[1])}  {numbers}  {plain(thread.title)}"
        line += f"  [{thread.path}]" if thread.path else ""
        yield cut(line, columns) if columns else line


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def story_record(thread: Thread) -> bytes:
    """A story as one line of JSON."""
    record = {
        "id": thread.id,
        "url": thread.url,
        "title": thread.title,
        "curated": thread.curated,
        "file": thread.path or None,
        "first": thread.first or None,
        "last": thread.last or None,
        "reports": len(thread.members),
        "sources": thread.sources,
    }
    return msgspec.json.encode(record) + b"\n"


def show_story(thread: Thread, digest: Digest, names: Mapping[str, str]) -> Iterator[str]:
    """The story's timeline: its days, their events, the reports of each. `names` are the outlets'."""
    pages = {page.id: page for page in digest.pages}
    members = [pages[member] for member in thread.members]
    ids = max(width(page.id) for page in members)
    outlets = max(width(names.get(page.source, page.source)) for page in members)
    yield plain(thread.title)
    yield f"{thread.url}  {thread.path}".rstrip()
    counts = [f"{names.get(s, s)} {sum(p.source == s for p in members)}" for s in thread.sources]
    yield f"{_span(thread)}, {_count(len(members), 'report')}: {', '.join(counts)}"
    if thread.former:
        yield f"once {' '.join(thread.former)}"
    last = ""
    for day, events in _by_day(thread.events):
        yield from ("", *_name_day(last, day))
        last = day
        for event in events:
            for number, member in enumerate(event.members):
                page = pages[member]
                mark = " " if number else "*" if event.key else "-"
                outlet = pad(names.get(page.source, page.source), outlets)
                same = f"  (the text of {digest.copies[member]})" if member in digest.copies else ""
                yield f"  {mark} {pad(page.id, ids)}  {outlet}  {plain(page.title)}{same}"


def _by_day(events: Sequence[Event]) -> list[tuple[str, list[Event]]]:
    days: dict[str, list[Event]] = {}
    for event in events:
        days.setdefault(event.day, []).append(event)
    return sorted(days.items())


def _name_day(before: str, day: str) -> Iterator[str]:
    if before and day:
        silent = (date.fromisoformat(day) - date.fromisoformat(before)).days - 1
        if silent >= _SILENCE:
            yield f"    {silent} days without a report"
            yield ""
    yield day or "undated"


def _span(thread: Thread) -> str:
    if not thread.first:
        return "undated"
    return thread.first if thread.first == thread.last else f"{thread.first} – {thread.last}"


def tell_why(why: Why, page: Page, digest: Digest) -> Iterator[str]:
    """Why the machine has put `page` where it is: shared terms, nearest members, other stories."""
    pages = {p.id: p for p in digest.pages}
    threads = {t.id: t for t in digest.threads}
    threads |= {name: t for t in reversed(digest.threads) for name in t.former if name not in threads}

    def titled(name: str, title: str) -> str:
        return f"{name}  {plain(title)}".rstrip()

    def story(name: str) -> str:
        return titled(name, threads[name].title if name in threads else "")

    yield titled(page.id, page.title)
    if why.story is None:
        yield "is in no story of the machine's"
        yield f"the likest has {why.score:.2f}; it takes {why.threshold:.2f}"
    else:
        yield f"is in {story(why.story)}"
        yield f"likeness {why.score:.2f}; it takes {why.threshold:.2f}"
    if why.note:
        yield plain(why.note)
    for thread in digest.threads:
        if page.id in thread.members and (thread.path or thread.id != why.story):
            yield f"published in {thread.url}" + (f", as {thread.path} has it" if thread.path else "")
    terms = [f"  {term.weight:.3f}  {plain(term.text)}" for term in why.terms]
    near = [
        f"  {n.score:.3f}  {titled(n.page, pages[n.page].title if n.page in pages else '')}"
        for n in why.nearest
    ]
    others = [f"  {other.score:.3f}  {story(other.story)}" for other in why.others]
    for heading, lines in (("shared terms", terms), ("nearest reports", near), ("other stories", others)):
        if lines:
            yield from ("", heading, *lines)


def score_lines(figures: tuple[Figures, Figures]) -> Iterator[str]:
    """B-cubed of a window."""
    for name, f in zip(("b3", "b3+"), figures, strict=True):
        yield f"{name:<4} P {f.precision:.4f} R {f.recall:.4f} F1 {f.f1:.4f}"


def match_lines(matches: Mapping[str, Match], mean: float) -> Iterator[str]:
    """The best match of each story, and their mean."""
    names = max((width(name) for name in matches), default=0)
    for story, match in matches.items():
        sizes = f"story {match.story_size:4d}  thread {match.thread_size:4d}  common {match.common:4d}"
        yield f"{match.f1:.3f}  {sizes}  {pad(story, names)}  {match.thread or '-'}"
    yield f"mean best-match F1 {mean:.4f}"


def mistake_lines(
    mistake: Mistake, pages: Mapping[str, Page], titles: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[str]:
    """A story's pieces and intruders, by the ids that the other commands take. `pages` are by base
    name of their files, `titles` by thread, `labels` the stories that the files should be in."""
    count = sum(len(files) for _, files in mistake.pieces)
    parts = f"{count} articles in {len(mistake.pieces)} pieces"
    yield f"{plain(mistake.story)}: {parts}, {len(mistake.intruders)} intruders"
    for number, (thread, files) in enumerate(mistake.pieces):
        where = f"{thread}  {plain(titles.get(thread, ''))}" if thread is not None else "in no story"
        yield f"  {len(files):4d}  {where}".rstrip()
        if number or thread is None:
            yield from _articles(files, pages, {})
    if mistake.intruders:
        yield f"  {len(mistake.intruders):4d}  intruders in {mistake.pieces[0][0]}"
        yield from _articles(mistake.intruders, pages, labels)


def _articles(files: Sequence[str], pages: Mapping[str, Page], labels: Mapping[str, str]) -> Iterator[str]:
    for file in files[:_SHOWN]:
        page = pages.get(file)
        text = f"{page.id}  {plain(page.title)}" if page else f"(no such file) {plain(file)}"
        yield f"          {text}" + (f"  [{labels[file]}]" if file in labels else "")
    if len(files) > _SHOWN:
        yield f"          … and {len(files) - _SHOWN:,} more"
