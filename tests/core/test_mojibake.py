"""Garbled symbols come back; honest text is never touched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.mojibake import Mojibake, find_garbled, repair

EMOJI = (  # noqa: SIM905 (a list literal would take a page)
    "📚 🔬 ⚙️ 🌐 ✨ ✅ ❌ ⭐ ⚡ ⚠️ ❤️ ☀️ ▶️ ℹ️ ©️ ®️ ™️ ‼️ ⁉️ 〰️ 〽️ ㊗️ 1️⃣ #️⃣ *⃣ 🔟 🅰️ 🈁 🏽 👍🏽 🇩🇪 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👨‍👩‍👧 "
    "🧑🏽‍💻 🫠 🪄 → ⇒ ✓ ✗ ☐ ☑ ★ ● ◐ ▸ ∑ ∞ ≈ ≠ ≤ ∈ √ ∇ ① ⅓ ❶ € ₿ ™ № ℃ ♥ ♻ ⏫ ➕ ⬆️"
).split()

SYMBOLS = [
    chr(code)
    for code in (*range(0x2010, 0x2C00), *range(0x3000, 0x3400), *range(0x1D000, 0x1FC00))
    if unicodedata.category(chr(code))[0] == "S" or "‐" <= chr(code) <= "…"
]


def as_mac_roman(text: str) -> str:
    return text.encode().decode("mac_roman")


def as_latin_1(text: str) -> str:
    return text.encode().decode("latin-1")


def as_windows_1252(text: str) -> str:
    """The web's Windows-1252: the five undefined bytes come out as C1 controls."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


Garbler = Callable[[str], str]
GARBLERS = (as_mac_roman, as_windows_1252, as_latin_1)


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("1. \uf8ffüìö Theoretical Foundations", "1. 📚 Theoretical Foundations"),
        ("2. \uf8ffüî¨ Advanced Modeling", "2. 🔬 Advanced Modeling"),
        ("3. ‚öôÔ∏è MLOps & Engineering", "3. ⚙️ MLOps & Engineering"),
        ("4. \uf8ffüåê Strategic & Research Skills", "4. 🌐 Strategic & Research Skills"),
        ("‚ú® Best Practices", "✨ Best Practices"),
    ],
)
def test_the_five_headings_of_a_damaged_roadmap(heading: str, shown: str) -> None:
    assert repair(heading) == shown
    assert len(find_garbled(heading)) == 1


@pytest.mark.parametrize("garble", GARBLERS)
@pytest.mark.parametrize("emoji", EMOJI)
def test_emoji_and_signs_of_every_length_come_back(emoji: str, garble: Garbler) -> None:
    assert repair(garble(emoji)) == emoji
    assert repair(f"## {garble(emoji)} Heading") == f"## {emoji} Heading"


@pytest.mark.parametrize(
    ("garbled", "shown"),
    [
        ("Don‚Äôt stop‚Ä¶", "Don’t stop…"),
        ("Itâ€™s 3â€“4 weeks â€” â€œmaybeâ€\x9d", "It’s 3–4 weeks — “maybe”"),
        ("done \uf8ffüéâ\uf8ffüéâ", "done 🎉🎉"),
        ("‚úÖ ‚úÖ‚úÖ", "✅ ✅✅"),
        ("â˜…â˜…â˜…", "★★★"),
        ("é\uf8ffüìöü", "é📚ü"),
        ("naïve ðŸ“š café", "naïve 📚 café"),
        ("\uf8ffüìö done, 🔬 is whole", "📚 done, 🔬 is whole"),
        ("x‚Üíy", "x→y"),
    ],
)
def test_garbled_pieces_among_other_text(garbled: str, shown: str) -> None:
    assert repair(garbled) == shown


@pytest.mark.parametrize("first", GARBLERS)
@pytest.mark.parametrize("second", GARBLERS)
def test_what_was_garbled_twice_comes_back(first: Garbler, second: Garbler) -> None:
    assert repair(f"## {second(first('📚⚙️'))} Reading") == "## 📚⚙️ Reading"


