/** A page that is one card: for those who are not inside. */
import type { ReactNode } from 'react';
import { t } from '../texts.ts';
import { useTitle } from './title.ts';

export function Card({ title, mark, children }: { title: string; mark?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <div className="grid min-h-dvh place-items-center p-4">
      <main className="w-full max-w-sm">
        <div className="mb-5 flex items-center gap-2.5">
          {mark ?? <Mark />}
          {mark === undefined && <span className="font-semibold">{t.product}</span>}
        </div>
        <div className="rounded-xl border border-line bg-panel p-6 shadow-panel">
          <h1 className="mb-4 text-lg leading-6 font-semibold tracking-tight break-words">{title}</h1>
          {children}
        </div>
      </main>
    </div>
  );
}

export const Mark = () => <img src="/favicon.svg" alt="" width={24} height={24} />;
