"""Sentences in both languages, and names that were probably meant."""

import pytest

from haidang.engine.both import both, did_you_mean, english, nearest, vietnamese

ADDRESSES = ["economy.revenue", "economy.revenue_trade", "economy.iip", "services.dossiers", "health.visits"]


def test_a_sentence_in_both_is_one_text_and_can_be_taken_apart():
    words = both("no column a", "không có cột a")
    assert str(words) == "no column a / không có cột a"
    assert (english(words), vietnamese(words)) == ("no column a", "không có cột a")
    assert (english("as it is"), vietnamese("as it is")) == ("as it is", "as it is")


@pytest.mark.parametrize(
    ("name", "first", "said"),
    [
        ("economy.revenu", "economy.revenue", "; did you mean economy.revenue?"),
        ("servces.dossiers", "services.dossiers", "; did you mean services.dossiers?"),
        ("visits", "health.visits", "; did you mean health.visits?"),
    ],
)
def test_what_was_probably_meant_comes_first(name, first, said):
    assert nearest(name, ADDRESSES)[0] == first
    assert english(did_you_mean(name, ADDRESSES)) == said


def test_no_name_is_guessed_of_something_else():
    assert english(did_you_mean("zzz", ADDRESSES)) == ""
