/**
 * One statement for all who ask at the same time. While it is under way others gather for the next one, so at rest
 * nobody waits, and under load one statement serves many: what a group commit does for commits.
 */
import DataLoader from 'dataloader';
import type { Database, Tx } from './database.ts';

type Db = Pick<Database, 'tables'>;

// A statement that hangs must not hold up those who would be given another connection.
const PATIENCE_MS = 50;
// A sweep has 32 under way in four pages; longer statements would only make each of them wait longer.
const MOST = 100;

/** @param answerAll in the order of the asks; an Error in place of an answer is that asker's alone */
export function gathered<Ask, Answer>(
  answerAll: (db: Db, asks: readonly Ask[]) => Promise<(Answer | Error)[]>,
): (db: Db, ask: Ask) => Promise<Answer> {
  const loaders = new WeakMap<Tx, DataLoader<Ask, Answer>>();
  return (db, ask) => {
    const loader = loaders.get(db.tables) ?? createLoader((asks) => answerAll(db, asks));
    loaders.set(db.tables, loader);
    return loader.load(ask);
  };
}

function createLoader<Ask, Answer>(
  answerAll: (asks: readonly Ask[]) => Promise<(Answer | Error)[]>,
): DataLoader<Ask, Answer> {
  let underWay: Promise<unknown> = Promise.resolve();
  return new DataLoader<Ask, Answer>(
    (asks) => {
      const answers = answerAll(asks);
      underWay = answers.catch(() => {});
      return answers;
    },
    {
      // Nothing is kept: each ask is answered by a statement that began after it.
      cache: false,
      maxBatchSize: MOST,
      batchScheduleFn: (go) => void endOf(underWay).then(() => setImmediate(go)),
    },
  );
}

/** When it has ended, or has taken too long. */
function endOf(underWay: Promise<unknown>): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  void underWay.then(() => clearTimeout(timer)).then(resolve);
  return promise;
}
