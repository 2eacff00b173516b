# ruff: noqa: RUF001 - look-alikes are typed on purpose
"""Hypothesis strategies: what people, phones and vandals type."""

from hypothesis import strategies as st

_PIECES = [
    *(
        "cat",
        "neon lighthouse",
        "Caf\u00e9",
        "灯塔",
        "🌻",
        "3d",
        "2",
        "-.5",
        "1e3",
        "NaN",
        ".001",
        "999999",
        "(cat:1.3)",
    ),
    *(" ", " ", " ", " ", "\n", "  ", "\u3000", "\u200b", "\x00"),
    *("::", "::", ":: ", "::2 ", "::-.5 ", "::0 ", ":", ":::", "::1.5 ", "::1000000 "),
    *('"', '"', "“", "”", "'", ",", ", ", "，", "、", ".", "(", ")", "="),
    *("-", "--", " --", "—", " —", "–"),
    *(" --ar 2:3", " --ar ", " --aspect 16:9 ", " --AR 4:2 ", "3:2", "1.5:1", "9:1"),
    *(" --no ", " --no a, b", " --no a,b ", " --s 250", " --stylize 0 ", " --q .5", " --quality 2 "),
    *("{", "}", "{a, b}", "{", ",", "\\{", "\\}", "\\,", "{a {b, c}, }", "--{v 5, niji}", "\\"),
    *("https://x.org/a.png ", "https://x.org/b.png", "upload:0a1b2c3d-0000-4000-8000-00000000000f ", "http://", "::2 "),
    *(" --sref 12::2 random ", " --cref https://x.org/c.png", " --oref x", " --iw .5", " --strength .333", " --cw 3"),
    *(" --chaos 5", " --w 3000", " --exp 101", " --raw", " --style raw", " --style anime ", " --tile", " --zoom 1.5"),
    *(" --v 7", " --niji", " --p", " --p a b", " --relax", " --turbo", " --repeat 3", " --r 41", " --draft", " --hd"),
    *(" --lora ink:.8", " --lora a b:9", " --sampler euler-a", " --steps 20", " --cfg 7.5", " --video", " --mine "),
    *("<lora:ink:0.8>", "Negative prompt: ", " Steps: 20, ", "[cat]", "((", "))"),
    *(" --seed 7", " --seed 4294967296", " --stealth", " --public ", " --foo", " --sed 3", "--s 5", " —seed 1"),
]

anything_typed = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=25).map("".join),
    st.text(max_size=80),
    st.text(alphabet='a1 :-—"“”,.{}\\\n', max_size=60),
)

_WORDS = st.lists(
    st.one_of(
        st.sampled_from(["cat", '5" lens', "“quoted -- words”", '"a::2 b"', "3d", "灯塔", "1.5", ":", "a-b", "“"])
    ),
    min_size=1,
    max_size=4,
).map(" ".join)

_PARTS = st.lists(st.tuples(_WORDS, st.sampled_from(["", "1", "2", ".5", "1.25", "40", "0"])), min_size=1, max_size=5)

_PARAMETERS = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 300), st.integers(1, 300))
        .filter(lambda s: 1 / 3 <= s[0] / s[1] <= 3)
        .map("--ar {0[0]}:{0[1]}".format),
        st.integers(0, 2**32 - 1).map("--seed {}".format),
        st.integers(0, 1000).map("--s {}".format),
        st.sampled_from(
            ["--q .25", "--quality 0.5", "--q 1", "--q 2.0", "--no red", "--no a ,b, “c, d”", '—no 5" lens，x']
        ),
    ),
    max_size=6,
).map(" ".join)


def _weighted(parts):
    return " ".join(f"{words} ::{weight}" if weight else f"{words} ::" for words, weight in parts)


likely_prompts = st.tuples(_PARTS.map(_weighted), _PARAMETERS, st.sampled_from(["", "--stealth", "--public"])).map(
    " ".join
)
