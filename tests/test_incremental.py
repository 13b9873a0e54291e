"""An incremental build equals a clean one byte for byte, whatever was edited in between."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sites import Site, write_site

WORDS = ("峰会", "选举", "地震", "疫苗", "油价", "台风", "芯片", "大选")
# What the articles of a word have in common, so that they are one story.
NEWS = {
    word: text * 2
    for word, text in zip(
        WORDS,
        ("两国领导人握手合影。", "票站排起长队。", "房屋倒塌居民露宿。", "接种点今天开门。") * 2,
        strict=True,
    )
}
CURATED = (
    "---\ntitle: 峰会\nwords: [[峰会, 选举]]\n---\n介绍。\n",
    "---\ntitle: 峰会\nadopt: voa-5001\nexclude: [voa-5002]\n---\n",
    "---\nmerge: [voa-5000, dw-6003]\npin: [voa-5001]\ninclude: [dw-6001]\n---\n",
    "---\nadopt: https://www.voachinese.com/a/5003.html\nhide: true\n---\n",
)


class EditedSite(RuleBasedStateMachine):
    """Writes, changes and removes articles, the curator's files, templates and settings."""

    @initialize()
    def start(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.site: Site = write_site(self.root, "")
        self.articles: set[str] = set()
        self.build()

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @rule(
        number=st.integers(0, 12), copy=st.sampled_from(("", "-again")), word=st.sampled_from(WORDS),
        outlet=st.sampled_from(("voa", "dw")), hour=st.integers(0, 60) | st.integers(0, 400),
    )  # fmt: skip
    def write_article(self, number: int, copy: str, word: str, outlet: str, hour: int) -> None:
        path = f"content/{outlet}/{number}{copy}.md"
        link = {
            "voa": f"https://www.voachinese.com/a/{5000 + number}.html",
            "dw": f"https://www.dw.com/zh/{word}/a-{6000 + number}",
        }[outlet]
        other = f"https://www.voachinese.com/a/{5000 + (number + 1) % 13}.html"
        self.site.write(
            path,
            f"<!--{1_699_600_000_000 + hour * 3_600_000}-->\n[{word}{number}]({link})\n------\n\n"
            f'<p>{word}的消息，第{hour}小时。{NEWS[word]}<a href="{other}">前文</a></p>\n',
        )
        self.articles.add(path)

    @rule(data=st.data())
    def remove_article(self, data: st.DataObject) -> None:
        if self.articles:
            path = data.draw(st.sampled_from(sorted(self.articles)))
            self.site.remove(path)
            self.articles.discard(path)

    @rule(text=st.sampled_from((*CURATED, "")), name=st.sampled_from(("summit", "vote")))
    def curate(self, text: str, name: str) -> None:
        path = self.root / f"content/threads/{name}.md"
        if text:
            self.site.write(f"content/threads/{name}.md", text)
        elif path.exists():
            path.unlink()

    @rule(number=st.integers(0, 13))
    def hide(self, number: int) -> None:
        link = f"https://www.voachinese.com/a/{5000 + number}.html"
        self.site.write(
            "content/corrections.toml", f'[[article]]\nurl = "{link}"\nhide = true\n' * (number < 13)
        )

    @rule(
        title=st.sampled_from(("新闻", "旧闻")),
        size=st.sampled_from((3, 50)),
        url=st.sampled_from(("", "https://n.example/x")),
        automatic=st.sampled_from(("true", "true", "false")),
    )
    def configure(self, title: str, size: int, url: str, automatic: str) -> None:
        address = f"url = '{url}'\n" if url else ""
        self.site.write(
            "site.toml",
            f"title = '{title}'\n{address}[lists]\npage_size = {size}\n[threads]\nautomatic = {automatic}\n",
        )

    @rule(color=st.sampled_from(("red", "blue")))
    def restyle(self, color: str) -> None:
        self.site.write("static/extra.css", f"p {{ color: {color} }}\n")

    @rule()
    def build(self) -> None:
        self.site.build()
        assert self.site.tree() == self.build_clean()

    def build_clean(self) -> dict[str, bytes]:
        """What a build elsewhere makes of the same sources."""
        other = self.root / "clean"
        shutil.rmtree(other, ignore_errors=True)
        names = ("site.toml", "content", "static")
        other.mkdir()
        for name in names:
            source = self.root / name
            if source.is_dir():
                shutil.copytree(source, other / name)
            elif source.exists():
                shutil.copy(source, other / name)
        if not (self.root / "site.toml").exists():
            (other / "site.toml").write_text(f"title = '{self.root.name}'\n")
        clean = Site(other)
        clean.build()
        return clean.tree()


TestEditedSite = EditedSite.TestCase
TestEditedSite.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
