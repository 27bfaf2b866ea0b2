"""What PyYAML prints for values, in the style of CircleCI: the cases that the emitter is held to.

    python3 pyyaml-dump.py > emitted-cases.json      the case table
    python3 pyyaml-dump.py --read < values.json      texts for other values, for the live comparison

A value is written as JSON, a map as {"entries": [[key, value], ...]} to keep the order of its keys.
The dumper is PyYAML's own (SafeDumper, the one that SnakeYAML is a port of), told what CircleCI was seen to do:
text with line breaks as a block, no folding, characters beyond ASCII as they are.
"""

import json
import re
import sys

import yaml


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def represent_text(dumper, text):
    # What only some readers take for a line break is escaped, so that all read the same.
    style = '"' if re.search('[\x85\u2028\u2029]', text) else '|' if '\n' in text else None
    return dumper.represent_scalar('tag:yaml.org,2002:str', text, style=style)


Dumper.add_representer(str, represent_text)
# SnakeYAML 1.33, which is what reads CircleCI configs, has more numbers than PyYAML: 1e3, -.5, 0x_1. It also quotes 08.
Dumper.add_implicit_resolver(
    'tag:yaml.org,2002:float',
    re.compile(
        r"""^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
        |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
        |[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$""",
        re.X,
    ),
    list('-+0123456789.'),
)
Dumper.add_implicit_resolver(
    'tag:yaml.org,2002:int', re.compile(r'^(?:0[0-9_]+|[-+]?0_*[0-7][0-7_]*)$'), list('-+0123456789')
)

# PyYAML has emoji as they are, but not in double quotes. SnakeYAML has, so here others stand in for them.
ASTRAL = re.compile('[\U00010000-\U0010ffff]')
STAND_IN = 0xE000


def decoded(value):
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if isinstance(value, dict):
        return {key: decoded(item) for key, item in value['entries']}
    return value


def dump(value):
    characters = sorted(set(ASTRAL.findall(json.dumps(value, ensure_ascii=False))))
    stand_ins = {character: chr(STAND_IN + index) for index, character in enumerate(characters)}
    text = json.dumps(value, ensure_ascii=False)
    text = ASTRAL.sub(lambda match: stand_ins[match[0]], text)
    result = yaml.dump(
        decoded(json.loads(text)),
        Dumper=Dumper,
        default_flow_style=False,
        width=sys.maxsize,
        allow_unicode=True,
        sort_keys=False,
        indent=2,
    )
    for character, stand_in in stand_ins.items():
        result = result.replace(stand_in, character)
    # The mark that ends a document after a lone plain text, which a config isn't.
    return re.sub(r'(?<=\n)\.\.\.\n\Z', '', result)


TYPED = """
yes Yes YES yEs no No NO true True TRUE tRUE false False FALSE on On ON off Off OFF y Y n N t f o
~ null Null NULL nUll nil none None
0 1 386 -1 +1 00 08 09 010 0_8 007 -08 +08 1_000 1__0 _1 0_ 0__ -0_ - + 0b1 0b 0b_1 0b2 -0b1 0x1f 0x 0x_1 0xg +0xff 0o7
1.14 1. .5 . .. -.5 +.5 ._ 1.1.1 1_0.0_1 1e3 1E3 1e+3 1e-3 1.e5 1.5e 12e34 1e 1e3x 0e0 e3 -1e3 1.14e+2 1_e3
.inf .Inf .INF -.inf +.inf .iNF .nan .NaN .NAN -.nan inf nan Infinity
12:30 1:2:3 0:30 12:60 12:5 12:30:45.5 -1:30 1:30. 24:00:00 :30 12: 12:30:
2020-01-01 2020-1-1 2020-01-01T10:00:00Z 2020-01-01t1:00:00 2020-1-1T1:00:00.5+02:00 2020-01 2020-01-01T10 20200101
<< <<< = == =a => 1=2 ! & * !a &a *a << parameters.x
1.0.0 v1 5.2 1,000 0.1.0-rc1 3.10 12e34f 1a 0a -a +a 08:00 -- --- ---a ... ...a .a
""".split()

