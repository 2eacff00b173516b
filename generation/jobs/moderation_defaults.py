"""The rules that a new server begins with: one that is always on, and some that operators may take as they like."""

from __future__ import annotations

from typing import Any, Final

from mjweb.common.saying import sayable

_AGES: Final = [
    form
    for age in range(1, 18)
    for form in (
        f"{age} year old",
        f"{age} years old",
        f"{age} yearold",
        f"{age}yo",
        f"{age} yo",
        f"{age}岁",
        f"{age} 歳",
    )
]
_NUMBERS: Final = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
""".split()  # noqa: SIM905 - seventeen quoted words are harder to read
_AGES_IN_WORDS: Final = [f"{age} {years} old" for age in _NUMBERS for years in ("year", "years")]
_MINORS: Final = """
child
children
childlike
kid
kids
toddler*
infant*
baby
babies
newborn*
teen
teens
teenage*
preteen*
pre teen
tween*
underage*
under age
adolescent*
minors
a minor girl
a minor boy
little girl*
little boy*
young girl*
young boy*
small girl
small boy
schoolgirl*
schoolboy*
school girl*
school boy*
kindergarten*
preschool*
elementary school*
middle school*
loli
lolis
lolita*
lolicon
shota*
jailbait
nina pequena
nino pequeno
menor de edad
enfant*
fillette*
petite fille
petit garcon
kleines madchen
kleiner junge
minderjahrig*
ребенок
дети
девочка
мальчик
儿童
兒童
小孩
孩子
幼女
幼童
女童
男童
小女孩
小男孩
未成年
萝莉
蘿莉
正太
小学生
小學生
初中生
中学生
高中生
子供
小学生女児
女児
ロリ
ショタ
""".strip().splitlines()
_NUDE: Final = """
nude
nudes
nudity
naked*
topless
bottomless
undress*
unclothed
no clothes
no clothing
no bra
no underwear
no panties
without clothes
without clothing
wearing nothing
lingerie
see through clothes
sexy
sensual
seductive
lewd
ecchi
desnud*
nackt*
голая
голый
обнаженная
裸体
裸體
裸女
裸露
赤裸
全裸
半裸
ヌード
""".strip().splitlines()
_SEX: Final = """
nsfw
porn*
sex
sexual*
sexualized
erotic*
hentai
r18
xxx
genital*
penis*
vagina*
vulva
bare breasts
big breasts
huge breasts
nipples
intercourse
orgasm*
masturbat*
fellatio
blowjob
cumshot
creampie
bdsm
fetish
bondage
spread legs
sexo
порно
секс
色情
情色
性爱
性愛
性交
做爱
做愛
口交
自慰
エロ
セックス
""".strip().splitlines()
_GORE: Final = """
gore
gory
guro
dismember*
decapitat*
beheading
disembowel*
mutilat*
entrails
torture*
blood splatter*
血腥
肢解
斩首
斬首
""".strip().splitlines()
DEFAULT_RULES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": sayable("Sexual content with minors"),
        "patterns": "\n".join([*_SEX, *_NUDE]),
        "with_any": "\n".join([*_MINORS, *_AGES, *_AGES_IN_WORDS]),
        "action": "block",
        "strikes": True,
        "is_fixed": True,
    },
    {"name": sayable("Nudity"), "patterns": "\n".join(_NUDE), "action": "level-1"},
    {"name": sayable("Sex"), "patterns": "\n".join(_SEX), "action": "level-2"},
    {"name": sayable("Gore"), "patterns": "\n".join(_GORE), "action": "level-1"},
    {
        "name": sayable("Real people in sexual pictures"),
        "patterns": "# One name per line. Then switch the rule on.",
        "with_any": "\n".join([*_SEX, *_NUDE]),
        "action": "block",
        "strikes": True,
        "is_active": False,
    },
    {
        "name": sayable("Symbols of hate"),
        "patterns": "swastika*\nhakenkreuz\nss runes\nkkk\nku klux klan\n纳粹标志",
        "unless": "buddhis*\nhindu*\njain*\ntemple*",
        "action": "block",
        "is_active": False,
    },
)
DEFAULT_LABELS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": sayable("Nudity"),
        "words": "a nude person\na photo of a naked body\nnude art",
        "threshold": 0.8,
        "finding": "level-1",
        "is_active": False,
    },
    {
        "name": sayable("Sex"),
        "words": "a pornographic picture\npeople having sex",
        "threshold": 0.8,
        "finding": "level-2",
        "is_active": False,
    },
    {
        "name": sayable("Gore"),
        "words": "a gory picture with blood\na mutilated body",
        "threshold": 0.8,
        "finding": "level-1",
        "is_active": False,
    },
)


def install_defaults(rule: Any, label: Any) -> None:
    """Adds what is not there by its name; what operators changed stays as they have it.

    rule, label: the models, or what they were when a migration runs.
    """
    for model, rows in ((rule, DEFAULT_RULES), (label, DEFAULT_LABELS)):
        known = set(model.objects.values_list("name", flat=True))
        model.objects.bulk_create(model(**row) for row in rows if row["name"] not in known)
