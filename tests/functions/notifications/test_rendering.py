"""Templates: input like any other. What prints values works; everything else is refused."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import samples, texts
from notifications.rendering import (
    SUBJECT_MAX_LENGTH,
    BadTemplateError,
    Source,
    one_line,
    render,
    text_as_html,
)

VALUES: dict[str, Any] = {
    "name": "Eva <script>alert(1)</script> & spol.",
    "items": [{"a": "1"}, {"a": "2"}],
    "data": {"empty": "", "body": "{{ 7 * 7 }} {% for x in y %}"},
}
CHANNELS = ("email", "sms", "push")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Hello {{ name }}", "Hello Eva <script>alert(1)</script> & spol."),
        ("{% for i in items %}{{ i.a }},{% endfor %}", "1,2,"),
        # Letter by letter, twice over, a long text would take a worker for minutes.
        ("{% for a in data.body %}{% for b in data.body %}x{% endfor %}{% endfor %}!", "!"),
        ("{% for i in data %}{{ i }}{% endfor %}{% for i in absent %}x{% endfor %}!", "!"),
        ("{% if data.empty %}yes{% else %}no{% endif %}", "no"),
        ("{{ data.absent.deeper }}!", "!"),
        ("{{ data.absent | default('none') }}", "none"),
        ("{{ name | upper | length }}", str(len(VALUES["name"]))),
        ("{{ data.body }}", "{{ 7 * 7 }} {% for x in y %}"),
        ("{{ 'a' if items | length > 1 and not data.empty else 'b' }}", "a"),
    ],
)
def test_what_a_template_may_do(template: str, expected: str) -> None:
    assert render(Source("", template), VALUES).text == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ 7 * 7 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 2 ** 99999999 }}",
        "{{ [1] }}",
        "{{ {} }}",
        "{{ name.upper() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ name.__class__ }}",
        "{{ name['__class__'] }}",
        "{{ items[0] }}",
        "{{ self }}{{ self.x() }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ cycler }}{{ cycler.__init__.__globals__ }}",
        "{{ name | attr('__class__') }}",
        "{{ name | format }}",
        "{{ items | map('upper') | list }}",
        "{% for i in range(10) %}{% endfor %}",
        "{% for i in items recursive %}{{ loop(i) }}{% endfor %}",
        "{% for i in items %}" * 3 + "{% endfor %}" * 3,
        "{% for i in items | first %}{% endfor %}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% raw %}{{ x }}",
        "{{ unclosed",
        "{% if %}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ x }}" * 5000,
    ],
)
def test_61_what_a_template_may_not_do(template: str) -> None:
    # The processor's time, not the clock's: others may be using it.
    started = time.process_time()
    for source in (Source("", template), Source(template, "x"), Source("", "x", template)):
        with pytest.raises(BadTemplateError):
            render(source, VALUES)
    assert time.process_time() - started < 5


def test_output_is_bounded() -> None:
    many = {"items": [{"items": ["x" * 90] * 100}] * 100}
    template = "{% for i in items %}{% for j in i.items %}{{ j }}{% endfor %}{% endfor %}"
    with pytest.raises(BadTemplateError, match="more than"):
        render(Source("", template), many)


def test_61_html_escapes_what_it_prints() -> None:
    found = render(Source("", "{{ name }}", "<p title='{{ name }}'>{{ name }}</p>"), VALUES)
    assert "<script>" not in found.html
    assert "&lt;script&gt;" in found.html
    found = render(Source("", "{{ name }} https://a.test/?x=1&y=2 <b>"), VALUES)
    assert "<script>" not in found.html
    assert "<b>" not in found.html
    assert '<a href="https://a.test/?x=1&amp;y=2">' in found.html


def test_lines_of_a_text_stay_lines_in_html() -> None:
    assert (
        text_as_html("one & two\nthree\n\nfour") == "<p>one &amp; two<br>\nthree</p>\n<p>four</p>"
    )


def test_61_a_subject_is_one_line() -> None:
    name = "Eva\r\nBcc: all@example.test\x00\x1b[31m\u2028x"
    found = render(Source("Hi {{ name }}", "b"), {"name": name})
    assert found.subject == "Hi Eva Bcc: all@example.test [31m x"
    assert len(one_line("x" * 9999)) == SUBJECT_MAX_LENGTH


@given(st.text())
def test_any_text_is_safe_in_a_header_and_in_html(text: str) -> None:
    assert one_line(text).isprintable() or not set(one_line(text)) & set("\r\n\0")
    html = str(text_as_html(text))
    assert "<script" not in html.lower()
    for tag in html.split("<")[1:]:
        assert tag.startswith(("p>", "/p>", "br>", "a href=", "/a>"))


@pytest.mark.parametrize("locale", sorted(texts.LANGUAGES))
@pytest.mark.parametrize("kind", sorted(texts.KINDS))
def test_every_kind_has_words_in_every_language(kind: str, locale: str) -> None:
    values = samples.values(locale)
    for channel in CHANNELS:
        source = texts.built_in(kind, channel, locale)
        assert source is not None
        found = render(source, values)
        assert found.subject
        assert found.text
        for text in (found.subject, found.text, found.html):
            assert "{" not in text
            assert "None" not in text
        # Nothing printed is missing: the words around it would not make sense.
        assert "  " not in found.text
        if channel == "sms":
            assert len(found.text) < 320
    assert texts.built_in("nothing_known", "email", locale) is None


def test_languages_say_the_same() -> None:
    english = texts.LANGUAGES["en"]
    for locale, words in texts.LANGUAGES.items():
        assert words.kinds.keys() == english.kinds.keys(), locale
        assert words.asks.keys() == words.done.keys() == english.asks.keys(), locale
