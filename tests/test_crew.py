from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from digest.build.crew import Crew, CrewError
from digest.errors import Location, RenderError


class Doubler:
    def work(self, name: str, payload: bytes) -> bytes:
        numbers = msgspec.msgpack.decode(payload, type=list[int])
        if name == "fail":
            raise RenderError("no", Location("a.html", 3), "mend it")
        if name == "bug":
            raise ZeroDivisionError("oh")
        if name == "big":
            return b"x" * (4 << 20)
        return msgspec.msgpack.encode([number * 2 for number in numbers])

    def close(self) -> None:
        pass


def hire(_: bytes) -> Doubler:
    return Doubler()


def batches() -> Iterator[list[int]]:
    for start in range(0, 100, 7):
        yield list(range(start, min(start + 7, 100)))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_batch_comes_back_with_its_answer(count: int) -> None:
    with Crew(count, hire, b"") as crew:
        done = [
            (batch, msgspec.msgpack.decode(answer)) for batch, answer in crew.run_batches("double", batches())
        ]
    assert all(answer == [2 * n for n in batch] for batch, answer in done)
    assert sorted(n for batch, _ in done for n in batch) == list(range(100))


def test_spawned_workers_do_the_same() -> None:
    with Crew(2, hire, b"", forks=False) as crew:
        assert sum(len(batch) for batch, _ in crew.run_batches("double", batches())) == 100


def test_large_tasks_and_large_answers_do_not_wait_for_one_another() -> None:
    with Crew(2, hire, b"") as crew:
        work = ([0] * 2_000_000 for _ in range(6))
        assert [len(answer) for _, answer in crew.run_batches("big", work)] == [4 << 20] * 6


@pytest.mark.parametrize("count", [1, 2])
def test_a_hint_is_not_answered_and_may_fail(count: int) -> None:
    with Crew(count, hire, b"") as crew:
        crew.hint("fail")
        crew.hint("double")
        assert sum(len(batch) for batch, _ in crew.run_batches("double", batches())) == 100


@pytest.mark.parametrize("count", [1, 2])
def test_a_task_that_was_begun_is_answered_before_the_batches(count: int) -> None:
    with Crew(count, hire, b"") as crew:
        finish = crew.begin("double", msgspec.msgpack.encode([1, 2]))
        crew.hint("big", most=1)
        assert msgspec.msgpack.decode(finish()) == [2, 4]
        assert sum(len(batch) for batch, _ in crew.run_batches("double", batches())) == 100
        failing = crew.begin("fail", msgspec.msgpack.encode([1]))
        with pytest.raises(RenderError):
            failing()


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_of_the_users_keeps_its_place(count: int) -> None:
    with Crew(count, hire, b"") as crew, pytest.raises(RenderError) as caught:
        list(crew.run_batches("fail", batches()))
    assert str(caught.value) == "a.html:3: no (mend it)"


def test_a_bug_in_a_worker_shows_its_traceback() -> None:
    with Crew(2, hire, b"") as crew, pytest.raises(CrewError, match="ZeroDivisionError"):
        list(crew.run_batches("bug", batches()))
