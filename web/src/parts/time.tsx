/** Times as people say them, exact on hover. */
import { useEffect, useState } from 'react';

const STEPS = [
  [60, 'second', 1],
  [3_600, 'minute', 60],
  [86_400, 'hour', 3_600],
  [30 * 86_400, 'day', 86_400],
  [365 * 86_400, 'month', 30 * 86_400],
  [Infinity, 'year', 365 * 86_400],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

export const exactly = (time: string) => exact.format(new Date(time));
export const dayOf = (time: Date) => day.format(time);

function agoOf(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  if (Math.abs(seconds) < 5) return 'now';
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit) ?? STEPS[0];
  return relative.format(Math.round(seconds / size), unit);
}

/** Says itself anew as time goes by. */
export function Ago({ time, none = '—' }: { time: string | null | undefined; none?: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (!time) return <span>{none}</span>;
  return (
    <time dateTime={time} title={exactly(time)}>
      {agoOf(time)}
    </time>
  );
}
