"""What people read when something is wrong, and what the button that mends it says."""

import pytest

from generation.prompts.permutations import check_all

SAID = [
    ("", "There are no words yet. Say what the picture shows.", None),
    ("https://x.org/a.png", "An image alone is no prompt. Add words, or a second image to blend it with.", None),
    ("a::1e3 b", "“1e3” is not a weight. A weight is a plain number, such as ::2 or ::-.5.", None),
    ("a::1,5 b", "“1,5” is not a weight. A weight is a plain number, such as ::2 or ::-.5.", "Use 1.5"),
    ("a::2dog b", "“2dog” was read as words. A weight ends with a space.", None),
    ("a::0 b", "Weight 0 leaves out “a”.", None),
    ("a::-1 b", "The weights must add up to more than 0.", "Use ::-.5"),
    ("a::99999999 b", "Weights go from -1000000 to 1000000.", "Use ::1000000"),
    ("a::.3333333333 b", "These weights are too far apart or too finely written. Use whole numbers up to 1000.", None),
    (":: b", "Nothing stands before this ::.", "Remove it"),
    (
        "a::1 a::2 a::3 a::4 a::5 a::6 a::7 a::8 a::9 a::10 a::11",
        "A prompt has at most 10 parts between ::. This one has 11.",
        None,
    ),
    ("a --foo 3", "--foo is not a parameter.", "Remove --foo"),
    (
        "a --xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 3",
        "--xxxxxxxxxxxxxxxxxxxxxxxxxxxxx… is not a parameter.",
        "Remove --xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…",
    ),
    ("a --sed 3", "--sed is not a parameter. Did you mean --seed?", "Use --seed"),
    ("a --s250", "--s250 is not a parameter. Did you mean --s 250?", "Use --s 250"),
    ("a —beautiful red", "--beautiful is not a parameter.", "Keep it as words"),
    ("a --ar", "--ar needs a value, such as --ar 3:2.", "Use --ar 3:2"),
    ("a --ar 2:3 in a field", "Words go before the parameters. “in a field” stands after --ar.", "Remove “in a field”"),
    (
        "a --tile xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "Words go before the parameters. “xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” stands after --tile.",
        "Remove “xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…”",
    ),
    ("a --ar 2:3.", "Nothing may follow the value of --ar but a space.", "Remove “.”"),
    ("a --ar=2:3", "--ar must be followed by a space.", "Put a space there"),
    ("a --no: red", "--no must be followed by a space.", "Remove it"),
    ("a --tile.", "--tile must be followed by a space.", "Remove it"),
    ("a --ar 2:3--s 5", "There must be a space before --s.", "Put a space there"),
    ("a --no x,--s 5", "There must be a space before --s 5.", "Put a space there"),
    ("a --no x::2", "--no takes words without ::.", "Remove ::2"),
    ("a --s 1 --s 2", "--s is typed twice. The last one counts.", None),
    ("a --hd --sd", "--hd and --sd exclude each other.", "Remove --sd"),
    ("a --cw 3", "--cw counts only beside --cref.", None),
    ("a --iw 2", "--iw counts only where an image stands before the words.", None),
    ("a --sv 4", "There is one way to read style references here, so --sv changes nothing.", None),
    ("a --video", "Nothing moves here: --video belongs to Midjourney's video.", "Remove --video"),
    ("a --q 3", "--q 3 is read as 4, as Midjourney does.", None),
    ("a --s 1001", "--s goes from 0 to 1000.", "Use 1000"),
    ("a --style watercolour", "--style takes the name of a style.", "Use watercolor"),
    ("a --sref 1::0", "--sref takes weights above 0, up to 1000000.", None),
    ("a --sref 1::.0000001 2", "--sref has weights that are too far apart or too finely written.", None),
    ("a --cref fox", "--cref takes the address of a picture, or image: or upload: with its id.", None),
    ("a --cref https://x.org/" + "a" * 1000, "--cref takes addresses of at most 1000 characters.", None),
    ("a --cref " + "https://x.org/a " * 6, "--cref takes at most 5.", None),
    ("a --lora x:9", "--lora goes from -2 to 2 as a weight.", "Use x:2"),
    ("a --lora a b c d e f", "--lora adds at most 5 adapters.", None),
    ("a --p a/b", "--p takes the ids of profiles, made of letters and digits.", None),
    ("a --p a b c d e f", "--p takes at most 5 ids.", None),
    ("a --v 5.3", "--v takes 1, 2, 3, 4, 5, 5.1, 5.2, 6, 6.1, 7, 8, 8.1 or 8.2.", "Use 5.2"),
    ("a --steps 0", "--steps goes from 1 to 150.", "Use 1"),
    ("a --zoom 1.255", "--zoom takes at most 2 digits behind the point.", "Use 1.25"),
    ("https://x.org/a https://x.org/b --s 5", "--s takes words, and there are images alone.", "Remove --s"),
    ("https://x.org/a::2 b", "Images have no weights of their own; --iw says how much they count.", "Remove ::2"),
    ("https://x.org/a, b", "Images are parted by spaces alone.", "Remove it"),
    ("b https://x.org/a", "Images stand before the words. In quotes, an address is words.", "Remove it"),
    ("https:// b", "An image that stands first is the address of a picture, or image: or upload: with its id.", None),
    ("https://a.b/1 " * 6 + "x", "At most 5 images stand before the words. These are 6.", "Remove the others"),
    ("{a", "This brace is never closed. Type \\{ for the character.", "Use \\{"),
    ("a}", "There is no brace that this one closes. Type \\} for the character.", "Use \\}"),
    ("a {} b", "There is nothing to choose from.", "Remove it"),
    ("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "This makes 64 jobs. The most at once is 40.", None),
    ("{a, b} --relax", "Several jobs at once are not made in the relaxed lane.", None),
    ("a --mine", "This never ends: --mine in --mine.", None),
    ("{" * 101 + "a" + "}" * 101, "Braces lie in each other at most 100 deep.", None),
    ("a\x00b", "A character here cannot be shown or stored.", "Remove it"),
    ("a" * 2001, "This prompt has 2,001 characters. The most is 2,000.", None),
    ("a " * 5001, "This prompt has 10,002 characters. The most is 10,000.", None),
    ("a" + " --tile" * 101, "A prompt has at most 100 parameters. This one has 101.", "Remove the others"),
    ("a poppies--ar 2:3", "--ar was read as words. A parameter has a space before it.", "Put a space there"),
]


@pytest.mark.parametrize(("typed", "sentence", "label"), SAID)
def test_a_sentence_says_what_is_wrong_and_a_button_how_to_mend_it(typed, sentence, label):
    reading = check_all(typed, option_sets={"mine": "--mine"})
    first = (*reading.problems, *reading.warnings)[0]
    assert first.sentence == sentence
    assert (first.fix and first.fix.label) == label


def test_a_suffix_is_one_prompt():
    (problem,) = check_all("a", suffix="{a}").problems
    assert problem.sentence == "Your suffix has braces, which only a prompt may have."
