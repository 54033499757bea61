"""Attacks that want to run for ever."""

from __future__ import annotations

from tests.security.sandbox.attack import ERROR, HARMLESS, REJECTED, STOPPED, VALUE, Attack, act

_ENDS = STOPPED | ERROR
_LOOPS = {
    "loops": "while True:\n    pass",
    "loops and catches everything": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    "loops in finally": "try:\n    1/0\nfinally:\n    while True:\n        pass",
    "counts without end": "n = 0\nwhile True:\n    n += 1",
    "counts far": "return sum(range(10**12))",
    "counts far in steps": "x = 0\nfor i in range(10**12):\n    x += i\nreturn x",
    "takes what never ends": "for each in itertools.count():\n    pass",
    "cycles": "for each in itertools.cycle([1]):\n    pass",
    "goes through products": "return sum(1 for each in itertools.product(range(1000), repeat=5))",
    "permutes": "return len([1 for each in itertools.permutations(range(30))])",
    "stretches a key": "return hashlib.pbkdf2_hmac('sha256', b'a', b'b', 2**31 - 1)",
    "hashes for ever": "x = b'a'\nwhile True:\n    x = hashlib.sha256(x).digest()",
    "recurses by two": "def f(n):\n    return f(n - 1) + f(n - 1) if n else 1\nreturn f(60)",
    "sorts by a slow key": "def f(x):\n    return sum(range(10**6))\nreturn len(sorted(range(10000), key=f))",
    "maps without end": "return list(map(lambda x: x, itertools.count()))",
    "filters without end": "return list(filter(None, itertools.repeat(0)))",
    "reduces without end": "return functools.reduce(lambda a, b: b, itertools.count())",
    "searches by backtracking": "while True:\n    re.match('(a+)+$', 'a' * 40 + 'b')",
    "searches by alternatives": "while True:\n    re.match('(a|aa)+$', 'a' * 60 + 'b')",
    "searches with lookahead": "while True:\n    re.search('(?=(a+))a*b\\\\1', 'a' * 3000)",
    "compiles large patterns": "while True:\n    re.compile('(a{1,500}){1,500}')",
    "compiles nested patterns": "return str(re.compile('(' * 5000 + ')' * 5000))",
    "collides hashes": "d = {}\nfor i in range(10**7):\n    d[i * (2**61 - 1)] = i\nreturn 1",
    "makes hash collisions in a set": "s = set()\nfor i in range(10**7):\n    s.add(i * (2**61 - 1))\nreturn 1",
    "joins for ever": "s = ''\nwhile True:\n    s = ''.join(['a', 'b'])",
    "copies for ever": "x = list(range(1000))\nwhile True:\n    y = x[:]",
    "raises for ever": "while True:\n    try:\n        raise ValueError('x')\n    except ValueError:\n        pass",
    "compares for ever": "while sorted([3, 1, 2]) == [1, 2, 3]:\n    pass",
    "parses dates for ever": "while True:\n    datetime.date.fromisoformat('2026-01-01')",
    "walks a growing list": "x = [1]\nfor each in x:\n    x.append(1)",
    "writes json for ever": "while True:\n    json.dumps(list(range(100)))",
    "draws for ever": "while True:\n    random.random()",
}
_SLEEPS = {
    "sleeps": "import time\ntime.sleep(3600)\nreturn 1",
    "sleeps often": "import time\nfor i in range(1000):\n    time.sleep(10)\nreturn 1",
    "sleeps without end": "import time\ntime.sleep(float('inf'))\nreturn 1",
    "sleeps asynchronously": "import asyncio\nasyncio.run(asyncio.sleep(3600))\nreturn 1",
}
_OUTRUN = {
    "compares a shared structure": "x = []\nfor i in range(40):\n    x = [x, x]\ny = []\nfor i in range(40):\n    y = [y, y]\nreturn x == y",
    "squares a number": "x = 7\nwhile True:\n    x = x * x",
    "powers": "return 9 ** 9 ** 9",
    "powers with a modulus": "return pow(7, 10**5000, 10**5000 + 1)",
    "divides huge numbers": "x = 7 ** 100000\ny = 3 ** 50000\nwhile True:\n    x // y",
    "takes a huge common divisor": "x = 7 ** 100000\ny = 3 ** 100000\nreturn math.gcd(x, y)",
    "takes a huge common multiple": "x = 7 ** 100000\ny = 3 ** 100000\nreturn str(math.lcm(x, y))[:3]",
    "takes a huge root": "return str(math.isqrt(7 ** 300000))[:3]",
    "takes a huge factorial": "return math.factorial(10**6)",
    "prints a huge number": "return str(7 ** 200000)",
    "reads a huge number": "return int('9' * 1000000)",
    "formats a huge number": "return f'{7 ** 200000}'",
    "makes a wide tuple type": "N = collections.namedtuple('N', ['f' + str(i) for i in range(100000)])\nreturn 1",
    "hashes a shared structure": "x = ()\nfor i in range(40):\n    x = (x, x)\nreturn hash(x)",
    "shows a shared structure": "x = []\nfor i in range(40):\n    x = [x, x]\nreturn len(repr(x))",
    "writes a shared structure as json": "x = []\nfor i in range(40):\n    x = [x, x]\nreturn len(json.dumps(x))",
    "copies a shared structure": "x = []\nfor i in range(40):\n    x = [x, x]\nreturn len(copy.deepcopy(x))",
    "sorts shared structures": "x = []\nfor i in range(30):\n    x = [x, x]\nreturn len(sorted([x, x, x]))",
    "looks for a shared structure": "x = []\nfor i in range(40):\n    x = [x, x]\ny = []\nfor i in range(40):\n    y = [y, y]\nreturn y in [x]",
    "divides decimals": "decimal.getcontext().prec = 1000000\nreturn decimal.Decimal(1) / 7",
    "takes a decimal root": "decimal.getcontext().prec = 1000000\nreturn decimal.Decimal(2).sqrt()",
    "takes a decimal power": "decimal.getcontext().prec = 100000\nreturn decimal.Decimal(2) ** decimal.Decimal('0.5')",
}
_ALL = "import collections, copy, datetime, decimal, functools, hashlib, itertools, json, math, random, re\nimport org"

ATTACKS = [
    *(Attack(name, act(body, imports=_ALL), _ENDS | VALUE) for name, body in _LOOPS.items()),
    *(
        Attack(name, act(body), _ENDS | HARMLESS | REJECTED | {"sandbox_unknown_name"}, front=True)
        for name, body in _SLEEPS.items()
    ),
    *(
        Attack(name, act(body, imports=_ALL), _ENDS | VALUE | HARMLESS, alone=True)
        for name, body in _OUTRUN.items()
    ),
]
