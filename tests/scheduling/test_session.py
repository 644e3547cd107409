"""The session as a pure machine: from a screen and an event to the next screen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.domain.review import Rating
from interview_cli.scheduling import session as machine
from interview_cli.scheduling.queue import LEARN_AHEAD, Queue, Waiting
from interview_cli.scheduling.scheduler import Phase, Rules, review
from interview_cli.scheduling.session import Answer, Choosing, Over, Question, Shape

AGAIN, HARD, GOOD, EASY = Rating
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def shown(session, **options):
    """The session with its chosen card on the screen."""
    assert isinstance(session.screen, Choosing)
    return machine.present(session, Shape(session.screen.card, **options))


def opened(*due, fresh=(), limit=None, now=NOW, **options):
    """A session whose first card is on the screen."""
    return shown(machine.start(Queue(due=due, fresh=fresh), now, limit), **options)


def rated(session, rating=EASY, now=NOW, memory=None):
    return machine.rated(session, review(memory, rating, now, 0, Rules()), now)


def on_screen(session):
    return machine.on_screen_of(session)


# From question to answer.


def test_a_session_begins_with_the_first_card_to_be_looked_up():
    session = machine.start(Queue(due=("a", "b")), NOW)
    assert session.screen == Choosing("a")
    assert session.queue == Queue(due=("b",))
    assert shown(session).screen == Question(Shape("a"), 0)


def test_a_session_with_nothing_to_ask_is_over():
    assert machine.start(Queue(), NOW).screen == Over()


def test_a_card_without_parts_is_revealed_at_once():
    assert machine.reveal(opened("a")).screen == Answer(Shape("a"))


@pytest.mark.parametrize("parts", [1, 2, 3, 12])
def test_parts_are_revealed_one_after_another_and_the_last_with_the_answer(parts):
    session, seen = opened("a", parts=parts), []
    while isinstance(session.screen, Question):
        seen.append(session.screen.shown)
        session = machine.reveal(session)
    assert seen == list(range(parts))
    assert session.screen == Answer(Shape("a", parts=parts))


@pytest.mark.parametrize("is_right", [True, False])
def test_an_answer_that_the_program_judged_carries_its_verdict(is_right):
    session = machine.answer(opened("a"), is_right)
    assert session.screen == Answer(Shape("a"), is_right)


def test_events_that_do_not_fit_the_screen_change_nothing():
    question = opened("a", "b")
    answer = machine.reveal(question)
    over = machine.start(Queue(), NOW)
    choosing = machine.start(Queue(due=("a",)), NOW)
    assert machine.tick(question, 0) == question
    assert machine.reveal(answer) == answer
    assert machine.answer(answer, True) == answer
    for session in (over, choosing):
        assert machine.reveal(session) == session
        assert machine.answer(session, True) == session
        assert machine.tick(session, 0) == session
        assert machine.skipped(session, NOW) == session


# Ticks, suggestions and what may be given.


def ticked(points, *marks):
    session = machine.reveal(opened("a", points=points))
    for mark in marks:
        session = machine.tick(session, mark)
    assert isinstance(session.screen, Answer)
    return session.screen


def test_a_tick_is_taken_back_by_a_second_one():
    assert ticked(3, 0, 2).marks == {0, 2}
    assert ticked(3, 0, 2, 0).marks == {2}


@pytest.mark.parametrize("mark", [-1, 3, 100])
def test_only_points_that_exist_are_ticked(mark):
    assert ticked(3, mark).marks == frozenset()


@pytest.mark.parametrize(
    ("points", "count", "rating"),
    [
        (1, 1, GOOD),
        (2, 1, HARD),
        (2, 2, GOOD),
        (3, 1, AGAIN),
        (3, 2, HARD),
        (4, 1, AGAIN),
        (4, 2, HARD),
        (4, 4, GOOD),
        (8, 3, AGAIN),
        (8, 4, HARD),
        (8, 7, HARD),
        (8, 8, GOOD),
    ],
)
def test_the_ticked_share_suggests_the_rating(points, count, rating):
    assert machine.suggested(ticked(points, *range(count))) == rating


def test_without_ticks_and_verdict_nothing_is_suggested():
    assert machine.suggested(ticked(4)) is None
    assert machine.suggested(ticked(0)) is None


def test_the_verdict_suggests_the_rating():
    assert machine.suggested(Answer(Shape("a"), True)) == GOOD
    assert machine.suggested(Answer(Shape("a"), False)) == AGAIN


def test_what_was_judged_wrong_can_only_be_again():
    assert machine.allowed(Answer(Shape("a"), None)) == (AGAIN, HARD, GOOD, EASY)
    assert machine.allowed(Answer(Shape("a"), True)) == (HARD, GOOD, EASY)
    assert machine.allowed(Answer(Shape("a"), False)) == (AGAIN,)


@given(st.integers(1, 8), st.frozensets(st.integers(0, 7)), st.sampled_from([None, True, False]))
def test_a_suggestion_is_always_allowed(points, marks, is_right):
    screen = Answer(Shape("a", points=points), is_right, frozenset(m for m in marks if m < points))
    suggestion = machine.suggested(screen)
    assert suggestion is None or suggestion in machine.allowed(screen)


# Rating.


def test_a_card_that_is_learnt_does_not_come_back():
    session = rated(opened("a"))
    assert session.screen == Over()
    assert session.answered == ("a",)


def test_a_card_in_its_steps_waits_and_comes_back_when_it_is_due():
    session = rated(opened("a", "b", "c"), AGAIN)
    assert session.queue.waiting == (Waiting(NOW + timedelta(minutes=1), "a"),)
    assert on_screen(session) == "b"
    session = rated(shown(session), EASY, NOW + timedelta(minutes=1))
    assert on_screen(session) == "a"  # before c


def test_a_step_is_asked_ahead_only_when_nothing_else_is_left():
    session = rated(opened("a", "b"), AGAIN)
    assert on_screen(session) == "b"
    assert on_screen(rated(shown(session))) == "a"


def test_a_question_can_be_rated_without_its_answer():
    assert rated(opened("a", "b", parts=3)).answered == ("a",)


def test_cramming_leaves_no_card_waiting():
    session = machine.rated(opened("a", "b"), None, NOW)
    assert session.queue == Queue()
    assert on_screen(session) == "b"


def test_cramming_asks_once_more_at_the_end_what_was_not_known():
    session = machine.rated(opened("a", "b", "c"), None, NOW, once_more=True)
    assert session.queue == Queue(due=("c",), skipped=("a",))
    for expected in ("b", "c", "a"):
        assert on_screen(session) == expected
        session = machine.rated(shown(session), None, NOW)
    assert session.screen == Over()


def test_at_the_end_the_next_step_is_named():
    memory = review(None, GOOD, NOW, 0, Rules())._replace(due_at=NOW + timedelta(hours=2))
    session = machine.rated(opened("a"), memory, NOW)
    assert session.screen == Over(0, NOW + timedelta(hours=2))


# Follow-ups.


def test_a_follow_up_never_comes_right_after_the_card_that_gives_it_away():
    session = rated(opened("a", "b", "c", follow_ups=("b",)))
    assert on_screen(session) == "c"
    assert on_screen(rated(shown(session))) == "b"


def test_at_the_end_the_cards_held_back_are_counted():
    session = rated(opened("a", "b", fresh=("c",), follow_ups=("b", "c", "elsewhere")))
    assert session.screen == Over(held_back=2)


@pytest.mark.parametrize("minutes", [-1, 0, 20])
def test_a_step_that_is_held_back_is_counted_and_not_promised_for_later(minutes):
    """It could be asked now: the next sitting does, and no moment in the past is named."""
    at = NOW + timedelta(minutes=minutes)
    later = NOW + timedelta(minutes=50)
    queue = Queue(due=("a",), waiting=(Waiting(at, "b"), Waiting(later, "c")))
    session = rated(shown(machine.start(queue, at - LEARN_AHEAD * 2), follow_ups=("b",)))
    assert session.screen == Over(held_back=1, next_step_at=later)


def test_a_follow_up_whose_step_comes_much_later_is_not_held_back():
    later = NOW + timedelta(minutes=21)
    session = machine.start(Queue(due=("a",), waiting=(Waiting(later, "b"),)), NOW)
    assert rated(shown(session, follow_ups=("b",))).screen == Over(0, later)


def test_a_skipped_card_keeps_its_follow_ups_apart_too():
    session = machine.skipped(opened("a", "b", "c", follow_ups=("b",)), NOW)
    assert on_screen(session) == "c"


# Skipping.


def test_a_skipped_card_comes_after_all_others():
    session = machine.skipped(opened("a", "b", fresh=("c",)), NOW)
    assert session.answered == ()
    seen = []
    while not isinstance(session.screen, Over):
        seen.append(on_screen(session))
        session = rated(shown(session))
    assert seen == ["b", "c", "a"]


def test_two_cards_can_be_skipped_in_turn():
    session = opened("a", "b")
    for expected in ("b", "a", "b"):
        session = machine.skipped(session, NOW)
        assert on_screen(session) == expected
        session = shown(session)


def test_the_only_card_cannot_be_skipped():
    session = opened("a")
    assert machine.skipped(session, NOW) is session
    held = opened("a", "b", follow_ups=("b",))
    assert machine.skipped(held, NOW) is held


def test_an_answer_can_be_skipped():
    session = machine.skipped(machine.reveal(opened("a", "b")), NOW)
    assert on_screen(session) == "b"
    assert session.queue.skipped == ("a",)


# Undoing.


def test_an_undone_card_is_asked_again_and_the_one_on_the_screen_after_it():
    session = machine.undone(rated(opened("a", "b", "c")), "a")
    assert session.screen == Choosing("a")
    assert session.answered == ()
    assert session.queue == Queue(due=("b", "c"))


def test_undoing_takes_a_card_out_of_its_steps():
    session = machine.undone(rated(opened("a", "b"), AGAIN), "a")
    assert session.queue == Queue(due=("b",))


def test_a_card_that_is_not_in_the_queue_can_be_undone():
    session = machine.undone(opened("a", "b"), "yesterday")
    assert session.screen == Choosing("yesterday")
    assert session.queue == Queue(due=("a", "b"))
    assert on_screen(rated(shown(session))) == "a"


def test_the_card_on_the_screen_can_be_undone():
    session = rated(opened("a"), AGAIN)  # and a is asked ahead
    assert on_screen(session) == "a"
    session = machine.undone(shown(session), "a")
    assert session.screen == Choosing("a")
    assert session.queue == Queue()
    assert session.answered == ()


def test_only_the_newest_answer_of_a_card_is_taken_back():
    session = rated(opened("a", "b"), AGAIN)
    session = rated(shown(session), EASY)
    session = rated(shown(session), AGAIN)
    assert session.answered == ("a", "b", "a")
    assert machine.undone(session, "a").answered == ("a", "b")


def test_undoing_works_when_the_session_is_over():
    session = machine.undone(rated(opened("a")), "a")
    assert session.screen == Choosing("a")


def test_an_undone_card_is_shown_though_the_last_one_gave_it_away():
    session = rated(opened("a", "b", "c", follow_ups=("b",)))
    assert on_screen(machine.undone(shown(session), "b")) == "b"


def test_an_undone_card_is_still_the_next_one_when_the_queue_changes():
    session = rated(opened("a", "b", "c", follow_ups=("b",)))
    session = machine.undone(shown(session), "b")
    assert on_screen(machine.dropped(session, ["c"], NOW)) == "b"


# Limits, position and total.


def test_a_limit_is_the_most_cards_asked():
    session = opened("a", "b", "c", limit=2)
    assert session.total == 2
    session = rated(session)
    assert on_screen(session) == "b"
    session = rated(shown(session))
    assert session.screen == Over()
    assert session.queue == Queue(due=("c",))


def test_a_step_counts_towards_the_limit():
    session = rated(opened("a", limit=1), AGAIN)
    assert session.screen == Over()


def test_an_undone_answer_gives_back_its_place_in_the_limit():
    session = rated(opened("a", "b", "c", limit=2))
    session = machine.undone(shown(session), "a")
    session = rated(shown(session))
    assert on_screen(session) == "b"


def test_a_skipped_card_does_not_count_towards_the_limit():
    session = machine.skipped(opened("a", "b", limit=1), NOW)
    assert on_screen(session) == "b"


def test_position_and_total_count_each_card_once():
    session = opened("a", "b", fresh=("c",))
    assert (session.position, session.total) == (1, 3)
    session = shown(rated(session, AGAIN))
    assert (session.position, session.total) == (2, 3)
    session = shown(rated(session))
    assert (session.position, session.total) == (3, 3)
    session = shown(rated(session))
    assert on_screen(session) == "a"
    assert (session.position, session.total) == (3, 3)
    session = rated(session)
    assert session.screen == Over()
    assert (session.position, session.total) == (3, 3)


def test_a_limit_below_the_number_of_cards_is_the_total():
    assert opened("a", "b", "c", limit=2).total == 2
    assert opened("a", "b", "c", limit=20).total == 3


def test_the_total_is_never_below_the_position():
    session = rated(opened("a", "b", limit=1))
    assert (session.position, session.total) == (1, 1)
    session = machine.undone(session, "yesterday")
    assert (session.position, session.total) == (2, 2)


# A queue that changed from outside.


def test_cards_answered_elsewhere_leave_the_queue():
    session = machine.start(Queue(due=("a", "b"), fresh=("c", "d")), NOW)
    session = machine.dropped(session, ["b", "c"], NOW)
    assert session.screen == Choosing("a")
    assert session.queue == Queue(fresh=("d",))


def test_the_next_card_is_another_when_it_was_answered_elsewhere():
    session = machine.start(Queue(due=("a", "b")), NOW)
    session = machine.dropped(session, ["a"], NOW)
    assert session.screen == Choosing("b")
    assert session.queue == Queue()


def test_a_card_on_the_screen_stays_when_it_was_answered_elsewhere():
    session = opened("a", "b")
    changed = machine.dropped(session, ["a", "b"], NOW)
    assert changed.screen == session.screen
    assert changed.queue == Queue()


def test_a_session_whose_cards_were_all_answered_elsewhere_is_over():
    session = machine.start(Queue(due=("a", "b")), NOW)
    assert machine.dropped(session, ["a", "b"], NOW).screen == Over()


# Other cards to come.


def test_a_plan_takes_the_place_of_what_was_to_come():
    session = machine.replanned(opened("a", "b", fresh=("c", "d")), ["e", "b", "d"])
    assert session.queue == Queue(due=("e", "b", "d"))
    assert on_screen(session) == "a"


def test_a_plan_asks_nothing_that_was_answered_is_on_the_screen_waits_or_was_skipped():
    session = rated(opened("answered", "step", "skipped", "here", "b"))
    session = rated(shown(session), AGAIN)
    session = shown(machine.skipped(shown(session), NOW))
    assert on_screen(session) == "here"
    cards = ["skipped", "step", "c", "here", "answered", "b"]
    planned = machine.replanned(session, cards)
    assert planned.queue == session.queue._replace(due=("c", "b"))
    assert planned.total == 6


def test_an_undone_card_is_asked_once_though_the_plan_has_it_too():
    session = machine.undone(rated(opened("a", "b")), "a")
    session = machine.replanned(session, ["b", "a"])
    assert session.screen == Choosing("a")
    assert session.queue.due == ("b",)


def test_a_session_that_is_over_goes_on_when_a_plan_comes():
    session = machine.replanned(machine.start(Queue(), NOW), ["a", "b"])
    assert on_screen(machine.chosen(session, NOW)) == "a"


# Laws of any sitting.


class Sitting:
    """A learner at the machine, who sees to it that its laws hold after every event."""

    def __init__(self, queue, gives_away, limit=None, is_cram=False):
        self.gives_away, self.is_cram = gives_away, is_cram
        self.now = NOW
        self.memories, self.given, self.done = {}, [], set()
        self.cards = set(places(queue))
        self.last = self.in_steps = None
        self.session = machine.start(queue, NOW, limit)
        self.settle()

    def settle(self, undone=None):
        """Shows the chosen card, if there is one, and checks everything."""
        if isinstance(self.session.screen, Choosing):
            card = self.session.screen.card
            if card != undone:
                assert card not in self.gives_away.get(self.last, ())
                assert card != self.last or card == self.in_steps
            follow_ups = tuple(self.gives_away.get(card, ()))
            self.session = shown(self.session, parts=2, points=3, follow_ups=follow_ups)
        self.nothing_is_lost()
        if isinstance(self.session.screen, Over):
            self.ends_for_a_reason(self.session.screen)
        else:
            assert 1 <= self.session.position <= self.session.total
        if self.session.limit is None:
            assert self.session.total == len(self.cards)

    def nothing_is_lost(self):
        standing = places(self.session.queue)
        current = on_screen(self.session)
        standing += [current] if current else []
        assert len(standing) == len(set(standing)), "a card stands in two places"
        assert set(standing) | self.done == self.cards
        assert not set(standing) & self.done

    def ends_for_a_reason(self, screen):
        queue, limit = self.session.queue, self.session.limit
        if limit is not None and len(self.session.answered) >= limit:
            return
        hidden = self.gives_away.get(self.last, ())
        soon = [w.card for w in queue.waiting if w.due_at <= self.now + LEARN_AHEAD]
        ready = [*queue.due, *queue.fresh, *queue.skipped, *soon]
        assert all(card in hidden for card in ready)
        assert screen.held_back == len(ready)
        later = [w.due_at for w in queue.waiting if w.card not in soon]
        assert screen.next_step_at == min(later, default=None)

    def rate(self, rating):
        card = on_screen(self.session)
        if card is None:
            return
        self.given.append((card, self.memories.get(card)))
        memory = None
        if not self.is_cram:
            memory = review(self.memories.get(card), rating, self.now, 0, Rules())
            self.memories[card] = memory
        again = self.is_cram and rating == AGAIN
        is_learnt = memory is None or memory.phase == Phase.REVIEW
        self.last, self.in_steps = card, None if is_learnt and not again else card
        if is_learnt and not again:
            self.done.add(card)
        self.session = machine.rated(self.session, memory, self.now, once_more=again)
        self.settle()

    def skip(self, _):
        before = self.session
        card = on_screen(before)
        if card is None:
            return
        self.session = machine.skipped(before, self.now)
        if self.session is not before:
            self.last, self.in_steps = card, None
            self.settle()

    def undo(self, _):
        if not self.given:
            self.undo_of_an_earlier_day("yesterday")
            return
        card, memory = self.given.pop()
        self.done.discard(card)
        self.memories[card] = memory
        self.session = machine.undone(self.session, card)
        self.last = self.in_steps = None
        self.settle(undone=card)

    def undo_of_an_earlier_day(self, card):
        self.cards.add(card)
        self.done.discard(card)
        self.session = machine.undone(self.session, card)
        self.last = self.in_steps = None
        self.settle(undone=card)

    def reveal(self, mark):
        self.session = machine.tick(machine.reveal(self.session), mark)
        self.nothing_is_lost()

    def wait(self, minutes):
        self.now += timedelta(minutes=3 * minutes)


def places(queue):
    return [*queue.due, *queue.fresh, *(w.card for w in queue.waiting), *queue.skipped]


CARDS = [f"c{i}" for i in range(5)]


@st.composite
def sittings(draw, is_cram=False):
    """A queue of some cards, in every place, and which of them gives away which."""
    cards = draw(st.permutations(CARDS))
    cuts = sorted(draw(st.lists(st.integers(0, len(cards)), min_size=4, max_size=4)))
    due, fresh, steps, put_off = (tuple(cards[a:b]) for a, b in zip([0, *cuts], cuts, strict=False))
    waiting = [Waiting(NOW + timedelta(minutes=draw(st.integers(-30, 90))), c) for c in steps]
    gives_away = {
        card: draw(st.lists(st.sampled_from([c for c in CARDS if c != card]), max_size=4))
        for card in CARDS
    }
    limit = draw(st.one_of(st.none(), st.integers(1, 10)))
    return Sitting(Queue(due, fresh, tuple(sorted(waiting)), put_off), gives_away, limit, is_cram)


events = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), st.sampled_from(Rating)),
        st.tuples(st.sampled_from(["skip", "reveal", "undo", "wait"]), st.integers(0, 4)),
    ),
    max_size=40,
)


def play(sitting, history):
    for name, value in history:
        getattr(sitting, name)(value)
        limit = sitting.session.limit
        assert limit is None or len(sitting.session.answered) <= limit


@settings(max_examples=400)
@given(sittings(), events)
def test_no_sitting_breaks_its_laws(sitting, history):
    play(sitting, history)


@settings(max_examples=200)
@given(sittings(is_cram=True), events)
def test_no_cramming_breaks_its_laws(sitting, history):
    play(sitting, history)


@given(sittings())
def test_easy_answers_reach_every_card_that_is_not_held_back(sitting):
    for _ in CARDS:
        sitting.rate(EASY)
    assert isinstance(sitting.session.screen, Over)
