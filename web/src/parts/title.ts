/** The window's title, said by whoever fills the page. */
import { useEffect } from 'react';
import { t } from '../texts.ts';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = t.documentTitle(title);
  }, [title]);
}
