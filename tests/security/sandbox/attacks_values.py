"""Attacks by what is handed over: as a result, as an argument of a call, as a line of a log."""

from __future__ import annotations

from tests.security.sandbox.attack import DENIED, ERROR, HARMLESS, STOPPED, VALUE, Attack, act

_BAD = {
    "a structure that doubles thirty times": "x = []\nfor i in range(30):\n    x = [x, x]",
    "a dict that doubles thirty times": "x = {}\nfor i in range(30):\n    x = {'a': x, 'b': x}",
    "a tuple that doubles thirty times": "x = ()\nfor i in range(30):\n    x = (x, x)",
    "one text a hundred thousand times": "x = ['a' * 1000000] * 100000",
    "many values": "x = list(range(100000))",
    "a long text": "x = 'a' * 1000000",
    "a deep list": "x = []\nfor i in range(1000):\n    x = [x]",
    "a very deep list": "x = []\nfor i in range(200000):\n    x = [x]",
    "a deep dict": "x = {}\nfor i in range(1000):\n    x = {'a': x}",
    "a list in itself": "x = []\nx.append(x)",
    "a dict in itself": "x = {}\nx['x'] = x",
    "a huge number": "x = 7 ** 50000",
    "a huge negative number": "x = -(7 ** 50000)",
    "no number": "x = float('nan')",
    "infinity": "x = float('inf')",
    "a decimal that is no number": "x = decimal.Decimal('NaN')",
    "a signalling decimal": "x = decimal.Decimal('sNaN')",
    "an infinite decimal": "x = decimal.Decimal('-Infinity')",
    "a decimal with a vast exponent": "x = decimal.Decimal('1E+999999')",
    "a decimal with a tiny exponent": "x = decimal.Decimal('1E-999999')",
    "a decimal of many digits": "x = decimal.Decimal('1' * 5000)",
    "bytes": "x = b'abc'",
    "a set": "x = {1, 2}",
    "a frozen set": "x = frozenset({1})",
    "a complex number": "x = 1j",
    "an ellipsis": "x = ...",
    "a time span": "x = datetime.timedelta(days=1)",
    "a named tuple": "x = collections.namedtuple('N', ['a'])(1)",
    "a type": "x = int",
    "a module": "x = org",
    "an exception": "x = ValueError('x')",
    "a class": "class A:\n    pass\nx = A",
    "an instance": "class A:\n    pass\nx = A()",
    "an instance that calls itself opaque": "class Opaque:\n    value = 1\nx = Opaque()",
    "an instance with a text of its own": "class A:\n    def __str__(self):\n        return 'ok'\nx = A()",
    "a dict with a number for a key": "x = {1: 2}",
    "a dict with two equal keys": "x = {1: 'a', True: 'b'}",
    "a dict with a tuple for a key": "x = {('a', 'b'): 1}",
    "a dict with nothing for a key": "x = {None: 1}",
    "a dict with the handle for a key": "x = {handle: 1}",
    "a dict with an empty key": "x = {'': 1}",
    "a dict with a long key": "x = {'a' * 1000: 1}",
    "a key with a zero-width space": "x = {'Amo\\u200bunt': 1}",
    "a key with a full-width letter": "x = {'\\uff21mount': 1}",
    "a key with a soft hyphen": "x = {'Amo\\xadunt': 1}",
    "a key that reads backwards": "x = {'\\u202etnuomA': 1}",
    "a key with a joiner": "x = {'Owner\\u200dId': 1}",
    "a key with a line break": "x = {'Amount\\n': 1}",
    "a key with a zero byte": "x = {'Amount\\x00': 1}",
    "a key with a ligature": "x = {'\\ufb01eld': 1}",
    "a key with a no-break space": "x = {'Amount\\xa0': 1}",
    "a key with an invisible letter": "x = {'Amount\\u3164': 1}",
    "a key with a variation selector": "x = {'Amount\\ufe0f': 1}",
    "a key with a tag character": "x = {'Amount\\U000e0041': 1}",
    "a key with a decomposed letter": "x = {'e\\u0301': 1}",
    "a key deep inside": "x = [{'a': [{'b\\u200b': 1}]}]",
    "a range": "x = range(3)",
    "a deque": "x = collections.deque([1])",
    "a counter": "x = collections.Counter('aa')",
}
_WAYS = {
    "as the result": "return x",
    "inside the result": "return {'rows': [x]}",
    "as an argument": "org.create('Task', {'Description': x})\nreturn 1",
}
_TEXTUAL = {
    "a function": "x = act",
    "a lambda": "x = lambda: 1",
    "an iterator": "x = iter([1])",
    "a builtin": "x = len",
    "a capability": "x = org.query",
    "a coroutine": "async def f():\n    return 1\nx = f()",
    "a lone surrogate": "x = chr(0xD800)",
    "a match": "x = re.match('a', 'a')",
    "a pattern": "x = re.compile('a')",
}
"""What reaches the host as text or as nothing usable: it must not be anything else there."""

_ALL = "import collections, datetime, decimal, re\nimport org, svc"
_PLAIN_ON_THE_HOST = frozenset(
    {"a list in itself", "a dict in itself", "a class", "a range", "a deque", "a counter"}
)
"""What the interpreter turns into plain lists, dicts and texts on the way: harmless, and not what it was."""


def _handed(name: str, made: str, way: str, how: str) -> Attack:
    plain = name in _PLAIN_ON_THE_HOST
    allowed = VALUE | STOPPED | ERROR | (HARMLESS if plain else frozenset())
    code = act(f"{made}\n{how}", imports=_ALL)
    return Attack(f"hands over {name} {way}", code, allowed, calls=None if plain else 0)


ATTACKS = [
    *(
        _handed(name, made, way, how)
        for name, made in _BAD.items()
        for way, how in _WAYS.items()
        if way != "inside the result" or "key" not in name
    ),
    *(
        Attack(
            f"hands over {name} as a {way}",
            act(f"{made}\n{how}", imports=_ALL),
            VALUE | DENIED | STOPPED | ERROR | HARMLESS,
        )
        for name, made in _TEXTUAL.items()
        for way, how in (("result", "return x"), ("number", "org.amount(x)\nreturn 1"))
    ),
    *(
        Attack(
            f"logs {name}",
            act(f"{made}\nsvc.log(x)\nreturn 1", imports=_ALL),
            VALUE | STOPPED | ERROR,
            calls=0,
        )
        for name, made in _BAD.items()
        if name.startswith(
            ("a structure", "one text", "a long text", "a very deep", "a huge number", "bytes")
        )
    ),
]