def test_what_was_found_names_its_place() -> None:
    assert find_garbled("a ‚ú® b ‚öôÔ∏è") == [Mojibake((2, 5), "✨"), Mojibake((8, 14), "⚙️")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain text",
        "📚 Théorie, ⚙️ outils, ✨ pratiques",
        "l’été, l’éclair ’é ’è “à” « ça »",  # ’é is an Armenian letter by accident
        "Não amanhã… e a irmã”, AMANHÃ—SEXTA; “maçã”…",
        "“Mevlânâ”—and Mevlânâ… Atâ”… Divânâ’…",
        "‚öö‘ und ‚üürikorter‘, „äärde“ ja „ööülikool“, ‚öö algas‘",
        "‚ööbik and „äärel, quotations that do not end here",
        "„Über“ – ‚Öl‘ – ‚Ärger‘ – „Ähnlich“",
        "Það er með… “ráð”—og við’… góð”…",
        "Ça coûte 5 €… 3 × 4 ÷ 2 ± 1 °C © 2026 ®",
        "√∑x² ¬∞ ¬± √º √© ∂/∂x ≥ 0 ≠ ∞",
        "Apple \uf8ff, \uf8ff Music, \uf8ffé",
        "Příliš žluťoučký kůň; ‚úča‘",
        "Ünlü, İstanbul, ağaç; Kâğıt, hâlâ…",
        "Mâine și câine „așa” ‚așa’ ROMÂ®",
        "Съешь ещё этих булок… «да» „нет“",
        "Ξεσκεπάζω τὴν ψυχοφθόρα — «ναι»",
        "日本語の「テスト」…です。 中文——测试", "한국어 ‘시험’…",
        "שלום עולם", "السلام عليكم", "नमस्ते दुनिया", "สวัสดี",
        "Tiếng Việt: đâu, cần ‘ấy’…",
        "²â³ãð¹ â ã ð ï Â Ã",
        "a\udcc3\udca9b \udce2\udc9c",
    ],
)  # fmt: skip
def test_honest_text_stays(text: str) -> None:
    assert repair(text) == text
    assert find_garbled(text) == []


@pytest.mark.parametrize("garble", GARBLERS)
@pytest.mark.parametrize(("before", "sign"), [("", "\ufe0f\u20e3"), ("a", "\ufe0f\u20e3"), ("1", "\ufe0f")])
def test_what_makes_a_key_comes_back_behind_a_digit_only(garble: Garbler, before: str, sign: str) -> None:
    assert repair(f"{before}{garble(sign)} Heading") == f"{before}{garble(sign)} Heading"


@given(symbol=st.sampled_from(SYMBOLS), garble=st.sampled_from(GARBLERS), word=st.text("abc xyz"))
def test_any_symbol_comes_back(symbol: str, garble: Garbler, word: str) -> None:
    assert repair(f"{garble(symbol)} {word}") == f"{symbol} {word}"


@given(symbols=st.lists(st.sampled_from(EMOJI)), garble=st.sampled_from(GARBLERS))
def test_emoji_in_a_row_come_back(symbols: list[str], garble: Garbler) -> None:
    assert repair(garble(" ".join(symbols))) == " ".join(symbols)


ALPHABETS = (
    "abcçdeéèêëfghiîïjlmnoôpqrstuùûüvxyzàâæÉÈÀÂÇÊÎÔ",  # French
    "aábcdðeéfghiíjklmnoóprstuúvxyýþæöÁÐÉÍÓÚÝÞÆÖ",  # Icelandic
    "aãáâàbcçdeéêfghiíjlmnoóôõpqrstuúvxzÃÁÂÀÇÉÊÍÓÔÕÚ",  # Portuguese
    "aăâbcdefghiîjlmnoprsștțuvxzĂÂÎȘȚ",  # Romanian
    "aäbdeghijklmnoõöprsštuüvžÄÕÖÜŠŽ",  # Estonian
    "aąbcćdeęfghijklłmnńoóprsśtuwyzźżĄĆĘŁŃÓŚŹŻ",  # Polish
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",  # Russian, Ukrainian
    "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ",  # Greek
    "אבגדהוזחטיכלמנסעפצקרשת",
    "あいうえおカキクケコ日本語漢字",
    "가나다라마바사아자차카타파하",
)
QUOTED = ("{}", "“{}”", "„{}“", "‚{}‘", "«{}»", "« {} »", "‹{}›", "‘{}’", "”{}”", "{}…", "{}—", "–{}–")


@st.composite
def honest_texts(draw: st.DrawFn) -> str:
    words = st.text(draw(st.sampled_from(ALPHABETS)), min_size=1, max_size=8)
    return " ".join(draw(st.sampled_from(QUOTED)).format(word) for word in draw(st.lists(words, max_size=6)))


@given(honest_texts())
def test_words_of_real_alphabets_stay(text: str) -> None:
    assert repair(text) == text


@given(
    st.text(st.characters(codec=None) | st.sampled_from("‚„\uf8ffÔâãðïÂ√Ãöôú®Ÿ“š\x8f¸\xa0€™"), max_size=40)
)
def test_any_text_comes_through(text: str) -> None:
    shown = repair(text)
    assert (shown == text) == (not find_garbled(text))
    at = 0
    for garbled in find_garbled(text):
        start, end = garbled.span
        assert at <= start < end <= len(text)
        assert len(garbled.repaired) < end - start
        at = end
    assert len(shown) <= len(text)
