/**
 * PromQL, as much of its grammar as monitoring of the hub needs: whether an expression is one, and what it selects.
 * (https://prometheus.io/docs/prometheus/latest/querying/basics/)
 */

export type Selector = { metric: string; labels: string[] };

/** What a query groups or joins by is asked of the metrics below it. */
export type Parsed = { selectors: Selector[]; groupedBy: string[] };

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?![\w.]))|(?<duration>\d+(?:ms|[smhdwy]))|(?<name>[a-zA-Z_:][\w:]*)|(?<text>"(?:[^"\\]|\\.)*")|(?<sign>[=!]~|[=!<>]=|[-+*/%^<>=(){}[\],]))/y;
const AGGREGATIONS = ['sum', 'max', 'min', 'avg', 'count', 'topk', 'bottomk'];
/** How many arguments. */
const FUNCTIONS: Record<string, number> = {
  rate: 1,
  increase: 1,
  histogram_quantile: 2,
  vector: 1,
  absent: 1,
};
const OPERATORS = ['+', '-', '*', '/', '%', '^', '==', '!=', '>', '<', '>=', '<=', 'and', 'or', 'unless'];
const OF_RANGES = ['rate', 'increase'];

/** @throws Error that says what is wrong where */
export function parsePromql(query: string): Parsed {
  const tokens = tokensOf(query);
  const selectors: Selector[] = [];
  const groupedBy: string[] = [];
  let at = 0;

  const fail = (wanted: string): never => {
    throw new Error(`expected ${wanted}, got ${tokens[at]?.text ?? 'the end'}: ${query}`);
  };
  const is = (text: string) => tokens[at]?.text === text && tokens[at]?.kind !== 'text';
  const take = (text: string) => (is(text) ? (at++, true) : false);
  const need = (text: string) => void (take(text) || fail(text));
  const needKind = (kind: string) => {
    const token = tokens[at];
    if (token?.kind !== kind) return fail(kind);
    at++;
    return token.text;
  };
  const listed = (item: () => void, end: string) => {
    if (take(end)) return;
    do item();
    while (take(','));
    need(end);
  };
  const labels = () => {
    need('(');
    listed(() => void groupedBy.push(needKind('name')), ')');
  };

  function expression(): 'range' | 'instant' {
    const kind = operand();
    if (!OPERATORS.some(is)) return kind;
    while (OPERATORS.some(is)) {
      at++;
      if (take('on') || take('ignoring')) labels();
      operand();
    }
    return 'instant';
  }

  function operand(): 'range' | 'instant' {
    if (take('-')) return operand();
    if (tokens[at]?.kind === 'number') return (at++, 'instant');
    if (take('(')) {
      const kind = expression();
      need(')');
      return kind;
    }
    const name = needKind('name');
    if (AGGREGATIONS.includes(name)) return aggregation(name);
    if (is('(')) return call(name);
    return selector(name);
  }

  function aggregation(name: string): 'instant' {
    const grouped = is('by') || is('without');
    if (grouped) {
      at++;
      labels();
    }
    const found = parameters();
    if (found.length !== (/^(top|bottom)k$/.test(name) ? 2 : 1)) fail(`other arguments of ${name}`);
    if (!grouped && (take('by') || take('without'))) labels();
    return 'instant';
  }

  function call(name: string): 'instant' {
    const found = parameters();
    if (found.length !== FUNCTIONS[name]) fail(`${name} to be a function of ${found.length}`);
    if (OF_RANGES.includes(name) !== (found[0] === 'range')) fail(`the right kind of vector for ${name}`);
    return 'instant';
  }

  function parameters(): ('range' | 'instant')[] {
    const found: ('range' | 'instant')[] = [];
    need('(');
    listed(() => void found.push(expression()), ')');
    return found;
  }

  function selector(metric: string): 'range' | 'instant' {
    const found: Selector = { metric, labels: [] };
    selectors.push(found);
    if (take('{'))
      listed(() => {
        found.labels.push(needKind('name'));
        if (!['=', '!=', '=~', '!~'].some(take)) fail('a matcher');
        needKind('text');
      }, '}');
    if (!take('[')) return 'instant';
    needKind('duration');
    need(']');
    return 'range';
  }

  if (expression() === 'range') fail('an instant vector');
  if (at < tokens.length) fail('the end');
  return { selectors, groupedBy };
}

function tokensOf(query: string): { kind: string; text: string }[] {
  const tokens: { kind: string; text: string }[] = [];
  const text = query.trim();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    const [kind, found] = Object.entries(groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined || found === undefined)
      throw new Error(`not PromQL: ${text.slice(from)} in ${query}`);
    tokens.push({ kind, text: found });
  }
  return tokens;
}