TEXTS = [
    '', ' ', '  ', 'a', ' a', 'a ', 'a  b', '2020-01-01 10:00:00', '2020-01-01\t10:00:00', '2020-01-01 1:00:00 -5',
    'a: b', 'a:b', 'a:', ':a', ': a', 'a :b', 'a #b', 'a#b', '#a', '- a', '-a', '-', '?', '? a', '?a', 'a?', ':',
    '--- a', '... a', 'a, b', ',a', '[a]', 'a]', '{a}', 'a}', '{', '}', '"a"', 'a"b', "'a'", "it's", "'", "a: it's",
    '"', '\\', 'a\\b', '\\n', '%a', '@a', '`a`', '|a', '>a', '|', '>', '&a b', '*a b', '!a b', 'a!', 'a*', 'a&b',
    '<< parameters.x >>', '$HOME', '${A:-b}', 'echo "$A" > b', 'key: "x" # no', '~/project', './a', '/a/b',
    '{{ checksum "a" }}', 'v1-{{ .Branch }}', 'a|b', 'a>b', 'a\tb', '\ta', 'a\t', '\t', 'a:\tb', 'a\t#b', '#', 'a #', 'a -b',
    'x' * 200, 'word ' * 40, 'word ' * 40 + 'end',
    'é', 'naïve: café', 'é #a', '日本語', '日本語: a', '🎉', '🎉 done', '🎉: done', 'done: 🎉', '\t🎉', '🎉\n🎊', '✅ ok', '👩‍💻',
    '\ufe0f', '\xa0', 'a\xa0b', '\xad', '\u200b', '\u3000', '\uf8ff', '\ufffd', '\ufffe', '\uffff', '\ufeff', 'a\ufeffb',
    '\x00', 'a\x00b', '\x01', '\x07', '\x08', '\x0b', '\x0c', '\r', 'a\rb', 'a\r\nb', '\x1b[31mred\x1b[0m', '\x1f', '\x7f',
    '\x80', '\x9f', '\x85', 'a\x85b', '\u2028', 'a\u2028b', '\u2029', 'é\x01é', '"\x01"', '\\\x01',
]  # fmt: skip

LINES = [
    'a\n', 'a\n\n', 'a\n\n\n', '\n', '\n\n', '\na', '\na\n', '\n\na', 'a\nb', 'a\nb\n', 'a\n\nb', 'a\n\n\nb\n\n',
    ' a\nb', '  a\nb\n', ' \na', 'a \nb', 'a\n b', 'a\n  b\n', 'a\n \nb', 'a\nb ', 'a\n b ', 'a\nb\n ', '\na ', "it's\nb ",
    'a\n\n\nb ', ' a\nb ', 'a:\n- b\n', '- a\n- b', '# a\nb', '---\na', '...\n', '\ta\nb', 'a\n\tb', 'a\tb\n', 'a\r\nb\r\n',
    'é\nü\n', 'a\n\x01', 'a\x85\nb', 'a\u2028\nb', 'a\n\ufeff', '"a"\n', "'a'\n", '<<EOF\nEOF\n', 'a \\\n  b\n', ' \n', '\n ',
    '#!/bin/bash\nset -e\nif [ -z "$A" ]; then\n  echo "no A"\nfi\n', 'x' * 200 + '\n', ('word ' * 40).strip() + '\nb',
]  # fmt: skip

KEYS = ['x' * length for length in (100, 121, 122, 123, 124, 127, 128, 129, 200)] + ['"' * 122, 'é' * 122, 'é' * 123, 'a b' * 41]


def case_values():
    for text in TYPED + TEXTS + LINES:
        yield {'entries': [['key', text]]}
    for text in TYPED[::7] + TEXTS[::3] + LINES[::3] + KEYS:
        yield {'entries': [[text, 'value'], ['next', {'entries': [[text, text]]}]]}
    for text in LINES[::2]:
        yield {'entries': [['list', [text, [text], {'entries': [['key', text], ['next', 1]]}]]]}
        yield text
    yield from SHAPES


def entries(**values):
    return {'entries': list(map(list, values.items()))}


EMPTY = entries()
LONG = 'x' * 130
SHAPES = [
    EMPTY, [], None, True, False, 0, 7, -7, 1.14, -0.5, 0.001, 1234567.125, 9999999.5,
    ['a', 1, None, True, 1.5, '', [], EMPTY], [[['a'], 'b'], ['c']], [[[[1]]]], [[], [[]], [EMPTY]],
    entries(a=EMPTY, b=[], c=None, d=False, e=1.5), entries(a=entries(b=entries(c=entries(d=1)), e=2), f=3),
    entries(a=[1, [2, 3], entries(b=[4], c=entries(d=[5]))]), [entries(a=1, b=[1]), entries(a=entries(b=1)), entries(a=[])],
    [entries(a=[entries(b=[entries(c='x\ny\n')])])], entries(a=[['x\ny', 'z']], b='x\n\n', c='x\n'),
    {'entries': [[LONG, 1]]}, {'entries': [[LONG, [1, [2]]]]}, {'entries': [[LONG, entries(a=1, b=2)]]},
    {'entries': [[LONG, EMPTY], [LONG + 'y', []]]}, [{'entries': [[LONG, {'entries': [[LONG, [1]], ['a', 'x\ny']]}]]}],
    {'entries': [['a\nb', 'a\nb'], ['a\nb\n', ['a\nb\n']], ['', '']]}, entries(a={'entries': [['a\nb ', 'a\nb ']]}),
    {'entries': [[LONG, 'a\nb\n'], ['', entries(a=1)]]},
]  # fmt: skip


if __name__ == '__main__':
    if '--read' in sys.argv:
        json.dump([dump(value) for value in json.load(sys.stdin)], sys.stdout)
    else:
        cases = ['  ' + json.dumps({'value': value, 'yaml': dump(value)}) for value in case_values()]
        print('[\n' + ',\n'.join(cases) + '\n]')
