from __future__ import annotations

from pixi_jupyter.inkernel.tasks.log import MOST_CHARACTERS, MOST_LINES, Log


def shown(log: Log) -> str:
    return "\n".join(log.piece(number) for number in log.pieces)


def test_a_line_is_seen_before_it_ends_and_once_after() -> None:
    log = Log()

    log.write("out", "one\ntw")
    assert shown(log) == "one\ntw"
    log.write("out", "o\n")

    assert shown(log) == "one\ntwo"
    assert log.total == 2


def test_two_sources_do_not_break_each_others_lines() -> None:
    log = Log()

    for source, text in (("out", "be"), ("err", "wrong\n"), ("out", "gun\n")):
        log.write(source, text)

    assert shown(log) == "wrong\nbegun"


def test_only_the_last_lines_are_kept_and_all_are_counted() -> None:
    log = Log()

    for start in range(0, 25_000, 500):
        log.write("out", "".join(f"{start + n}\n" for n in range(500)))

    lines = shown(log).split("\n")
    assert (len(lines), lines[0], lines[-1]) == (MOST_LINES, "15000", "24999")
    assert (log.total, log.gone) == (25_000, 15_000)


def test_more_lines_at_once_than_are_kept_are_counted_too() -> None:
    log = Log()

    log.write("out", "".join(f"{n}\n" for n in range(30_000)))

    lines = shown(log).split("\n")
    assert (len(lines), lines[0], lines[-1]) == (MOST_LINES, "20000", "29999")
    assert log.total == 30_000


def test_long_lines_do_not_make_a_page_long() -> None:
    log = Log()

    for _ in range(2000):
        log.write("out", "é" * 5000 + "\n")

    assert len(shown(log)) <= MOST_CHARACTERS * 1.01
    assert log.total == 2000


def test_a_piece_that_has_a_next_one_stays_as_it_is() -> None:
    log = Log()
    log.write("out", "".join(f"{n}\n" for n in range(300)))
    before = log.piece(0)

    log.write("out", "more\n" * 300)

    assert log.piece(0) == before


def test_what_is_said_cannot_become_a_part_of_the_page() -> None:
    log = Log()

    log.write("out", "<script>1</script>\x1b[31m<b>\n")
    log.say("<i>", "quiet")

    assert shown(log) == (
        "&lt;script&gt;1&lt;/script&gt;"
        '<span class="pjk-red">&lt;b&gt;</span>\n<span class="pjk-quiet">&lt;i&gt;</span>'
    )


def test_colours_go_on_in_the_next_line_until_they_are_turned_off() -> None:
    log = Log()

    log.write("out", "\x1b[1;32mok\nstill\x1b[0m not\n")

    assert shown(log) == (
        '<span class="pjk-bold pjk-green">ok</span>\n'
        '<span class="pjk-bold pjk-green">still</span> not'
    )


def test_what_only_a_terminal_can_do_leaves_no_trace() -> None:
    log = Log()

    log.write(
        "out", "\x1b]0;title\x07a\x1b[2K\x1b[38;5;12mb\x1b[38;2;1;2;3mc\x08\x00\n"
    )

    assert shown(log) == "abc"


def test_a_line_that_is_overwritten_shows_its_last_state() -> None:
    log = Log()

    log.write("out", "10 %\r20 %")
    assert shown(log) == "20 %"
    log.write("out", "\r100 %\r\n")

    assert shown(log) == "100 %"
