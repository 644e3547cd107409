"""The quiz: asks cards one after another, and makes every rating durable before the next one."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, assert_never
from unicodedata import normalize

from rich.console import Console, RenderableType
from rich.text import Text

from interview_cli.bank import asking
from interview_cli.bank.asking import Asked
from interview_cli.bank.compile import decode
from interview_cli.bank.model import AnyCard, Choice, Code, Numeric, Predict
from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox
from interview_cli.cli.keys import EndOfInput, Keys
from interview_cli.cli.view import card as cards
from interview_cli.cli.view import prose, sentences, words
from interview_cli.cli.view.card import Heading, Revealed, Verdict
from interview_cli.cli.view.look import LANGUAGES, Look, console_width
from interview_cli.domain.review import Rating, Review
from interview_cli.errors import StoreError, UsageError
from interview_cli.scheduling import scheduler
from interview_cli.scheduling import session as machine
from interview_cli.scheduling.queue import Queue, new_today
from interview_cli.scheduling.scheduler import Memory, Phase
from interview_cli.scheduling.session import Answer, Choosing, Over, Question, Shape
from interview_cli.store.shelf import Selection

if TYPE_CHECKING:
    from interview_cli.cli.agenda import Agenda

# Cards fetched at once; more are fetched when these are done.
BATCH = 1000
ENTER = "\n"
# Where an answer is typed, these lines are commands; a colon before them does not matter.
TYPED_COMMANDS = ("q", "s", "u", "l", "?", "r", "h", "quit", "exit", "help")


class Quit(Exception):
    """The learner wants to stop."""


class Quiz:
    """One sitting at the terminal."""

    def __init__(
        self,
        desk: Desk,
        view: Look,
        console: Console,
        keys: Keys,
        rng: Random,
        selection: Selection,
        limit: int | None = None,
        new_per_day: int = 20,
        is_cram: bool = False,
        agenda: "Agenda | None" = None,
    ) -> None:
        self.desk, self.view, self.console, self.keys, self.rng = desk, view, console, keys, rng
        self.selection, self.limit, self.new_per_day = selection, limit, new_per_day
        self.is_cram, self.agenda = is_cram, agenda
        self.outbox = Outbox(desk)
        self.memories: dict[str, Memory] = {}
        self.given: list[tuple[str, Rating]] = []
        self.has_more = False
        self.session = machine.start(self.queue(), desks.now(), limit)

    def queue(self) -> Queue:
        now = desks.now()
        if self.is_cram:
            ids = self.desk.shelf.ids(self.selection)
            self.rng.shuffle(ids)
            return Queue(due=tuple(ids))
        day = self.desk.day(now)
        fresh = new_today(self.new_per_day, self.desk.history.introduced_on(day))
        most = BATCH if self.limit is None else min(BATCH, self.limit)
        queue, has_more = self.desk.shelf.queue(self.selection, day, fresh, most)
        self.has_more = self.limit is None and has_more and self.agenda is None
        return queue if self.agenda is None else self.planned(queue, self.agenda)

    def planned(self, queue: Queue, agenda: "Agenda") -> Queue:
        """Steps as they come due, and what the plan asks. Before it is solved for the first time
        on a day, it is one card that would be asked without it."""
        in_steps = {w.card for w in queue.waiting}
        cards = tuple(card for card in agenda.first() if card not in in_steps)
        if not cards and not agenda.is_closed:
            cards = (*queue.due, *queue.fresh)[:1]
        return Queue(due=cards, waiting=queue.waiting)

    def run(self) -> bool:
        """Until nothing is left or the learner stops; False if something could not be saved.

        KeyboardInterrupt passes through, with everything saved.
        """
        try:
            self.keys.open()
            self.loop()
        except (EndOfInput, Quit):
            pass
        finally:
            self.keys.close()
            is_saved = self.finish()
        return is_saved

    def loop(self) -> None:
        while True:
            match self.session.screen:
                case Choosing(name):
                    self.present(name)
                case Question():
                    self.ask()
                case Answer() as screen:
                    self.rate(screen)
                case Over() as screen:
                    if not self.is_at_limit and self.take_plan(wait=True):
                        self.session = machine.chosen(self.session, desks.now())
                    elif not self.has_more:
                        self.say(self.farewell(screen))
                        return
                    else:
                        self.desk.read_reviews()
                        self.session = machine.start(self.queue(), desks.now())
                case _ as never:
                    assert_never(never)

    # The question.

    def present(self, name: str) -> None:
        """Looks up the chosen card and puts its question on the screen."""
        found = self.desk.shelf.card(name)
        if found is None:  # the deck changed while we were asking
            self.session = machine.chosen(self.session, desks.now())
            return
        self.found = found._replace(memory=self.memories.get(name, found.memory))
        card = decode(found.body, found.kind)
        self.asked: Asked = asking.ask(card, self.rng)
        self.verdict: Verdict | None = None
        self.shown_at = time.monotonic()
        self.session = machine.present(self.session, shape_of(card))
        self.draw_question()
        if self.agenda is not None:
            self.agenda.start()  # while the learner reads

    def draw_question(self, draw: Callable[..., RenderableType] = cards.question) -> None:
        screen = self.session.screen
        assert isinstance(screen, Question)
        self.fit()
        footer = self.question_keys(screen)
        self.console.print(draw(self.asked, screen.shown, self.heading(), footer, self.view))
        if self.view.is_plain:
            self.console.print(Text(f"[{footer}]"))
        if isinstance(self.asked.card, Numeric):
            # While the learner computes; the answer needs numpy.
            Thread(target=self.warm_up, args=(self.asked.card.compute,), daemon=True).start()

    def fit(self) -> None:
        """A terminal that was resized is used as wide as it is now."""
        if self.keys.is_interactive and (width := console_width()) != self.view.width:
            self.view = replace(self.view, width=width)
            self.console.width = width

    def heading(self) -> Heading:
        memory = self.found.memory
        day = self.desk.day(desks.now())
        return Heading(
            topic=self.found.topic,
            card=self.found.id,
            position=self.session.position,
            total=self.session.total,
            recall_now=memory and scheduler.retrievability(memory, day, self.desk.rules.fsrs),
            has_changed=memory is not None and self.found.seen_text not in ("", self.found.text),
            is_cram=self.is_cram,
            is_leech=memory is not None and memory.is_leech,
        )

    def question_keys(self, screen: Question) -> str:
        """What the keys do now, in a footer."""
        say = self.view.say
        match self.asked.card:
            case Choice() as card:
                letters = cards.LETTERS[: len(card.options)]
                first = say(
                    f"{letters[0]}-{letters[-1]} 选择", f"{letters[0]}-{letters[-1]} choose"
                )
            case Numeric() | Predict():
                first = say("输入答案，回车", "type the answer, Enter")
            case _:
                key = say("空格", "space") if self.keys.is_interactive else say("回车", "Enter")
                is_last = screen.shown + 1 >= screen.shape.parts
                first = say("看答案", "show") if is_last else say("下一步", "next")
                first = f"{key} {first}"
        return cards.keys_footer(first, self.view)

    def ask(self) -> None:
        """One key, or one typed answer, on the question."""
        card = self.asked.card
        if isinstance(card, Numeric | Predict):
            typed = self.typed_answer(card)
            if typed is not None:
                self.judge(typed)
            return
        key = self.keys.key()
        if self.common_key(key):
            return
        if isinstance(card, Choice):
            number = option_of(key, len(card.options))
            if number is None:
                self.hint(key)
            else:
                self.choose(card, number)
        elif key == ENTER:
            self.session = machine.reveal(self.session)
            if isinstance(self.session.screen, Answer):
                self.draw_answer()
            else:
                self.draw_question(cards.next_part)
        elif (rating := rating_of(key)) is not None:
            self.draw_answer()
            self.record(rating)
        else:
            self.hint(key)

    def common_key(self, key: str) -> bool:
        """Keys that mean the same on every screen."""
        match key:
            case "q" | "quit" | "exit":
                raise Quit
            case "s":
                self.skip()
            case "u":
                self.undo()
            case "l":
                self.turn_language()
            case "r" if self.outbox.waiting:
                self.retry()
            case "?" | "h" | "help":
                self.help()
            case _:
                return False
        return True

    def typed_answer(self, card: Numeric | Predict) -> str | None:
        """What the learner typed; None for a command. As many lines as the snippet prints."""
        count = len(asking.lines_of(card.prints)) if isinstance(card, Predict) else 1
        lines: list[str] = []
        while len(lines) < count:
            if self.keys.is_echoed:
                label = f"{len(lines) + 1}/{count} > " if count > 1 else "> "
                self.console.print(Text(label, "bold"), end="")
            typed = self.keys.line()
            command = normalize("NFKC", typed).strip().lower().removeprefix(":")
            is_command = not lines and command in TYPED_COMMANDS
            if is_command and not (isinstance(card, Predict) and command == card.prints.strip()):
                self.common_key(command)
                return None
            if not lines and not typed.strip():
                return ""
            lines.append(typed)
        return "\n".join(lines)

    # The answer.

    def choose(self, card: Choice, number: int) -> None:
        picked = self.asked.order[number]
        self.show_verdict(Verdict(card.options[picked].right, picked=number))

    def judge(self, typed: str) -> None:
        """The program's verdict on a typed answer; an empty one asks to see it."""
        card = self.asked.card
        if isinstance(card, Predict):
            prints = card.prints.rstrip("\n")
            is_right = asking.is_printed(typed, card.prints)
            self.show_verdict(Verdict(is_right, typed or "—", prints if not is_right else ""))
            return
        assert isinstance(card, Numeric)
        number = asking.number_of(typed)
        if typed.strip() and number is None:
            say = self.view.say(
                "不是数字；例如 1536、1e-3、3/4、12%", "not a number; e.g. 1536, 1e-3, 3/4, 12%"
            )
            self.say(say)
            return
        try:
            right = self.desk.computed(card, self.asked.numbers)
        except UsageError as error:  # the deck is at fault; the sitting goes on
            self.say(f"{error}", "red")
            self.session = machine.reveal(self.session)
            self.draw_answer()
            return
        is_right = number is not None and asking.is_close(number, right, card.tolerance)
        self.show_verdict(
            Verdict(is_right, typed.strip() or "—", cards.expected_of(self.asked, right, self.view))
        )

    def warm_up(self, link: str) -> None:
        from interview_cli.judge import catalogue

        try:
            catalogue.function(self.desk.solutions, link)
        except (UsageError, ImportError):
            return  # the answer will say it

    def show_verdict(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.session = machine.answer(self.session, verdict.is_right)
        self.draw_answer()

    def draw_answer(self) -> None:
        self.fit()
        screen = self.session.screen
        shape = shape_of(self.asked.card)
        revealed = self.revealed(screen if isinstance(screen, Answer) else Answer(shape))
        source = self.solution_source(self.asked.card)
        self.console.print(cards.answer(self.asked, revealed, source, self.view))
        if isinstance(screen, Answer):
            self.draw_ratings(screen)

    def draw_ratings(self, screen: Answer) -> None:
        points = screen.shape.points if screen.is_right is None else 0
        allowed = machine.allowed(screen)
        for line in cards.rating_lines(self.revealed(screen), allowed, points, self.view):
            self.console.print(line)

    def revealed(self, screen: Answer) -> Revealed:
        return Revealed(
            self.verdict,
            screen.marks,
            {} if self.is_cram else self.intervals(),
            machine.suggested(screen),
            time.monotonic() - self.shown_at,
        )

    def intervals(self) -> dict[Rating, str]:
        """What each rating would do, for the line of keys."""
        now = desks.now()
        outcomes = self.desk.outcomes(self.found.id, self.found.memory, now)
        return {rating: words.interval(memory, now) for rating, memory in outcomes.items()}

    def solution_source(self, card: AnyCard) -> str | None:
        """For a card that is written by hand the answer is the solution itself."""
        if not isinstance(card, Code):
            return None
        path = self.desk.solutions / f"{card.solution}.py"
        try:
            return path.read_text(encoding="utf-8")
        except OSError:
            self.say(f'card {card.id}: no solution is named "{card.solution}"', "red")
            return None

    def rate(self, screen: Answer) -> None:
        """One key on the answer."""
        key = self.keys.key()
        allowed = machine.allowed(screen)
        points = screen.shape.points if screen.is_right is None else 0
        if key == ENTER:
            self.record(machine.suggested(screen) or Rating.GOOD)
        elif (rating := rating_of(key)) in allowed or (rating and len(allowed) == 1):
            self.record(rating if rating in allowed else allowed[0])
        elif rating is not None:
            self.draw_ratings(screen)
        elif len(key) == 1 and key in cards.LETTERS_POINTS[:points]:
            self.session = machine.tick(self.session, cards.LETTERS_POINTS.index(key))
            self.draw_ticks()
        elif points and len(key) > 1 and set(key) <= set(cards.LETTERS_POINTS[:points]):
            for letter in sorted(set(key)):
                self.session = machine.tick(self.session, cards.LETTERS_POINTS.index(letter))
            self.draw_ticks()
        elif not self.common_key(key):
            self.hint(key)

    def draw_ticks(self) -> None:
        screen = self.session.screen
        assert isinstance(screen, Answer)
        line = cards.ticks_line(self.revealed(screen), screen.shape.points, self.view)
        self.console.print(line)
        self.draw_ratings(screen)

    def record(self, rating: Rating) -> None:
        """Makes the rating durable, then goes on; on failure says so and keeps it in memory."""
        now = desks.now()
        elapsed_ms = round((time.monotonic() - self.shown_at) * 1000)
        event = desks.review_of(self.found, rating, now, elapsed_ms, is_cram=self.is_cram)
        others_wrote = self.send(event)
        self.given.append((self.found.id, rating))
        memory = None
        if not self.is_cram:
            memory = scheduler.step(self.found.memory, event, self.desk.rules)
            assert memory is not None
            self.memories[self.found.id] = memory
            self.leech_notice(memory, rating)
        self.take_plan(wait=not self.keys.is_interactive)
        once_more = self.is_cram and rating == Rating.AGAIN
        self.session = machine.rated(self.session, memory, now, once_more=once_more)
        self.say_next(rating, memory, now)
        if others_wrote:
            self.take_in_others()

    def say_next(self, rating: Rating, memory: Memory | None, now: datetime) -> None:
        name = self.view.say(*words.RATINGS[rating])
        if memory is not None:
            name += f" → {words.interval(memory, now)}"
        self.console.print(Text(f"  {name}", "dim"))
        self.console.print()

    def leech_notice(self, memory: Memory, rating: Rating) -> None:
        if rating == Rating.AGAIN and memory.is_leech and memory.phase == Phase.RELEARNING:
            self.say(sentences.leech(self.found.id, memory.lapses, self.view))

    def send(self, event: Review) -> bool:
        try:
            return self.outbox.send(event)
        except StoreError as error:
            self.unsaved(error)
            return False

    def unsaved(self, error: StoreError) -> None:
        kept = sentences.kept_in_memory(len(self.outbox.waiting), self.view)
        self.say(f"{error}. {kept}", "bold red")

    def retry(self) -> None:
        try:
            self.outbox.flush()
        except StoreError as error:
            self.unsaved(error)
        else:
            self.say(self.view.say("已全部保存", "everything is saved"), "green")

    def take_in_others(self) -> None:
        """Another terminal has answered too: what it answered is not asked again here."""
        self.desk.read_reviews()
        self.memories.clear()
        now = desks.now()
        day = self.desk.day(now)
        queue = self.session.queue
        chosen = machine.on_screen_of(self.session)
        cards = (*queue.due, *queue.fresh, *([chosen] if chosen else []))
        gone = [card for card in cards if self.is_done(card, now, day)]
        self.session = machine.dropped(self.session, gone, now)

    def is_done(self, card: str, now: datetime, day: int) -> bool:
        """Whether a card need not be asked any more. The plan asks some before they are due."""
        found = self.desk.history.memory(card)
        if found is None or scheduler.is_due(found[0], now, day):
            return False
        return self.agenda is None or found[0].reviewed_day == day

    def take_plan(self, *, wait: bool) -> bool:
        """Goes on by the plan as soon as it is solved. True if that has just come about."""
        if self.agenda is None:
            return False
        if wait:
            self.agenda.start()
        cards = self.agenda.solution(wait=wait)
        if cards is None:
            return False
        self.session = machine.replanned(self.session, cards)
        return True

    def skip(self) -> None:
        before = self.session
        self.session = machine.skipped(before, desks.now())
        if self.session is before and self.take_plan(wait=True):
            before = self.session
            self.session = machine.skipped(before, desks.now())
        if self.session is before:
            self.say(self.view.say("没有别的卡片了", "there is no other card"))

    def undo(self) -> None:
        """Takes back the newest review, here or of an earlier day, and asks its card again."""
        if unsaved := self.outbox.take_back(desks.now()):
            card = unsaved.card
        else:
            try:
                self.outbox.flush()
            except StoreError as error:
                self.unsaved(error)
                return
            self.desk.read_reviews()
            try:
                newest = self.outbox.undo_newest()
            except StoreError as error:
                self.say(f"{error}", "bold red")
                return
            if newest is None:
                self.say(self.view.say("没有可以撤销的", "nothing to undo"))
                return
            card = newest.card
        self.memories.pop(card, None)
        if self.given and self.given[-1][0] == card:
            self.given.pop()
        self.say(self.view.say(f"已撤销 {card}", f"took back {card}"))
        if self.desk.shelf.card(card) is not None:
            self.session = machine.undone(self.session, card)

    def turn_language(self) -> None:
        following = LANGUAGES[(LANGUAGES.index(self.view.lang) + 1) % len(LANGUAGES)]
        self.view = replace(self.view, lang=following)
        if isinstance(self.session.screen, Question):
            self.draw_question()
        else:
            self.draw_answer()

    # The end.

    def finish(self) -> bool:
        """Saves what waits, brings the index up to date, and says what was done."""
        try:
            self.outbox.flush()
            is_saved = True
        except StoreError as error:
            is_saved = False
            place = self.outbox.rescue()
            count = words.plural(len(self.outbox.waiting), "answer")
            if place is not None:
                self.say(
                    f"{error}. {count} in {place}; move that file to {self.desk.where.reviews}",
                    "bold red",
                )
            else:
                self.say(f"{error}. {count} lost", "bold red")
        if self.given:
            self.say(sentences.summary([rating for _, rating in self.given], self.view))
            self.desk.read_reviews()
        return is_saved

    def farewell(self, screen: Over) -> str:
        if self.is_at_limit:
            return sentences.limit_reached(self.view)
        if self.agenda is not None and screen.next_step_at is None and not screen.held_back:
            return sentences.plan_done(self.agenda, self.view)
        if not self.given and screen.next_step_at is None and not screen.held_back:
            return sentences.nothing_due(self.new_are_used_up(), self.view)
        minutes = None
        if screen.next_step_at is not None:
            seconds = (screen.next_step_at - desks.now()).total_seconds()
            minutes = max(1, round(seconds / 60))
        return sentences.all_done(minutes, screen.held_back, self.view)

    @property
    def is_at_limit(self) -> bool:
        """Whether as many cards were answered as were to be."""
        return self.limit is not None and len(self.session.answered) >= self.limit

    def new_are_used_up(self) -> bool:
        """Whether there are cards that were never asked, but today had its share of them."""
        if self.is_cram:
            return False
        day = self.desk.day(desks.now())
        queue, _ = self.desk.shelf.queue(self.selection, day, fresh=1, most=1)
        return bool(queue.fresh)

    def say(self, sentence: str, style: str = "") -> None:
        lines = (
            [Text(sentence)]
            if self.view.is_plain
            else prose.wrapped(Text(sentence), self.view.width)
        )
        for line in lines:
            line.stylize(style)
            self.console.print(line, soft_wrap=True)

    def hint(self, key: str) -> None:
        if key != "\x1b":
            self.say(self.view.say("按 ? 看所有按键", "? lists the keys"), "dim")

    def help(self) -> None:
        """Every key and what it does, a line each."""
        for line in sentences.help_lines(self.view):
            self.console.print(line)


def shape_of(card: AnyCard) -> Shape:
    """What the session must know of a card."""
    ticks = min(asking.ticks(card), len(cards.LETTERS_POINTS))
    return Shape(card.id, asking.parts(card), ticks, card.follow_ups)


def rating_of(key: str) -> Rating | None:
    return Rating(int(key)) if key in ("1", "2", "3", "4") else None


def option_of(key: str, count: int) -> int | None:
    """The option that `b` or `2` picks."""
    for names in (cards.LETTERS, "123456"):
        if len(key) == 1 and key in names[:count]:
            return names.index(key)
    return None
