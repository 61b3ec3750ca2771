/** Where a page is not there, or has stopped working. */
import { Link } from '@tanstack/react-router';
import { Button, buttonLook, Empty } from '../parts/basics.tsx';
import { t } from '../texts.ts';

export function NotFound() {
  return (
    <main className="mx-auto max-w-md pt-24">
      <h1 className="sr-only">{t.notFound}</h1>
      <Empty title={t.notFound} text={t.notFoundText}>
        <Link to="/" className={buttonLook('main')}>
          {t.goHome}
        </Link>
      </Empty>
    </main>
  );
}

export function Crashed() {
  return (
    <main className="mx-auto max-w-md pt-24">
      <h1 className="sr-only">{t.crashed}</h1>
      <Empty title={t.crashed} text={t.crashedText}>
        <Button look="main" onClick={() => location.reload()}>
          {t.reload}
        </Button>
      </Empty>
    </main>
  );
}
