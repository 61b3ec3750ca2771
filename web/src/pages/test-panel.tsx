/** The test of everything that can be tested of an integration without a person. */
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { call } from '../api/client.ts';
import { useChange } from '../api/queries.ts';
import type { Integration, IntegrationTest } from '../api/types.ts';
import { Button, Panel, Trouble } from '../parts/basics.tsx';
import { t } from '../texts.ts';

type Check = IntegrationTest['checks'][number];

export function TestPanel({ integration }: { integration: Integration }) {
  const test = useChange(() =>
    call<IntegrationTest>('POST', `/api/integrations/${encodeURIComponent(integration.id)}/test`, {
      body: {},
    }),
  );
  return (
    <Panel title={t.tests.title}>
      <p className="text-dim">{t.tests.text}</p>
      <div className="mt-3 grid gap-3" aria-live="polite">
        <div>
          <Button busy={test.isPending} onClick={() => test.mutate(undefined)}>
            {test.isPending ? t.tests.running : t.tests.run}
          </Button>
        </div>
        <Trouble error={test.error} />
        {test.data && (
          <ul className="grid gap-3">
            {test.data.checks.map((check) => (
              <Checked key={check.name} check={check} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

const MARKS = {
  true: { Icon: CircleCheck, look: 'text-ok', word: t.tests.fine },
  false: { Icon: CircleAlert, look: 'text-bad', word: t.tests.wrong },
  null: { Icon: CircleHelp, look: 'text-dim', word: t.tests.unclear },
} as const;

function Checked({ check: { name, ok, message } }: { check: Check }) {
  const { Icon, look, word } = MARKS[`${ok}`];
  return (
    <li className="flex gap-2.5">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
      <div className="min-w-0">
        <p className="font-medium">
          {t.tests.names[name]}
          <span className={`ml-2 text-xs font-normal ${look}`}>{word}</span>
        </p>
        <p className="break-words text-dim">{message}</p>
      </div>
    </li>
  );
}
